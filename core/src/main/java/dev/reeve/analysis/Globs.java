package dev.reeve.analysis;

import dev.reeve.policy.Glob;
import dev.reeve.policy.NameSearch;
import dev.reeve.policy.NameSearch.Found;
import java.util.List;

/** What sets of patterns have to do with each other. */
final class Globs {
    static final Glob ANYTHING = Glob.of("**");

    private Globs() {}

    /** Whether some name may be matched by all; yes where it cannot be said. */
    static boolean mayMeet(List<Glob> all) {
        return !nothingLeft(all, List.of());
    }

    /** Whether surely no name is matched by all of these and by none of those. */
    static boolean nothingLeft(List<Glob> all, List<Glob> none) {
        return NameSearch.find(all, none) instanceof Found.Nothing;
    }
}
