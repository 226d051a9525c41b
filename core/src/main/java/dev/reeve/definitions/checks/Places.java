package dev.reeve.definitions.checks;

import dev.reeve.definitions.checks.Place.Role;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;

/** Every text of a definition that may come before a model: values and names of members, at any depth, within limits (R8). */
final class Places {
    private static final int DEEPEST = 64;
    private static final int MOST = 20_000;
    private static final int MOST_CHARACTERS = 2_000_000;

    private final List<Place> found = new ArrayList<>();
    private int characters;
    private boolean more;

    static Places of(Json.Obj definition) {
        Places places = new Places();
        places.members(definition, "", 0);
        return places;
    }

    List<Place> all() {
        return found;
    }

    /** Whether some of it was not read. */
    boolean more() {
        return more;
    }

    private void walk(Json value, String pointer, int depth) {
        if (depth > DEEPEST) {
            more = true;
            return;
        }
        switch (value) {
            case Json.Obj object -> members(object, pointer, depth);
            case Json.Arr array -> {
                for (int i = 0; i < array.items().size() && !more; i++) {
                    walk(array.items().get(i), pointer + "/" + i, depth + 1);
                }
            }
            case Json.Str text -> add(pointer, role(pointer), text.value());
            default -> {}
        }
    }

    private void members(Json.Obj object, String pointer, int depth) {
        boolean arguments = pointer.endsWith("/properties");
        object.members().forEach((name, value) -> {
            String at = pointer + "/" + name.replace("~", "~0").replace("/", "~1");
            add(at, arguments ? Role.ARGUMENT : Role.KEY, name);
            if (!more) {
                walk(value, at, depth + 1);
            }
        });
    }

    private static Role role(String pointer) {
        if (pointer.equals("/name")) {
            return Role.NAME;
        }
        if (pointer.startsWith("/arguments/") && pointer.endsWith("/name")) {
            return Role.ARGUMENT;
        }
        return pointer.contains("/icons/") && pointer.endsWith("/src") ? Role.ICON : Role.TEXT;
    }

    private void add(String pointer, Role role, String text) {
        characters += text.length();
        if (found.size() >= MOST || characters > MOST_CHARACTERS) {
            more = true;
        } else {
            found.add(new Place(pointer, role, text));
        }
    }
}
