package dev.reeve.http;

import java.util.Optional;

/** Who sends a request, as far as its head says. */
public sealed interface Sender {
    /** Where nobody is told apart. */
    record Anybody() implements Sender {}

    /** Somebody who showed nothing that is believed. */
    record Stranger() implements Sender {}

    /** @param who the same for all that shares one part of the room for bodies and for what was not read */
    record Known(String who) implements Sender {}

    /** With whom it shares room; empty where nobody is told apart. All strangers are one. */
    default Optional<String> party() {
        return switch (this) {
            case Anybody ignored -> Optional.empty();
            case Stranger ignored -> Optional.of("");
            case Known(String who) -> Optional.of(who);
        };
    }
}
