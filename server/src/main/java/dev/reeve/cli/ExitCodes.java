package dev.reeve.cli;

/** What commands end with. */
final class ExitCodes {
    static final int OK = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int UNREACHABLE = 3;
    /** A replay found verdicts that change. */
    static final int CHANGED = 4;
    /** A replay could not say of everything what becomes of it. */
    static final int UNKNOWN = 5;

    private ExitCodes() {}
}
