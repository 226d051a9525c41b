package dev.reeve.upstream;

import java.util.Optional;

/** @param problem in one line, with what to do; empty if it answers, or was not needed yet */
public record UpstreamHealth(String upstream, State state, Optional<String> revision, Optional<String> problem) {
    public enum State {
        NOT_CONTACTED,
        UP,
        DOWN
    }
}
