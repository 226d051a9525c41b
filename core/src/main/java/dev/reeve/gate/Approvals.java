package dev.reeve.gate;

import dev.reeve.action.Action;
import dev.reeve.action.Operation;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What people said of single actions, as the gate needs it. An approval satisfies what rules asked, and nothing else (R17): every stage ran
 * before, under the present policy.
 */
public interface Approvals {
    /** Where nobody can be asked: what is held stays held. */
    Approvals NOBODY = new Approvals() {
        @Override
        public Standing standing(Question question) {
            return new Standing.Unasked();
        }

        @Override
        public boolean redeem(String ticket, Question question) {
            return false;
        }

        @Override
        public String open(String ticket, Question question) {
            return ticket;
        }
    };

    /**
     * What is asked of people.
     *
     * @param asks all that rules asked of this action
     * @param policy the version in force
     * @param sent where values stand in the place of tokens: the keyed digest of what would be sent, which is bound with the rest (R17)
     * @param hidden what is not in it as it would be sent
     */
    record Question(
            Action action, Facts facts, List<Finding.Ask> asks, String policy, Optional<String> sent, Hidden hidden) {
        public Question {
            asks = List.copyOf(asks);
        }
    }

    /**
     * What people are not shown as it is, and so cannot say yes to as it is for other calls.
     *
     * @param arguments names of the arguments that hold it
     * @param elsewhere also outside of the values of arguments: in the name of what is asked for, or in that of an argument
     * @param places where in the arguments something else is shown, also what an agent knows as a token only; at most {@value #MOST_PLACES}
     */
    record Hidden(Set<String> arguments, boolean elsewhere, List<Place> places) {
        public static final Hidden NOTHING = new Hidden(Set.of(), false);
        static final int MOST_PLACES = 100;

        /** Why something is not shown as it is sent. */
        public enum Why {
            /** Reeve knows it to be a secret, and masks it. */
            SECRET,
            /** A guardrail looks for it; a placeholder stands there. */
            TAKEN_OUT,
            /** The agent has a token only; the value is put in its place. */
            TOKEN;

            public String wire() {
                return name().toLowerCase(Locale.ROOT);
            }
        }

        /** @param at a JSON pointer into the arguments (RFC 6901) */
        public record Place(String at, Why why) {}

        public Hidden {
            arguments = Set.copyOf(arguments);
            places = List.copyOf(places);
        }

        /** Where exactly is not known. */
        public Hidden(Set<String> arguments, boolean elsewhere) {
            this(arguments, elsewhere, List.of());
        }

        /** Where two readings of the same arguments are not the same. */
        public static List<Place> places(Json.Obj one, Json.Obj other, Why why) {
            List<Place> places = new ArrayList<>();
            differences("", one, other, why, places);
            return places;
        }

        private static void differences(String at, Json one, Json other, Why why, List<Place> found) {
            if (one.equals(other) || found.size() >= MOST_PLACES) {
                return;
            }
            if (one instanceof Json.Obj left
                    && other instanceof Json.Obj right
                    && left.members().keySet().equals(right.members().keySet())) {
                left.members().forEach((name, value) -> {
                    String step = name.replace("~", "~0").replace("/", "~1");
                    differences(at + "/" + step, value, right.members().getOrDefault(name, value), why, found);
                });
            } else if (one instanceof Json.Arr left
                    && other instanceof Json.Arr right
                    && left.items().size() == right.items().size()) {
                for (int i = 0; i < left.items().size(); i++) {
                    differences(at + "/" + i, left.items().get(i), right.items().get(i), why, found);
                }
            } else {
                found.add(new Place(at, why));
            }
        }

        /** What these show of an operation otherwise than it is. */
        public static Hidden between(Operation operation, String subject, Json.Obj arguments, Why why) {
            Json.Obj real = operation.arguments();
            Set<String> names = real.members().keySet();
            return new Hidden(
                    names.stream()
                            .filter(arguments::has)
                            .filter(name -> !real.get(name).equals(arguments.get(name)))
                            .collect(Collectors.toSet()),
                    !operation.subject().equals(subject)
                            || !names.equals(arguments.members().keySet()),
                    places(real, arguments, why));
        }

        public Hidden and(Hidden other) {
            Set<String> both = new HashSet<>(arguments);
            both.addAll(other.arguments);
            return new Hidden(both, elsewhere || other.elsewhere, joined(places, other.places));
        }

        /** The same for grants, and at these places too. */
        public Hidden at(List<Place> more) {
            return new Hidden(arguments, elsewhere, joined(places, more));
        }

        private static List<Place> joined(List<Place> some, List<Place> more) {
            return Stream.concat(some.stream(), more.stream())
                    .distinct()
                    .limit(MOST_PLACES)
                    .toList();
        }
    }

    /** How a question stands. */
    sealed interface Standing {
        /** @param by who said yes */
        record Approved(String ticket, List<String> by) implements Standing {
            public Approved {
                by = List.copyOf(by);
            }
        }

        record Waiting(String ticket) implements Standing {}

        record Unasked() implements Standing {}

        /** A person said no, or too many questions wait. */
        record Refused(Denial denial) implements Standing {}
    }

    /**
     * From memory. Who is told that it is unasked has a place among the questions until {@link #open} or {@link #abandon}: otherwise many that
     * come at once would all find the same last one free.
     */
    Standing standing(Question question);

    /**
     * Uses an approval up: one conditional write, durable when it returns, before the intent that names it.
     *
     * @return whether it is this caller's; false if somebody else was first, or it ran out
     */
    boolean redeem(String ticket, Question question) throws UnrecordableException;

    /**
     * Asks people, once the hold is in the record. The same question again while it waits is the same ticket.
     *
     * @return the ticket under which it waits
     */
    String open(String ticket, Question question) throws UnrecordableException;

    /** Results that people are asked about. */
    default HeldResults results() {
        return HeldResults.NONE;
    }

    /**
     * It is decided, and needs no place any more.
     *
     * @param action its id
     */
    default void abandon(String action) {}
}
