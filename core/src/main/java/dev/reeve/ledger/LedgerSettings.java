package dev.reeve.ledger;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Sizes and times of a ledger. Only {@code node} is written into the folder; the others may change at each start.
 *
 * @param node the id of this node, in every stamped record (R32)
 * @param segmentBytes size of one write-ahead file, reserved one file ahead
 * @param groupBytes most bytes in one group, and so of one entry with its disclosures
 * @param queueBytes most bytes waiting for the writer; beyond it callers are refused
 * @param controlReserve bytes at the end that only control records may use when no further space can be had (R15)
 * @param patience longest wait for one force
 * @param checkpointEvery longest time that something new stays unsigned
 */
public record LedgerSettings(
        String node,
        int segmentBytes,
        int groupBytes,
        int queueBytes,
        int controlReserve,
        Duration patience,
        Duration checkpointEvery) {
    private static final Pattern NODE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    public LedgerSettings {
        if (!NODE.matcher(node).matches()) {
            throw new IllegalArgumentException("node id `" + node + "`: 1 to 64 of letters, digits, `.`, `_`, `-`");
        }
        if (groupBytes < 1024 || controlReserve < groupBytes || segmentBytes < 2L * groupBytes + controlReserve) {
            throw new IllegalArgumentException("a segment holds two groups and the reserve; the reserve holds a group");
        }
        if (queueBytes < groupBytes || patience.isNegative() || patience.isZero() || checkpointEvery.isNegative()) {
            throw new IllegalArgumentException("the queue holds a group; times are positive");
        }
    }

    /** 64 MiB segments, 4 MiB groups, 32 MiB waiting, 5 s of patience, a checkpoint each second. */
    public static LedgerSettings of(String node) {
        return new LedgerSettings(
                node, 64 << 20, 4 << 20, 32 << 20, 4 << 20, Duration.ofSeconds(5), Duration.ofSeconds(1));
    }
}
