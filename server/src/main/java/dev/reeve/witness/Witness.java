package dev.reeve.witness;

import dev.reeve.ledger.AddCheckpoint;
import dev.reeve.ledger.Checkpoint;
import dev.reeve.ledger.CosignerKey;
import dev.reeve.ledger.CosigningKey;
import dev.reeve.ledger.VerifierKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A witness of logs: cosigns a checkpoint only if it continues the last one of the same log that it has cosigned (C2SP tlog-witness).
 *
 * <p>Guarantees: what it has seen is durable before a cosignature of it leaves; of one log, one request is judged at a time, from reading
 * the state to writing it; what was cosigned is never taken back. Safe for use by many threads; blocks on the disk.
 */
public final class Witness implements AutoCloseable {
    private final CosigningKey key;
    private final WitnessState state;
    private final InstantSource clock;
    private final Map<String, Log> logs = new HashMap<>();

    private Witness(CosigningKey key, WitnessState state, InstantSource clock) {
        this.key = key;
        this.state = state;
        this.clock = clock;
    }

    /** What a request comes to. */
    public sealed interface Answer {
        /** @param lines signature lines, each with its newline */
        record Cosigned(String lines) implements Answer {}

        /** @param size that was cosigned last */
        record Conflict(long size) implements Answer {}

        record Refused(Reason reason) implements Answer {}
    }

    /** Why nothing is cosigned. */
    public enum Reason {
        /** It is no such request, or its old size is greater than its new one. */
        MALFORMED,
        UNKNOWN_LOG,
        /** No key that is known for the log has signed it, or one wrongly. */
        UNSIGNED,
        /** The proof does not lead from what was cosigned last. */
        UNPROVEN,
        /** The state cannot be read or written: the operator must look. */
        STATE
    }

    /** One log, and who judges its requests in turn. */
    private static final class Log {
        private final String origin;
        private final List<VerifierKey> keys;
        private Optional<WitnessState.Latest> latest;
        /** After a failed write nobody knows what stands on the disk. */
        private boolean broken;

        Log(String origin, List<VerifierKey> keys, Optional<WitnessState.Latest> latest) {
            this.origin = origin;
            this.keys = keys;
            this.latest = latest;
        }
    }

    /**
     * @param logs whose keys are known, by origin
     * @param folder of what was cosigned last; never put back from an older copy
     * @throws IOException with a text for the user: the folder is in use, or a state is damaged
     */
    public static Witness open(CosigningKey key, Map<String, List<VerifierKey>> logs, Path folder, InstantSource clock)
            throws IOException {
        WitnessState state = WitnessState.open(folder);
        Witness witness = new Witness(key, state, clock);
        try {
            for (Map.Entry<String, List<VerifierKey>> log : logs.entrySet()) {
                witness.logs.put(
                        log.getKey(), new Log(log.getKey(), List.copyOf(log.getValue()), state.read(log.getKey())));
            }
        } catch (IOException e) {
            state.close();
            throw e;
        }
        return witness;
    }

    public CosignerKey verifier() {
        return key.verifier();
    }

    /** @param body of {@code add-checkpoint} */
    public Answer add(byte[] body) {
        Optional<AddCheckpoint> request = AddCheckpoint.parse(body);
        if (request.isEmpty()) {
            return new Answer.Refused(Reason.MALFORMED);
        }
        Log log = logs.get(request.get().origin());
        if (log == null) {
            return new Answer.Refused(Reason.UNKNOWN_LOG);
        }
        Optional<Checkpoint> signed = Checkpoint.open(request.get().note(), log.origin, log.keys);
        if (signed.isEmpty()) {
            return new Answer.Refused(Reason.UNSIGNED);
        }
        if (request.get().oldSize() > signed.get().size()) {
            return new Answer.Refused(Reason.MALFORMED);
        }
        synchronized (log) {
            return judge(log, request.get(), signed.get());
        }
    }

    private Answer judge(Log log, AddCheckpoint request, Checkpoint signed) {
        if (log.broken) {
            return new Answer.Refused(Reason.STATE);
        }
        long known = log.latest.map(WitnessState.Latest::size).orElse(0L);
        String root = log.latest.map(WitnessState.Latest::root).orElseGet(AddCheckpoint::emptyRoot);
        if (request.oldSize() != known) {
            return new Answer.Conflict(known);
        }
        if (signed.size() == known && !signed.root().equals(root)) {
            return new Answer.Conflict(known);
        }
        if (!request.leads(root, signed)) {
            return new Answer.Refused(Reason.UNPROVEN);
        }
        return keep(log, new WitnessState.Latest(log.origin, signed.size(), signed.root()))
                ? new Answer.Cosigned(key.cosign(signed, clock.instant()))
                : new Answer.Refused(Reason.STATE);
    }

    /** The same again needs no writing: it stands there already. */
    private boolean keep(Log log, WitnessState.Latest next) {
        if (log.latest.filter(next::equals).isPresent()) {
            return true;
        }
        try {
            state.write(next);
            log.latest = Optional.of(next);
            return true;
        } catch (IOException e) {
            log.broken = true;
            return false;
        }
    }

    /** The logs whose state could not be written: nothing of them is cosigned until the next start. */
    public List<String> broken() {
        return logs.values().stream()
                .filter(log -> {
                    synchronized (log) {
                        return log.broken;
                    }
                })
                .map(log -> log.origin)
                .sorted()
                .toList();
    }

    @Override
    public void close() throws IOException {
        state.close();
    }
}
