package dev.reeve.config;

import dev.reeve.ledger.VerifierKey;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code witness.yaml}: a witness of logs. Paths are absolute.
 *
 * @param name of the witness
 * @param state folder of what was cosigned last
 * @param key file of the signing key, outside of {@code state}
 * @param logs the keys of each, by origin
 */
public record WitnessConfig(
        String name, ListenerConfig listen, Path state, Path key, Map<String, List<VerifierKey>> logs) {
    public WitnessConfig {
        logs = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(logs));
    }
}
