package dev.reeve.packages;

import dev.reeve.json.Json;
import java.util.List;

/**
 * What waits for approval.
 *
 * @param digest of what is there now; approving names it, so that only what was seen is approved
 * @param lines {@code + added}, {@code - removed}, {@code ~ changed}
 */
public record PackageDrift(
        String upstream, String name, String versionBefore, String versionNow, String digest, List<String> lines) {
    public PackageDrift {
        lines = List.copyOf(lines);
    }

    /** In one line, for status and errors. */
    public String summary() {
        String versions = versionBefore.equals(versionNow)
                ? " " + versionNow + ", the same version with other files"
                : " " + versionBefore + " -> " + versionNow;
        return "its package changed since it was pinned (`" + name + "`" + versions + ": " + count("~")
                + " files changed, "
                + count("+") + " added, " + count("-") + " removed); look with `reeve upstreams diff " + upstream
                + "`, put it in force with `reeve upstreams approve " + upstream + "`";
    }

    private long count(String sign) {
        return lines.stream().filter(line -> line.startsWith(sign)).count();
    }

    /** For the API. */
    public Json.Obj json() {
        return Json.object()
                .put("upstream", upstream)
                .put("name", name)
                .put("version_in_force", versionBefore)
                .put("version_waiting", versionNow)
                .put("digest", digest)
                .put("files", Json.Arr.ofStrings(lines))
                .build();
    }
}
