package dev.reeve.cli;

import dev.reeve.config.Loaded;
import dev.reeve.config.PolicyFiles;
import dev.reeve.config.PolicySet;
import dev.reeve.config.ReeveConfig;
import dev.reeve.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The policies that were in force, as commands name them: by the beginning of a version, or {@code #3} for the third. The list comes from
 * administration, the files from the record; what the record gives back is taken only if its version is the one that was asked for.
 */
final class PolicyArchive {
    private static final int SHORTEST = 4;

    private final HomeOptions home;
    private final List<Json.Obj> versions = new ArrayList<>();

    private PolicyArchive(HomeOptions home) {
        this.home = home;
    }

    static PolicyArchive open(HomeOptions home, Control control) throws CommandException {
        PolicyArchive archive = new PolicyArchive(home);
        Json.Obj answer = control.get("/v1/policy/versions");
        answer.array("versions").orElse(Json.Arr.EMPTY).items().forEach(item -> archive.versions.add((Json.Obj) item));
        return archive;
    }

    /** Oldest first. */
    List<Json.Obj> versions() {
        return versions;
    }

    /** The newest whose version begins so. */
    Json.Obj find(String named) throws CommandException {
        String wanted = named.toLowerCase(Locale.ROOT);
        for (Json.Obj version : versions.reversed()) {
            boolean meant = wanted.startsWith("#")
                    ? wanted.equals("#" + text(version, "number"))
                    : wanted.length() >= SHORTEST && text(version, "version").startsWith(wanted);
            if (meant) {
                return version;
            }
        }
        throw new CommandException(
                ExitCodes.USAGE,
                "no policy `" + named + "` was in force; name the first characters of a version, or its number as `#3`:"
                        + " `reeve policy versions` lists them");
    }

    /** The newest; empty if none was ever in force. */
    Optional<Json.Obj> last() {
        return versions.isEmpty() ? Optional.empty() : Optional.of(versions.getLast());
    }

    PolicySet set(Json.Obj version) throws CommandException, IOException {
        String wanted = text(version, "version");
        try (RecordReader reader = RecordReader.open(home, Optional.empty())) {
            Json difference =
                    reader.find(text(version, "record")).record().disclosed().get("difference");
            Optional<SortedMap<String, String>> files =
                    difference instanceof Json.Obj object ? PolicyVersions.files(object) : Optional.empty();
            Optional<PolicySet> set = files.flatMap(
                    texts -> PolicyFiles.read(texts, PolicyRoom::schema).value());
            return set.filter(it -> it.version().equals(wanted))
                    .orElseThrow(() -> new CommandException(
                            ExitCodes.FAILED,
                            "record " + text(version, "record") + " does not give back the files of version " + wanted
                                    + " (a text in them that looked like a key is masked there, or this Reeve reads them"
                                    + " otherwise)"));
        }
    }

    /** The files as they stand. */
    static PolicySet standing(ReeveConfig config) throws CommandException {
        Loaded<PolicySet> loaded = PolicyFiles.read(config.home(), PolicyRoom::schema);
        return loaded.value()
                .orElseThrow(() ->
                        new CommandException(ExitCodes.USAGE, loaded.text().strip()));
    }

    static String brief(Json.Obj version) {
        String whole = text(version, "version");
        return whole.substring(0, Math.min(12, whole.length()));
    }

    static String text(Json.Obj version, String member) {
        return version.get(member)
                .map(value -> value instanceof Json.Str text ? text.value() : value.toString())
                .orElse("");
    }
}
