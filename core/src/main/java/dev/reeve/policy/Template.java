package dev.reeve.policy;

import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A resource name with places for arguments: {@code mail:{arguments.to}}. A list of strings gives one name for each. */
final class Template {
    private static final Pattern PLACE = Pattern.compile("\\{arguments\\.([A-Za-z0-9_.-]{1,128})}");
    private static final List<String> WHOLE_FORMS = List.of("file:", "url:", "mail:", "host:");

    /** What is checked, and put in its one form, when it is whole: its parts alone do not show what it names. */
    private static final Pattern CHECKED_WHOLE =
            Pattern.compile("(?:url:(?i:https?)://|mail:|host:|file:|mcp:|api:|db:[^/]*/).*", Pattern.DOTALL);

    private static final String URL = "url:";
    private static final int MOST_NAMES = 100;

    private final List<String> literals;
    private final List<String> arguments;

    private Template(List<String> literals, List<String> arguments) {
        this.literals = arguments.isEmpty() ? List.of(Glob.small(literals.getFirst())) : List.copyOf(literals);
        this.arguments = List.copyOf(arguments);
    }

    /** @throws IllegalArgumentException saying what is wrong with the text */
    static Template of(String text) {
        List<String> literals = new ArrayList<>();
        List<String> arguments = new ArrayList<>();
        Matcher place = PLACE.matcher(text);
        int from = 0;
        while (place.find()) {
            literals.add(text.substring(from, place.start()));
            arguments.add(place.group(1));
            from = place.end();
        }
        literals.add(text.substring(from));
        for (String literal : literals) {
            if (literal.contains("{") || literal.contains("}") || literal.contains("*")) {
                throw new IllegalArgumentException(
                        "`{arguments.name}` is the only thing that may stand in braces, and `*` nowhere");
            }
        }
        Template template = new Template(literals, arguments);
        if (WHOLE_FORMS.contains(template.form())
                && (arguments.size() != 1 || !literals.getLast().isEmpty())) {
            throw new IllegalArgumentException(
                    "`" + template.form() + "` takes exactly one argument, and nothing after it");
        }
        return template;
    }

    boolean isConstant() {
        return arguments.isEmpty();
    }

    /** Its names as a pattern: only what is a path or a URL whole holds slashes. */
    String pattern() {
        return String.join(WHOLE_FORMS.contains(form()) ? "**" : "*", literals);
    }

    /** Dotted paths of the arguments that it needs. */
    List<String> arguments() {
        return arguments;
    }

    /** What every name begins with. */
    String prefix() {
        return literals.getFirst();
    }

    private String form() {
        return arguments.isEmpty() ? "" : literals.getFirst();
    }

    /** @throws ResourceNames.RefusedException naming the argument, never its value */
    List<String> names(Json.Obj values) throws ResourceNames.RefusedException {
        if (isConstant()) {
            return literals;
        }
        List<String> names = List.of(literals.getFirst());
        for (int i = 0; i < arguments.size(); i++) {
            names = extend(names, texts(values, arguments.get(i)), i);
        }
        return WHOLE_FORMS.contains(form()) ? names : whole(names);
    }

    private static List<String> whole(List<String> names) throws ResourceNames.RefusedException {
        List<String> all = new ArrayList<>(names.size());
        for (String name : names) {
            all.add(CHECKED_WHOLE.matcher(name).matches() ? ResourceNames.asked(name) : name);
        }
        return all;
    }

    private List<String> extend(List<String> names, List<String> values, int place)
            throws ResourceNames.RefusedException {
        if (names.size() * values.size() > MOST_NAMES) {
            throw new ResourceNames.RefusedException("the arguments name more than " + MOST_NAMES + " resources");
        }
        List<String> extended = new ArrayList<>(names.size() * values.size());
        for (String name : names) {
            for (String value : values) {
                extended.add(name + named(name, value, place) + literals.get(place + 1));
            }
        }
        return extended;
    }

    /** @param before what stands before it */
    private String named(String before, String value, int place) throws ResourceNames.RefusedException {
        try {
            String named = ResourceNames.value(place == 0 ? form() : "", value);
            boolean part = before.startsWith(URL) && !before.equals(URL);
            return part ? ResourceNames.urlPart(before, named) : named;
        } catch (ResourceNames.RefusedException e) {
            throw new ResourceNames.RefusedException(
                    "`arguments." + arguments.get(place) + "` names no resource: " + e.getMessage());
        }
    }

    private static List<String> texts(Json.Obj values, String path) throws ResourceNames.RefusedException {
        Optional<Json> found = at(values, path);
        if (found.isPresent() && found.get() instanceof Json.Str text) {
            return List.of(text.value());
        }
        if (found.isPresent()
                && found.get() instanceof Json.Num number
                && number.whole().isPresent()) {
            return List.of(Long.toString(number.whole().get()));
        }
        if (found.isPresent()
                && found.get() instanceof Json.Arr list
                && !list.items().isEmpty()) {
            return texts(list, path);
        }
        throw new ResourceNames.RefusedException(
                "`arguments." + path + "` is not a text, a whole number or a list of texts");
    }

    private static List<String> texts(Json.Arr list, String path) throws ResourceNames.RefusedException {
        List<String> texts = new ArrayList<>();
        for (Json item : list.items()) {
            if (!(item instanceof Json.Str text) || texts.size() >= MOST_NAMES) {
                throw new ResourceNames.RefusedException(
                        "`arguments." + path + "` is not a list of at most " + MOST_NAMES + " texts");
            }
            texts.add(text.value());
        }
        return texts;
    }

    /** A member by its dotted path. */
    static Optional<Json> at(Json.Obj values, String path) {
        Json here = values;
        for (String name : path.split("\\.", -1)) {
            Json next = here instanceof Json.Obj object ? object.members().get(name) : null;
            if (next == null) {
                return Optional.empty();
            }
            here = next;
        }
        return Optional.of(here);
    }
}
