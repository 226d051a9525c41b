package dev.reeve.tls;

/** Files that cannot be used for TLS. The message names the file and holds nothing of a key; the fix is what to do. */
public final class BadTlsException extends Exception {
    private static final long serialVersionUID = 1;

    private final String problem;
    private final String fix;

    BadTlsException(String problem, String fix) {
        super(problem, null, false, false);
        this.problem = problem;
        this.fix = fix;
    }

    /** What would come into force cannot be written into the record. */
    public static BadTlsException unrecorded() {
        return new BadTlsException("the change cannot be recorded", "it is tried again by itself");
    }

    public String problem() {
        return problem;
    }

    /** Empty if there is nothing to say. */
    public String fix() {
        return fix;
    }

    /** Both, in one line. */
    public String line() {
        return fix.isEmpty() ? problem : problem + "; " + fix;
    }
}
