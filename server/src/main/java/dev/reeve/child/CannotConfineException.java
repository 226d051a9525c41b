package dev.reeve.child;

import java.io.IOException;

/** This machine cannot confine what is to be confined. The message says what to install or set. */
public final class CannotConfineException extends IOException {
    private static final long serialVersionUID = 1;

    CannotConfineException(String why) {
        super(why);
    }
}
