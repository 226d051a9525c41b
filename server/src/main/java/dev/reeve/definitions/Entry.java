package dev.reeve.definitions;

import dev.reeve.definitions.Definitions.PinnedTool;
import dev.reeve.definitions.Definitions.State;
import dev.reeve.definitions.checks.Check;
import dev.reeve.definitions.checks.Finding;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A pin with what is known of it in memory.
 *
 * @param schema of a tool whose schema can be handled
 * @param offered whether the server has it now
 * @param problem why it cannot be handled
 * @param findings about what a person would look at now
 * @param accepted by the operator's file
 */
record Entry(
        Pin pin,
        Optional<ArgumentSchema> schema,
        boolean offered,
        Optional<String> problem,
        List<Finding> findings,
        Set<Check> accepted) {
    /** What depends on other servers holds at first sight only: a newcomer must not hold what is there already. */
    private static final Set<Check> AT_FIRST_SIGHT = EnumSet.of(Check.LOOK_ALIKE_NAME, Check.FOREIGN_TOOL_ORDER);

    static Entry of(Pin pin, boolean offered, List<Finding> findings, Set<Check> accepted) {
        if (pin.kind() != Kind.TOOL) {
            return new Entry(pin, Optional.empty(), offered, Optional.empty(), findings, accepted);
        }
        try {
            return pin.definition()
                    .object("inputSchema")
                    .map(schema -> new Entry(
                            pin,
                            Optional.of(ArgumentSchema.compile(schema)),
                            offered,
                            Optional.empty(),
                            findings,
                            accepted))
                    .orElseGet(() -> broken(pin, offered, "it has no inputSchema", findings, accepted));
        } catch (UnsafeSchemaException e) {
            return broken(pin, offered, String.valueOf(e.getMessage()), findings, accepted);
        }
    }

    private static Entry broken(Pin pin, boolean offered, String problem, List<Finding> findings, Set<Check> accepted) {
        return new Entry(pin, Optional.empty(), offered, Optional.of(problem), findings, accepted);
    }

    /** Findings that hold and that nobody has accepted. */
    static List<Finding> holding(List<Finding> findings, Set<Check> accepted) {
        return findings.stream()
                .filter(Finding::holds)
                .filter(finding -> !accepted.contains(finding.check()))
                .toList();
    }

    Entry withOffered(boolean now) {
        return new Entry(pin, schema, now, problem, findings, accepted);
    }

    private boolean heldByFinding() {
        return pin.trustedUnseen()
                && holding(findings, accepted).stream().anyMatch(one -> !AT_FIRST_SIGHT.contains(one.check()));
    }

    /** As a caller meets it. */
    State state() {
        if (!offered || problem.isPresent()) {
            return State.HIDDEN;
        }
        return waits();
    }

    /** Whether a person is waited for, whatever the server offers now. */
    State waits() {
        return pin.effective() == State.IN_FORCE && heldByFinding() ? State.HELD : pin.effective();
    }

    PinnedTool view() {
        State state = state();
        Optional<String> why = problem.or(
                        () -> offered ? Optional.empty() : Optional.of("the server does not offer it now"))
                .or(() -> state == State.HELD ? Optional.of(describe()) : Optional.empty());
        return new PinnedTool(
                pin.kind(),
                pin.upstream(),
                pin.name(),
                pin.definition(),
                pin.fingerprint(),
                state,
                pin.drift(),
                why,
                findings);
    }

    String describe() {
        String what = switch (waits()) {
            case IN_FORCE -> "pinned and in force (" + pin.decidedBy().orElse("nobody") + ")";
            case HELD ->
                pin.drift().isPresent()
                        ? "has changed; held until approved"
                        : pin.decidedBy().isEmpty() ? "is new; held until approved" : "is held until approved";
            case HIDDEN -> "is hidden";
        };
        List<String> checks = findings.stream()
                .filter(Finding::holds)
                .map(one -> one.check().id())
                .distinct()
                .toList();
        return checks.isEmpty() ? what : what + "; findings: " + String.join(", ", checks);
    }
}
