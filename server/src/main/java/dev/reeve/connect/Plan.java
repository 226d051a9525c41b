package dev.reeve.connect;

import java.util.List;

/**
 * What is to be written, and what a person must know before.
 *
 * @param files in the order in which they are written: what a client points at comes before the client's own config
 * @param diffs of all files, fit to be shown
 * @param moved servers that go behind Reeve now
 * @param ours names of servers that are behind it already
 */
record Plan(
        List<FileChange> files,
        List<String> diffs,
        List<Upstream> moved,
        List<String> ours,
        List<Server.Left> left,
        List<String> notes) {
    Plan {
        files = List.copyOf(files);
        diffs = List.copyOf(diffs);
        moved = List.copyOf(moved);
        ours = List.copyOf(ours);
        left = List.copyOf(left);
        notes = List.copyOf(notes);
    }

    /** Servers that are programs and start without a confinement. */
    List<Upstream> unconfined() {
        return moved.stream()
                .filter(upstream -> upstream.url().isEmpty() && !upstream.isConfined())
                .toList();
    }

    List<Upstream> confined() {
        return moved.stream().filter(Upstream::isConfined).toList();
    }
}
