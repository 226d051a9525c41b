package dev.reeve.analysis;

import dev.reeve.policy.Glob;
import dev.reeve.policy.PolicySource;
import java.util.List;
import java.util.Optional;

/**
 * One way of touching something: a tool of the catalogue, tools that no catalogue knows, or what protocols and an agent's own program do without a
 * tool of ours.
 *
 * @param subject what a rule's {@code tool} is compared with
 * @param resources everything that it may touch, by narrowest names
 * @param verbs what it may do to it
 * @param entry the catalogue's, if it is there
 * @param database name of the database whose tables are among its resources
 * @param direct only an agent's own program, or reading from a server, leads through it
 * @param dotted names of tables have dots in them, so that a dot need not begin a column
 */
public record Door(
        String name,
        Glob subject,
        List<Glob> resources,
        long verbs,
        Optional<PolicySource.Tool> entry,
        Optional<String> database,
        boolean direct,
        boolean dotted) {
    public Door {
        resources = List.copyOf(resources);
    }

    /** What comes back may be what anybody wrote, as the catalogue says. */
    boolean bringsUntrusted() {
        return entry.map(PolicySource.Tool::result)
                .filter(trust -> trust.wholeUntrusted() || !trust.untrusted().isEmpty())
                .isPresent();
    }

    /**
     * Narrowest names of this door that something written about a resource may match: tables and columns are parts of their database. More
     * than these are never matched.
     */
    List<Glob> mayMatch(Glob written) {
        return isOfSomeDatabase() && written.prefix().indexOf(':') < 0 ? resources : surelyMatched(written);
    }

    /** Whether an argument says which database it is. */
    boolean isOfSomeDatabase() {
        return database.isEmpty() && isAboutTables();
    }

    /** Narrowest names of this door that are matched by what is written, whatever else is. */
    List<Glob> surelyMatched(Glob written) {
        if (database.filter(written::matches).isPresent()) {
            return resources;
        }
        boolean tables = isAboutTables() && (!written.isLiteral() || isTable(written.toString()));
        return tables ? List.of(written, Glob.of(written + ".**")) : List.of(written);
    }

    private boolean isTable(String name) {
        return name.startsWith("db:") && (dotted || name.indexOf('.', name.indexOf('/') + 1) < 0);
    }

    private boolean isAboutTables() {
        return resources.stream().anyMatch(glob -> glob.prefix().startsWith("db:"));
    }
}
