package dev.reeve.upstream;

import dev.reeve.action.Operation.Offer;
import dev.reeve.gate.Effect;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads a list to its end: all pages, merged, within limits. */
final class Listings {
    private static final int MOST_PAGES = 100;
    private static final int MOST_ITEMS = 10_000;
    private static final int METHOD_NOT_FOUND = -32601;

    /** Asks for one page. */
    interface Pages {
        Answer ask(Ask ask) throws CallFailedException;
    }

    private final Failures failures;
    private final int mostBytes;

    Listings(Failures failures, int mostBytes) {
        this.failures = failures;
        this.mostBytes = mostBytes;
    }

    /** What a server must declare before it is asked for this. */
    static String capability(Offer offer) {
        return switch (offer) {
            case TOOLS -> "tools";
            case RESOURCES, RESOURCE_TEMPLATES -> "resources";
            case PROMPTS -> "prompts";
            case SKILLS -> throw new IllegalArgumentException("an extension");
        };
    }

    /** The member of the result that holds the list. */
    static String member(Offer offer) {
        return switch (offer) {
            case TOOLS -> "tools";
            case RESOURCES -> "resources";
            case RESOURCE_TEMPLATES -> "resourceTemplates";
            case PROMPTS -> "prompts";
            case SKILLS -> "skills";
        };
    }

    private static String method(Offer offer) {
        return switch (offer) {
            case TOOLS -> "tools/list";
            case RESOURCES -> "resources/list";
            case RESOURCE_TEMPLATES -> "resources/templates/list";
            case PROMPTS -> "prompts/list";
            case SKILLS -> "skills/list";
        };
    }

    static Effect of(Offer offer, List<Json> items) {
        return new Effect.Answered(
                Json.object().put(member(offer), new Json.Arr(items)).build(), false);
    }

    static List<Json.Obj> objects(Json.Obj result, Offer offer) {
        return result.array(member(offer)).orElse(Json.Arr.EMPTY).items().stream()
                .filter(Json.Obj.class::isInstance)
                .map(Json.Obj.class::cast)
                .toList();
    }

    Effect read(Offer offer, Pages pages) throws CallFailedException {
        return read(method(offer), offer, Json.Obj.EMPTY, pages);
    }

    /** What lies in a directory, as resources are listed. */
    Effect directory(String uri, Pages pages) throws CallFailedException {
        Json.Obj base = Json.object().put("uri", uri).build();
        return read("resources/directory/read", Offer.RESOURCES, base, pages);
    }

    private Effect read(String method, Offer offer, Json.Obj base, Pages pages) throws CallFailedException {
        List<Json> items = new ArrayList<>();
        Set<String> cursors = new HashSet<>();
        Json.Obj params = base;
        long bytes = 0;
        while (true) {
            Answer answer = pages.ask(Ask.of(method, params));
            if (answer instanceof Answer.Failure failure) {
                boolean unknown = failure.code() == METHOD_NOT_FOUND && items.isEmpty();
                return unknown ? of(offer, List.of()) : Results.refused(failure);
            }
            Json.Obj page = ((Answer.Result) answer).result();
            Json.Arr more = page.array(member(offer))
                    .orElseThrow(
                            () -> failures.unusable("answer_unreadable", "its list has no `" + member(offer) + "`"));
            items.addAll(more.items());
            Optional<String> cursor = page.string("nextCursor");
            if (cursor.isEmpty()) {
                return of(offer, items);
            }
            bytes += JsonWriter.bytes(more).length;
            checkLimits(cursors, cursor.get(), items.size(), bytes);
            params = base.with("cursor", Json.of(cursor.get()));
        }
    }

    private void checkLimits(Set<String> cursors, String cursor, int items, long bytes) throws CallFailedException {
        if (!cursors.add(cursor)) {
            throw failures.unusable("list_endless", "its list comes back to a page that was read before");
        }
        if (cursors.size() >= MOST_PAGES || items > MOST_ITEMS || bytes > mostBytes) {
            throw failures.unusable(
                    "list_too_long",
                    "its list has more than " + MOST_PAGES + " pages, " + MOST_ITEMS + " items or " + mostBytes
                            + " bytes");
        }
    }

    /** All of the one list, and of the other what has a name that the one has not. */
    static List<Json.Obj> joined(List<Json.Obj> one, List<Json.Obj> other) {
        Set<Optional<String>> names = new HashSet<>();
        one.forEach(item -> names.add(item.string("name")));
        List<Json.Obj> all = new ArrayList<>(one);
        other.stream().filter(item -> names.add(item.string("name"))).forEach(all::add);
        return all;
    }
}
