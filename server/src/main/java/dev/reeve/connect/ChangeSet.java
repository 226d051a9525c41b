package dev.reeve.connect;

import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the journal knows of one set of changes: {@code journal.json} in the set's folder. */
record ChangeSet(Path folder, State state, String run, List<Kept> files) {
    private static final String JOURNAL = "journal.json";

    enum State {
        WRITING,
        DONE,
        UNDOING,
        UNDONE
    }

    /**
     * @param before digest of the file that was there, {@code after} of the one that was written
     * @param entries what can be put back by itself
     * @param added what can be taken out by itself
     * @param group as in {@link FileChange}
     */
    record Kept(
            Path path,
            String before,
            String after,
            boolean secret,
            List<Replaced> entries,
            List<Added> added,
            String group) {
        Kept {
            entries = List.copyOf(entries);
            added = List.copyOf(added);
        }
    }

    ChangeSet {
        files = List.copyOf(files);
    }

    /** One without a journal has changed nothing yet. */
    static ChangeSet read(Path folder) throws IOException, RefusedException {
        Optional<byte[]> bytes = WholeFiles.read(folder.resolve(JOURNAL));
        if (bytes.isEmpty()) {
            return new ChangeSet(folder, State.UNDONE, "", List.of());
        }
        try {
            Json.Obj journal = StrictJson.readObject(bytes.get(), JsonLimits.ANSWER);
            List<Kept> files = new ArrayList<>();
            for (Json item : journal.array("files").orElse(Json.Arr.EMPTY).items()) {
                files.add(kept((Json.Obj) item));
            }
            State state = State.valueOf(journal.string("state").orElse(""));
            return new ChangeSet(folder, state, journal.string("run").orElse(""), files);
        } catch (JsonRefusedException | RuntimeException e) {
            throw new RefusedException(folder.resolve(JOURNAL) + " is damaged; move the folder " + folder
                    + " away if you know what it was, and run this again");
        }
    }

    private static Kept kept(Json.Obj file) {
        List<Replaced> entries = new ArrayList<>();
        for (Json item : file.array("entries").orElse(Json.Arr.EMPTY).items()) {
            Json.Obj entry = (Json.Obj) item;
            entries.add(new Replaced(
                    pointer(entry),
                    entry.string("before").orElseThrow(),
                    entry.string("after").orElseThrow()));
        }
        return new Kept(
                Path.of(file.string("path").orElseThrow()),
                file.string("before").orElseThrow(),
                file.string("after").orElseThrow(),
                file.get("secret").equals(Optional.of(Json.Bool.TRUE)),
                entries,
                added(file),
                file.string("group").orElse(""));
    }

    /** None in a journal of before they were kept. */
    private static List<Added> added(Json.Obj file) {
        List<Added> added = new ArrayList<>();
        for (Json item : file.array("added").orElse(Json.Arr.EMPTY).items()) {
            Json.Obj one = (Json.Obj) item;
            added.add(new Added(pointer(one), one.string("digest").orElseThrow()));
        }
        return added;
    }

    private static List<String> pointer(Json.Obj entry) {
        return entry.array("pointer").orElseThrow().items().stream()
                .map(name -> ((Json.Str) name).value())
                .toList();
    }

    void write(State now) throws IOException {
        List<Json> items = new ArrayList<>();
        for (Kept file : files) {
            // What is undone is not needed any more, and holds secrets.
            List<Json> entries = now == State.UNDONE
                    ? List.of()
                    : file.entries().stream().map(ChangeSet::json).toList();
            List<Json> added = now == State.UNDONE
                    ? List.of()
                    : file.added().stream().map(ChangeSet::json).toList();
            items.add(Json.object()
                    .put("path", file.path().toString())
                    .put("before", file.before())
                    .put("after", file.after())
                    .put("secret", file.secret())
                    .put("entries", new Json.Arr(entries))
                    .put("added", new Json.Arr(added))
                    .put("group", file.group())
                    .build());
        }
        Json.Obj journal = Json.object()
                .put("state", now.name())
                .put("run", run)
                .put("files", new Json.Arr(items))
                .build();
        WholeFiles.replace(folder.resolve(JOURNAL), JsonWriter.bytes(journal), true);
    }

    private static Json json(Replaced entry) {
        return Json.object()
                .put("pointer", Json.Arr.ofStrings(entry.pointer()))
                .put("before", entry.before())
                .put("after", entry.after())
                .build();
    }

    private static Json json(Added one) {
        return Json.object()
                .put("pointer", Json.Arr.ofStrings(one.pointer()))
                .put("digest", one.digest())
                .build();
    }

    /** The bytes of before, of the file with this number. */
    static Path before(Path folder, int index) {
        return folder.resolve("before-" + index);
    }
}
