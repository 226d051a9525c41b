package dev.reeve.judge;

import dev.reeve.json.Json;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is visibly not finished in the arguments of something that is about to be written or sent: a place that somebody was to fill in.
 * Names the argument, never its text.
 */
final class Unfinished {
    /** Of one text; what is left blank stands near its beginning. */
    private static final int MOST_CHARACTERS = 64 << 10;
    /** Each repetition is bounded, so that a long text costs no more than its length. `todo` in small letters is a list, a state, or Spanish. */
    private static final Pattern PLACEHOLDER = Pattern.compile(
            "\\{\\{[^{}]{1,80}}}|\\$\\{[A-Za-z_.]{1,80}}|[\\[<](?:your|insert|enter|recipient|customer|company) [^\\[\\]<>]{0,60}[]>]"
                    + "|\\b(?-i:TODO|TBD|FIXME|XXX)\\b|\\blorem ipsum\\b",
            Pattern.CASE_INSENSITIVE);

    private Unfinished() {}

    /** The name of the first argument, or of the member of one, that has a placeholder. */
    static Optional<String> in(Json.Obj arguments) {
        for (Map.Entry<String, Json> one : arguments.members().entrySet()) {
            if (has(one.getValue())) {
                return Optional.of(one.getKey());
            }
        }
        return Optional.empty();
    }

    private static boolean has(Json value) {
        return switch (value) {
            case Json.Str(String text) ->
                PLACEHOLDER
                        .matcher(text)
                        .region(0, Math.min(text.length(), MOST_CHARACTERS))
                        .find();
            case Json.Arr list -> list.items().stream().anyMatch(Unfinished::has);
            case Json.Obj object -> object.members().values().stream().anyMatch(Unfinished::has);
            default -> false;
        };
    }
}
