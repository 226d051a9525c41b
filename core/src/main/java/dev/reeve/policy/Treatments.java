package dev.reeve.policy;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.action.Operation;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Finding;
import dev.reeve.gate.Obligation;
import dev.reeve.gate.RuleRef;
import dev.reeve.guard.Kind;
import dev.reeve.guard.Kinds;
import dev.reeve.policy.Catalogue.ToolEntry;
import dev.reeve.policy.RowFilters.Choice;
import dev.reeve.sql.SqlInspector.Restriction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * Turns row conditions and what permissions say of results into what must be done. Where it is read what a call touches, as in SQL, it becomes
 * part of what is sent, as names in a result are chosen by whoever asks; elsewhere it is done to the result.
 */
final class Treatments {
    private final Catalogue catalogue;
    private final RowFilters rows;

    Treatments(Catalogue catalogue) {
        this.catalogue = catalogue;
        this.rows = new RowFilters(catalogue);
    }

    /**
     * @param filtered the permissions that allowed some rows, each with the accesses that they filter
     * @param treated what else they say of the result
     */
    List<Finding> findings(Action action, Facts facts, Map<List<Choice>, Set<Access>> filtered, Treated treated) {
        if (filtered.isEmpty() && treated.isNothing()) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>();
        Optional<ToolEntry> entry = catalogue.tool(action.operation().subject());
        if (entry.isPresent()
                && RowFilters.hasTables(entry.get())
                && action.operation() instanceof Operation.ToolCall call) {
            findings.addAll(new OfCall(action, facts, call, entry.get(), treated).findings(filtered));
        } else {
            filtered.keySet().forEach(choices -> findings.add(rows.oblige(action, facts, choices, entry)));
            findings.addAll(ofResult(treated, entry));
        }
        warn(action, treated, findings);
        return findings;
    }

    private static void warn(Action action, Treated treated, List<Finding> findings) {
        List<String> warnings = treated.all().warnings();
        if (warnings.isEmpty() || findings.stream().anyMatch(Finding.Stop.class::isInstance)) {
            return;
        }
        String text = String.join("; ", warnings);
        findings.add(new Finding.Warn(Authorise.NAME, treated.rule(), "warned", text, ""));
        if (!action.operation().isDoneElsewhere()) {
            findings.add(
                    new Finding.Oblige(Authorise.NAME, treated.rule(), "the agent is warned", new Advice(text, "")));
        }
    }

    private List<Finding> ofResult(Treated treated, Optional<ToolEntry> entry) {
        Treatment all = treated.all();
        Optional<String> pointer = entry.flatMap(found -> found.source().rowsAt());
        Set<String> fields = new TreeSet<>();
        all.masks().fields().forEach(name -> fields.add(last(name)));
        Set<String> tagged = entry.flatMap(found -> resource(found))
                .map(resource -> tagged(resource, all.masks().tags()))
                .orElse(Set.of());
        fields.addAll(tagged);
        if (tagged.isEmpty() && treated.carriesMaskedTag()) {
            return List.of(unmet(treated.rule(), "all of it has a tag that is masked, so nothing could be shown"));
        }
        List<Finding> findings = new ArrayList<>();
        all.columns().ifPresent(names -> {
            Set<String> plain = new TreeSet<>();
            names.forEach(name -> plain.add(last(name)));
            findings.add(oblige(treated, columns(all), new ColumnsObligation(plain, pointer)));
        });
        if (!fields.isEmpty() || !all.masks().find().isEmpty()) {
            findings.add(oblige(treated, masks(all, tagged), new MaskObligation(fields, kinds(all))));
        }
        all.limit().ifPresent(most -> findings.add(oblige(treated, limit(all), new LimitObligation(most, pointer))));
        return findings;
    }

    private Optional<PolicySource.Resource> resource(ToolEntry entry) {
        return catalogue.resource(entry.source().actsOn());
    }

    /** The fields that carry one of the tags; none if the whole of it does. */
    private static Set<String> tagged(PolicySource.Resource resource, Set<String> tags) {
        Set<String> fields = new TreeSet<>();
        if (java.util.Collections.disjoint(resource.tags(), tags)) {
            resource.columnTags().forEach((column, found) -> {
                if (!java.util.Collections.disjoint(found, tags)) {
                    fields.add(last(column.toLowerCase(Locale.ROOT)));
                }
            });
        }
        return fields;
    }

    /** A result names no tables. */
    private static String last(String column) {
        return column.substring(column.lastIndexOf('.') + 1);
    }

    private static Set<Kind> kinds(Treatment all) {
        Set<Kind> kinds = new HashSet<>();
        all.masks().find().forEach(name -> kinds.addAll(Kinds.named(name)));
        return Set.copyOf(kinds);
    }

    private static String columns(Treatment all) {
        return said(new Treatment(all.columns(), Treatment.Masks.NONE, OptionalInt.empty(), List.of()));
    }

    private static String masks(Treatment all) {
        return said(new Treatment(Optional.empty(), all.masks(), OptionalInt.empty(), List.of()));
    }

    /** With the fields that a tag means: another catalogue means others by it. */
    private static String masks(Treatment all, Set<String> tagged) {
        Set<String> fields = new TreeSet<>(all.masks().fields());
        fields.addAll(tagged);
        return said(new Treatment(
                Optional.empty(),
                new Treatment.Masks(fields, all.masks().tags(), all.masks().find()),
                OptionalInt.empty(),
                List.of()));
    }

    private static String limit(Treatment all) {
        return said(new Treatment(Optional.empty(), Treatment.Masks.NONE, all.limit(), List.of()));
    }

    private static String said(Treatment one) {
        return String.join("; ", one.said());
    }

    private static Finding oblige(Treated treated, String reason, Obligation obligation) {
        return new Finding.Oblige(Authorise.NAME, treated.rule(), reason, obligation);
    }

    private static Finding unmet(Optional<RuleRef> rule, String reason) {
        Denial denial = Denial.of("obligation_unmet", ReasonClass.POLICY, reason);
        return new Finding.Stop(Authorise.NAME, rule.map(denial::withRule).orElse(denial));
    }

    /** What is done to a call whose SQL or documents are read. Its columns were asked for with each access. */
    private final class OfCall {
        private final Action action;
        private final Facts facts;
        private final Operation.ToolCall call;
        private final ToolEntry entry;
        private final Treated treated;
        private final Treatment all;
        private final Map<String, Set<String>> masked;

        OfCall(Action action, Facts facts, Operation.ToolCall call, ToolEntry entry, Treated treated) {
            this.action = action;
            this.facts = facts;
            this.call = call;
            this.entry = entry;
            this.treated = treated;
            this.all = treated.all();
            this.masked = treated.maskedColumns();
        }

        List<Finding> findings(Map<List<Choice>, Set<Access>> filtered) {
            if (filtered.size() > 1) {
                return List.of(RowFilters.stop("its tables are filtered by different rules"));
            }
            RowFilters.Wanted wanted = filtered.isEmpty()
                    ? RowFilters.Wanted.NOTHING
                    : rows.wanted(
                            action,
                            entry,
                            filtered.keySet().iterator().next(),
                            filtered.values().iterator().next());
            if (wanted.stop().isPresent()) {
                return List.of(wanted.stop().get());
            }
            List<Finding> findings = new ArrayList<>();
            boolean limited = entry.sql().isPresent() ? sql(wanted, findings) : documents(wanted, findings);
            if (!limited) {
                all.limit()
                        .ifPresent(most -> findings.add(oblige(
                                treated,
                                limit(all),
                                new LimitObligation(most, entry.source().rowsAt()))));
            }
            if (!all.masks().find().isEmpty()) {
                findings.add(oblige(treated, masks(all), new MaskObligation(Set.of(), kinds(all))));
            }
            return findings;
        }

        /** @return whether the statement gives no more rows than it may */
        private boolean sql(RowFilters.Wanted wanted, List<Finding> findings) {
            Restriction restriction = restriction(wanted);
            if (restriction.isNone()) {
                return false;
            }
            RowFilters.Restricted restricted = rows.sql(call, entry, restriction);
            boolean limited = restriction.most().isPresent();
            if (limited && restricted.isUnlimited()) {
                limited = false;
                restricted = restriction.unlimited().isNone()
                        ? new RowFilters.Restricted.Sent(call.arguments())
                        : rows.sql(call, entry, restriction.unlimited());
            }
            add(restricted, wanted, limited, findings);
            return limited;
        }

        private boolean documents(RowFilters.Wanted wanted, List<Finding> findings) {
            Restriction restriction = restriction(wanted);
            boolean limited = restriction.most().isPresent();
            if (!restriction.isNone()) {
                add(rows.documents(call, entry, restriction), wanted, limited, findings);
            }
            return limited;
        }

        /** Only what reads alone has rows to count. */
        private Restriction restriction(RowFilters.Wanted wanted) {
            boolean query =
                    facts.accesses().stream().allMatch(access -> access.verb().equals("query"));
            return new Restriction(wanted.filters(), masked, query ? all.limit() : OptionalInt.empty());
        }

        private void add(
                RowFilters.Restricted restricted, RowFilters.Wanted wanted, boolean limited, List<Finding> findings) {
            switch (restricted) {
                case RowFilters.Restricted.Refused(String code, String reason) ->
                    findings.add(
                            masked.isEmpty()
                                    ? RowFilters.stop(reason)
                                    : unmet(treated.rule(), masked + " cannot be masked: " + reason));
                case RowFilters.Restricted.Sent(var arguments) when arguments.equals(call.arguments()) -> {}
                case RowFilters.Restricted.Sent(var arguments) ->
                    findings.add(new Finding.Redact(
                            Authorise.NAME,
                            wanted.rule().or(treated::rule),
                            reason(wanted, limited),
                            call.with(arguments)));
            }
        }

        private String reason(RowFilters.Wanted wanted, boolean limited) {
            List<String> reasons = new ArrayList<>();
            wanted.why().ifPresent(reasons::add);
            masked.forEach((table, columns) -> reasons.add(table + "." + String.join(", ", columns) + " masked"));
            if (limited) {
                reasons.add(limit(all));
            }
            return String.join("; ", reasons);
        }
    }
}
