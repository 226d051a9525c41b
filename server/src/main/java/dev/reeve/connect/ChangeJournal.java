package dev.reeve.connect;

import dev.reeve.connect.ChangeSet.Kept;
import dev.reeve.connect.ChangeSet.State;
import dev.reeve.json.CanonicalDigest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Writes several files so that all of them or none are changed, and can put back what was there, byte for byte, also long after.
 *
 * <p>One folder per set of changes: {@code journal.json} and the bytes of before, 0600, because configs hold secrets. A set that was cut
 * short is rolled back by {@link #recover}, at the next run. What somebody changed since is never overwritten; where a config was changed
 * elsewhere only, its entries are put back and the rest stays. Out of files of the operator that were changed is taken what was added and is as it was
 * written.
 */
final class ChangeJournal {
    private static final String ABSENT = "absent";

    private final Path folder;
    private final Others others;
    private final Runnable step;

    /** The servers that other clients go to, asked for when something is undone. */
    @FunctionalInterface
    interface Others {
        Set<String> servers() throws IOException, RefusedException;
    }

    ChangeJournal(Path folder) {
        this(folder, Set::of, () -> {});
    }

    ChangeJournal(Path folder, Others others) {
        this(folder, others, () -> {});
    }

    /** @param step runs before everything that touches the disk; where it throws, the process might have died */
    ChangeJournal(Path folder, Runnable step) {
        this(folder, Set::of, step);
    }

    private ChangeJournal(Path folder, Others others, Runnable step) {
        this.folder = folder;
        this.others = others;
        this.step = step;
    }

    /** The servers that configs of the client go to since, as far as nothing was undone. */
    Set<String> servers() throws IOException, RefusedException {
        Set<String> names = new HashSet<>();
        for (ChangeSet set : sets()) {
            if (set.state() == State.DONE) {
                set.files().stream()
                        .flatMap(file -> file.entries().stream())
                        .forEach(entry -> entry.server().ifPresent(names::add));
            }
        }
        return names;
    }

    /**
     * @param run the sets of one run are undone together
     * @throws RefusedException if a file is no longer what it was when the change was planned; nothing is written then
     */
    void apply(String run, List<FileChange> changes) throws IOException, RefusedException {
        List<Kept> kept = new ArrayList<>();
        Path place = folder.resolve("%06d".formatted(sets().size() + 1));
        WholeFiles.folders(place, true);
        for (FileChange change : changes) {
            if (!digest(WholeFiles.read(change.path())).equals(digest(change.bytesBefore()))) {
                throw new RefusedException(
                        change.path() + " has changed meanwhile; nothing was written, run this again");
            }
            step.run();
            if (change.before().isPresent()) {
                WholeFiles.replace(
                        ChangeSet.before(place, kept.size()),
                        change.bytesBefore().orElseThrow(),
                        true);
            }
            kept.add(new Kept(
                    change.path(),
                    digest(change.bytesBefore()),
                    digest(Optional.of(change.bytesAfter())),
                    change.secret(),
                    change.entries(),
                    change.added(),
                    change.group()));
        }
        ChangeSet set = new ChangeSet(place, State.WRITING, run, kept);
        mark(set, State.WRITING);
        for (FileChange change : changes) {
            step.run();
            WholeFiles.replace(change.path(), change.bytesAfter(), change.secret());
        }
        mark(set, State.DONE);
    }

    /**
     * Rolls back what was cut short.
     *
     * @return the files that were put back, or out of which something was taken
     */
    List<Path> recover() throws IOException, RefusedException {
        List<Path> restored = new ArrayList<>();
        for (ChangeSet set : sets().reversed()) {
            if (set.state() == State.WRITING || set.state() == State.UNDOING) {
                Undone undone = restore(set);
                restored.addAll(undone.restored());
                undone.partly().stream()
                        .filter(file -> !file.taken().isEmpty())
                        .forEach(file -> restored.add(file.path()));
            }
        }
        return restored;
    }

    /**
     * @param left files of the operator that were changed since, and those that belong to them
     * @param kept where what was there before is kept of these
     * @param partly files of the operator that were changed since, and out of which was taken what was added
     */
    record Undone(List<Path> restored, List<Path> left, List<Path> kept, List<Partly> partly) {
        static final Undone NOTHING = new Undone(List.of(), List.of(), List.of(), List.of());

        Undone {
            restored = List.copyOf(restored);
            left = List.copyOf(left);
            kept = List.copyOf(kept);
            partly = List.copyOf(partly);
        }
    }

    /** What became of one file, as in {@link TakingOut.Rest}. */
    record Partly(Path path, List<String> taken, List<String> stays) {}

    /**
     * Puts back what the last run replaced.
     *
     * @return nothing in it if there is nothing to undo
     * @throws RefusedException if one that must be put back was changed since; then none is touched
     */
    Undone undo() throws IOException, RefusedException {
        undoable();
        List<ChangeSet> last = last();
        List<Path> restored = new ArrayList<>();
        List<Path> left = new ArrayList<>();
        List<Path> kept = new ArrayList<>();
        List<Partly> partly = new ArrayList<>();
        for (ChangeSet set : last) {
            mark(set, State.UNDOING);
            Undone undone = restore(set);
            restored.addAll(undone.restored());
            left.addAll(undone.left());
            kept.addAll(undone.kept());
            partly.addAll(undone.partly());
        }
        return new Undone(restored, left, kept, partly);
    }

    /**
     * What {@link #undo} would put back, or take away.
     *
     * @throws RefusedException if it would refuse
     */
    List<Path> undoable() throws IOException, RefusedException {
        List<Path> paths = new ArrayList<>();
        for (ChangeSet set : last()) {
            List<Way> ways = ways(set);
            for (int i = 0; i < ways.size(); i++) {
                if (!(ways.get(i) instanceof Way.Leave)) {
                    paths.add(set.files().get(i).path());
                }
            }
        }
        return paths;
    }

    private List<ChangeSet> last() throws IOException, RefusedException {
        List<ChangeSet> done = sets().reversed().stream()
                .filter(set -> set.state() == State.DONE)
                .toList();
        return done.stream()
                .filter(set -> set.run().equals(done.getFirst().run()))
                .toList();
    }

    private Undone restore(ChangeSet set) throws IOException, RefusedException {
        List<Way> ways = ways(set);
        List<Path> restored = new ArrayList<>();
        List<Path> left = new ArrayList<>();
        List<Partly> partly = new ArrayList<>();
        // The last file written first: a client must not point at what is no longer there.
        for (int i = set.files().size() - 1; i >= 0; i--) {
            Kept file = set.files().get(i);
            step.run();
            WholeFiles.sweep(file.path());
            switch (ways.get(i)) {
                case Way.Nothing() -> {}
                case Way.Leave() -> left.add(file.path());
                case Way.TakeOut(TakingOut.Rest rest) -> {
                    if (!rest.taken().isEmpty()) {
                        WholeFiles.replace(file.path(), rest.text().getBytes(StandardCharsets.UTF_8), file.secret());
                    }
                    partly.add(new Partly(file.path(), rest.taken(), rest.stays()));
                }
                case Way.Delete() -> {
                    WholeFiles.delete(file.path());
                    restored.add(file.path());
                }
                case Way.Write(byte[] bytes) -> {
                    WholeFiles.replace(file.path(), bytes, file.secret());
                    restored.add(file.path());
                }
            }
        }
        mark(set, State.UNDONE);
        for (int i = 0; i < ways.size(); i++) {
            if (!(ways.get(i) instanceof Way.Leave)) {
                WholeFiles.delete(ChangeSet.before(set.folder(), i));
            }
        }
        boolean kept = false;
        for (int i = 0; i < ways.size(); i++) {
            kept |= ways.get(i) instanceof Way.Leave
                    && !set.files().get(i).before().equals(ABSENT);
        }
        return new Undone(restored, left, kept ? List.of(set.folder()) : List.of(), partly);
    }

    /** Looks, and touches nothing. */
    private List<Way> ways(ChangeSet set) throws IOException, RefusedException {
        Set<String> used = others.servers();
        Set<String> changed = new HashSet<>();
        for (Kept file : set.files()) {
            boolean isUsed = file.added().stream()
                    .anyMatch(one -> one.server().filter(used::contains).isPresent());
            if (!file.group().isEmpty() && (isUsed || isChanged(file))) {
                changed.add(file.group());
            }
        }
        TakingOut out = new TakingOut(used);
        Map<Integer, Way> ways = new TreeMap<>();
        for (int i : serversFirst(set)) {
            Way way = changed.contains(set.files().get(i).group()) ? partly(set, i, out) : way(set, i);
            ways.put(i, way);
        }
        return List.copyOf(ways.values());
    }

    /** The numbers of its files: what a server keeps depends on whether it stays. */
    private static List<Integer> serversFirst(ChangeSet set) {
        return IntStream.range(0, set.files().size())
                .boxed()
                .sorted(Comparator.comparing(
                        (Integer i) -> set.files().get(i).added().stream().noneMatch(Added::isServer)))
                .toList();
    }

    private static Way partly(ChangeSet set, int index, TakingOut out) throws IOException, RefusedException {
        Kept file = set.files().get(index);
        if (file.added().isEmpty()) {
            return new Way.Leave();
        }
        Optional<TakingOut.Rest> rest = rest(file, out);
        if (rest.isEmpty()) {
            return new Way.Leave(); // nobody can say what of it is ours
        }
        if (rest.get().stays().isEmpty() && !isChanged(file)) {
            return way(set, index);
        }
        return rest.get().whole() && file.before().equals(ABSENT) ? new Way.Delete() : new Way.TakeOut(rest.get());
    }

    private static Optional<TakingOut.Rest> rest(Kept file, TakingOut out) throws IOException {
        try {
            return Optional.of(out.of(Planner.text(file.path()).orElse(""), file.added()));
        } catch (RefusedException e) {
            return Optional.empty();
        }
    }

    private static boolean isChanged(Kept file) throws IOException, RefusedException {
        String digest = digest(WholeFiles.read(file.path()));
        return !digest.equals(file.before()) && !digest.equals(file.after());
    }

    /** What gives back what was there. */
    private sealed interface Way {
        record Nothing() implements Way {}

        /** Somebody changed it, or what belongs to it. */
        record Leave() implements Way {}

        record Delete() implements Way {}

        /** Somebody changed it: only what was added goes. */
        record TakeOut(TakingOut.Rest rest) implements Way {}

        /** Handed over once and never compared. */
        @SuppressWarnings("ArrayRecordComponent")
        record Write(byte[] bytes) implements Way {}
    }

    /** Looks, and touches nothing. */
    private static Way way(ChangeSet set, int index) throws IOException, RefusedException {
        Kept file = set.files().get(index);
        Optional<byte[]> now = WholeFiles.read(file.path());
        String digest = digest(now);
        if (digest.equals(file.before())) {
            return new Way.Nothing();
        }
        if (!digest.equals(file.after())) {
            return now.map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                    .flatMap(text -> Replaced.putBack(text, file.entries()))
                    .<Way>map(text -> new Way.Write(text.getBytes(StandardCharsets.UTF_8)))
                    .orElseThrow(() -> new RefusedException(file.path()
                            + " was changed since `reeve connect` wrote it, so nothing was put back. What was there before is kept in "
                            + set.folder() + " (0600): compare, and copy what you want"));
        }
        if (file.before().equals(ABSENT)) {
            return new Way.Delete();
        }
        byte[] copy = WholeFiles.read(ChangeSet.before(set.folder(), index)).orElse(new byte[0]);
        if (!digest(Optional.of(copy)).equals(file.before())) {
            throw new RefusedException(
                    "the copy of " + file.path() + " in " + set.folder() + " is damaged; it was not used");
        }
        return new Way.Write(copy);
    }

    private void mark(ChangeSet set, State state) throws IOException {
        step.run();
        set.write(state);
    }

    /** In the order in which they were begun. */
    private List<ChangeSet> sets() throws IOException, RefusedException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> folders;
        try (Stream<Path> list = Files.list(folder)) {
            folders = list.filter(Files::isDirectory).sorted().toList();
        }
        List<ChangeSet> sets = new ArrayList<>();
        for (Path set : folders) {
            sets.add(ChangeSet.read(set));
        }
        return sets;
    }

    private static String digest(Optional<byte[]> bytes) {
        return bytes.map(CanonicalDigest::of).orElse(ABSENT);
    }
}
