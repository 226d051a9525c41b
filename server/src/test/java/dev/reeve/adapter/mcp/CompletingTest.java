package dev.reeve.adapter.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Operation;
import dev.reeve.action.Operation.Completion.Completed;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a proposed value makes of its template is asked before it is proposed, however a client writes it. */
final class CompletingTest {
    private static final Map<String, String> KNOWN = Map.of("id", "v/w", "n", "a b", "u", "\u00fcber", "empty", "");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "memo://{id}         | memo://v/w        | memo://v%2Fw",
                "memo://{+id}        | memo://v/w        | memo://v/w",
                "x:a{#id}            | x:a#v/w           | x:a#v/w",
                "x:a{.id}            | x:a.v/w           | x:a.v%2Fw",
                "x:a{/id,n}          | x:a/v/w/a b       | x:a/v%2Fw/a%20b",
                "x:a{;id,n}          | x:a;id=v/w;n=a b  | x:a;id=v%2Fw;n=a%20b",
                "x:a{?id,n}          | x:a?id=v/w&n=a b  | x:a?id=v%2Fw&n=a%20b",
                "x:a?b=1{&id}        | x:a?b=1&id=v/w    | x:a?b=1&id=v%2Fw",
                "x:{id,n}            | x:v/w,a b         | x:v%2Fw,a%20b",
                "x:{id*}             | x:v/w             | x:v%2Fw",
                "x:{u:1}             | x:\u00fc          | x:%C3%BC",
                "x:{id:2}            | x:v/              | x:v%2F",
                "x:{id:9999}         | x:v/w             | x:v%2Fw",
                "x:{empty}y          | x:y               | x:y",
                "x:{other}           | x:{other}         | x:{other}",
                "x:{+id}/{other}     | x:v/w/{other}     | x:v/w/{other}",
                "x:a{?other,id}      | x:a?other={other}&id=v/w | x:a?other={other}&id=v%2Fw",
                "x:{other:3}         | x:{other:3}       | x:{other:3}",
                "x:{id:99999}        | x:{id:99999}      | x:{id:99999}",
                "x:{id:}             | x:{id:}           | x:{id:}",
                "x:{}                | x:{}              | x:{}",
                "x:{id               | x:{id             | x:{id",
                "x:{id}{n            | x:v/w{n           | x:v%2Fw{n",
                "x:id}{n}            | x:id}a b          | x:id}a%20b",
                "x:{{id}}            | x:{{id}}          | x:{{id}}",
                "x:                  | x:                | x:",
            })
    void aTemplateIsFilledInBothSpellings(String template, String plain, String encoded) {
        assertEquals(plain, Completing.filled(template, KNOWN, false));
        assertEquals(encoded, Completing.filled(template, KNOWN, true));
    }

    /** What is too long to be read is filled no further, and cannot be read. */
    @Test
    void theWorkOfALongOneIsBounded() {
        Map<String, String> long1 = Map.of("v", "x".repeat(8_000));
        String filled = Completing.filled("x:" + "{v}".repeat(2_000), long1, false);
        assertTrue(filled.length() < 30_000, filled.length() + " characters");
        assertTrue(filled.startsWith("x:" + "x".repeat(8_000)));
        int listed = Completing.filled("x:{" + "v,".repeat(2_000) + "v}", long1, false)
                .length();
        assertTrue(listed < 30_000, listed + " characters");
    }

    private static Operation.Completion asked(Json.Obj arguments) {
        return new Operation.Completion("pg", Completed.RESOURCE_TEMPLATE, "repo://{owner}/{name}", arguments);
    }

    private static Json.Obj proposing(String... values) {
        return Json.object()
                .put(
                        "completion",
                        Json.object()
                                .put("values", Json.Arr.ofStrings(List.of(values)))
                                .put("total", Json.of(40)))
                .build();
    }

    private static Json.Obj naming(String value) {
        return Json.object()
                .put("argument", Json.object().put("name", "name").put("value", value))
                .put("context", Json.object().put("arguments", Json.object().put("owner", "ana")))
                .build();
    }

    @Test
    void whatIsForbiddenInEitherSpellingIsNotProposed() {
        List<String> read = new ArrayList<>();
        Json.Obj shown = Completing.readable(asked(naming("")), proposing("a b", "plan", "caf\u00e9", "notes"), it -> {
            read.add(it.upstream() + " " + it.uri());
            return !List.of("repo://ana/a b", "repo://ana/caf%C3%A9").contains(it.uri());
        });
        assertEquals(
                Json.object()
                        .put("completion", Json.object().put("values", Json.Arr.ofStrings(List.of("plan", "notes"))))
                        .build(),
                shown,
                "and nothing says how many there are");
        assertTrue(read.contains("pg repo://ana/plan"), read.toString());
        assertEquals(read.size(), new TreeSet<>(read).size(), "each once");
    }

    @Test
    void whatMayAllBeReadIsProposedAsItCame() {
        Json.Obj proposed = proposing("a b", "plan");
        assertEquals(proposed, Completing.readable(asked(naming("")), proposed, it -> true));
    }

    /** A prompt's argument names no resource. */
    @Test
    void whatIsProposedForAPromptIsNotAskedAbout() {
        Operation.Completion prompt = new Operation.Completion("pg", Completed.PROMPT, "review", naming(""));
        Json.Obj proposed = proposing("a", "b");
        assertEquals(proposed, Completing.readable(prompt, proposed, it -> false));
    }

    @Test
    void whatIsNoTextIsNotProposed() {
        Json.Obj odd = Json.object()
                .put(
                        "completion",
                        Json.object()
                                .put("values", new Json.Arr(List.of(new Json.Str("a"), Json.of(7), Json.Null.NULL))))
                .build();
        assertEquals(
                Json.object()
                        .put("completion", Json.object().put("values", Json.Arr.ofStrings(List.of("a"))))
                        .build(),
                Completing.readable(asked(naming("")), odd, it -> true));
    }
}
