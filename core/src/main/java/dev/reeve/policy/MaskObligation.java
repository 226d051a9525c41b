package dev.reeve.policy;

import dev.reeve.action.Action;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import dev.reeve.gate.Obligation;
import dev.reeve.gate.ResultFinding;
import dev.reeve.guard.Content;
import dev.reeve.guard.Detectors;
import dev.reeve.guard.Kind;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Puts placeholders in the place of fields, by their names wherever they stand in the structured content, and of what is found in texts. A
 * text becomes {@code [email]}, any other value {@code null}: a number that is none would be believed. Where fields are masked, what has no
 * names is withheld.
 *
 * @param fields in lower case
 * @param kinds looked for in what is left
 */
record MaskObligation(Set<String> fields, Set<Kind> kinds) implements Obligation {
    static final String NAME = "redact";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public ResultFinding apply(Action action, Json.Obj result) {
        Json.Obj masked = result;
        List<String> said = new ArrayList<>();
        if (!fields.isEmpty()) {
            if (ResultRows.isError(result)) {
                return withheld("the tool failed, and its error text has no fields");
            }
            Optional<Json.Obj> structured = result.object("structuredContent");
            if (structured.isEmpty()) {
                return withheld("the result has no structured content");
            }
            Masking masking = new Masking(fields);
            Json walked = masking.walk(structured.get());
            if (masking.unreadable) {
                return withheld("a list of lists has no names for its columns, or a text holds JSON");
            }
            masked = ResultRows.rewrite(result, (Json.Obj) walked);
            said.add(masking.said());
        }
        return found(masked, said);
    }

    private ResultFinding found(Json.Obj masked, List<String> said) {
        if (kinds.isEmpty()) {
            return new ResultFinding.Changed(NAME, String.join("; ", said), masked);
        }
        Detectors detectors = Detectors.of(kinds);
        Map<Kind, Integer> counts = Content.count(detectors, masked);
        if (counts.isEmpty() && said.isEmpty()) {
            return new ResultFinding.Noted(NAME, "nothing found", Set.of());
        }
        Json.Obj out = counts.isEmpty() ? masked : (Json.Obj) Content.redact(detectors, masked);
        if (ContentStage.losesNumbers(masked, out)) {
            return withheld(
                    "a number of the structured result would become a placeholder, and no longer fit its schema");
        }
        said.add(counts.isEmpty() ? "nothing found" : "found: " + Content.told(counts));
        return new ResultFinding.Changed(NAME, String.join("; ", said), out);
    }

    private static ResultFinding withheld(String reason) {
        return new ResultFinding.Withheld(NAME, Denial.of("fields_unreadable", ReasonClass.POLICY, reason));
    }

    /** One walk through a structured content. */
    private static final class Masking {
        private final Set<String> fields;
        private final Map<String, Integer> counts = new TreeMap<>();
        private boolean unreadable;

        Masking(Set<String> fields) {
            this.fields = fields;
        }

        /** By our names, never by the server's. */
        String said() {
            return counts.isEmpty() ? "nothing masked" : "masked: " + told();
        }

        private String told() {
            List<String> parts = new ArrayList<>();
            counts.forEach((name, count) -> parts.add(name + " " + count));
            return String.join(", ", parts);
        }

        Json walk(Json value) {
            return switch (value) {
                case Json.Obj object -> members(object);
                case Json.Arr list -> {
                    unreadable |= Matrix.isListOfLists(list);
                    yield new Json.Arr(list.items().stream().map(this::walk).toList());
                }
                case Json.Str text -> {
                    unreadable |= ResultRows.isLikelyJson(text.value());
                    yield value;
                }
                case Json.Num ignored -> value;
                case Json.Bool ignored -> value;
                case Json.Null ignored -> value;
            };
        }

        private Json.Obj members(Json.Obj object) {
            Optional<String> matrixAt = Optional.empty();
            Optional<Matrix> matrix = Matrix.in(object);
            Json.Builder copy = Json.object();
            if (matrix.isPresent()) {
                matrixAt = Optional.of(matrix.get().rowsAt());
                copy.put(matrix.get().rowsAt(), matrix.get().mapped(this::cell));
            }
            for (Map.Entry<String, Json> member : object.members().entrySet()) {
                if (!matrixAt.equals(Optional.of(member.getKey()))) {
                    copy.put(member.getKey(), cell(member.getKey(), member.getValue()));
                }
            }
            return copy.build();
        }

        private Json cell(String name, Json value) {
            String plain = name.toLowerCase(Locale.ROOT);
            if (!fields.contains(plain)) {
                return walk(value);
            }
            counts.merge(plain, 1, Integer::sum);
            return value instanceof Json.Str ? new Json.Str("[" + plain + "]") : Json.Null.NULL;
        }
    }
}
