package dev.reeve.config;

import java.util.Optional;

/**
 * How people are reached who approve.
 *
 * @param address under which they reach the control listener, without a slash at the end; empty: as this process knows it
 */
public record ApprovalsConfig(Optional<String> address) {
    static ApprovalsConfig of(Optional<Node.Mapping> section) {
        return new ApprovalsConfig(section.flatMap(it -> it.text("address")).map(it -> it.replaceAll("/+$", "")));
    }
}
