package dev.reeve.config;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Decides when changed files are looked at: when they have been the same, byte for byte, for a quiet while. An editor or a copy in progress
 * is never taken for a policy; whoever replaces several files at once is safe if that takes no longer than the quiet time. Not safe for use
 * by several threads.
 */
final class Reload {
    private final Path home;
    private final SqlSchemas schemas;
    private final InstantSource clock;
    private final Duration quiet;
    private String told;
    private Optional<Candidate> candidate = Optional.empty();

    private record Candidate(String version, Instant since) {}

    /** @param inForce the version that was read last; nothing is told until something else stands there */
    Reload(Path home, SqlSchemas schemas, String inForce, InstantSource clock, Duration quiet) {
        this.home = home;
        this.schemas = schemas;
        this.clock = clock;
        this.quiet = quiet;
        this.told = inForce;
    }

    /** What stands there now, once for each change: a good set, or everything that is wrong with it. */
    Optional<Loaded<PolicySet>> look() {
        Snapshot snapshot = Snapshot.of(home);
        String version = snapshot.version();
        Instant now = clock.instant();
        if (version.equals(told)) {
            candidate = Optional.empty();
            return Optional.empty();
        }
        if (candidate.isEmpty() || !candidate.get().version().equals(version)) {
            candidate = Optional.of(new Candidate(version, now));
            return Optional.empty();
        }
        if (now.isBefore(candidate.get().since().plus(quiet))) {
            return Optional.empty();
        }
        Loaded<PolicySet> read = PolicyFiles.read(snapshot, schemas);
        // Not before: what could not be read for want of memory is read again.
        told = version;
        candidate = Optional.empty();
        return Optional.of(read);
    }

    /** Whether something changed that was not told yet. */
    boolean isWaiting() {
        return candidate.isPresent();
    }
}
