package dev.reeve.upstream;

import java.io.IOException;

/** A server is not started. The message says why and what to do; it is for operators. */
public final class LaunchRefusedException extends IOException {
    private static final long serialVersionUID = 1;

    public LaunchRefusedException(String why) {
        super(why);
    }
}
