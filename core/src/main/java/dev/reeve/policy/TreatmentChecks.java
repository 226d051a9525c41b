package dev.reeve.policy;

import dev.reeve.guard.Kinds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether what is said of results can mean something: tags that nothing carries and columns that no table has are mistakes of their author. */
final class TreatmentChecks {
    private final PolicySource source;
    private final List<Problem> problems;
    private final Set<String> tags = new HashSet<>();

    TreatmentChecks(PolicySource source, List<Problem> problems) {
        this.source = source;
        this.problems = problems;
        for (PolicySource.Resource resource : source.resources()) {
            tags.addAll(resource.tags());
            resource.columnTags().values().forEach(tags::addAll);
        }
    }

    /** @param resource as it is written; empty if only a tool is named */
    void check(Treatment treatment, String resource, Place place, String field) {
        for (String name : treatment.masks().find()) {
            if (Kinds.named(name).isEmpty()) {
                problems.add(Problem.error(place, field + ".redact.find", "`" + name + "` is nothing that is found")
                        .withFix("`personal`, `secrets`, `injection`, or one of docs/reference/content-kinds.md"));
            }
        }
        for (String tag : treatment.masks().tags()) {
            if (!tags.contains(tag)) {
                problems.add(Problem.error(place, field + ".redact.tags", "nothing is tagged `" + tag + "`")
                        .withFix("give a resource or a column the tag in the catalogue"));
            }
        }
        database(resource).ifPresent(database -> {
            treatment.columns().ifPresent(names -> known(names, database, place, field + ".columns"));
            known(treatment.masks().fields(), database, place, field + ".redact.fields");
        });
    }

    /** Of one database, whose columns are known. */
    private Optional<PolicySource.Resource> database(String resource) {
        String rest = resource.startsWith("db:") ? resource.substring("db:".length()) : resource;
        String name = rest.indexOf('/') < 0 ? rest : rest.substring(0, rest.indexOf('/'));
        return source.resources().stream()
                .filter(one -> one.name().equals(name) && one.database().isPresent())
                .findFirst();
    }

    private void known(Set<String> names, PolicySource.Resource resource, Place place, String field) {
        List<String> all = new ArrayList<>();
        resource.database()
                .orElseThrow()
                .schema()
                .tables()
                .forEach((table, columns) -> columns.forEach(column -> {
                    all.add(column);
                    all.add(table + "." + column);
                }));
        for (String name : names) {
            if (!all.contains(name)) {
                problems.add(
                        Problem.error(place, field, "no table of `" + resource.name() + "` has a column `" + name + "`")
                                .withFix("write a column as `name` or `table.name`, as in the schema file"));
            }
        }
    }
}
