package dev.reeve.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.reeve.approval.Answerer;
import dev.reeve.approval.Approval;
import dev.reeve.approval.Asked;
import dev.reeve.approval.Demand;
import dev.reeve.gate.Approvals.Hidden;
import dev.reeve.gate.AskTerms;
import dev.reeve.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What waits for people is after a restart what it was before, also with what is hidden from them. */
final class ApprovalJsonTest {
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    private static Approval approval(Hidden hidden) {
        Asked asked = new Asked(
                "default",
                "clerk",
                Optional.of("ana"),
                List.of("desk"),
                Optional.of("bo"),
                "mail",
                "tool_call",
                "mail.send",
                Optional.of(Json.object().put("to", "[email]").build()),
                Optional.of("sha256:1"),
                List.of("pii"),
                List.of("create mail:x"),
                "v1",
                hidden,
                hidden.elsewhere() ? Optional.of("card 2") : Optional.empty());
        Approval.Proposal proposal = new Approval.Proposal(Duration.ofMinutes(30), Set.of("to"));
        Approval.Vote vote = new Approval.Vote(
                new Answerer("cy", Set.of("approver")), true, "agreed", NOW.plusSeconds(9), Optional.of(proposal));
        return new Approval(
                "rv_7",
                "key",
                asked,
                List.of(new Demand("mail-out", "policies/p.yaml:3", "it leaves", List.of("owner"), AskTerms.USUAL)),
                NOW,
                NOW.plusSeconds(3_600),
                Approval.State.PENDING,
                List.of(vote),
                false,
                List.of(),
                Optional.empty(),
                3);
    }

    @Test
    void whatIsReadIsWhatWasWritten() {
        for (Hidden hidden : List.of(
                Hidden.NOTHING,
                new Hidden(Set.of("to", "cc"), true),
                new Hidden(
                        Set.of("to"),
                        false,
                        List.of(
                                new Hidden.Place("/to/0", Hidden.Why.TAKEN_OUT),
                                new Hidden.Place("/a~1b", Hidden.Why.SECRET),
                                new Hidden.Place("/cc", Hidden.Why.TOKEN))))) {
            Approval approval = approval(hidden);
            assertEquals(approval, ApprovalJson.read("rv_7", ApprovalJson.write(approval), 3));
        }
    }

    @Test
    void aRowOfBeforeHidesNothing() {
        Json.Obj row = ApprovalJson.write(approval(new Hidden(Set.of("to"), true)));
        Json.Obj asked = row.object("asked").orElseThrow();
        Json.Obj before = row.with(
                "asked",
                asked.without("hidden")
                        .without("hidden_elsewhere")
                        .without("hidden_at")
                        .without("found"));
        assertEquals(approval(Hidden.NOTHING), ApprovalJson.read("rv_7", before, 3));
    }
}
