package dev.reeve.connect;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One entry of a config, before and after. Clients write their own state into the same file, so a file that changed elsewhere can still have
 * its entries put back.
 *
 * @param pointer the names that lead to it from the root
 * @param before its text, with its secrets
 */
record Replaced(List<String> pointer, String before, String after) {
    Replaced {
        pointer = List.copyOf(pointer);
    }

    /** Texts may hold secrets. */
    @Override
    public String toString() {
        return "Replaced" + pointer;
    }

    /**
     * @return the text with every entry as it was before; the same text if it is so already; empty if one is neither as it was before nor as
     *     it was written
     */
    static Optional<String> putBack(String now, List<Replaced> entries) {
        if (entries.isEmpty()) {
            return Optional.empty();
        }
        try {
            JsonText.Node root = JsonText.read(now, true);
            TextEdits edits = new TextEdits();
            for (Replaced entry : entries) {
                Optional<JsonText.Node> node = find(root, entry.pointer());
                if (node.isEmpty()) {
                    return Optional.empty();
                }
                String value = value(node.get());
                if (value.equals(value(JsonText.read(entry.after(), true)))) {
                    edits.replace(node.get(), entry.before());
                } else if (!value.equals(value(JsonText.read(entry.before(), true)))) {
                    return Optional.empty();
                }
            }
            return Optional.of(edits.apply(now));
        } catch (RefusedException e) {
            return Optional.empty();
        }
    }

    /** The server that the entry goes to since, as {@link Planner#arguments} has it. */
    Optional<String> server() {
        try {
            return Optional.of(JsonText.read(after, true))
                    .flatMap(node -> node instanceof JsonText.Obj entry ? entry.get("args") : Optional.empty())
                    .filter(args ->
                            args instanceof JsonText.Arr array && array.items().size() > 1)
                    .map(args -> ((JsonText.Arr) args).items().get(1))
                    .flatMap(name -> name instanceof JsonText.Str text ? Optional.of(text.value()) : Optional.empty());
        } catch (RefusedException e) {
            return Optional.empty();
        }
    }

    static Optional<JsonText.Node> find(JsonText.Node root, List<String> pointer) {
        Optional<JsonText.Node> node = Optional.of(root);
        for (String name : pointer) {
            node = node.flatMap(it -> it instanceof JsonText.Obj object ? object.get(name) : Optional.empty());
        }
        return node;
    }

    /** The same for the same value, however it is laid out. */
    private static String value(JsonText.Node node) {
        return switch (node) {
            case JsonText.Obj object -> {
                List<String> members = new ArrayList<>();
                object.members()
                        .forEach(member -> members.add(Yaml.always(member.name()) + ":" + value(member.value())));
                members.sort(null);
                yield "{" + String.join(",", members) + "}";
            }
            case JsonText.Arr array ->
                array.items().stream().map(Replaced::value).toList().toString();
            case JsonText.Str string -> Yaml.always(string.value());
            case JsonText.Plain plain -> plain.text();
        };
    }
}
