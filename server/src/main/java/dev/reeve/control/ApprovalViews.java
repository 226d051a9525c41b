package dev.reeve.control;

import dev.reeve.approval.Approval;
import dev.reeve.approval.Approval.Vote;
import dev.reeve.approval.Asked;
import dev.reeve.approval.Demand;
import dev.reeve.gate.Approvals.Hidden;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An approval as the API shows it: what would be done first. */
final class ApprovalViews {
    private ApprovalViews() {}

    static Json.Obj of(Approval approval) {
        Asked asked = approval.asked();
        Json.Builder all = Json.object()
                .put("ticket", approval.ticket())
                .put("state", approval.state().name().toLowerCase(Locale.ROOT))
                .put("subject", asked.subject());
        asked.arguments().ifPresent(arguments -> all.put("arguments", arguments));
        all.put("about", asked.isAboutResult() ? "result" : "call").put("found", asked.found());
        return all.put("hidden", hidden(asked.hidden()))
                .put("hidden_elsewhere", asked.hidden().elsewhere())
                .put("kind", asked.kind())
                .put("upstream", asked.upstream())
                .put("touches", Json.Arr.ofStrings(asked.touches()))
                .put("agent", asked.agent())
                .put("user", asked.user())
                .put("actors", Json.Arr.ofStrings(asked.actors()))
                .put("owner", asked.owner())
                .put("labels", Json.Arr.ofStrings(asked.labels()))
                .put("definition", asked.definition())
                .put("policy", asked.policy())
                .put("rules", rules(approval))
                .put("created", approval.created().toString())
                .put("until", approval.until().toString())
                .put("escalated", approval.escalated())
                .put("votes", votes(approval.votes()))
                .put("break_glass", votes(approval.breakers()))
                .put("intent", approval.intent())
                .put("grant_up_to", approval.mostGranted().map(Object::toString))
                .build();
    }

    /** Where what is shown is not what would be sent. A row of before knows the argument, and not why. */
    private static Json.Arr hidden(Hidden hidden) {
        List<Json> all = new ArrayList<>();
        hidden.places()
                .forEach(place -> all.add(Json.object()
                        .put("at", place.at())
                        .put("why", place.why().wire())
                        .build()));
        if (all.isEmpty()) {
            hidden.arguments().stream()
                    .sorted()
                    .forEach(name -> all.add(Json.object()
                            .put("at", "/" + name.replace("~", "~0").replace("/", "~1"))
                            .put("why", "unknown")
                            .build()));
        }
        return new Json.Arr(all);
    }

    private static Json.Arr rules(Approval approval) {
        return new Json.Arr(approval.demands().stream()
                .<Json>map(demand -> rule(demand, approval.escalated()))
                .toList());
    }

    private static Json.Obj rule(Demand demand, boolean escalated) {
        return Json.object()
                .put("name", demand.rule())
                .put("place", demand.place())
                .put("reason", demand.reason())
                .put("by", Json.Arr.ofStrings(demand.asked(escalated)))
                .put("terms", demand.terms().asJson())
                .build();
    }

    private static Json.Arr votes(List<Vote> votes) {
        return new Json.Arr(votes.stream()
                .<Json>map(vote -> Json.object()
                        .put("person", vote.person())
                        .put("yes", vote.yes())
                        .put("reason", vote.reason())
                        .put("at", vote.at().toString())
                        .put("for", vote.proposal().map(one -> one.length().toString()))
                        .build())
                .toList());
    }
}
