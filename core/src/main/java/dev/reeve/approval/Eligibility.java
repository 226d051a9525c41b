package dev.reeve.approval;

import dev.reeve.identity.PersonName;
import java.util.List;
import java.util.Optional;

/** Who may answer what. Pure. */
public final class Eligibility {
    private Eligibility() {}

    /** Whether some rule of it asks this person. */
    static boolean any(Approval approval, Person person) {
        return approval.demands().stream().anyMatch(demand -> asks(approval, demand, person));
    }

    /** Whether each rule has as many different people as it wants. */
    static boolean isSatisfied(Approval approval, People people) {
        return approval.demands().stream()
                .allMatch(demand -> approval.votes().stream()
                                .filter(Approval.Vote::yes)
                                .map(vote -> people.person(vote.by()))
                                .flatMap(Optional::stream)
                                .filter(person -> asks(approval, demand, person))
                                .map(person -> PersonName.plain(person.name()))
                                .distinct()
                                .count()
                        >= demand.terms().quorum());
    }

    /** Nobody answers his own agent's question, or one about what is done for him, unless the rule names him. */
    static boolean asks(Approval approval, Demand demand, Person person) {
        List<String> asked = demand.asked(approval.escalated());
        if (isNamed(asked, approval.asked().owner(), approval.asked().user(), person)) {
            return true;
        }
        if (isSelf(approval, person)) {
            return false;
        }
        // Nobody in particular stays so when it is escalated: others are asked too then, not instead.
        return demand.by().isEmpty() || asked.stream().anyMatch(one -> isOf(one, person));
    }

    static boolean isSelf(Approval approval, Person person) {
        return isSelf(approval.asked().owner(), approval.asked().user(), person);
    }

    private static boolean isSelf(Optional<String> owner, Optional<String> user, Person person) {
        return is(owner, person) || is(user, person);
    }

    /** Files write owners as mail addresses, and tokens are of bare names. */
    private static boolean is(Optional<String> name, Person person) {
        return name.filter(one -> PersonName.isSame(one, person.name())).isPresent();
    }

    /**
     * Whether this person may give something to an agent for a time: nobody for what is done for them, and to an agent of their own only where
     * they are named.
     *
     * @param by as it is written; nobody in particular: every administrator
     */
    public static boolean mayGive(List<String> by, Optional<String> owner, Optional<String> user, Person person) {
        if (is(user, person)) {
            return false;
        }
        if (isNamed(by, owner, user, person)) {
            return true;
        }
        return !isSelf(owner, user, person)
                && (by.isEmpty()
                        ? person.roles().contains("admin")
                        : by.stream().anyMatch(one -> isOf(one, person)));
    }

    /** By name, or as the owner; an owner that is also the user for whom it is done must be named. */
    private static boolean isNamed(List<String> asked, Optional<String> owner, Optional<String> user, Person person) {
        boolean named = (!PersonName.isSelector(person.name()) && asked.contains(person.name()))
                || asked.contains("user:" + person.name());
        boolean isOwner =
                asked.contains("owner") && owner.filter(person.name()::equals).isPresent() && !is(user, person);
        return named || isOwner;
    }

    private static boolean isOf(String one, Person person) {
        if (one.startsWith("group:")) {
            return person.groups().contains(one.substring("group:".length()));
        }
        if (one.startsWith("role:")) {
            String role = one.substring("role:".length());
            return person.roles().contains(role) || person.groups().contains(role);
        }
        return false;
    }
}
