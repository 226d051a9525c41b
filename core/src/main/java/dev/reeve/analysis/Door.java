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
 * @param direct only an agent's own program, reading from a server, or an enforcement point leads through it
 * @param naming what else the resources are called
 * @param askers the enforcement points that lead through it; none if it is no such door
 * @param elsewhere of the resources, what lies behind another door of the same name
 */
public record Door(
        String name,
        Glob subject,
        List<Glob> resources,
        long verbs,
        Optional<PolicySource.Tool> entry,
        boolean direct,
        Naming naming,
        List<Asking> askers,
        List<Glob> elsewhere) {
    static final String URIS = "resources of MCP servers";
    static final String URIS_OF = "resources of the MCP server ";

    public Door {
        resources = List.copyOf(resources);
        askers = List.copyOf(askers);
        elsewhere = List.copyOf(elsewhere);
    }

    /** What comes back may be what anybody wrote, as the catalogue says. */
    boolean bringsUntrusted() {
        return entry.map(PolicySource.Tool::result)
                .filter(trust -> trust.wholeUntrusted() || !trust.untrusted().isEmpty())
                .isPresent();
    }

    /** Whether an enforcement point asks, and does what comes of it where Reeve does not see it. */
    boolean isAsked() {
        return !askers.isEmpty();
    }

    /** Whether what is behind it has URIs, which no rule about tools allows. */
    boolean isOfUris() {
        return direct && (name.equals(URIS) || name.startsWith(URIS_OF));
    }

    /** Whether this actor can come to it at all. */
    boolean isOpenTo(Actor actor) {
        return askers.isEmpty() || askers.stream().anyMatch(one -> one.mayBeFor(actor));
    }

    /** Name of the database or API whose parts are among its resources. */
    Optional<String> whole() {
        return naming.whole();
    }

    /** Whether it leads to other machines, by URL. */
    boolean isByUrl() {
        return naming instanceof Naming.ByUrl;
    }

    /** Whether its resources have no names but one, so that what is written is compared with it as it is. */
    boolean isNamedOnce() {
        return naming instanceof Naming.Parts parts && parts.isOnce();
    }

    /**
     * Narrowest names of this door that something written about a resource may match: tables and columns are parts of their database. More
     * than these are never matched.
     */
    List<Glob> mayMatch(Glob written) {
        return naming.mayMatch(written);
    }

    /** Narrowest names of this door that are matched by what is written, whatever else is. */
    List<Glob> surelyMatched(Glob written) {
        return naming.surelyMatched(written);
    }

    /** What there is to tell of something written, where nothing in particular was asked for. */
    List<Glob> worthTelling(Glob written) {
        return naming instanceof Naming.Asked asked ? asked.worthTelling(written) : mayMatch(written);
    }
}
