package dev.reeve.hook;

import dev.reeve.action.Attempt;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Gate;
import dev.reeve.gate.Obligation;
import dev.reeve.gate.Permit;
import dev.reeve.gate.Verdict;
import dev.reeve.hook.HookEvent.UnreadableException;
import dev.reeve.hook.HostActions.Read;
import dev.reeve.identity.Identification;
import dev.reeve.json.Json;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Answers the hooks of coding agents: one event, one answer.
 *
 * <p>Security guarantees: what may run was decided by the gate, and the decision is durable before the answer; whatever cannot be read or
 * decided is refused. Not guaranteed: that the agent asks, that it heeds the answer, or that what it then does is what it said.
 */
public final class HookDesk implements AutoCloseable {
    public static final String CHANNEL = "hook";
    private static final JsonLimits LIMITS = new JsonLimits(4 << 20, 64, 200_000, false);
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private final Gate gate;
    private final HostActions actions;
    private final HandedOver handedOver;
    private final Consumer<String> refused;

    /**
     * @param home of the user as whom this runs, and the agents that reach it
     * @param offered whether an upstream of ours offers a tool: server, tool
     * @param refused is told of events that are none, by code
     */
    public HookDesk(Gate gate, String home, BiPredicate<String, String> offered, Consumer<String> refused) {
        this.gate = gate;
        this.actions = new HostActions(home, offered);
        this.handedOver = new HandedOver(gate);
        this.refused = refused;
    }

    /** Whether hooks of this program are understood. */
    static boolean knows(String client) {
        return HookProtocol.find(client).isPresent();
    }

    HookReply answer(Identification.Known who, String client, byte[] bytes) {
        HookProtocol protocol = HookProtocol.find(client).orElseThrow();
        try {
            Json.Obj event = StrictJson.readObject(bytes, LIMITS);
            return switch (protocol.read(event)) {
                case HookEvent.Before before -> decide(who, client, protocol, event, before);
                case HookEvent.After after -> {
                    handedOver.ended(key(who, client, after.session(), after.call()), after.told());
                    yield HookReply.out("{}");
                }
                case HookEvent.Other ignored -> HookReply.out("{}");
            };
        } catch (JsonRefusedException e) {
            refused.accept("malformed");
            return HookReply.refusal(HookWords.unreadable(String.valueOf(e.getMessage())));
        } catch (UnreadableException e) {
            refused.accept("not_an_event");
            return HookReply.refusal(HookWords.unreadable(String.valueOf(e.getMessage())));
        }
    }

    private HookReply decide(
            Identification.Known who, String client, HookProtocol protocol, Json.Obj event, HookEvent.Before before)
            throws UnreadableException {
        Read read = actions.read(client, before);
        Attempt attempt = new Attempt(
                who.principal(), who.epoch(), read.operation(), session(client, before), CHANNEL, Optional.empty());
        return switch (gate.decide(attempt)) {
            case Verdict.Allow(Permit permit) -> allowed(who, client, protocol, event, before, permit);
            case Verdict.Deny deny ->
                protocol.deny(event, HookWords.denied(deny.denial(), deny.ticket(), read.unclear()));
            case Verdict.Hold hold ->
                protocol.deny(event, HookWords.denied(hold.why(), hold.ticket(), Optional.empty()));
        };
    }

    private HookReply allowed(
            Identification.Known who,
            String client,
            HookProtocol protocol,
            Json.Obj event,
            HookEvent.Before before,
            Permit permit) {
        String ticket = permit.action().id();
        Optional<Denial> late = gate.handOver(permit);
        if (late.isPresent() || before.call().isEmpty()) {
            handedOver.unobserved(permit);
        } else {
            handedOver.add(key(who, client, before.session(), before.call()), permit);
        }
        if (late.isPresent()) {
            return protocol.deny(event, HookWords.denied(late.get(), ticket, Optional.empty()));
        }
        return permit.obliges(Obligation.CLIENT_ASKS)
                ? protocol.ask(event, HookWords.asked(ticket))
                : protocol.allow(event);
    }

    private static HandedOver.Key key(Identification.Known who, String client, String session, String call) {
        return new HandedOver.Key(who.principal().instance(), client, session, call);
    }

    /** The agent's own name of its session, if it is a plain one; only subdivides (R11). */
    private static String session(String client, HookEvent.Before before) {
        return "hook-" + client + (PLAIN.matcher(before.session()).matches() ? "-" + before.session() : "");
    }

    /** What was allowed and not told of is recorded as not observed. */
    @Override
    public void close() {
        handedOver.close();
    }
}
