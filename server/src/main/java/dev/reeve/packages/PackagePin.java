package dev.reeve.packages;

import dev.reeve.json.Json;
import java.util.Optional;
import java.util.TreeMap;

/** What was approved of one upstream's package. */
record PackagePin(String name, String version, Contents contents) {
    Json.Obj json() {
        return Json.object()
                .put("name", name)
                .put("version", version)
                .put("digest", contents.digest())
                .put("files", contents.json())
                .build();
    }

    /** What is recorded of it: the names of thousands of files are in their digest. */
    Json.Builder summary() {
        return Json.object()
                .put("name", name)
                .put("version", version)
                .put("digest", contents.digest())
                .put("files", contents.files().size());
    }

    /** Empty if it is not what {@link #json} made: then nothing is pinned by it. */
    static Optional<PackagePin> read(Json.Obj json) {
        TreeMap<String, String> files = new TreeMap<>();
        json.object("files").orElse(Json.Obj.EMPTY).members().forEach((name, digest) -> {
            if (digest instanceof Json.Str text) {
                files.put(name, text.value());
            }
        });
        Contents contents = new Contents(files);
        return json.string("digest")
                .filter(contents.digest()::equals)
                .map(ignored -> new PackagePin(
                        json.string("name").orElse("?"), json.string("version").orElse("?"), contents));
    }
}
