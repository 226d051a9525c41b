package dev.reeve.audit;

import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.audit.EventQuery.Part;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Tells which events a search is about; every part must hold. */
public final class EventFilter {
    /** Everything. */
    public static final EventFilter ALL = new EventFilter(List.of(), List.of());

    static EventFilter where(Predicate<Happened> part) {
        return new EventFilter(List.of(looked -> part.test(looked.happened())), List.of());
    }

    /** The one action or record with this id. */
    static EventFilter ofId(String id, String hint) {
        return new EventFilter(List.of(looked -> looked.happened().record().id().equals(id)), List.of(List.of(hint)));
    }

    private final List<Predicate<Looked>> parts;
    /** Of each of these lists, one text stands in every leaf that can belong to a match. */
    private final List<List<String>> hints;

    private EventFilter(List<Predicate<Looked>> parts, List<List<String>> hints) {
        this.parts = List.copyOf(parts);
        this.hints = List.copyOf(hints);
    }

    private record Looked(Happened happened, Traits traits) {}

    public static EventFilter of(EventQuery query) {
        List<Predicate<Looked>> parts = new ArrayList<>();
        for (Map.Entry<Part, String> one : query.parts().entrySet()) {
            parts.add(part(query, one.getKey(), one.getValue()));
        }
        return new EventFilter(parts, hints(query));
    }

    private static Predicate<Looked> part(EventQuery query, Part part, String wanted) {
        return switch (part) {
            case AGENT -> looked -> looked.traits().agent().equals(wanted);
            case USER -> looked -> looked.traits().user().equals(wanted);
            case SESSION -> looked -> looked.traits().session().equals(wanted);
            case TOOL ->
                looked -> looked.happened().isAction()
                        && Traits.isTool(looked.traits().subject(), wanted);
            case UPSTREAM -> looked -> looked.traits().upstream().equals(wanted);
            case RESOURCE ->
                looked -> Traits.resources(looked.happened()).stream().anyMatch(name -> isResource(name, wanted));
            case STATUS -> looked -> looked.traits().status().equals(wanted);
            case KIND -> looked -> looked.traits().kind().equals(wanted);
            case PERSON -> looked -> looked.traits().person().equals(wanted);
            case RULE -> looked -> Traits.isRule(looked.traits().rule(), wanted);
            case SINCE ->
                looked -> query.since()
                        .filter(since -> !looked.traits().time().isBefore(since))
                        .isPresent();
            case UNTIL ->
                looked -> query.until()
                        .filter(until -> looked.traits().time().isBefore(until))
                        .isPresent();
            case TEXT -> {
                Optional<Phrase> phrase = query.text();
                yield looked -> phrase.filter(it -> it.isIn(Words.of(looked.happened())))
                        .isPresent();
            }
        };
    }

    private static boolean isResource(String name, String wanted) {
        return wanted.endsWith("*") ? name.startsWith(wanted.substring(0, wanted.length() - 1)) : name.equals(wanted);
    }

    /** Records are canonical JSON, and an intent, its outcome and a denial all name their agent. */
    private static List<List<String>> hints(EventQuery query) {
        List<List<String>> hints = new ArrayList<>();
        query.get(Part.AGENT).ifPresent(agent -> hints.add(List.of("\"agent\":" + quoted(agent))));
        query.get(Part.PERSON).ifPresent(person -> hints.add(List.of("\"kind\":\"control\"")));
        query.get(Part.KIND)
                .filter(kind -> !kind.equals("action"))
                .ifPresent(kind -> hints.add(List.of("\"kind\":" + quoted(kind))));
        query.get(Part.STATUS)
                .ifPresent(status -> hints.add(
                        switch (status) {
                            case "denied" -> List.of("\"kind\":\"denial\"");
                            case "held" -> List.of("\"kind\":\"hold\"");
                            default -> List.of("\"kind\":\"intent\"", "\"kind\":\"outcome\"");
                        }));
        return hints;
    }

    private static String quoted(String text) {
        return JsonWriter.text(new Json.Str(text));
    }

    /** Only what somebody may see. */
    public EventFilter within(Scope scope) {
        if (scope.equals(Scope.ALL)) {
            return this;
        }
        List<Predicate<Looked>> more = new ArrayList<>(parts);
        more.addFirst(looked -> scope.holds(looked.happened()));
        return new EventFilter(more, hints);
    }

    /** False only if nothing that this leaf is part of can match; costs no parsing. */
    boolean mayMatch(byte[] leaf) {
        if (hints.isEmpty()) {
            return true;
        }
        String text = new String(leaf, StandardCharsets.UTF_8);
        return hints.stream().allMatch(any -> any.stream().anyMatch(text::contains));
    }

    public boolean matches(Happened happened) {
        if (parts.isEmpty()) {
            return true;
        }
        Looked looked = new Looked(happened, Traits.of(happened));
        return parts.stream().allMatch(part -> part.test(looked));
    }
}
