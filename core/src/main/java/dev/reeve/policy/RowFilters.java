package dev.reeve.policy;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.action.Operation;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Finding;
import dev.reeve.gate.RuleRef;
import dev.reeve.json.Json;
import dev.reeve.mongo.MongoInspection;
import dev.reeve.mongo.MongoInspector;
import dev.reeve.mongo.MongoRestriction;
import dev.reeve.policy.Catalogue.ToolEntry;
import dev.reeve.sql.SqlInspection;
import dev.reeve.sql.SqlInspector;
import dev.reeve.sql.SqlInspector.Restriction;
import dev.reeve.sql.SqlInspector.RowEquals;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Turns row conditions into what must be done. A row passes if one of the permissions that allowed the access lets it, and within a
 * permission all row conditions apply. On SQL the filter becomes part of the statement; elsewhere it is applied to the result.
 */
final class RowFilters {
    private final Catalogue catalogue;

    RowFilters(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** The row conditions of one permission that allowed. */
    record Choice(Grant grant, List<Bound> conditions) {
        static Choice of(Grant grant) {
            return new Choice(
                    grant,
                    grant.conditions().stream()
                            .filter(bound -> !(bound instanceof Bound.Check))
                            .toList());
        }
    }

    static boolean hasTables(ToolEntry entry) {
        return entry.sql().isPresent()
                || entry.source().takes().filter(Takes.Mongo.class::isInstance).isPresent();
    }

    Finding oblige(Action action, Facts facts, List<Choice> choices, Optional<ToolEntry> entry) {
        Map<String, String> row = entry.flatMap(
                        found -> catalogue.resource(found.source().actsOn()))
                .map(PolicySource.Resource::row)
                .orElse(Map.of());
        Condition.Input input = new Condition.Input(action, facts.accesses().getFirst(), facts);
        RowsObligation obligation = new RowsObligation(
                choices, row, input, entry.flatMap(found -> found.source().rowsAt()));
        return new Finding.Oblige(
                Authorise.NAME,
                Optional.of(choices.getFirst().grant().rule()),
                filteredBy(
                        choices,
                        choices.stream()
                                .map(choice -> said(choice, row, action))
                                .distinct()
                                .collect(Collectors.joining(" or "))),
                obligation);
    }

    /**
     * What must be a part of what is sent.
     *
     * @param filters by table
     * @param stop set if that cannot be
     */
    record Wanted(
            Map<String, List<RowEquals>> filters,
            Optional<RuleRef> rule,
            Optional<String> why,
            Optional<Finding> stop) {
        static final Wanted NOTHING = new Wanted(Map.of(), Optional.empty(), Optional.empty(), Optional.empty());

        private static Wanted stopped(String reason) {
            return new Wanted(Map.of(), Optional.empty(), Optional.empty(), Optional.of(RowFilters.stop(reason)));
        }
    }

    Wanted wanted(Action action, ToolEntry entry, List<Choice> choices, Set<Access> accesses) {
        Optional<Map<String, List<RowEquals>>> filters = equalities(action, entry, choices);
        if (filters.isEmpty()) {
            return Wanted.stopped("the row condition " + names(choices) + " cannot be made a part of the statement");
        }
        Optional<String> unfiltered = accesses.stream()
                .filter(access -> access.names().size() > 1)
                .map(RowFilters::table)
                .filter(table -> filters.get().keySet().stream().noneMatch(table::equalsIgnoreCase))
                .findFirst();
        return unfiltered
                .map(table -> Wanted.stopped(
                        "the table `" + table + "` has no column that " + names(choices) + " could filter by"))
                .orElseGet(() -> new Wanted(
                        filters.get(),
                        Optional.of(choices.getFirst().grant().rule()),
                        Optional.of(filteredBy(choices, said(filters.get()))),
                        Optional.empty()));
    }

    /** A call with the filters in it. */
    sealed interface Restricted {
        record Sent(Json.Obj arguments) implements Restricted {}

        record Refused(String code, String reason) implements Restricted {}

        /** Whether it is refused only because its rows cannot be limited. */
        default boolean isUnlimited() {
            return this instanceof Refused refused && refused.code().equals(SqlInspector.UNLIMITED);
        }
    }

    Restricted sql(Operation.ToolCall call, ToolEntry entry, Restriction restriction) {
        String path = entry.sql().orElseThrow();
        PolicySource.Database database = catalogue
                .resource(entry.source().actsOn())
                .flatMap(PolicySource.Resource::database)
                .orElseThrow();
        String text = ((Json.Str) Template.at(call.arguments(), path).orElseThrow()).value();
        return switch (catalogue.inspector().restrict(text, database.dialect(), database.schema(), restriction)) {
            case SqlInspection.Refused(String code, String reason) -> new Restricted.Refused(code, reason);
            case SqlInspection.Statement statement ->
                new Restricted.Sent(Catalogue.replace(call.arguments(), path, new Json.Str(statement.rendering())));
        };
    }

    /** @param restriction in the words of SQL */
    Restricted documents(Operation.ToolCall call, ToolEntry entry, Restriction restriction) {
        Takes.Mongo mongo = (Takes.Mongo) entry.source().takes().orElseThrow();
        Holding.Documents documents = catalogue
                .resource(entry.source().actsOn())
                .flatMap(PolicySource.Resource::documents)
                .orElseThrow();
        Map<String, List<MongoInspector.FieldEquals>> fields = new HashMap<>();
        restriction
                .rows()
                .forEach((collection, rows) -> fields.put(
                        collection,
                        rows.stream()
                                .map(row -> new MongoInspector.FieldEquals(row.column(), row.value()))
                                .toList()));
        try {
            MongoRestriction wanted = new MongoRestriction(fields, restriction.masked(), restriction.most());
            return switch (DocumentCalls.inspect(call, mongo, documents, wanted)) {
                case MongoInspection.Refused(String code, String reason) -> new Restricted.Refused(code, reason);
                case MongoInspection.Request request ->
                    new Restricted.Sent(DocumentCalls.limited(
                            DocumentCalls.arguments(call.arguments(), mongo, request), mongo, restriction.most()));
            };
        } catch (ResourceNames.RefusedException e) {
            return new Restricted.Refused("arguments_unreadable", String.valueOf(e.getMessage()));
        }
    }

    /** {@code t} of {@code db:crm/t}. */
    private static String table(Access access) {
        String name = access.names().get(1);
        return name.substring(name.indexOf('/') + 1);
    }

    /** Only one permission, and only equalities, can be added to a statement. Every table that has the column is filtered. */
    private Optional<Map<String, List<RowEquals>>> equalities(Action action, ToolEntry entry, List<Choice> choices) {
        List<Bound> conditions = choices.getFirst().conditions();
        if (choices.stream().anyMatch(choice -> !choice.conditions().equals(conditions))) {
            return Optional.empty();
        }
        PolicySource.Resource resource =
                catalogue.resource(entry.source().actsOn()).orElseThrow();
        Map<String, List<RowEquals>> filters = new HashMap<>();
        for (Bound bound : conditions) {
            if (!(bound instanceof Bound.SameAttribute same)) {
                return Optional.empty();
            }
            Optional<RowEquals> equal = equality(same, resource.row(), action);
            if (equal.isEmpty()) {
                return Optional.empty();
            }
            tables(resource).forEach((table, columns) -> {
                if (columns.contains(equal.get().column())) {
                    filters.computeIfAbsent(table, ignored -> new ArrayList<>()).add(equal.get());
                }
            });
        }
        return filters.isEmpty() ? Optional.empty() : Optional.of(filters);
    }

    private static Map<String, List<String>> tables(PolicySource.Resource resource) {
        return resource.documents()
                .map(documents -> documents.schema().collections())
                .orElseGet(() -> resource.database().orElseThrow().schema().tables());
    }

    private static Optional<RowEquals> equality(Bound.SameAttribute same, Map<String, String> row, Action action) {
        String field = RowsObligation.field(same, row);
        return Optional.ofNullable(action.principal().attributes().get(same.attribute()))
                .map(value -> new RowEquals(field, value));
    }

    static Finding stop(String reason) {
        return new Finding.Stop(Authorise.NAME, Denial.of("rows_cannot_be_filtered", ReasonClass.POLICY, reason));
    }

    /** To the letter, so that a policy that says otherwise under the same names can be told from this one. */
    private static String filteredBy(List<Choice> choices, String exactly) {
        return "rows are filtered by " + names(choices) + " (" + exactly.replace(';', ',') + ")";
    }

    private static String said(Choice choice, Map<String, String> row, Action action) {
        return choice.conditions().stream()
                .map(bound -> switch (bound) {
                    case Bound.Check ignored -> "";
                    case Bound.Rows rows -> rows.text();
                    case Bound.SameAttribute same ->
                        RowsObligation.field(same, row) + " is "
                                + action.principal().attributes().getOrDefault(same.attribute(), "not known");
                })
                .collect(Collectors.joining(" and "));
    }

    private static String said(Map<String, List<RowEquals>> filters) {
        return new TreeMap<>(filters)
                .entrySet().stream()
                        .flatMap(table -> table.getValue().stream()
                                .map(row -> table.getKey() + "." + row.column() + " is " + row.value()))
                        .collect(Collectors.joining(" and "));
    }

    private static String names(List<Choice> choices) {
        return choices.stream()
                .flatMap(choice -> choice.conditions().stream())
                .map(bound -> "`" + bound.name() + "`")
                .distinct()
                .reduce((a, b) -> a + ", " + b)
                .orElse("nothing");
    }
}
