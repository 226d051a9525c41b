package dev.reeve.cli;

import dev.reeve.config.PolicySet;
import dev.reeve.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * An edit of policy files, as it is recorded before it acts (R27): who owns what was changed, what was changed, and the whole new policy by
 * its content.
 *
 * @param before the version that was in force; empty at the start
 */
record PolicyChange(String before, PolicySet after, List<String> added, List<String> changed, List<String> removed) {
    static PolicyChange of(SortedMap<String, String> old, String before, PolicySet after) {
        Map<String, String> fresh = new TreeMap<>(after.files());
        List<String> removed =
                old.keySet().stream().filter(name -> !fresh.containsKey(name)).toList();
        List<String> added =
                fresh.keySet().stream().filter(name -> !old.containsKey(name)).toList();
        List<String> changed = fresh.keySet().stream()
                .filter(name -> old.containsKey(name) && !Objects.equals(fresh.get(name), old.get(name)))
                .toList();
        return new PolicyChange(before, after, added, changed, removed);
    }

    /** {@code file:ana}: the operating system says whose the changed files are, not who wrote them last. */
    String person(Path home) {
        Set<String> owners = new TreeSet<>();
        // Who removed a file could change its folder.
        Stream.concat(
                        Stream.concat(added.stream(), changed.stream()),
                        removed.stream().map(name -> name.substring(0, Math.max(0, name.indexOf('/')))))
                .forEach(name -> owners.add(owner(home.resolve(name))));
        return "file:" + String.join(",", owners);
    }

    private static String owner(Path file) {
        try {
            return Files.getOwner(file).getName();
        } catch (IOException e) {
            return "?";
        }
    }

    Json.Obj difference() {
        Json.Builder files = Json.object();
        after.files().forEach(files::put);
        return Json.object()
                .put("before", before)
                .put("after", after.version())
                .put("added", Json.Arr.ofStrings(added))
                .put("changed", Json.Arr.ofStrings(changed))
                .put("removed", Json.Arr.ofStrings(removed))
                .put("files", files)
                .build();
    }
}
