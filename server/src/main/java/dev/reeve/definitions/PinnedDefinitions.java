package dev.reeve.definitions;

import dev.reeve.action.Operation;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The pins of one installation. Readers see one immutable snapshot; writers take turns.
 *
 * <p>Security guarantees: a tool is callable only while a person, or the operator's {@code trust-first-use}, has accepted exactly this
 * definition; a definition that changes is held at once, also for callers that saw the old one; a name or a schema that cannot be
 * handled safely hides the tool. Not guaranteed: that a server behaves as its definition says.
 */
public final class PinnedDefinitions implements Definitions {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,128}");
    private static final int MOST_TOOLS = 5_000;

    private final Pins pins;
    private final PinRecords records;
    private final InstantSource clock;
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private volatile Map<String, Map<String, Entry>> snapshot;

    private record Entry(Pin pin, Optional<ArgumentSchema> schema, boolean offered, Optional<String> problem) {}

    public PinnedDefinitions(Pins pins, PinRecords records, InstantSource clock) {
        this.pins = pins;
        this.records = records;
        this.clock = clock;
        Map<String, Map<String, Entry>> loaded = new TreeMap<>();
        for (Pin pin : pins.all()) {
            loaded.computeIfAbsent(pin.upstream(), ignored -> new TreeMap<>()).put(pin.name(), entry(pin, true));
        }
        this.snapshot = loaded;
    }

    @Override
    public List<PinnedTool> tools(String upstream) {
        List<PinnedTool> tools = new ArrayList<>();
        snapshot.getOrDefault(upstream, Map.of()).values().forEach(entry -> tools.add(view(entry)));
        return tools;
    }

    /** Every upstream that has pins. */
    public List<String> upstreams() {
        return List.copyOf(snapshot.keySet());
    }

    @Override
    public Optional<PinnedTool> tool(String upstream, String name) {
        return find(upstream, name).map(PinnedDefinitions::view);
    }

    @Override
    public void onChange(Consumer<String> listener) {
        listeners.add(listener);
    }

    @Override
    public Admission admit(Operation operation) {
        return switch (operation) {
            case Operation.ToolCall call -> admitCall(call);
            case Operation.ResourceRead read -> new Admission.Admitted(read, Optional.empty());
            case Operation.PromptGet get -> new Admission.Admitted(get, Optional.empty());
            case Operation.Listing listing -> new Admission.Admitted(listing, Optional.empty());
            case Operation.Completion completion -> new Admission.Admitted(completion, Optional.empty());
            case Operation.Subscription subscription -> new Admission.Admitted(subscription, Optional.empty());
            case Operation.Task task -> new Admission.Admitted(task, Optional.empty());
            case Operation.Question question -> new Admission.Admitted(question, Optional.empty());
        };
    }

    private Admission admitCall(Operation.ToolCall call) {
        Optional<Entry> found = find(call.upstream(), call.tool());
        if (found.isEmpty() || found.get().schema().isEmpty() || !found.get().offered()) {
            return new Admission.Refused(unknown(call));
        }
        Entry entry = found.get();
        return switch (entry.schema().orElseThrow().check(call.arguments())) {
            case ArgumentSchema.Checked.Invalid(String problem) ->
                new Admission.Refused(Denial.of("arguments_invalid", ReasonClass.ARGUMENTS, problem)
                        .withTell(problem));
            case ArgumentSchema.Checked.Valid(Json.Obj arguments) -> admitValid(call, arguments, entry);
        };
    }

    private static Admission admitValid(Operation.ToolCall call, Json.Obj arguments, Entry entry) {
        Operation admitted = call.with(arguments);
        return switch (entry.pin().effective()) {
            case IN_FORCE ->
                new Admission.Admitted(admitted, Optional.of(entry.pin().fingerprint()));
            case HELD -> new Admission.Held(admitted, held(entry.pin()));
            case HIDDEN -> new Admission.Refused(unknown(call));
        };
    }

    private static Denial held(Pin pin) {
        String why = pin.drift().isPresent() ? "its definition has changed" : "it is new and nobody has looked at it";
        return Denial.of(
                        "definition_held",
                        ReasonClass.APPROVAL,
                        "`" + pin.upstream() + "." + pin.name() + "` is held: " + why)
                .withHelp("read it with `reeve tools diff " + pin.upstream() + "`, then `reeve tools approve "
                        + pin.upstream() + "." + pin.name() + "`")
                .withTell("the tool's definition waits for a person's approval");
    }

    private static Denial unknown(Operation.ToolCall call) {
        return Denial.of("unknown_tool", ReasonClass.POLICY, "no such tool: `" + call.subject() + "`")
                .conceal();
    }

    /**
     * Compares what a server says with what is pinned, and pins what is new.
     *
     * @param trustFirstUse take a tool that was never seen as it is; a change is held all the same
     * @return what a person should know, one line each; empty if nothing changed
     */
    public synchronized List<String> compare(String upstream, List<Json.Obj> offered, boolean trustFirstUse) {
        List<String> news = new ArrayList<>();
        Map<String, Entry> next = new TreeMap<>();
        Set<String> seen = new HashSet<>();
        for (Json.Obj definition : offered.subList(0, Math.min(offered.size(), MOST_TOOLS))) {
            String name = definition.string("name").orElse("");
            if (!NAME.matcher(name).matches() || !seen.add(name)) {
                news.add(
                        upstream
                                + ": a tool is refused: its name is not made of letters, digits, `_`, `.`, `-`, or comes twice");
                continue;
            }
            compareOne(upstream, name, definition, trustFirstUse, news).ifPresent(entry -> next.put(name, entry));
        }
        if (offered.size() > MOST_TOOLS) {
            news.add(upstream + ": offers " + offered.size() + " tools; only the first " + MOST_TOOLS
                    + " are looked at");
        }
        keepVanished(upstream, next, news);
        publish(upstream, next);
        return news;
    }

    private Optional<Entry> compareOne(
            String upstream, String name, Json.Obj definition, boolean trustFirstUse, List<String> news) {
        Optional<Entry> before = find(upstream, name);
        Pin wanted = before.map(entry -> again(entry.pin(), definition))
                .orElseGet(() -> first(upstream, name, definition, trustFirstUse));
        Optional<Pin> kept = keep(before.map(Entry::pin), wanted, news);
        return kept.map(pin -> before.filter(entry -> entry.pin().equals(pin) && entry.offered())
                .orElseGet(() -> entry(pin, true)));
    }

    /** Recorded, stored, then in force. What cannot be recorded may hold a tool, and never lets one through. */
    private Optional<Pin> keep(Optional<Pin> before, Pin wanted, List<String> news) {
        if (before.equals(Optional.of(wanted))) {
            return before;
        }
        try {
            records.changing(act(before, wanted), wanted);
            pins.put(wanted);
            news.add(wanted.upstream() + "." + wanted.name() + ": " + describe(wanted));
            return Optional.of(wanted);
        } catch (UnrecordableException e) {
            news.add(wanted.upstream() + "." + wanted.name() + ": its change cannot be recorded: " + e.getMessage());
            return wanted.effective() == State.IN_FORCE ? before : Optional.of(wanted);
        }
    }

    private static String act(Optional<Pin> before, Pin wanted) {
        if (before.isEmpty()) {
            return "pin_new";
        }
        return wanted.effective() == State.IN_FORCE ? "pin_back" : "pin_drift";
    }

    /** A tool that is no longer offered keeps its pin, so that it cannot come back changed as if it were new. */
    private void keepVanished(String upstream, Map<String, Entry> next, List<String> news) {
        snapshot.getOrDefault(upstream, Map.of()).forEach((name, entry) -> {
            if (!next.containsKey(name)) {
                if (entry.offered()) {
                    news.add(upstream + "." + name + ": the server no longer offers it");
                }
                next.put(name, entry(entry.pin(), false));
            }
        });
    }

    private Pin again(Pin pin, Json.Obj definition) {
        String fingerprint = Fingerprint.of(definition);
        if (fingerprint.equals(pin.fingerprint())) {
            return pin.drift().isEmpty()
                    ? pin
                    : with(pin, pin.definition(), pin.state(), Optional.empty(), pin.decidedBy());
        }
        if (pin.decidedBy().isEmpty()) {
            // Nobody has looked at the first one either: what waits is what the server says now.
            return with(pin, definition, State.HELD, Optional.empty(), Optional.empty());
        }
        if (pin.drift().equals(Optional.of(definition))) {
            return pin;
        }
        return with(pin, pin.definition(), pin.state(), Optional.of(definition), pin.decidedBy());
    }

    private Pin first(String upstream, String name, Json.Obj definition, boolean trustFirstUse) {
        return new Pin(
                upstream,
                name,
                definition,
                Fingerprint.of(definition),
                trustFirstUse ? State.IN_FORCE : State.HELD,
                Optional.empty(),
                trustFirstUse ? Optional.of("trust-first-use") : Optional.empty(),
                clock.instant());
    }

    private Pin with(Pin pin, Json.Obj definition, State state, Optional<Json.Obj> drift, Optional<String> decidedBy) {
        return new Pin(
                pin.upstream(),
                pin.name(),
                definition,
                Fingerprint.of(definition),
                state,
                drift,
                decidedBy,
                clock.instant());
    }

    /** What approving would accept: the drift if there is one, the definition otherwise. Empty if nothing waits. */
    public Optional<Json.Obj> waiting(String upstream, String name) {
        return find(upstream, name)
                .map(Entry::pin)
                .filter(pin -> pin.effective() == State.HELD)
                .map(pin -> pin.drift().orElse(pin.definition()));
    }

    /**
     * Puts the waiting definition in force; recorded before it is.
     *
     * @param fingerprint of what the person has seen; a change since then is not approved along
     * @return false if nothing with that fingerprint waits
     */
    public synchronized boolean approve(String upstream, String name, String fingerprint, String person)
            throws UnrecordableException {
        Optional<Json.Obj> waiting = waiting(upstream, name)
                .filter(definition -> Fingerprint.of(definition).equals(fingerprint));
        if (waiting.isEmpty()) {
            return false;
        }
        Entry entry = find(upstream, name).orElseThrow();
        Pin pin = with(entry.pin(), waiting.get(), State.IN_FORCE, Optional.empty(), Optional.of(person));
        records.changing("pin_approve", pin);
        pins.put(pin);
        Map<String, Entry> next = new TreeMap<>(snapshot.getOrDefault(upstream, Map.of()));
        next.put(name, entry(pin, entry.offered()));
        publish(upstream, next);
        return true;
    }

    public static String fingerprint(Json.Obj definition) {
        return Fingerprint.of(definition);
    }

    private void publish(String upstream, Map<String, Entry> tools) {
        Map<String, Map<String, Entry>> next = new TreeMap<>(snapshot);
        boolean changed = !tools.equals(next.put(upstream, tools));
        snapshot = next;
        if (changed) {
            listeners.forEach(listener -> listener.accept(upstream));
        }
    }

    private Optional<Entry> find(String upstream, String name) {
        return Optional.ofNullable(snapshot.getOrDefault(upstream, Map.of()).get(name));
    }

    private static Entry entry(Pin pin, boolean offered) {
        try {
            Json.Obj schema = pin.definition().object("inputSchema").orElse(null);
            if (schema == null) {
                return new Entry(pin, Optional.empty(), offered, Optional.of("it has no inputSchema"));
            }
            return new Entry(pin, Optional.of(ArgumentSchema.compile(schema)), offered, Optional.empty());
        } catch (UnsafeSchemaException e) {
            return new Entry(pin, Optional.empty(), offered, Optional.ofNullable(e.getMessage()));
        }
    }

    private static PinnedTool view(Entry entry) {
        Pin pin = entry.pin();
        State state = entry.schema().isEmpty() || !entry.offered() ? State.HIDDEN : pin.effective();
        Optional<String> problem = entry.problem()
                .or(() -> entry.offered() ? Optional.empty() : Optional.of("the server does not offer it now"))
                .or(() -> state == State.HELD ? Optional.of(describe(pin)) : Optional.empty());
        return new PinnedTool(
                pin.upstream(), pin.name(), pin.definition(), pin.fingerprint(), state, pin.drift(), problem);
    }

    private static String describe(Pin pin) {
        return switch (pin.effective()) {
            case IN_FORCE -> "pinned and in force (" + pin.decidedBy().orElse("nobody") + ")";
            case HELD -> pin.drift().isPresent() ? "has changed; held until approved" : "is new; held until approved";
            case HIDDEN -> "is hidden";
        };
    }
}
