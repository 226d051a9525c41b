package dev.reeve.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.audit.Words;
import dev.reeve.json.Json;
import dev.reeve.record.Event.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The index gets each word of an event that a search looks at, and no other. */
final class TermsTest {
    private static final long SEED = Long.getLong("reeve.seed", 3);
    private static final List<String> PARTS = List.of(
            "allowed",
            "ALLOWED",
            "a1",
            "x".repeat(40),
            "X".repeat(41),
            "y".repeat(90),
            " ",
            "/",
            "_",
            "\t",
            "\u0000",
            "\u00c9t\u00e9",
            "\u0130stanbul",
            "\u6771\u4eac",
            "\ud801\udc00",
            "-",
            "id",
            "\u007f",
            "0");

    private final Random random = new Random(SEED);
    private final Terms.Writer terms = new Terms.Writer();

    @Test
    void theWordsOfAnEventAreThoseOfASearch() {
        for (int i = 0; i < 5_000; i++) {
            Happened happened = happened(6);
            assertEquals(wanted(happened), indexed(terms.of(happened)), () -> "seed " + SEED + ": " + happened);
        }
    }

    /** What is repeated counts, so that the same words are the last ones that fit. */
    @Test
    void ofTooManyWordsTheSameAreLookedAt() {
        for (int i = 0; i < 60; i++) {
            Happened happened = happened(2_000);
            Set<String> wanted = wanted(happened);
            assertEquals(wanted, indexed(terms.of(happened)), () -> "seed " + SEED);
        }
        Json.Obj many = Json.object()
                .put("a", Json.Arr.ofStrings(java.util.Collections.nCopies(3_999, "same")))
                .put("b", "last one")
                .put("c", "beyond")
                .build();
        Happened full = new Happened(new Stored(0, many, Map.of()), Optional.empty());
        assertEquals("[last, same]", indexed(terms.of(full)).toString());
    }

    private static Set<String> wanted(Happened happened) {
        Set<String> wanted = new TreeSet<>();
        for (List<String> value : Words.of(happened)) {
            assertTrue(!value.isEmpty());
            value.forEach(word -> wanted.add(
                    Terms.match(new dev.reeve.audit.Phrase(List.of(word))).replaceAll("^\"|\"( \\*)?$", "")));
        }
        return wanted;
    }

    /** What the tokenizer `ascii` of FTS5 makes of it: letters and digits of ASCII, in small letters, and all that is not ASCII. */
    private static Set<String> indexed(String text) {
        Set<String> indexed = new TreeSet<>();
        StringBuilder small = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean ascii = c < 0x80;
            small.append(ascii && !Character.isLetterOrDigit(c) ? ' ' : ascii ? Character.toLowerCase(c) : c);
        }
        for (String token : small.toString().split(" ", -1)) {
            if (!token.isEmpty()) {
                indexed.add(token);
            }
        }
        return indexed;
    }

    private Happened happened(int most) {
        Stored record = new Stored(
                1,
                Json.object()
                        .put("kind", "intent")
                        .put("time", text())
                        .put("agent", text())
                        .put("findings", values(most))
                        .put(
                                "operation",
                                Json.object()
                                        .put("subject", text())
                                        .put("v", text())
                                        .build())
                        .build(),
                Map.of(
                        "arguments",
                        Json.object().put(text(), values(3)).build(),
                        "resources",
                        values(3),
                        "digest",
                        Json.of(text())));
        Stored outcome = new Stored(2, Json.object().put("status", text()).build(), Map.of("reasons", values(3)));
        return new Happened(record, random.nextBoolean() ? Optional.of(outcome) : Optional.empty());
    }

    private Json.Arr values(int most) {
        List<Json> items = new ArrayList<>();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            items.add(
                    switch (random.nextInt(4)) {
                        case 0 ->
                            Json.object()
                                    .put("result", text())
                                    .put(text(), random.nextInt(9))
                                    .build();
                        case 1 -> Json.of(random.nextInt());
                        default -> Json.of(text());
                    });
        }
        return new Json.Arr(items);
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            text.append(PARTS.get(random.nextInt(PARTS.size())));
        }
        return text.toString().toUpperCase(Locale.ROOT).length() % 2 == 0 ? text.toString() : PARTS.getFirst();
    }
}
