package dev.reeve.mongo;

/** A request is not accepted. */
final class RefusedMongoException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final String code;

    RefusedMongoException(String code, String reason) {
        super(reason, null, false, false);
        this.code = code;
    }

    static RefusedMongoException malformed(String reason) {
        return new RefusedMongoException("mongo_malformed", reason);
    }

    static RefusedMongoException unknownField(String path) {
        return new RefusedMongoException("mongo_unknown_field", "unknown field `" + path + "`");
    }

    String code() {
        return code;
    }
}
