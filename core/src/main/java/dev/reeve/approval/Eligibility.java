package dev.reeve.approval;

import dev.reeve.identity.PersonName;
import java.util.List;
import java.util.Optional;

/** Who may answer what. Pure. */
final class Eligibility {
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
                                .map(vote -> people.person(vote.person()))
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
        if (isNamed(asked, approval, person)) {
            return true;
        }
        if (isSelf(approval, person)) {
            return false;
        }
        return asked.isEmpty() || asked.stream().anyMatch(one -> isOf(one, person));
    }

    static boolean isSelf(Approval approval, Person person) {
        return approval.asked().owner().filter(owner -> isSame(owner, person)).isPresent() || isUser(approval, person);
    }

    private static boolean isUser(Approval approval, Person person) {
        return approval.asked().user().filter(user -> isSame(user, person)).isPresent();
    }

    /** Files write owners as mail addresses, and tokens are of bare names. */
    private static boolean isSame(String name, Person person) {
        return PersonName.isSame(name, person.name());
    }

    /** By name, or as the owner; an owner that is also the user for whom it is done must be named. */
    private static boolean isNamed(List<String> asked, Approval approval, Person person) {
        boolean named = asked.contains(person.name()) || asked.contains("user:" + person.name());
        boolean owner = asked.contains("owner")
                && approval.asked().owner().filter(person.name()::equals).isPresent()
                && !isUser(approval, person);
        return named || owner;
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
