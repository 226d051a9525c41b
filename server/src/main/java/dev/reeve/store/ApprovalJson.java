package dev.reeve.store;

import dev.reeve.approval.Answerer;
import dev.reeve.approval.Approval;
import dev.reeve.approval.Approval.Proposal;
import dev.reeve.approval.Approval.Vote;
import dev.reeve.approval.Asked;
import dev.reeve.approval.Demand;
import dev.reeve.gate.Approvals.Hidden;
import dev.reeve.gate.AskTerms;
import dev.reeve.gate.Hours;
import dev.reeve.json.Json;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** An approval as its row has it. What is read had the right MAC; if it is not what was written, that is a bug and throws. */
final class ApprovalJson {
    /** What was answered before it was kept as what: then all roles of that name counted. */
    private static final Set<String> ROLES_BEFORE = Set.of("admin", "approver", "auditor", "policy-author");

    private ApprovalJson() {}

    static Json.Obj write(Approval approval) {
        return Json.object()
                .put("key", approval.key())
                .put("asked", asked(approval.asked()))
                .put("demands", array(approval.demands(), ApprovalJson::demand))
                .put("created", approval.created().toString())
                .put("until", approval.until().toString())
                .put("state", approval.state().name())
                .put("votes", array(approval.votes(), ApprovalJson::vote))
                .put("escalated", approval.escalated())
                .put("breakers", array(approval.breakers(), ApprovalJson::vote))
                .put("intent", approval.intent())
                .build();
    }

    static Approval read(String ticket, Json.Obj body, long version) {
        return new Approval(
                ticket,
                text(body, "key"),
                asked(body.object("asked").orElseThrow()),
                list(body, "demands", ApprovalJson::demand),
                time(body, "created"),
                time(body, "until"),
                Approval.State.valueOf(text(body, "state")),
                list(body, "votes", ApprovalJson::vote),
                isTrue(body, "escalated"),
                list(body, "breakers", ApprovalJson::vote),
                body.string("intent"),
                version);
    }

    private static Json.Obj asked(Asked asked) {
        Json.Builder all = Json.object();
        asked.arguments().ifPresent(arguments -> all.put("arguments", arguments));
        asked.found().ifPresent(found -> all.put("found", found));
        return all.put("tenant", asked.tenant())
                .put("agent", asked.agent())
                .put("user", asked.user())
                .put("actors", Json.Arr.ofStrings(asked.actors()))
                .put("owner", asked.owner())
                .put("upstream", asked.upstream())
                .put("kind", asked.kind())
                .put("subject", asked.subject())
                .put("definition", asked.definition())
                .put("labels", Json.Arr.ofStrings(asked.labels()))
                .put("touches", Json.Arr.ofStrings(asked.touches()))
                .put("policy", asked.policy())
                .put("hidden", Json.Arr.ofStrings(new TreeSet<>(asked.hidden().arguments())))
                .put("hidden_elsewhere", asked.hidden().elsewhere())
                .put(
                        "hidden_at",
                        array(
                                asked.hidden().places(),
                                place -> Json.object()
                                        .put("at", place.at())
                                        .put("why", place.why().wire())
                                        .build()))
                .build();
    }

    private static Asked asked(Json.Obj body) {
        return new Asked(
                text(body, "tenant"),
                text(body, "agent"),
                body.string("user"),
                texts(body, "actors"),
                body.string("owner"),
                text(body, "upstream"),
                text(body, "kind"),
                text(body, "subject"),
                body.object("arguments"),
                body.string("definition"),
                texts(body, "labels"),
                texts(body, "touches"),
                text(body, "policy"),
                body.has("hidden")
                        ? new Hidden(
                                Set.copyOf(texts(body, "hidden")),
                                isTrue(body, "hidden_elsewhere"),
                                body.has("hidden_at") ? list(body, "hidden_at", ApprovalJson::place) : List.of())
                        : Hidden.NOTHING,
                body.string("found"));
    }

    private static Hidden.Place place(Json.Obj body) {
        return new Hidden.Place(
                text(body, "at"), Hidden.Why.valueOf(text(body, "why").toUpperCase(Locale.ROOT)));
    }

    private static Json.Obj vote(Vote vote) {
        Json.Builder all = Json.object()
                .put("person", vote.person())
                .put("yes", vote.yes())
                .put("reason", vote.reason())
                .put("roles", Json.Arr.ofStrings(new TreeSet<>(vote.by().roles())))
                .put("at", vote.at().toString());
        vote.proposal()
                .ifPresent(one -> all.put("length", one.length().toString())
                        .put(
                                "free",
                                Json.Arr.ofStrings(one.free().stream().sorted().toList())));
        return all.build();
    }

    private static Vote vote(Json.Obj body) {
        return new Vote(
                new Answerer(text(body, "person"), body.has("roles") ? Set.copyOf(texts(body, "roles")) : ROLES_BEFORE),
                isTrue(body, "yes"),
                text(body, "reason"),
                time(body, "at"),
                body.string("length")
                        .map(length -> new Proposal(Duration.parse(length), Set.copyOf(texts(body, "free")))));
    }

    private static Json.Obj demand(Demand demand) {
        AskTerms terms = demand.terms();
        Json.Builder all = Json.object()
                .put("rule", demand.rule())
                .put("place", demand.place())
                .put("reason", demand.reason())
                .put("by", Json.Arr.ofStrings(demand.by()))
                .put("quorum", terms.quorum())
                .put("expires", terms.expires().toString())
                .put("reason_required", terms.reasonRequired());
        terms.grant().ifPresent(most -> all.put("grant", most.toString()));
        terms.escalation()
                .ifPresent(more -> all.put("escalate_after", more.after().toString())
                        .put("escalate_to", Json.Arr.ofStrings(more.to())));
        terms.hours()
                .ifPresent(hours -> all.put(
                                "days",
                                Json.Arr.ofStrings(hours.days().stream()
                                        .map(DayOfWeek::name)
                                        .sorted()
                                        .toList()))
                        .put("from", hours.from().toString())
                        .put("to", hours.to().toString())
                        .put("zone", hours.zone().getId()));
        return all.build();
    }

    private static Demand demand(Json.Obj body) {
        Optional<AskTerms.Escalation> escalation = body.string("escalate_after")
                .map(after -> new AskTerms.Escalation(Duration.parse(after), texts(body, "escalate_to")));
        Optional<Hours> hours = body.string("zone")
                .map(zone -> new Hours(
                        days(body),
                        LocalTime.parse(text(body, "from")),
                        LocalTime.parse(text(body, "to")),
                        ZoneId.of(zone)));
        AskTerms terms = new AskTerms(
                whole(body, "quorum"),
                Duration.parse(text(body, "expires")),
                escalation,
                hours,
                isTrue(body, "reason_required"),
                body.string("grant").map(Duration::parse));
        return new Demand(text(body, "rule"), text(body, "place"), text(body, "reason"), texts(body, "by"), terms);
    }

    private static Set<DayOfWeek> days(Json.Obj body) {
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        texts(body, "days").forEach(day -> days.add(DayOfWeek.valueOf(day)));
        return days;
    }

    private static <T> Json.Arr array(List<T> items, Function<T, Json.Obj> one) {
        return new Json.Arr(items.stream().<Json>map(one).toList());
    }

    static <T> List<T> list(Json.Obj body, String name, Function<Json.Obj, T> one) {
        List<T> all = new ArrayList<>();
        body.array(name).orElseThrow().items().forEach(item -> all.add(one.apply((Json.Obj) item)));
        return all;
    }

    static int whole(Json.Obj body, String name) {
        return Math.toIntExact(((Json.Num) body.get(name).orElseThrow()).whole().orElseThrow());
    }

    static List<String> texts(Json.Obj body, String name) {
        return body.array(name).orElseThrow().items().stream()
                .map(item -> ((Json.Str) item).value())
                .toList();
    }

    static String text(Json.Obj body, String name) {
        return body.string(name).orElseThrow();
    }

    static Instant time(Json.Obj body, String name) {
        return Instant.parse(text(body, name));
    }

    private static boolean isTrue(Json.Obj body, String name) {
        return body.get(name).equals(Optional.of(Json.Bool.TRUE));
    }
}
