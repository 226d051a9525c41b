package dev.reeve.policy;

import dev.reeve.action.Access;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a permission or an allowing rule says of results: {@code columns}, {@code redact}, {@code limit}, {@code warn}.
 *
 * @param columns the only columns or fields that may be seen, in lower case; empty if all may
 * @param masks what is taken out, with a placeholder in its place
 * @param limit rows at most
 * @param warnings what the agent is told beside the result
 */
public record Treatment(Optional<Set<String>> columns, Masks masks, OptionalInt limit, List<String> warnings) {
    public static final Treatment NONE = new Treatment(Optional.empty(), Masks.NONE, OptionalInt.empty(), List.of());

    /**
     * {@code redact: { fields: [...], tags: [...], find: [...] }}.
     *
     * @param fields names of columns or fields, in lower case
     * @param tags of columns, by the catalogue
     * @param find kinds, or groups of them, that are looked for in texts
     */
    public record Masks(Set<String> fields, Set<String> tags, Set<String> find) {
        public static final Masks NONE = new Masks(Set.of(), Set.of(), Set.of());

        public Masks {
            fields = lower(fields);
            tags = Set.copyOf(tags);
            find = Set.copyOf(find);
        }

        boolean isNone() {
            return fields.isEmpty() && tags.isEmpty() && find.isEmpty();
        }

        private Masks and(Masks other) {
            return new Masks(union(fields, other.fields), union(tags, other.tags), union(find, other.find));
        }

        private boolean contains(Masks other) {
            return fields.containsAll(other.fields) && tags.containsAll(other.tags) && find.containsAll(other.find);
        }

        @Override
        public String toString() {
            List<String> parts = new ArrayList<>();
            parts.addAll(new TreeSet<>(fields));
            new TreeSet<>(tags).forEach(tag -> parts.add("what is tagged " + tag));
            new TreeSet<>(find).forEach(kind -> parts.add("found " + kind));
            return String.join(", ", parts);
        }
    }

    public Treatment {
        columns = columns.map(Treatment::lower);
        warnings = List.copyOf(warnings);
    }

    private static Set<String> lower(Set<String> names) {
        Set<String> lower = new TreeSet<>();
        names.forEach(name -> lower.add(name.toLowerCase(Locale.ROOT)));
        return java.util.Collections.unmodifiableSet(lower);
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
        Set<String> all = new TreeSet<>(one);
        all.addAll(other);
        return all;
    }

    /** Whether less comes back because of it. A warning only adds. */
    public boolean narrows() {
        return columns.isPresent() || !masks.isNone() || limit.isPresent();
    }

    public boolean isNone() {
        return !narrows() && warnings.isEmpty();
    }

    Treatment warningsOnly() {
        return warnings.isEmpty() ? NONE : new Treatment(Optional.empty(), Masks.NONE, OptionalInt.empty(), warnings);
    }

    /** Both: the columns that both show, all that either masks, the lower limit, all warnings. */
    Treatment and(Treatment other) {
        if (isNone()) {
            return other;
        }
        if (other.isNone()) {
            return this;
        }
        Set<String> told = new LinkedHashSet<>(warnings);
        told.addAll(other.warnings);
        return new Treatment(
                both(columns, other.columns),
                masks.and(other.masks),
                limit.isEmpty() || (other.limit.isPresent() && other.limit.getAsInt() < limit.getAsInt())
                        ? other.limit
                        : limit,
                List.copyOf(told));
    }

    private static Optional<Set<String>> both(Optional<Set<String>> one, Optional<Set<String>> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.or(() -> other);
        }
        Set<String> common = new TreeSet<>(one.get());
        common.retainAll(other.get());
        return Optional.of(common);
    }

    /** Whether nothing comes back under this that would not under the other. */
    boolean isWithin(Treatment wide) {
        boolean fewer = wide.columns.isEmpty()
                || (columns.isPresent() && wide.columns.get().containsAll(columns.get()));
        boolean shorter = wide.limit.isEmpty() || (limit.isPresent() && limit.getAsInt() <= wide.limit.getAsInt());
        return fewer && shorter && masks.contains(wide.masks);
    }

    /** The same of the narrowest name of an access, which is looked for only where it matters. */
    boolean admits(Access access) {
        return columns.isEmpty() || admits(access.narrowest());
    }

    /**
     * Whether this lets a column of a table, or a field of a document, be touched at all: where it is known what a call touches, what is not
     * among the columns is not there.
     */
    boolean admits(String name) {
        if (columns.isEmpty()) {
            return true;
        }
        Optional<ColumnName> column = ColumnName.of(name);
        return column.isEmpty() || columns.get().stream().anyMatch(column.get()::isWithin);
    }

    /** For people: {@code only the columns id, name; email masked; at most 10 rows}. Without the warnings. */
    public List<String> said() {
        List<String> said = new ArrayList<>();
        columns.ifPresent(names -> said.add("only the columns " + String.join(", ", names)));
        if (!masks.isNone()) {
            said.add(masks + " masked");
        }
        limit.ifPresent(most -> said.add("at most " + most + (most == 1 ? " row" : " rows")));
        return said;
    }

    /** All of it, as it is written in a file. */
    public Json.Obj asJson() {
        Json.Builder all = Json.object();
        columns.ifPresent(names -> all.put("columns", Json.Arr.ofStrings(names)));
        limit.ifPresent(most -> all.put("limit", most));
        if (!masks.isNone()) {
            all.put(
                    "redact",
                    Json.object()
                            .put("fields", Json.Arr.ofStrings(masks.fields()))
                            .put("find", Json.Arr.ofStrings(new TreeSet<>(masks.find())))
                            .put("tags", Json.Arr.ofStrings(new TreeSet<>(masks.tags()))));
        }
        if (!warnings.isEmpty()) {
            all.put("warn", String.join("; ", warnings));
        }
        return all.build();
    }
}
