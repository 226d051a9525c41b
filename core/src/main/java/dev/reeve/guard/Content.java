package dev.reeve.guard;

import dev.reeve.guard.JsonText.Literal;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is found in a JSON value: texts, names of members, and numbers long enough; names say what their values are. A text that is JSON itself
 * is read as such, however often it was quoted.
 */
public final class Content {
    /** A shorter number is nobody's. */
    private static final int SHORTEST_NUMBER = 9;

    /** So often may a text be packed that is looked at. */
    private static final int MOST_PACKED = 4;

    private final Scan scan;
    private final Replacement replacement;
    /** How often what is looked at now was packed. */
    private int packed;

    private Content(Scan scan, Replacement replacement) {
        this.scan = scan;
        this.replacement = replacement;
    }

    /** How often each kind was found, by its id. Nothing may be added to it. */
    public static Map<Kind, Integer> count(Detectors detectors, Json value) {
        if (detectors.kinds().isEmpty()) {
            return Map.of();
        }
        Scan scan = detectors.borrow();
        Counting counting = new Counting(new Content(scan, Replacement.PLACEHOLDERS));
        counting.walk("", value);
        detectors.giveBack(scan);
        return counting.counts;
    }

    /** A copy with a placeholder for each find; the same value if there is none. Objects keep their members, lists their items. */
    public static Json redact(Detectors detectors, Json value) {
        return redact(detectors, value, Replacement.PLACEHOLDERS);
    }

    /** The same with something else than placeholders. */
    public static Json redact(Detectors detectors, Json value, Replacement replacement) {
        Scan scan = detectors.borrow();
        Json redacted = new Content(scan, replacement).walk("", value);
        detectors.giveBack(scan);
        return redacted;
    }

    /**
     * A find and where it stands in what is sent.
     *
     * @param text in which it was found: the one that is sent, or what its escapes mean
     */
    record Place(int start, int end, Found found, String text) {
        static Place of(Found found, String text) {
            return new Place(found.start(), found.end(), found, text);
        }

        boolean overlaps(Found other) {
            return other.start() < end && start < other.end();
        }
    }

    private List<Found> scan(String name, String text, boolean signs) {
        if (!name.isEmpty()) {
            scan.named(name);
        }
        scan.feed(text);
        // Signs are those of the text as it is written: orders that are packed are found there.
        return scan.finish(signs && packed == 0);
    }

    static boolean isSign(Found found) {
        return found.kind().dataClass() == DataClass.INJECTION;
    }

    /** What is packed, but for what is found as it stands: a token is not opened. */
    private List<Packed> packedIn(String name, String text) {
        List<Packed> all = packed < MOST_PACKED && scan.looksForValues() ? Packed.in(text) : List.of();
        if (all.isEmpty()) {
            return all;
        }
        return Spellings.apart(all, written(name, text, false));
    }

    /** In a text that is no JSON. In order, and apart. */
    private List<Place> found(String name, String text) {
        List<Place> places = written(name, text, true);
        List<Place> decoded = decoded(name, text);
        return decoded.isEmpty() ? places : Spellings.together(places, decoded);
    }

    /**
     * Values that are there in another spelling. Signs of injection are of the text as it is written, and are not looked for: what draws nothing
     * is one.
     */
    private List<Place> decoded(String name, String text) {
        if (!scan.looksForValues()) {
            return List.of();
        }
        Optional<Rewritten> unescaped =
                Unescaped.isNeeded(text) ? Optional.of(Unescaped.loosely(text)) : Optional.empty();
        String outer = unescaped.map(Rewritten::text).orElse(text);
        if (!Decoded.isNeeded(outer)) {
            return List.of();
        }
        Rewritten decoded = Decoded.of(outer);
        String meant = decoded.text();
        List<Place> places = new ArrayList<>();
        for (Found found : scan(name, meant, false)) {
            int start = decoded.inSource(found.start());
            int end = decoded.inSource(found.end());
            places.add(new Place(
                    unescaped.map(one -> one.inSource(start)).orElse(start),
                    unescaped.map(one -> one.inSource(end)).orElse(end),
                    found,
                    meant));
        }
        return places;
    }

    /** What is there as it is written, or as its escapes mean it. In order. */
    private List<Place> written(String name, String text, boolean signs) {
        List<Found> plain = scan(name, text, signs);
        if (!Unescaped.isNeeded(text)) {
            return plain.isEmpty()
                    ? List.of()
                    : plain.stream().map(found -> Place.of(found, text)).toList();
        }
        Rewritten unescaped = Unescaped.loosely(text);
        String meant = unescaped.text();
        List<Place> places = new ArrayList<>();
        for (Found found : scan(name, meant, signs)) {
            places.add(new Place(unescaped.inSource(found.start()), unescaped.inSource(found.end()), found, meant));
        }
        addOthers(places, plain, unescaped, text);
        return places;
    }

    /** What is there only as it is written: a backslash in it is perhaps none that escapes. */
    private static void addOthers(List<Place> places, List<Found> plain, Rewritten unescaped, String text) {
        List<Place> others = new ArrayList<>();
        int at = 0;
        for (Found found : plain) {
            while (at < places.size() && places.get(at).end() <= found.start()) {
                at++;
            }
            boolean known = at < places.size() && places.get(at).overlaps(found);
            boolean cut = found.kind().dataClass() != DataClass.SECRET && unescaped.isInside(found.start());
            if (!known && !cut) {
                others.add(Place.of(found, text));
            }
        }
        if (!others.isEmpty()) {
            places.addAll(others);
            places.sort(Comparator.comparingInt(Place::start));
        }
    }

    private static boolean isLong(Json.Num number) {
        return number.text().length() >= SHORTEST_NUMBER;
    }

    /** Copies nothing: most results hold nothing that anybody looks for. */
    private static final class Counting {
        private final Content content;
        private Map<Kind, Integer> counts = Map.of();

        Counting(Content content) {
            this.content = content;
        }

        void walk(String name, Json value) {
            switch (value) {
                case Json.Str text -> count(name, text.value());
                case Json.Num number -> {
                    if (isLong(number)) {
                        count(name, number.text());
                    }
                }
                case Json.Arr array -> {
                    for (Json item : array.items()) {
                        walk(name, item);
                    }
                }
                case Json.Obj object -> {
                    for (Map.Entry<String, Json> member : object.members().entrySet()) {
                        count("", member.getKey());
                        walk(Names.inner(name, object, member.getKey()), member.getValue());
                    }
                }
                case Json.Bool ignored -> {}
                case Json.Null ignored -> {}
            }
        }

        private void count(String name, String text) {
            count(name, text, 0);
        }

        private void count(String name, String text, int nested) {
            Optional<List<Literal>> json = JsonText.of(name, text, nested);
            if (json.isEmpty()) {
                for (Packed one : content.packedIn(name, text)) {
                    content.packed++;
                    count(name, one.text(), nested);
                    content.packed--;
                }
                List<Place> written = values(name, text);
                written.forEach(one -> add(one.found().kind()));
                Spellings.others(written, content.decoded(name, text))
                        .forEach(one -> add(one.found().kind()));
                return;
            }
            for (Literal literal : json.get()) {
                if (isWorthIt(literal)) {
                    count(literal.name(), literal.value(text), nested + 1);
                }
            }
        }

        /** A sign may be a whole element with its text. What stands in it is a value all the same, whatever is done about signs. */
        private List<Place> values(String name, String text) {
            List<Place> all = content.written(name, text, true);
            if (all.isEmpty() || all.stream().noneMatch(one -> isSign(one.found()))) {
                return all;
            }
            all.stream()
                    .filter(one -> isSign(one.found()))
                    .forEach(one -> add(one.found().kind()));
            return content.written(name, text, false);
        }

        private void add(Kind kind) {
            if (counts.isEmpty()) {
                counts = new TreeMap<>();
            }
            counts.merge(kind, 1, Integer::sum);
        }
    }

    private static boolean isWorthIt(Literal literal) {
        return literal.sort() != JsonText.Sort.NUMBER || literal.end() - literal.start() >= SHORTEST_NUMBER;
    }

    private Json walk(String name, Json value) {
        return switch (value) {
            case Json.Str text -> text(name, text);
            case Json.Num number -> number(name, number);
            case Json.Arr array -> items(name, array);
            case Json.Obj object -> members(name, object);
            case Json.Bool ignored -> value;
            case Json.Null ignored -> value;
        };
    }

    private String visited(String name, String text) {
        return visited(name, text, 0);
    }

    private String visited(String name, String text, int nested) {
        Optional<List<Literal>> json = JsonText.of(name, text, nested);
        if (json.isPresent()) {
            return visited(text, json.get(), nested + 1);
        }
        String open = packedAgain(name, text);
        List<Place> found = found(name, open);
        return found.isEmpty() ? open : Redaction.of(open, found, one -> replacement.of(one.found(), name, one.text()));
    }

    /** Without what stands in parts of it that are packed; these stay packed. */
    private String packedAgain(String name, String text) {
        StringBuilder out = new StringBuilder();
        int from = 0;
        for (Packed one : packedIn(name, text)) {
            packed++;
            String shown = visited(name, one.text());
            packed--;
            if (!shown.equals(one.text())) {
                out.append(text, from, one.start()).append(one.packed(shown));
                from = one.end();
            }
        }
        return from == 0 ? text : out.append(text, from, text.length()).toString();
    }

    /** Writes anew only what something is taken out of: the rest keeps its layout. A number of which a part goes becomes a text. */
    private String visited(String text, List<Literal> literals, int nested) {
        StringBuilder out = new StringBuilder();
        int from = 0;
        Map<Integer, Map<String, Integer>> taken = new HashMap<>();
        for (Literal literal : literals) {
            String value = isWorthIt(literal) ? literal.value(text) : "";
            String shown = visited(literal.name(), value, nested);
            if (!shown.equals(value)) {
                String free = literal.sort() == JsonText.Sort.NAME
                        ? free(taken.computeIfAbsent(literal.object(), ignored -> new HashMap<>()), shown)
                        : shown;
                out.append(text, from, literal.start()).append(JsonWriter.text(new Json.Str(free)));
                from = literal.end();
            }
        }
        return from == 0 ? text : out.append(text, from, text.length()).toString();
    }

    private Json text(String name, Json.Str text) {
        String visited = visited(name, text.value());
        return visited.equals(text.value()) ? text : new Json.Str(visited);
    }

    /** A placeholder is a text: where a schema wants a number, it does not fit, and whoever checks must withhold. */
    private Json number(String name, Json.Num number) {
        if (!isLong(number)) {
            return number;
        }
        String visited = visited(name, number.text());
        return visited.equals(number.text()) ? number : new Json.Str(visited);
    }

    @SuppressWarnings("ReferenceEquality") // the same object means that nothing was found
    private Json items(String name, Json.Arr array) {
        boolean changed = false;
        java.util.ArrayList<Json> items =
                new java.util.ArrayList<>(array.items().size());
        for (Json item : array.items()) {
            Json walked = walk(name, item);
            changed |= walked != item;
            items.add(walked);
        }
        return changed ? new Json.Arr(items) : array;
    }

    @SuppressWarnings("ReferenceEquality") // the same object means that nothing was found
    private Json members(String outer, Json.Obj object) {
        boolean changed = false;
        Json.Builder copy = Json.object();
        Map<String, Integer> taken = new HashMap<>();
        for (Map.Entry<String, Json> member : object.members().entrySet()) {
            String name = member.getKey();
            String shown = visited("", name);
            Json walked = walk(Names.inner(outer, object, name), member.getValue());
            changed |= walked != member.getValue() || !shown.equals(name);
            put(copy, taken, shown, walked);
        }
        return changed ? copy.build() : object;
    }

    static void put(Json.Builder copy, Map<String, Integer> taken, String name, Json value) {
        copy.put(free(taken, name), value);
    }

    /** Two names may become the same placeholder: the second gets a number, so that no member is lost. */
    private static String free(Map<String, Integer> taken, String name) {
        String free = name;
        while (taken.containsKey(free)) {
            free = name + " " + taken.merge(name, 1, Integer::sum);
        }
        taken.put(free, 1);
        return free;
    }

    /** In words, without any of what was found: {@code card 2, email 1}. */
    public static String told(Map<Kind, Integer> counts) {
        StringBuilder told = new StringBuilder();
        counts.forEach((kind, count) -> told.append(told.isEmpty() ? "" : ", ")
                .append(kind.id())
                .append(' ')
                .append(count));
        return told.toString();
    }
}
