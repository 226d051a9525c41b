package dev.reeve.http;

/** Who sends a request, as far as its head says. */
public sealed interface Sender {
    /** Where nobody is told apart. */
    record Anybody() implements Sender {}

    /** Somebody who showed nothing that is believed. */
    record Stranger() implements Sender {}

    /** @param who the same for all that shares one part of the room for bodies */
    record Known(String who) implements Sender {}
}
