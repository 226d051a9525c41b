package dev.reeve.adapter.mcp;

import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What servers put where programs look for what Reeve says ({@link Denials#KEY}): in {@code _meta}, at whatever depth, and in the data of errors. Under a
 * name of Reeve's only Reeve speaks.
 */
final class ForeignMeta {
    private static final String META = "_meta";
    private static final String DATA = "structuredContent";
    private static final String OURS = "dev.reeve";

    private ForeignMeta() {}

    static boolean isOurs(String key) {
        return key.regionMatches(true, 0, OURS, 0, OURS.length())
                && key.length() > OURS.length()
                && (key.charAt(OURS.length()) == '/' || key.charAt(OURS.length()) == '.');
    }

    /** The same without Reeve's names. */
    static Json.Obj without(Json.Obj foreign) {
        return holdsBeside(foreign, "") ? cleanedBeside(foreign, "") : foreign;
    }

    /** Of a result; what a tool gives as data is its own. */
    static Json.Obj withoutInResult(Json.Obj result) {
        return holdsBeside(result, DATA) ? cleanedBeside(result, DATA) : result;
    }

    /** Of an error's data, which is such a place itself. */
    static Json withoutInData(Json data) {
        return data instanceof Json.Obj object ? without(bare(object)) : data;
    }

    private static boolean holds(Json foreign) {
        return switch (foreign) {
            case Json.Obj object -> holdsBeside(object, "");
            case Json.Arr array -> {
                for (Json item : array.items()) {
                    if (holds(item)) {
                        yield true;
                    }
                }
                yield false;
            }
            case Json.Str ignored -> false;
            case Json.Num ignored -> false;
            case Json.Bool ignored -> false;
            case Json.Null ignored -> false;
        };
    }

    private static boolean holdsBeside(Json.Obj object, String left) {
        for (Map.Entry<String, Json> member : object.members().entrySet()) {
            if (!member.getKey().equals(left)
                    && (isOursIn(member.getKey(), member.getValue()) || holds(member.getValue()))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOursIn(String name, Json value) {
        return name.equals(META)
                && value instanceof Json.Obj meta
                && meta.members().keySet().stream().anyMatch(ForeignMeta::isOurs);
    }

    private static Json cleaned(Json foreign) {
        return switch (foreign) {
            case Json.Obj object -> cleanedBeside(object, "");
            case Json.Arr array -> {
                List<Json> items = new ArrayList<>(array.items().size());
                array.items().forEach(item -> items.add(cleaned(item)));
                yield new Json.Arr(items);
            }
            case Json.Str text -> text;
            case Json.Num number -> number;
            case Json.Bool truth -> truth;
            case Json.Null nothing -> nothing;
        };
    }

    private static Json.Obj cleanedBeside(Json.Obj object, String left) {
        Map<String, Json> kept = new LinkedHashMap<>();
        object.members().forEach((name, value) -> {
            boolean meta = name.equals(META) && value instanceof Json.Obj;
            Json bare = meta ? bare((Json.Obj) value) : value;
            kept.put(name, name.equals(left) ? value : cleaned(bare));
        });
        return new Json.Obj(kept);
    }

    private static Json.Obj bare(Json.Obj object) {
        Map<String, Json> kept = new LinkedHashMap<>(object.members());
        return kept.keySet().removeIf(ForeignMeta::isOurs) ? new Json.Obj(kept) : object;
    }
}
