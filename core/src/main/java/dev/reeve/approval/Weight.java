package dev.reeve.approval;

import dev.reeve.json.Json;
import java.util.List;
import java.util.Map;

/**
 * How much is kept for a question: the characters of its texts, and {@value #OF_A_VALUE} for each value, because in memory many small values take
 * far more room than their text has characters.
 */
final class Weight {
    private static final int OF_A_VALUE = 32;

    private Weight() {}

    static long of(Json value) {
        return OF_A_VALUE
                + switch (value) {
                    case Json.Str text -> text.value().length();
                    case Json.Num number -> number.text().length();
                    case Json.Bool ignored -> 0;
                    case Json.Null ignored -> 0;
                    case Json.Arr array ->
                        array.items().stream().mapToLong(Weight::of).sum();
                    case Json.Obj object ->
                        object.members().entrySet().stream()
                                .mapToLong(Weight::of)
                                .sum();
                };
    }

    private static long of(Map.Entry<String, Json> member) {
        return member.getKey().length() + of(member.getValue());
    }

    static long of(List<String> texts) {
        return texts.stream().mapToLong(text -> OF_A_VALUE + text.length()).sum();
    }
}
