package dev.reeve.approval;

import dev.reeve.approval.Approval.Vote;
import dev.reeve.identity.PersonName;
import java.util.List;

/** Whether what people said counts now: who may not answer any more counts no more, also not with a yes of before. Pure. */
final class Assent {
    private Assent() {}

    /** Whether an approved one is still approved by people who may approve it. */
    static boolean stands(Approval approval, People people) {
        return Eligibility.isSatisfied(approval, people)
                || breaking(approval, people).stream()
                                .map(vote -> PersonName.plain(vote.person()))
                                .distinct()
                                .count()
                        >= 2;
    }

    /** Those who broke the glass and still could. */
    static List<Vote> breaking(Approval approval, People people) {
        return approval.breakers().stream()
                .filter(vote -> people.person(vote.person())
                        .filter(who -> mayBreak(approval, who))
                        .isPresent())
                .toList();
    }

    static boolean mayBreak(Approval approval, Person who) {
        return who.roles().contains("admin") && !Eligibility.isSelf(approval, who);
    }
}
