package dev.reeve.connect;

import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Writes several files so that all of them or none are changed, and can put back what was there, byte for byte, also long after.
 *
 * <p>One folder per set of changes: {@code journal.json} and the bytes of before, 0600, because configs hold secrets. A set that was cut
 * short is rolled back by {@link #recover}, at the next run. What somebody changed since is never overwritten.
 */
final class ChangeJournal {
    private static final String JOURNAL = "journal.json";
    private static final String ABSENT = "absent";

    private final Path folder;
    private final Runnable step;

    private enum State {
        WRITING,
        DONE,
        UNDOING,
        UNDONE
    }

    private record Kept(Path path, String before, String after, boolean secret) {}

    private record ChangeSet(Path folder, State state, String run, List<Kept> files) {}

    ChangeJournal(Path folder) {
        this(folder, () -> {});
    }

    /** @param step runs before everything that touches the disk; where it throws, the process might have died */
    ChangeJournal(Path folder, Runnable step) {
        this.folder = folder;
        this.step = step;
    }

    /**
     * @param run the sets of one run are undone together
     * @throws RefusedException if a file is no longer what it was when the change was planned; nothing is written then
     */
    void apply(String run, List<FileChange> changes) throws IOException, RefusedException {
        List<Kept> kept = new ArrayList<>();
        Path set = folder.resolve("%06d".formatted(sets().size() + 1));
        WholeFiles.folders(set, true);
        for (FileChange change : changes) {
            if (!digest(WholeFiles.read(change.path())).equals(digest(change.bytesBefore()))) {
                throw new RefusedException(
                        change.path() + " has changed meanwhile; nothing was written, run this again");
            }
            step.run();
            if (change.bytesBefore().isPresent()) {
                WholeFiles.replace(
                        before(set, kept.size()), change.bytesBefore().get(), true);
            }
            kept.add(new Kept(
                    change.path(),
                    digest(change.bytesBefore()),
                    digest(Optional.of(change.bytesAfter())),
                    change.secret()));
        }
        ChangeSet entry = new ChangeSet(set, State.WRITING, run, kept);
        write(entry, State.WRITING);
        for (FileChange change : changes) {
            step.run();
            WholeFiles.replace(change.path(), change.bytesAfter(), change.secret());
        }
        write(entry, State.DONE);
    }

    /**
     * Rolls back what was cut short.
     *
     * @return the files that were put back
     */
    List<Path> recover() throws IOException, RefusedException {
        List<Path> restored = new ArrayList<>();
        for (ChangeSet set : sets().reversed()) {
            if (set.state() == State.WRITING || set.state() == State.UNDOING) {
                restored.addAll(restore(set));
            }
        }
        return restored;
    }

    /**
     * Puts back what the last run replaced.
     *
     * @return the files that were put back; empty if there is nothing to undo
     * @throws RefusedException if one of them was changed since; then none is touched
     */
    List<Path> undo() throws IOException, RefusedException {
        List<ChangeSet> done = sets().reversed().stream()
                .filter(set -> set.state() == State.DONE)
                .toList();
        List<ChangeSet> last = done.stream()
                .filter(set -> set.run().equals(done.getFirst().run()))
                .toList();
        for (ChangeSet set : last) {
            refuseIfChanged(set);
        }
        List<Path> restored = new ArrayList<>();
        for (ChangeSet set : last) {
            write(set, State.UNDOING);
            restored.addAll(restore(set));
        }
        return restored;
    }

    /** The files that the last run that is in force wrote. */
    List<Path> written() throws IOException, RefusedException {
        return sets().stream()
                .filter(set -> set.state() == State.DONE)
                .flatMap(set -> set.files().stream().map(Kept::path))
                .toList();
    }

    private static void refuseIfChanged(ChangeSet set) throws IOException, RefusedException {
        for (Kept file : set.files()) {
            String now = digest(WholeFiles.read(file.path()));
            if (!now.equals(file.after()) && !now.equals(file.before())) {
                throw new RefusedException(file.path()
                        + " was changed since `reeve connect` wrote it, so nothing was put back. What was "
                        + "there before is kept in " + set.folder() + " (0600): compare, and copy what you want");
            }
        }
    }

    private List<Path> restore(ChangeSet set) throws IOException, RefusedException {
        refuseIfChanged(set);
        List<Path> restored = new ArrayList<>();
        // The last file written first: a client must not point at what is no longer there.
        for (int i = set.files().size() - 1; i >= 0; i--) {
            Kept file = set.files().get(i);
            step.run();
            WholeFiles.sweep(file.path());
            if (digest(WholeFiles.read(file.path())).equals(file.before())) {
                continue;
            }
            if (file.before().equals(ABSENT)) {
                WholeFiles.delete(file.path());
            } else {
                byte[] bytes = WholeFiles.read(before(set.folder(), i)).orElse(new byte[0]);
                if (!digest(Optional.of(bytes)).equals(file.before())) {
                    throw new RefusedException(
                            "the copy of " + file.path() + " in " + set.folder() + " is damaged; it was not used");
                }
                WholeFiles.replace(file.path(), bytes, file.secret());
            }
            restored.add(file.path());
        }
        write(set, State.UNDONE);
        for (int i = 0; i < set.files().size(); i++) {
            WholeFiles.delete(before(set.folder(), i));
        }
        return restored;
    }

    private static Path before(Path set, int index) {
        return set.resolve("before-" + index);
    }

    private void write(ChangeSet set, State state) throws IOException {
        List<Json> files = new ArrayList<>();
        for (Kept file : set.files()) {
            files.add(Json.object()
                    .put("path", file.path().toString())
                    .put("before", file.before())
                    .put("after", file.after())
                    .put("secret", file.secret())
                    .build());
        }
        step.run();
        Json.Obj journal = Json.object()
                .put("state", state.name())
                .put("run", set.run())
                .put("files", new Json.Arr(files))
                .build();
        WholeFiles.replace(set.folder().resolve(JOURNAL), JsonWriter.bytes(journal), true);
    }

    /** In the order in which they were begun. One without a journal has changed nothing yet. */
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
            sets.add(read(set));
        }
        return sets;
    }

    private static ChangeSet read(Path set) throws IOException, RefusedException {
        Optional<byte[]> bytes = WholeFiles.read(set.resolve(JOURNAL));
        if (bytes.isEmpty()) {
            return new ChangeSet(set, State.UNDONE, "", List.of());
        }
        try {
            Json.Obj journal = StrictJson.readObject(bytes.get(), JsonLimits.REQUEST);
            List<Kept> files = new ArrayList<>();
            for (Json item : journal.array("files").orElse(Json.Arr.EMPTY).items()) {
                Json.Obj file = (Json.Obj) item;
                files.add(new Kept(
                        Path.of(file.string("path").orElseThrow()),
                        file.string("before").orElseThrow(),
                        file.string("after").orElseThrow(),
                        file.get("secret").equals(Optional.of(Json.Bool.TRUE))));
            }
            State state = State.valueOf(journal.string("state").orElse(""));
            return new ChangeSet(set, state, journal.string("run").orElse(""), files);
        } catch (JsonRefusedException | RuntimeException e) {
            throw new RefusedException(set.resolve(JOURNAL) + " is damaged; move the folder " + set
                    + " away if you know what it was, and run this again");
        }
    }

    private static String digest(Optional<byte[]> bytes) {
        try {
            return bytes.isEmpty()
                    ? ABSENT
                    : HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.get()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
