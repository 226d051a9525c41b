package dev.reeve.sql.jsqlparser;

/** The statement is not one that Reeve can vouch for. */
final class RefusedSqlException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String code;

    RefusedSqlException(String code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    String code() {
        return code;
    }
}
