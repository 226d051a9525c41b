package dev.reeve.connect;

import dev.reeve.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run did, for scripts.
 *
 * @param moved servers that are behind Reeve since this run; or would be, if nothing is in {@code written}
 * @param left names of servers that stay ungoverned, with the reason
 * @param restored files that are as they were before, or without what was added
 * @param changed files that undoing left as they are, or with something of what was added
 */
public record Report(
        String client,
        List<String> moved,
        List<String> already,
        Map<String, String> left,
        List<Path> written,
        List<Path> restored,
        List<Path> changed,
        List<String> next) {
    static Report of(Client client, Plan plan, List<FileChange> written, List<FileChange> drafts) {
        Map<String, String> left = new TreeMap<>();
        plan.left().forEach(server -> left.put(server.name(), server.reason()));
        List<Path> paths = new ArrayList<>();
        written.forEach(change -> paths.add(change.path()));
        drafts.forEach(change -> paths.add(change.path()));
        List<String> moved = plan.moved().stream().map(Upstream::name).toList();
        List<String> next = Connect.next(client, !paths.isEmpty()).toList();
        return new Report(client.id(), moved, plan.ours(), left, List.copyOf(paths), List.of(), List.of(), next);
    }

    static Report undone(Client client, ChangeJournal.Undone undone) {
        List<Path> restored = new ArrayList<>(undone.restored());
        List<Path> changed = new ArrayList<>(undone.left());
        undone.partly().forEach(file -> (file.stays().isEmpty() ? restored : changed).add(file.path()));
        return new Report(
                client.id(),
                List.of(),
                List.of(),
                Map.of(),
                List.of(),
                List.copyOf(restored),
                List.copyOf(changed),
                List.of());
    }

    public Json.Obj json() {
        Json.Builder reasons = Json.object();
        left.forEach(reasons::put);
        return Json.object()
                .put("client", client)
                .put("moved", Json.Arr.ofStrings(moved))
                .put("already_behind_reeve", Json.Arr.ofStrings(already))
                .put("left_ungoverned", reasons)
                .put("written", strings(written))
                .put("restored", strings(restored))
                .put("left_changed", strings(changed))
                .build();
    }

    private static Json.Arr strings(List<Path> paths) {
        return Json.Arr.ofStrings(paths.stream().map(Path::toString).toList());
    }
}
