package dev.reeve.definitions;

import dev.reeve.action.Operation;
import dev.reeve.action.Operation.Offer;
import dev.reeve.definitions.checks.Check;
import dev.reeve.definitions.checks.Finding;
import dev.reeve.definitions.checks.Neighbours;
import dev.reeve.definitions.checks.Review;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The pins of one installation. Readers see one immutable snapshot; writers take turns.
 *
 * <p>Security guarantees: a tool, a prompt or a listed resource is usable only while a person, or the operator's {@code trust-first-use},
 * has accepted exactly this definition; a definition that changes is held at once, also for callers that saw the old one; one with a grave
 * finding of the checks is held also where first use is trusted; a name or a schema that cannot be handled safely hides the tool. Not
 * guaranteed: that a server behaves as its definition says.
 */
public final class PinnedDefinitions implements Definitions {
    private static final int MOST_OF_A_KIND = 5_000;

    private final Pins pins;
    private final PinRecords records;
    private final InstantSource clock;
    private final Vetting vetting;
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private final Unknown unknown = new Unknown();
    /** By upstream, then by {@link Kind#key}. */
    private volatile Map<String, Map<String, Entry>> snapshot;

    public PinnedDefinitions(Pins pins, PinRecords records, InstantSource clock) {
        this(pins, records, clock, Vetting.NONE);
    }

    public PinnedDefinitions(Pins pins, PinRecords records, InstantSource clock, Vetting vetting) {
        this.pins = pins;
        this.records = records;
        this.clock = clock;
        this.vetting = vetting;
        Map<String, List<Pin>> stored = new TreeMap<>();
        for (Pin pin : pins.all()) {
            stored.computeIfAbsent(pin.upstream(), ignored -> new ArrayList<>()).add(pin);
        }
        this.snapshot = loaded(stored);
    }

    private Map<String, Map<String, Entry>> loaded(Map<String, List<Pin>> stored) {
        Map<String, List<String>> tools = new TreeMap<>();
        stored.forEach((upstream, all) -> tools.put(
                upstream,
                all.stream()
                        .filter(pin -> pin.kind() == Kind.TOOL)
                        .map(Pin::name)
                        .toList()));
        Map<String, Map<String, Entry>> loaded = new TreeMap<>();
        stored.forEach((upstream, all) -> {
            Neighbours neighbours =
                    new Neighbours(upstream, Set.copyOf(tools.getOrDefault(upstream, List.of())), tools);
            Map<String, Entry> entries = new TreeMap<>();
            all.forEach(pin -> entries.put(pin.kind().key(pin.name()), entry(pin, findings(pin, neighbours))));
            loaded.put(upstream, entries);
        });
        return loaded;
    }

    @Override
    public List<PinnedTool> tools(String upstream) {
        return snapshot.getOrDefault(upstream, Map.of()).values().stream()
                .filter(entry -> entry.pin().kind() == Kind.TOOL)
                .map(Entry::view)
                .toList();
    }

    @Override
    public List<PinnedTool> all(String upstream) {
        return snapshot.getOrDefault(upstream, Map.of()).values().stream()
                .map(Entry::view)
                .sorted(Comparator.comparing(PinnedTool::kind).thenComparing(PinnedTool::name))
                .toList();
    }

    /** Every upstream that has pins. */
    public List<String> upstreams() {
        return List.copyOf(snapshot.keySet());
    }

    @Override
    public Optional<PinnedTool> tool(String upstream, String name) {
        return find(Kind.TOOL, upstream, name).map(Entry::view);
    }

    @Override
    public Optional<Json.Obj> shown(String upstream, Offer offer, Json.Obj entry) {
        Kind kind = Kind.of(offer);
        Optional<Entry> pinned = kind.nameOf(entry).flatMap(name -> find(kind, upstream, name));
        boolean same = pinned.filter(one -> isPinned(one.pin(), entry)).isPresent();
        if (!same) {
            unknown.met(upstream, entry);
        }
        return same
                ? pinned.filter(Entry::offered)
                        .filter(one -> one.waits() == State.IN_FORCE)
                        .map(one -> one.pin().definition())
                : Optional.empty();
    }

    private static boolean isPinned(Pin pin, Json.Obj entry) {
        return pin.definition().equals(entry) || Fingerprint.of(entry).equals(pin.fingerprint());
    }

    /** Who looks at a server again because a caller met something in its lists that has no pin. */
    public void whenUnknown(Consumer<String> look) {
        unknown.tell(look);
    }

    @Override
    public Optional<String> instructions(String upstream) {
        return find(Kind.SERVER, upstream, Kind.TOLD)
                .filter(entry -> entry.state() == State.IN_FORCE)
                .flatMap(entry -> entry.pin().definition().string("instructions"));
    }

    @Override
    public Optional<Json.Obj> capabilities(String upstream) {
        return find(Kind.SERVER, upstream, Kind.TOLD)
                .filter(entry -> entry.state() == State.IN_FORCE)
                .flatMap(entry -> entry.pin().definition().object("capabilities"));
    }

    /** The pinned skill that a URI lies in, the innermost if there are several; whether it is in force or not. */
    Optional<Skill> skill(String upstream, String uri) {
        return Admitting.skill(uri, snapshot.getOrDefault(upstream, Map.of()))
                .flatMap(entry -> Skill.of(entry.pin().definition()));
    }

    @Override
    public void onChange(Consumer<String> listener) {
        listeners.add(listener);
    }

    @Override
    public Admission admit(Operation operation) {
        Map<String, Entry> entries = snapshot.getOrDefault(operation.upstream(), Map.of());
        return Admitting.admit(operation, entries);
    }

    /** Compares tools; see {@link #compare(String, Kind, List, boolean)}. */
    public List<String> compare(String upstream, List<Json.Obj> offered, boolean trustFirstUse) {
        return compare(upstream, Kind.TOOL, offered, trustFirstUse);
    }

    /**
     * Compares what a server says with what is pinned, and pins what is new.
     *
     * @param trustFirstUse take what was never seen as it is, if no grave finding is about it; a change is held all the same
     * @return what a person should know, one line each; empty if nothing changed
     */
    public synchronized List<String> compare(
            String upstream, Kind kind, List<Json.Obj> offered, boolean trustFirstUse) {
        List<String> news = new ArrayList<>();
        Map<String, Entry> next = new TreeMap<>(snapshot.getOrDefault(upstream, Map.of()));
        Set<String> seen = new HashSet<>();
        Neighbours neighbours = neighbours(upstream, kind, offered);
        for (Json.Obj definition : offered.subList(0, Math.min(offered.size(), MOST_OF_A_KIND))) {
            Optional<String> name = kind.nameOf(definition).filter(one -> seen.add(kind.key(one)));
            if (name.isEmpty()) {
                news.add(upstream + ": a " + kind.wire()
                        + " is refused: its name is not made of letters, digits, `_`, `.`, `-`, or comes twice");
                continue;
            }
            Optional<Entry> before = find(kind, upstream, name.get());
            Pin wanted = before.map(entry -> entry.pin().offered(definition, clock.instant()))
                    .orElseGet(() -> first(kind, upstream, name.get(), definition, trustFirstUse, neighbours));
            keep(before, wanted, neighbours, news).ifPresent(entry -> next.put(kind.key(name.get()), entry));
        }
        if (offered.size() > MOST_OF_A_KIND) {
            news.add(upstream + ": offers " + offered.size() + " " + kind.wire() + "s; only the first " + MOST_OF_A_KIND
                    + " are looked at");
        }
        hideVanished(kind, next, seen, news);
        publish(upstream, next);
        return news;
    }

    private Neighbours neighbours(String upstream, Kind kind, List<Json.Obj> offered) {
        Map<String, List<String>> others = new TreeMap<>();
        snapshot.forEach((name, entries) -> others.put(name, toolNames(entries)));
        Set<String> own = new HashSet<>(others.getOrDefault(upstream, List.of()));
        if (kind == Kind.TOOL) {
            offered.forEach(definition -> kind.nameOf(definition).ifPresent(own::add));
        }
        return new Neighbours(upstream, own, others);
    }

    private static List<String> toolNames(Map<String, Entry> entries) {
        return entries.values().stream()
                .map(Entry::pin)
                .filter(pin -> pin.kind() == Kind.TOOL)
                .map(Pin::name)
                .toList();
    }

    private Pin first(
            Kind kind, String upstream, String name, Json.Obj definition, boolean trusted, Neighbours neighbours) {
        boolean clean = trusted
                && Entry.holding(review(upstream, definition, neighbours), accepted(upstream))
                        .isEmpty();
        return Pin.first(kind, upstream, name, definition, clean, clock.instant());
    }

    private List<Finding> findings(Pin pin, Neighbours neighbours) {
        return review(pin.upstream(), pin.latest(), neighbours);
    }

    private List<Finding> review(String upstream, Json.Obj definition, Neighbours neighbours) {
        return Review.of(definition, neighbours, vetting.domains().apply(upstream));
    }

    private Set<Check> accepted(String upstream) {
        return vetting.accepted().apply(upstream);
    }

    private Entry entry(Pin pin, List<Finding> findings) {
        return Entry.of(pin, true, findings, accepted(pin.upstream()));
    }

    /** Recorded, stored, then in force. What cannot be recorded may hold a tool, and never lets one through. */
    private Optional<Entry> keep(Optional<Entry> before, Pin wanted, Neighbours neighbours, List<String> news) {
        if (before.map(Entry::pin).equals(Optional.of(wanted))) {
            return before.map(entry -> entry.withOffered(true));
        }
        Entry entry = entry(wanted, findings(wanted, neighbours));
        try {
            records.changing(act(before, wanted), wanted, entry.findings(), acceptedOf(entry), Optional.empty());
            pins.put(wanted);
            news.add(wanted.subject() + ": " + entry.describe());
            return Optional.of(entry);
        } catch (UnrecordableException e) {
            news.add(wanted.subject() + ": its change cannot be recorded: " + e.getMessage());
            return wanted.effective() == State.IN_FORCE ? before : Optional.of(entry);
        }
    }

    /** What the operator's file accepts, of what was found: said in the record of a pin that comes in force by it. */
    private static Set<Check> acceptedOf(Entry entry) {
        Set<Check> named = new HashSet<>();
        if (entry.pin().effective() == State.IN_FORCE) {
            entry.findings().stream()
                    .filter(Finding::holds)
                    .map(Finding::check)
                    .filter(entry.accepted()::contains)
                    .forEach(named::add);
        }
        return named;
    }

    private static String act(Optional<Entry> before, Pin wanted) {
        if (before.isEmpty()) {
            return "pin_new";
        }
        return wanted.effective() == State.IN_FORCE ? "pin_back" : "pin_drift";
    }

    /** What is no longer offered keeps its pin, so that it cannot come back changed as if it were new. */
    private static void hideVanished(Kind kind, Map<String, Entry> next, Set<String> seen, List<String> news) {
        next.replaceAll((key, entry) -> {
            if (entry.pin().kind() != kind || seen.contains(key)) {
                return entry;
            }
            if (entry.offered()) {
                news.add(entry.pin().subject() + ": the server no longer offers it");
            }
            return entry.withOffered(false);
        });
    }

    /** What approving a tool would accept; see {@link #waiting(Kind, String, String)}. */
    public Optional<Json.Obj> waiting(String upstream, String name) {
        return waiting(Kind.TOOL, upstream, name);
    }

    /** What approving would accept: the drift if there is one, the definition otherwise. Empty if nothing waits. */
    public Optional<Json.Obj> waiting(Kind kind, String upstream, String name) {
        return find(kind, upstream, name)
                .filter(entry -> entry.waits() == State.HELD)
                .map(entry -> entry.pin().latest());
    }

    /** Approves a tool that no finding holds. False if nothing with that fingerprint waits, or a finding holds it. */
    public boolean approve(String upstream, String name, String fingerprint, String person)
            throws UnrecordableException {
        Approval plain = new Approval(Kind.TOOL, upstream, name, fingerprint, person, Set.of());
        return approve(plain) instanceof Approval.Outcome.InForce;
    }

    /** What {@link #approve(Approval)} would say now. */
    public Approval.Outcome outlook(Approval approval) {
        Optional<Entry> waiting = waiting(approval);
        if (waiting.isEmpty()) {
            return new Approval.Outcome.NotWaiting();
        }
        List<Finding> holding = Entry.holding(waiting.get().findings(), approval.accepted());
        return holding.isEmpty() ? new Approval.Outcome.InForce() : new Approval.Outcome.Findings(holding);
    }

    /** The one with that fingerprint. */
    private Optional<Entry> waiting(Approval approval) {
        return find(approval.kind(), approval.upstream(), approval.name())
                .filter(entry -> entry.waits() == State.HELD)
                .filter(entry -> Fingerprint.of(entry.pin().latest()).equals(approval.fingerprint()));
    }

    /** Puts the waiting definition in force; recorded before it is, with the checks that the person accepts. */
    public synchronized Approval.Outcome approve(Approval approval) throws UnrecordableException {
        Approval.Outcome outlook = outlook(approval);
        if (!(outlook instanceof Approval.Outcome.InForce)) {
            return outlook;
        }
        Entry entry = waiting(approval).orElseThrow();
        Pin pin = entry.pin().approved(approval.person(), clock.instant());
        records.changing("pin_approve", pin, entry.findings(), approval.accepted(), approval.second());
        pins.put(pin);
        Map<String, Entry> next = new TreeMap<>(snapshot.getOrDefault(approval.upstream(), Map.of()));
        next.put(
                approval.kind().key(approval.name()),
                entry(pin, entry.findings()).withOffered(entry.offered()));
        publish(approval.upstream(), next);
        return outlook;
    }

    public static String fingerprint(Json.Obj definition) {
        return Fingerprint.of(definition);
    }

    private void publish(String upstream, Map<String, Entry> entries) {
        Map<String, Map<String, Entry>> next = new TreeMap<>(snapshot);
        boolean changed = !entries.equals(next.put(upstream, entries));
        snapshot = next;
        if (changed) {
            listeners.forEach(listener -> listener.accept(upstream));
        }
    }

    private Optional<Entry> find(Kind kind, String upstream, String name) {
        return Optional.ofNullable(snapshot.getOrDefault(upstream, Map.of()).get(kind.key(name)));
    }

    /** Held and grave, for operators. Reads one snapshot. */
    public Standing standing(String upstream) {
        List<PinnedTool> all = all(upstream);
        long held = all.stream().filter(one -> one.state() == State.HELD).count();
        long grave = all.stream()
                .filter(one -> one.findings().stream().anyMatch(Finding::holds))
                .count();
        return new Standing((int) held, (int) grave);
    }

    /**
     * @param held definitions that wait for a person
     * @param grave definitions with a finding that holds, whoever accepted it
     */
    public record Standing(int held, int grave) {}
}
