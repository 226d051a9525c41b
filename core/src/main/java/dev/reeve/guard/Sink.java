package dev.reeve.guard;

/** Where finds go. */
interface Sink {
    void found(Kind kind, int start, int end);
}
