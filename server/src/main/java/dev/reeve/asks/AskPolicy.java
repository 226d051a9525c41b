package dev.reeve.asks;

import dev.reeve.action.Operation.Asks;
import java.util.EnumSet;
import java.util.Set;

/**
 * What one server may ask of clients. What is not allowed is not even offered to it.
 *
 * @param elicitation whether it may put forms and URLs before the user
 * @param sampling whether it may use the client's model
 * @param roots whether it may ask which folders the client works in
 * @param host of the server, which URLs must belong to; empty for one that has none
 */
public record AskPolicy(Elicitation elicitation, boolean sampling, boolean roots, String host) {
    /** How far a server is trusted with the user's eyes. */
    public enum Elicitation {
        /** Forms that ask for no secrets, and URLs of its own domain. */
        SAFE,
        /** Whatever it likes. */
        ANY,
        DENY
    }

    /** For a server of which the file says nothing. */
    public static final AskPolicy NOTHING = new AskPolicy(Elicitation.DENY, false, false, "");

    /** The kinds that are offered, each as far as the client knows it. */
    public Set<Asks> offered() {
        Set<Asks> kinds = EnumSet.noneOf(Asks.class);
        if (elicitation != Elicitation.DENY) {
            kinds.add(Asks.FORM);
        }
        if (elicitation == Elicitation.ANY || (elicitation == Elicitation.SAFE && !host.isEmpty())) {
            kinds.add(Asks.URL);
        }
        if (sampling) {
            kinds.add(Asks.SAMPLING);
        }
        if (roots) {
            kinds.add(Asks.ROOTS);
        }
        return kinds;
    }
}
