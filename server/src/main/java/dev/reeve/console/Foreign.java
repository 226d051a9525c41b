package dev.reeve.console;

import static dev.reeve.console.Html.attribute;
import static dev.reeve.console.Html.style;
import static dev.reeve.console.Html.text;

import dev.reeve.audit.Unseen;
import dev.reeve.console.Html.Tag;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Text that Reeve did not write, for people who decide by it (R9): what draws nothing or turns the direction stands as its code point, what is
 * not ASCII is underlined, and each piece keeps its direction to itself.
 */
final class Foreign {
    private static final String INDENT = "  ";

    private Foreign() {}

    /** In a line. */
    static Html line(String said) {
        return Html.of(Tag.BDI, attribute("dir", "ltr"), Html.all(marked(said)));
    }

    private static List<Html> marked(String said) {
        List<Html> parts = new ArrayList<>();
        int at = 0;
        while (at < said.length()) {
            int c = said.codePointAt(at);
            int end = at + Character.charCount(c);
            if (Unseen.is(c)) {
                parts.add(Html.of(
                        Tag.MARK, style("unseen"), attribute("title", "a character that is not seen"), text(code(c))));
            } else {
                boolean plain = c < 0x80;
                while (end < said.length()
                        && !Unseen.is(said.codePointAt(end))
                        && said.codePointAt(end) < 0x80 == plain) {
                    end += Character.charCount(said.codePointAt(end));
                }
                Html piece = text(said.substring(at, end));
                parts.add(
                        plain
                                ? piece
                                : Html.of(
                                        Tag.MARK,
                                        style("beyond"),
                                        attribute("title", codes(said.substring(at, end))),
                                        piece));
            }
            at = end;
        }
        return parts;
    }

    private static String code(int c) {
        return "U+" + String.format(Locale.ROOT, "%04X", c);
    }

    private static String codes(String piece) {
        return "not ASCII: "
                + piece.codePoints()
                        .limit(12)
                        .mapToObj(Foreign::code)
                        .reduce((one, two) -> one + " " + two)
                        .orElse("");
    }

    /** What there is to say of it in words: for who does not see the marks. */
    static List<String> notes(Json value) {
        String all = JsonWriter.text(value);
        long unseen = all.codePoints().filter(Unseen::is).count();
        long beyond = all.codePoints().filter(c -> c >= 0x80 && !Unseen.is(c)).count();
        List<String> notes = new ArrayList<>();
        if (unseen > 0) {
            notes.add(
                    unseen == 1
                            ? "1 character that is not seen is shown by its code"
                            : unseen + " characters that are not seen are shown by their codes");
        }
        if (beyond > 0) {
            notes.add(
                    beyond == 1
                            ? "1 character outside of ASCII is underlined"
                            : beyond + " characters outside of ASCII are underlined");
        }
        return notes;
    }

    /** Laid out over lines. The keys stand as the value has them. */
    static Html json(Json value) {
        List<Html> parts = new ArrayList<>();
        json(value, "", parts);
        return Html.of(Tag.PRE, style("json"), attribute("dir", "ltr"), Html.all(parts));
    }

    private static void json(Json value, String indent, List<Html> out) {
        switch (value) {
            case Json.Obj object
            when !object.members().isEmpty() -> {
                out.add(text("{\n"));
                int[] left = {object.members().size()};
                for (Map.Entry<String, Json> member : object.members().entrySet()) {
                    out.add(text(indent + INDENT));
                    out.add(Html.of(
                            Tag.SPAN, style("key"), Html.all(marked(JsonWriter.text(Json.of(member.getKey()))))));
                    out.add(text(": "));
                    json(member.getValue(), indent + INDENT, out);
                    out.add(text(--left[0] > 0 ? ",\n" : "\n"));
                }
                out.add(text(indent + "}"));
            }
            case Json.Arr array
            when !array.items().isEmpty() -> {
                out.add(text("[\n"));
                IntStream.range(0, array.items().size()).forEach(i -> {
                    out.add(text(indent + INDENT));
                    json(array.items().get(i), indent + INDENT, out);
                    out.add(text(i < array.items().size() - 1 ? ",\n" : "\n"));
                });
                out.add(text(indent + "]"));
            }
            case Json.Str string ->
                out.add(Html.of(Tag.SPAN, style("string"), Html.all(marked(JsonWriter.text(string)))));
            case Json.Obj ignored -> out.add(text("{}"));
            case Json.Arr ignored -> out.add(text("[]"));
            case Json.Num number -> out.add(text(JsonWriter.text(number)));
            case Json.Bool bool -> out.add(text(JsonWriter.text(bool)));
            case Json.Null none -> out.add(text(JsonWriter.text(none)));
        }
    }
}
