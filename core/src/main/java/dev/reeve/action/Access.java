package dev.reeve.action;

import java.util.List;
import java.util.Set;

/**
 * One thing that an action touches, and how. An action is allowed only if each of its accesses is.
 *
 * @param names from wide to narrow, each of which a grant or a rule may name: {@code sales_database}, {@code db:sales_database/customers},
 *     {@code db:sales_database/customers.email}
 * @param verb {@code read}, {@code query}, {@code create}, {@code update}, {@code delete}, {@code execute}, or the catalogue's own word
 * @param tags what the catalogue says about the narrowest name: {@code pii}, ...
 */
public record Access(List<String> names, String verb, Set<String> tags) {
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
}
