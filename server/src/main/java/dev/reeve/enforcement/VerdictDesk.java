package dev.reeve.enforcement;

import dev.reeve.action.Attempt;
import dev.reeve.action.Operation;
import dev.reeve.action.Operation.ToolCall;
import dev.reeve.agents.StoredAuthenticator;
import dev.reeve.config.EnforcementPoint;
import dev.reeve.gate.Gate;
import dev.reeve.gate.Rulebook;
import dev.reeve.gate.Verdict;
import dev.reeve.identity.Claim;
import dev.reeve.identity.Identification;
import dev.reeve.identity.Identification.Known;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Answers enforcement points: each question is an action of the subject that it is about, goes through the gate, and is recorded before the
 * answer.
 *
 * <p>Security guarantees: a point speaks only for subjects of its segment, and what it says of them takes the place of nothing that is known
 * here; whatever is allowed was decided now and stands in the record. Not guaranteed: that the point asks, that it heeds the answer, or that
 * what it then lets through is what it asked about.
 */
public final class VerdictDesk {
    private final Gate gate;
    private final StoredAuthenticator authenticator;
    private final Supplier<Map<String, EnforcementPoint>> points;
    private final Supplier<Rulebook> rulebooks;

    /**
     * @param points those in force, by name
     * @param rulebooks for what may be shown in lists
     */
    public VerdictDesk(
            Gate gate,
            StoredAuthenticator authenticator,
            Supplier<Map<String, EnforcementPoint>> points,
            Supplier<Rulebook> rulebooks) {
        this.gate = gate;
        this.rulebooks = rulebooks;
        this.authenticator = authenticator;
        this.points = points;
    }

    /** Who asks. */
    public sealed interface Caller {
        record Enrolled(Point point) implements Caller {}

        /** An agent, but no enforcement point. */
        record NoPoint(String agent) implements Caller {}

        /** @param code why nobody is believed */
        record Nobody(String code) implements Caller {}
    }

    public Caller caller(Claim claim) {
        return switch (authenticator.identify(claim)) {
            case Identification.Unknown unknown -> new Caller.Nobody(unknown.code());
            case Known known ->
                Optional.ofNullable(points.get().get(known.principal().agent()))
                        .<Caller>map(segment -> new Caller.Enrolled(new Point(known, segment)))
                        .orElseGet(() -> new Caller.NoPoint(known.principal().agent()));
        };
    }

    /** An agent that showed a key of its own; the point need not speak for it. Empty if it is nobody, or outside of the point's segment. */
    public Optional<Known> shown(Point point, Claim claim) {
        return authenticator.identify(claim) instanceof Known known
                        && point.segment()
                                .maySpeakFor(
                                        known.principal().agent(),
                                        known.principal().roles())
                ? Optional.of(known)
                : Optional.empty();
    }

    /** An agent that the point speaks for; empty if it may not, or there is none. */
    public Optional<Known> agent(Point point, String name) {
        return authenticator
                .spokenFor(point.who(), name)
                .filter(it -> point.segment().maySpeakFor(name, it.principal().roles()));
    }

    /** A user that the point acts for; empty if it may not. */
    public Optional<Known> user(Point point, String name) {
        return point.segment().maySpeakForUser(name)
                ? Optional.of(authenticator.onBehalf(
                        point.who(), name, point.segment().attributesOf(name)))
                : Optional.empty();
    }

    /**
     * Decides and records. Blocking.
     *
     * @param subject empty: the point may not speak for it, which is a denial of the point's own
     * @param channel how it was asked
     */
    public Judged judge(Point point, Optional<Known> subject, Asked asked, String channel) {
        return told(gate.judge(attempt(point, subject, asked, channel)));
    }

    /** Whether it would be allowed. Nothing is recorded: nobody may act on it. */
    public boolean wouldAllow(Point point, Known subject, Asked asked, String channel) {
        return gate.wouldAllow(attempt(point, Optional.of(subject), asked, channel));
    }

    /** Whether there are arguments with which a tool could be called, or would be held. For lists; nothing is recorded. */
    public boolean mayCall(Point point, Known subject, ToolCall call) {
        return rulebooks.get().visible(subject.principal(), new Operation.ToolEvaluation(point.name(), call));
    }

    /** A search is decided and recorded as the point's own action. */
    public Judged searching(Point point, Operation.AccessSearch search, String channel) {
        return told(gate.judge(attempt(point, point.who(), search, channel, Optional.empty())));
    }

    private static Attempt attempt(Point point, Optional<Known> subject, Asked asked, String channel) {
        return attempt(
                point,
                subject.orElse(point.who()),
                asked.operation(point.name(), subject.isPresent()),
                channel,
                asked.reasoning());
    }

    private static Attempt attempt(
            Point point, Known subject, Operation operation, String channel, Optional<String> reasoning) {
        return new Attempt(
                subject.principal(), subject.epoch(), operation, channel + "-" + point.name(), channel, reasoning);
    }

    private static Judged told(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Allow allow -> new Judged(true, false, allow.ticket(), Optional.empty());
            case Verdict.Deny deny -> new Judged(false, false, deny.ticket(), Optional.of(deny.denial()));
            case Verdict.Hold hold -> new Judged(false, true, hold.ticket(), Optional.of(hold.why()));
        };
    }
}
