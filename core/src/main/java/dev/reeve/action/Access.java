package dev.reeve.action;

import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One thing that an action touches, and how. An action is allowed only if each of its accesses is.
 *
 * @param names from wide to narrow, each of which a grant or a rule may name: {@code sales_database}, {@code db:sales_database/customers},
 *     {@code db:sales_database/customers.email}
 * @param verb {@code read}, {@code query}, {@code create}, {@code update}, {@code delete}, {@code execute}, or the catalogue's own word
 * @param tags what the catalogue says about the narrowest name: {@code pii}, ...
 * @param arguments what conditions see as {@code arguments}, where it is not the action's: those of one command in a line of several
 * @param method by which an agent's own program sends a request; empty if it is none, or the operation says it
 */
public record Access(
        List<String> names, String verb, Set<String> tags, Optional<Json.Obj> arguments, Optional<String> method) {
    private static final String URL = "url:";

    public Access(List<String> names, String verb, Set<String> tags) {
        this(names, verb, tags, Optional.empty());
    }

    public Access(List<String> names, String verb, Set<String> tags, Optional<Json.Obj> arguments) {
        this(names, verb, tags, arguments, Optional.empty());
    }

    public Access {
        if (names.isEmpty() || verb.isEmpty()) {
            throw new IllegalArgumentException("an access names a resource and a verb");
        }
        names = List.copyOf(names);
        tags = Set.copyOf(tags);
    }

    public String narrowest() {
        return names.getLast();
    }

    /**
     * The names, and of each URL those without its query and without a slash at its end. What denies, holds or labels is about these, too: a
     * server takes them for the same. What allows is about the names alone.
     */
    public List<String> allNames() {
        return allNames(names);
    }

    /** @param names of one access */
    public static List<String> allNames(List<String> names) {
        List<String> all = names;
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (name.startsWith(URL)) {
                all = also(withoutSlash(name), all);
                int query = name.indexOf('?');
                String bare = query < 0 ? name : name.substring(0, query);
                all = also(withoutSlash(bare), also(bare, all));
            }
        }
        return all;
    }

    private static List<String> also(String name, List<String> names) {
        if (names.contains(name)) {
            return names;
        }
        List<String> more = new ArrayList<>(names.size() + 3);
        more.addAll(names);
        more.add(name);
        return more;
    }

    /** Where the path is no more than the slash, it stays. */
    private static String withoutSlash(String url) {
        int query = url.indexOf('?');
        int end = query < 0 ? url.length() : query;
        int host = url.indexOf("://") + 3;
        boolean more = end > 0 && url.charAt(end - 1) == '/' && url.indexOf('/', host) < end - 1;
        return more ? url.substring(0, end - 1) + url.substring(end) : url;
    }
}
