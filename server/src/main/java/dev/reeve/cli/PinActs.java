package dev.reeve.cli;

import dev.reeve.config.ReeveConfig;
import dev.reeve.config.UpstreamConfig;
import dev.reeve.definitions.Pin;
import dev.reeve.definitions.PinRecords;
import dev.reeve.definitions.Vetting;
import dev.reeve.definitions.checks.Check;
import dev.reeve.definitions.checks.Finding;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import dev.reeve.metrics.Counter;
import dev.reeve.metrics.Metrics;
import dev.reeve.record.Subjects;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Records what happens to pins, with what the checks say of them, and tells operators of what is grave. */
final class PinActs implements PinRecords {
    /** Writes one act of administration. */
    interface Acts {
        void record(String person, String act, String subject, Json.Obj difference) throws UnrecordableException;
    }

    private final Acts acts;
    private final BooleanSupplier agentsRunHere;
    private final Counter found;
    private final Consumer<String> incidents;

    /** @param agentsRunHere whether an agent could have typed what the user of this process types (R27) */
    PinActs(Acts acts, BooleanSupplier agentsRunHere, Metrics metrics, Consumer<String> incidents) {
        this.acts = acts;
        this.agentsRunHere = agentsRunHere;
        this.incidents = incidents;
        this.found = metrics.counter(
                "reeve_definition_findings_total",
                "What checks found in new and changed definitions.",
                "check",
                "severity");
    }

    /** What the file says: checks that are accepted, and the hosts that upstreams are reached at. */
    static Vetting vetting(ReeveConfig config) {
        Map<String, Set<Check>> accepted = new HashMap<>();
        Map<String, Set<String>> domains = new HashMap<>();
        for (UpstreamConfig upstream : config.upstreams()) {
            accepted.put(upstream.name(), upstream.common().acceptFindings());
            if (upstream instanceof UpstreamConfig.Http http && http.url().getHost() != null) {
                domains.put(upstream.name(), Set.of(http.url().getHost().toLowerCase(Locale.ROOT)));
            }
        }
        return new Vetting(name -> accepted.getOrDefault(name, Set.of()), name -> domains.getOrDefault(name, Set.of()));
    }

    @Override
    public void changing(String act, Pin pin) throws UnrecordableException {
        changing(act, pin, List.of(), Set.of(), Optional.empty());
    }

    @Override
    public void changing(String act, Pin pin, List<Finding> findings, Set<Check> accepted, Optional<String> second)
            throws UnrecordableException {
        String person = pin.decidedBy().orElse("reeve");
        Json.Builder difference =
                Json.object().put("fingerprint", pin.fingerprint()).put("definition", pin.definition());
        pin.drift().ifPresent(drift -> difference.put("offered", drift));
        if (!findings.isEmpty()) {
            difference.put("findings", json(findings));
        }
        if (!accepted.isEmpty()) {
            difference.put(
                    "accepted",
                    Json.Arr.ofStrings(accepted.stream().map(Check::id).sorted().toList()));
        }
        second.ifPresent(name -> difference.put("seconded_by", name));
        if (person.startsWith("local:") && agentsRunHere.getAsBoolean()) {
            difference.put("unseparated", true);
        }
        acts.record(person, act, subject(pin), difference.build());
        tell(act, pin, findings);
    }

    /** A URI may name somebody: it is in the difference, which can be erased. */
    private static String subject(Pin pin) {
        return switch (pin.kind()) {
            case RESOURCE, SKILL -> pin.upstream() + "." + pin.kind().key(Subjects.clear(pin.name()));
            case TOOL, PROMPT, TEMPLATE, SERVER -> pin.subject();
        };
    }

    private void tell(String act, Pin pin, List<Finding> findings) throws UnrecordableException {
        if (act.equals("pin_approve") || act.equals("pin_back")) {
            return;
        }
        findings.forEach(one ->
                found.increment(one.check().id(), one.check().severity().name().toLowerCase(Locale.ROOT)));
        List<Finding> grave = findings.stream().filter(Finding::holds).toList();
        if (act.equals("pin_drift") && !grave.isEmpty()) {
            acts.record(
                    "reeve",
                    "incident",
                    subject(pin),
                    Json.object()
                            .put("what", "definition_poisoned")
                            .put("definition", pin.subject())
                            .put("findings", json(grave))
                            .build());
            incidents.accept("definition_poisoned: " + pin.subject() + " has changed, and checks found "
                    + String.join(
                            ", ",
                            grave.stream()
                                    .map(one -> one.check().id())
                                    .distinct()
                                    .toList())
                    + "; it is held: `reeve tools diff " + pin.upstream() + "`");
        }
    }

    private static Json.Arr json(List<Finding> findings) {
        return new Json.Arr(List.copyOf(findings.stream().map(Finding::json).toList()));
    }
}
