package dev.reeve.definitions;

import dev.reeve.json.Json;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An entry of {@code skills/list} (extension {@code io.modelcontextprotocol/skills}, "Skill Entries").
 *
 * @param uri of its {@code SKILL.md}
 * @param root the directory that it is, without a slash at the end
 * @param files what is said of each file, by URI; empty where the server says that they are made anew each time
 */
record Skill(String uri, String root, Map<String, File> files) {
    private static final String MANIFEST = "/SKILL.md";
    private static final String DYNAMIC = "dynamic";
    /** What the extension lets a server count on is 512. */
    private static final int MOST_FILES = 4096;

    /**
     * @param digest {@code sha256:} and 64 hexadecimal digits
     * @param size in bytes
     */
    record File(String digest, String size) {}

    Skill {
        files = Map.copyOf(files);
    }

    /** Empty if it is none: its name must be the last part of its directory, and each of its files must lie in that. */
    static Optional<Skill> of(Json.Obj entry) {
        Optional<String> uri = entry.string("uri").filter(text -> text.endsWith(MANIFEST));
        Optional<Json.Obj> frontmatter = entry.object("frontmatter");
        if (uri.isEmpty() || frontmatter.flatMap(it -> it.string("description")).isEmpty()) {
            return Optional.empty();
        }
        String root = uri.get().substring(0, uri.get().length() - MANIFEST.length());
        String last = root.substring(root.lastIndexOf('/') + 1);
        if (last.isEmpty() || !frontmatter.get().string("name").equals(Optional.of(last))) {
            return Optional.empty();
        }
        return files(entry, root).map(files -> new Skill(uri.get(), root, files));
    }

    private static Optional<Map<String, File>> files(Json.Obj entry, String root) {
        if (entry.string("resources").equals(Optional.of(DYNAMIC))) {
            return Optional.of(Map.of());
        }
        Optional<Json.Arr> listed =
                entry.array("resources").filter(all -> all.items().size() <= MOST_FILES);
        if (listed.isEmpty()) {
            return Optional.empty();
        }
        Map<String, File> files = new HashMap<>();
        for (Json item : listed.get().items()) {
            Optional<Json.Obj> file =
                    Optional.of(item).filter(Json.Obj.class::isInstance).map(Json.Obj.class::cast);
            Optional<String> uri = file.flatMap(it -> it.string("uri")).filter(it -> it.startsWith(root + "/"));
            Optional<String> digest =
                    file.flatMap(it -> it.string("digest")).filter(it -> it.matches("sha256:[0-9a-f]{64}"));
            Optional<Json> size = file.flatMap(it -> it.get("size")).filter(Json.Num.class::isInstance);
            boolean whole = uri.isPresent() && digest.isPresent() && size.isPresent();
            if (!whole || files.put(uri.get(), new File(digest.get(), size.get().toString())) != null) {
                return Optional.empty();
            }
        }
        return files.isEmpty() ? Optional.empty() : Optional.of(files);
    }

    /** Whether a URI lies in it. */
    boolean holds(String other) {
        return other.startsWith(root + "/");
    }
}
