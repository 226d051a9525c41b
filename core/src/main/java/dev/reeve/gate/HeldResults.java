package dev.reeve.gate;

import dev.reeve.action.Action;
import dev.reeve.action.Operation;
import dev.reeve.identity.Principal;
import dev.reeve.json.CanonicalDigest;
import dev.reeve.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Results that wait for people, as the gate needs them. The call behind such a result ran; as long as its question is open, and after a no,
 * the same call does not run again (R3): it finds its result, or why there is none.
 */
public interface HeldResults {
    /** Where nothing is kept: what is held is withheld for good. */
    HeldResults NONE = new HeldResults() {
        @Override
        public boolean isEmpty() {
            return true;
        }

        @Override
        public Standing standing(String key, Action action, boolean clockDoubtful) {
            return new Standing.Unknown();
        }

        @Override
        public Optional<String> place(Waiting waiting) {
            return Optional.of("nobody can be asked here");
        }

        @Override
        public void keep(Waiting waiting) throws UnrecordableException {
            throw new UnrecordableException("nothing is kept here");
        }

        @Override
        public Optional<Kept> read(String ticket) {
            return Optional.empty();
        }

        @Override
        public boolean take(String ticket, String action) {
            return false;
        }

        @Override
        public void given(String ticket) {}

        @Override
        public void left(String ticket) {}

        @Override
        public void drop(String ticket) {}

        @Override
        public void abandon(String action) {}
    };

    /**
     * A result as it waits. All that was to be done to it is done: what goes out later is this.
     *
     * @param came a result or an error of the server
     * @param policy the version under which it was treated
     * @param treatment what the policy wanted done to it, each by rule and words; it cannot be done twice
     * @param approved keys of what rules asked about the call itself, and people said yes to before it ran
     * @param holds keys of what holds the result
     * @param classes of the data in it: the instance has received them once it goes out (R11)
     */
    record Kept(
            Release came,
            String policy,
            List<String> treatment,
            List<String> approved,
            List<String> holds,
            Set<String> classes) {
        public Kept {
            treatment = List.copyOf(treatment);
            approved = List.copyOf(approved);
            holds = List.copyOf(holds);
            classes = Set.copyOf(classes);
            if (came instanceof Release.Withheld) {
                throw new IllegalArgumentException("what is withheld is not kept");
            }
        }
    }

    /**
     * A result and what people are asked about it.
     *
     * @param key of the call, as {@link #key} makes it
     * @param question the call; the asks are those about the result
     * @param shown the result as people see it before they answer
     * @param found kinds and counts, without any of what was found
     */
    record Waiting(String key, Approvals.Question question, Kept kept, Json.Obj shown, String found) {}

    /** How it stands with the result of a call that was made before. */
    sealed interface Standing {
        /** Nothing is known of such a call, or it is over. */
        record Unknown() implements Standing {}

        /** @param rule that holds it */
        record Waits(String ticket, Optional<RuleRef> rule) implements Standing {}

        /** @param by who said yes */
        record Released(String ticket, List<String> by) implements Standing {
            public Released {
                by = List.copyOf(by);
            }
        }

        /** It goes out no more, or not now; the call does not run either. */
        record Refused(Denial denial) implements Standing {}
    }

    /** What is taken once people released it. */
    record Taken(String ticket, Kept kept) {}

    /**
     * Names a call by who makes it and with what; labels of origin and the policy are not in it, because nothing goes to the server again.
     *
     * @return empty for what never waits: answers to what a server asked are no call that can come again, and enforcement points act themselves
     */
    static Optional<String> key(Principal principal, Operation admitted, Tokens tokens) {
        boolean waits = admitted instanceof Operation.ToolCall
                || admitted instanceof Operation.ResourceRead
                || admitted instanceof Operation.PromptGet;
        if (!waits || admitted.input().isPresent() || admitted.askedBy().isPresent()) {
            return Optional.empty();
        }
        String plain = CanonicalDigest.of(Json.object()
                .put("tenant", principal.tenant())
                .put("agent", principal.agent())
                .put("user", principal.user())
                .put("actors", Json.Arr.ofStrings(principal.actors()))
                .put("upstream", admitted.upstream())
                .put("kind", admitted.kind())
                .put("subject", admitted.subject())
                .put("arguments", admitted.arguments())
                .build());
        String keyed = tokens.keyed(plain);
        return Optional.of("result " + (keyed.isEmpty() ? plain : keyed));
    }

    /** Whether no call can find anything here. Cheap: it is asked for every call. */
    boolean isEmpty();

    /**
     * From memory. Who is told once that a result is gone is told {@link Standing.Unknown} from then on.
     *
     * @param action as it is decided on now: another definition or owner than the call had keeps the result back
     */
    Standing standing(String key, Action action, boolean clockDoubtful);

    /**
     * Takes a place among the questions, until {@link #keep} or {@link #abandon}.
     *
     * @return why it is not kept, for operators; empty if it has a place
     */
    Optional<String> place(Waiting waiting);

    /** Keeps it and asks people, under the id of the action as the ticket. Durable when it returns. */
    void keep(Waiting waiting) throws UnrecordableException;

    /** What is kept under a ticket; empty if nothing is, or if it cannot be read any more. */
    Optional<Kept> read(String ticket) throws UnrecordableException;

    /**
     * Uses up what people said: one conditional write, durable when it returns, before the intent that names it.
     *
     * @param action that gets it
     * @return whether it is this caller's; false if somebody else was first, or it ran out
     */
    boolean take(String ticket, String action) throws UnrecordableException;

    /** It is in the record that it goes out: nothing of it is kept. */
    void given(String ticket);

    /** Whoever took it is done with it. If it was not given out, it is lost. */
    void left(String ticket);

    /** The outcome that would have named it cannot be recorded: nobody is asked any more. */
    void drop(String ticket);

    /** The action of this id needs no place any more. */
    void abandon(String action);
}
