package dev.reeve.control;

/** What was asked is not done. The message quotes only what the operator wrote. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;
    private final String fix;

    private RefusedException(int status, String code, String message, String fix) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.fix = fix;
    }

    static RefusedException invalid(String message, String fix) {
        return new RefusedException(400, "invalid", message, fix);
    }

    static RefusedException unknown(String code, String message) {
        return unknown(code, message, "");
    }

    static RefusedException unknown(String code, String message, String fix) {
        return new RefusedException(404, code, message, fix);
    }

    static RefusedException noAgent(String name) {
        return unknown("agent_unknown", "there is no agent `" + name + "`", "`reeve agent list` shows them");
    }

    static RefusedException conflict(String code, String message, String fix) {
        return new RefusedException(409, code, message, fix);
    }

    static RefusedException forbidden(String code, String message, String fix) {
        return new RefusedException(403, code, message, fix);
    }

    static RefusedException unavailable(String code, String message) {
        return new RefusedException(503, code, message, "look at `reeve status` and the disk, then try again");
    }

    /** As HTTP says it. */
    public int status() {
        return status;
    }

    /** Stable. */
    public String code() {
        return code;
    }

    /** What to do; may be empty. */
    public String fix() {
        return fix;
    }
}
