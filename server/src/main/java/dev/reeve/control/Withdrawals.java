package dev.reeve.control;

import dev.reeve.agents.Agent;
import dev.reeve.agents.AgentDirectory;
import dev.reeve.agents.Credential;
import dev.reeve.agents.Credential.ApiKey;
import dev.reeve.agents.Credential.Connector;
import dev.reeve.agents.Roster;
import dev.reeve.json.Json;
import dev.reeve.record.Event.Stored;
import dev.reeve.store.StoreException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What the record says was withdrawn and the store does not know: a crash between the two, or a store that was put back from a backup, must
 * not make good again what somebody ended (R14, R29). Only what narrows is applied again; a record never grants. What a second person agreed to (R27)
 * when the process was ended waits again where the record has nothing that came of it: whatever is done is recorded before, with who agreed.
 */
public final class Withdrawals {
    private static final Set<String> ACTS = Set.of(
            "agent_suspend",
            "agent_resume",
            "agent_retire",
            "connector_withdraw",
            "key_revoke",
            "key_rotate",
            "admin_token_revoke",
            "person_remove",
            PeopleGroups.JOIN,
            PeopleGroups.LEAVE,
            KillSwitch.KILL,
            KillSwitch.UNDO,
            Seconds.AGREE,
            Seconds.REFUSE,
            Seconds.VOID,
            Seconds.BACK);

    private final AgentDirectory directory;
    private final Administrators administrators;
    private final Accounts accounts;
    private final Roster roster;
    private final Map<String, Agent.State> states = new LinkedHashMap<>();
    private final Map<String, Credential> ended = new LinkedHashMap<>();
    private final Map<String, Instant> tokens = new LinkedHashMap<>();
    private final KillSwitch kills;
    private final Map<String, Stop> stops = new LinkedHashMap<>();
    private final Map<String, Instant> removed = new LinkedHashMap<>();
    private final PeopleGroups groups;
    private final Map<String, Set<String>> left = new LinkedHashMap<>();
    private final Seconds seconds;
    private final Set<String> answered = new LinkedHashSet<>();
    /** By whom, of those that nothing in the record came of. */
    private final Map<String, String> agreed = new LinkedHashMap<>();

    private final Set<String> again = new LinkedHashSet<>();
    private final Set<String> over = new LinkedHashSet<>();
    private final List<String> told = new ArrayList<>();

    private Withdrawals(ControlRoom room) {
        this.groups = room.groups();
        this.directory = room.directory();
        this.accounts = room.accounts();
        this.administrators = room.administrators();
        this.kills = room.killSwitch();
        this.seconds = room.seconds();
        this.roster = directory.roster();
    }

    /** @param acts control records, oldest first */
    static Withdrawals of(ControlRoom room, Collection<Stored> acts) {
        Withdrawals withdrawals = new Withdrawals(room);
        acts.forEach(withdrawals::act);
        withdrawals.states.entrySet().removeIf(entry -> !withdrawals.isNews(entry.getKey(), entry.getValue()));
        withdrawals.stops.keySet().removeIf(room.killSwitch()::knows);
        withdrawals.tokens.keySet().removeIf(id -> !room.administrators().isOpen(id));
        withdrawals.removed.entrySet().removeIf(one -> !room.accounts().wasThere(one.getKey(), one.getValue()));
        withdrawals.left.forEach(
                (person, names) -> names.retainAll(room.groups().of(person)));
        withdrawals.left.values().removeIf(Set::isEmpty);
        withdrawals.answered.removeIf(id -> !room.seconds().knows(id));
        withdrawals.cutOff();
        return withdrawals;
    }

    /** Whether this record is one that narrows, that says that one does not hold any more, or that may be what a second person agreed to. */
    public static boolean concerns(Stored act) {
        return ACTS.contains(act.leaf().string("act").orElse("")) || mayBeOf(act, Optional.empty());
    }

    /**
     * Whether it may be what came of an agreement.
     *
     * @param second who agreed; empty: anybody
     */
    private static boolean mayBeOf(Stored act, Optional<String> second) {
        // Of what was erased nobody knows.
        return difference(act)
                .map(told -> told.string("seconded_by")
                        .filter(name -> second.isEmpty() || second.get().equals(name))
                        .isPresent())
                .orElse(true);
    }

    private void cutOff() {
        answered.stream().filter(agreed::containsKey).forEach(again::add);
        answered.removeAll(again);
        answered.removeAll(seconds.cutOff());
        again.forEach(id -> told.add(seconds.words(id) + ", was agreed to by `" + agreed.get(id)
                + "` and NOT done, since Reeve was ended: it waits again, see `reeve admin waiting`"));
        seconds.cutOff().stream().filter(id -> !again.contains(id)).forEach(id -> {
            over.add(id);
            told.add(
                    seconds.words(id)
                            + ", was agreed to when Reeve was ended, and is PERHAPS NOT done, or not all of it: look, and ask for it again");
        });
    }

    private void act(Stored act) {
        agreed.values().removeIf(second -> mayBeOf(act, Optional.of(second)));
        String subject = act.leaf().string("subject").orElse("");
        Instant at = time(act);
        switch (act.leaf().string("act").orElse("")) {
            case "agent_suspend" -> states.put(subject, Agent.State.SUSPENDED);
            case "agent_resume" -> states.remove(subject, Agent.State.SUSPENDED);
            case "agent_retire" -> {
                states.put(subject, Agent.State.RETIRED);
                end(at, one -> one.agent().equals(subject));
            }
            case "connector_withdraw" ->
                end(at, one -> one instanceof Connector && one.agent().equals(subject));
            case "key_revoke" -> end(at, one -> one.id().equals(subject));
            case "key_rotate" -> replaced(act, subject, at);
            case "admin_token_revoke" -> tokens.put(subject, at);
            case KillSwitch.KILL -> stopped(act, subject, at).ifPresent(stop -> stops.put(subject, stop));
            case KillSwitch.UNDO -> stops.remove(subject);
            case "person_remove" -> removed.put(subject, at);
            case PeopleGroups.LEAVE ->
                left.computeIfAbsent(subject, ignored -> new TreeSet<>()).addAll(names(act, PeopleGroups.LEFT));
            case PeopleGroups.JOIN ->
                left.computeIfPresent(subject, (ignored, names) -> {
                    names.removeAll(names(act, "after"));
                    return names;
                });
            case Seconds.AGREE -> {
                answered.add(subject);
                agreed.put(subject, act.leaf().string("person").orElse(""));
            }
            case Seconds.REFUSE, Seconds.VOID -> {
                answered.add(subject);
                agreed.remove(subject);
            }
            case Seconds.BACK -> {
                answered.remove(subject);
                agreed.remove(subject);
            }
            default -> {}
        }
    }

    private static Optional<Stop> stopped(Stored act, String subject, Instant at) {
        String reason = difference(act).flatMap(told -> told.string("reason")).orElse("");
        return KillSwitch.read(subject, at, act.leaf().string("person").orElse(""), reason);
    }

    private static Optional<Json.Obj> difference(Stored act) {
        return Optional.ofNullable(act.disclosed().get("difference"))
                .filter(Json.Obj.class::isInstance)
                .map(Json.Obj.class::cast);
    }

    private static List<String> names(Stored act, String member) {
        return difference(act).flatMap(told -> told.array(member)).map(Json.Arr::items).orElse(List.of()).stream()
                .filter(Json.Str.class::isInstance)
                .map(item -> ((Json.Str) item).value())
                .toList();
    }

    private void end(Instant at, Predicate<Credential> whose) {
        roster.credentials().stream()
                .filter(one -> one.revoked().isEmpty() && !one.created().isAfter(at))
                .filter(whose)
                .forEach(one -> ended.putIfAbsent(one.id(), one.revokedAt(at)));
    }

    /** A rotation is one write with the new key: where that is missing, the old one was not shortened either. */
    private void replaced(Stored act, String old, Instant at) {
        Optional<Json.Obj> difference = difference(act);
        String fresh = difference
                .flatMap(told -> told.object("after"))
                .flatMap(after -> after.string("id"))
                .orElse("?");
        if (roster.credential(fresh).isPresent()
                || !(roster.credential(old).orElse(null) instanceof ApiKey key)
                || key.revoked().isPresent()
                || key.replacedBy().isPresent()) {
            return;
        }
        Instant end = difference
                .flatMap(told -> told.string("old_expires"))
                .flatMap(Withdrawals::instant)
                .orElse(at);
        ended.putIfAbsent(old, key.replacedBy(fresh, end));
    }

    private boolean isNews(String name, Agent.State state) {
        return roster.agent(name)
                .filter(Agent::isStored)
                .filter(agent -> agent.state() != state && agent.state() != Agent.State.RETIRED)
                .isPresent();
    }

    private static Instant time(Stored act) {
        // Without a time of its own it ends whatever there is now.
        return act.leaf().string("time").flatMap(Withdrawals::instant).orElse(Instant.MAX);
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** For operators, what was agreed to and cut off; a line each. */
    public List<String> told() {
        return List.copyOf(told);
    }

    public boolean isEmpty() {
        return told.isEmpty() && !isBehind();
    }

    /** Whether the store does not know what the record says. */
    public boolean isBehind() {
        return !(states.isEmpty()
                && ended.isEmpty()
                && tokens.isEmpty()
                && stops.isEmpty()
                && removed.isEmpty()
                && left.isEmpty()
                && answered.isEmpty());
    }

    /** For the record, before {@link #apply}. */
    public Json.Obj difference() {
        Json.Builder agents = Json.object();
        states.forEach((name, state) -> agents.put(name, state.name().toLowerCase(java.util.Locale.ROOT)));
        return Json.object()
                .put("agents", agents)
                .put("credentials", Json.Arr.ofStrings(ended.keySet()))
                .put("stops", Json.Arr.ofStrings(stops.keySet()))
                .put("admin_tokens", Json.Arr.ofStrings(tokens.keySet()))
                .put("people", Json.Arr.ofStrings(removed.keySet()))
                .put("groups_of", Json.Arr.ofStrings(left.keySet()))
                .put("seconds", Json.Arr.ofStrings(answered))
                .put("seconds_cut_off", Json.Arr.ofStrings(over))
                .put("seconds_wait_again", Json.Arr.ofStrings(again))
                .build();
    }

    /** In force, and durable when it returns. */
    public void apply(Instant now) throws StoreException {
        Collection<Agent> agents = states.entrySet().stream()
                .map(entry -> roster.agent(entry.getKey()).orElseThrow().in(entry.getValue(), now))
                .toList();
        kills.stopAgain(stops.values());
        directory.withdraw(agents, ended.values());
        directory.save(agents, ended.values());
        for (Map.Entry<String, Instant> token : tokens.entrySet()) {
            administrators.endAgain(token.getKey(), token.getValue());
        }
        for (Map.Entry<String, Instant> person : removed.entrySet()) {
            accounts.removeAgain(person.getKey(), person.getValue());
        }
        for (Map.Entry<String, Set<String>> person : left.entrySet()) {
            groups.leaveAgain(person.getKey(), person.getValue());
        }
        seconds.endAgain(answered);
        seconds.endAgain(over);
        seconds.waitAgain(again);
    }
}
