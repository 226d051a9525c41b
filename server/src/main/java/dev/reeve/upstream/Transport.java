package dev.reeve.upstream;

import java.util.List;
import java.util.Optional;

/** How one server is reached. */
interface Transport {
    /**
     * Opens a link for one principal and agrees on a revision.
     *
     * @param known what was agreed with this server before, if it has not been away since
     */
    Link open(Links.Key key, Optional<Agreement> known) throws CallFailedException;

    /** True if all links end when one finds the server gone: one server behind one URL, unlike children, of which each is its own. */
    boolean sharesFate();

    /** True if 2026-07-28 repeats parts of a request in headers here. */
    boolean hasHeaders();

    /** What it last said aside from the protocol, escaped, for operators. */
    List<String> lastWords();

    void close();

    /** How often a process that Reeve started ended by itself. */
    default long crashes() {
        return 0;
    }
}
