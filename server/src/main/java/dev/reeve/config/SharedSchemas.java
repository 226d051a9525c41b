package dev.reeve.config;

import dev.reeve.definitions.BodySchemas;
import dev.reeve.json.Json;
import dev.reeve.openapi.BodySchema;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The schemas of a document's bodies, compiled together: in most documents schemas refer to each other, and to compile for each of a thousand operations
 * all that it leads to would take more memory than there is (R8).
 */
final class SharedSchemas {
    private static final String REFERENCE = "$ref";
    private static final String DEFINITIONS = "#/$defs/";

    /** Objects of schemas that are compiled as one. */
    private static final int MOST_TOGETHER = 20_000;

    private static final int MOST_BODIES = 200;

    /** Objects of schemas that are compiled of one document, those of attempts that failed included. */
    private static final int MOST_IN_ALL = 500_000;

    private final Function<String, Json> named;
    private final Map<String, Measured> measured = new HashMap<>();
    private final Map<Set<String>, Json.Obj> definitions = new HashMap<>();
    private final Map<Json, Late> bodies = new LinkedHashMap<>();
    /** Schemas that cannot be compiled, and why: whatever leads to all of them cannot either. */
    private final Map<Set<String>, String> broken = new LinkedHashMap<>();

    private int spent;

    /** @param named a schema of the document by its name; throws IllegalArgumentException if it cannot be used */
    SharedSchemas(Function<String, Json> named) {
        this.named = named;
    }

    /** @param refers names of other schemas */
    private record Measured(Json schema, int size, Set<String> refers) {
        static Measured of(Json schema) {
            Set<String> names = new TreeSet<>();
            return new Measured(schema, measure(schema, names), names);
        }

        private static int measure(Json value, Set<String> names) {
            return switch (value) {
                case Json.Obj object -> {
                    object.string(REFERENCE)
                            .filter(to -> to.startsWith(DEFINITIONS))
                            .ifPresent(to -> names.add(to.substring(DEFINITIONS.length())));
                    yield 1
                            + object.members().values().stream()
                                    .mapToInt(member -> measure(member, names))
                                    .sum();
                }
                case Json.Arr list ->
                    list.items().stream().mapToInt(item -> measure(item, names)).sum();
                case Json.Str ignored -> 0;
                case Json.Num ignored -> 0;
                case Json.Bool ignored -> 0;
                case Json.Null ignored -> 0;
            };
        }
    }

    /**
     * One that can be used after {@link #compile}; the same for the same schema.
     *
     * @param unread takes why it is not read, if it is not
     * @throws IllegalArgumentException if it leads to a schema that cannot be used
     */
    BodySchema add(Json schema, Consumer<String> unread) {
        Late known = bodies.get(schema);
        if (known == null) {
            Measured own = Measured.of(schema);
            Set<String> reached = reached(own);
            known = new Late(schema, own.size(), reached, together(reached), unread);
            bodies.put(schema, known);
        }
        return known;
    }

    /** Every schema that this one leads to. */
    private Set<String> reached(Measured from) {
        Set<String> reached = new LinkedHashSet<>();
        Deque<Measured> left = new ArrayDeque<>(List.of(from));
        while (!left.isEmpty()) {
            for (String name : left.pop().refers()) {
                if (reached.add(name)) {
                    left.push(known(name));
                }
            }
        }
        return reached;
    }

    private Measured known(String name) {
        Measured known = measured.get(name);
        if (known == null) {
            known = Measured.of(named.apply(name));
            measured.put(name, known);
        }
        return known;
    }

    /** Kept once for all that lead to the same. */
    private Json.Obj together(Set<String> names) {
        return definitions.computeIfAbsent(names, all -> {
            Json.Builder built = Json.object();
            new TreeSet<>(all).forEach(name -> built.put(name, known(name).schema()));
            return built.build();
        });
    }

    /** Compiles what was added, as much as is allowed at once. */
    void compile() {
        List<Late> group = new ArrayList<>();
        Set<String> names = new HashSet<>();
        int size = 0;
        for (Late one : bodies.values()) {
            int more = size(one, names);
            if (!group.isEmpty() && (size + more > MOST_TOGETHER || group.size() == MOST_BODIES)) {
                compile(group);
                group = new ArrayList<>();
                names.clear();
                size = 0;
                more = size(one, names);
            }
            group.add(one);
            names.addAll(one.reached);
            size += more;
        }
        compile(group);
    }

    private int size(Late one, Set<String> without) {
        return one.size
                + one.reached.stream()
                        .filter(name -> !without.contains(name))
                        .mapToInt(name -> known(name).size())
                        .sum();
    }

    /** Halves a group in which something cannot be compiled, so that it takes no others with it. */
    private void compile(List<Late> all) {
        List<Late> group = all.stream().filter(one -> !isBroken(one)).toList();
        if (group.isEmpty()) {
            return;
        }
        Set<String> names = new LinkedHashSet<>();
        int size = 0;
        for (Late one : group) {
            size += size(one, names);
            names.addAll(one.reached);
        }
        spent += size;
        if (spent > MOST_IN_ALL) {
            spent -= size;
            group.forEach(one -> one.unread.accept(
                    "leads to schemas that come to too much, with those of the operations before it"));
            return;
        }
        try {
            List<BodySchema> compiled =
                    BodySchemas.compile(group.stream().map(one -> one.schema).toList(), together(names));
            for (int i = 0; i < group.size(); i++) {
                group.get(i).compiled = Optional.of(compiled.get(i));
            }
        } catch (IllegalArgumentException e) {
            if (group.size() == 1) {
                group.getFirst().unread.accept(String.valueOf(e.getMessage()));
                tryAlone(names);
                return;
            }
            compile(group.subList(0, group.size() / 2));
            compile(group.subList(group.size() / 2, group.size()));
        }
    }

    private boolean isBroken(Late one) {
        for (Map.Entry<Set<String>, String> known : broken.entrySet()) {
            if (one.reached.containsAll(known.getKey())) {
                one.unread.accept(known.getValue());
                return true;
            }
        }
        return false;
    }

    /** Whether it was not the body itself. */
    private void tryAlone(Set<String> names) {
        if (names.isEmpty()) {
            return;
        }
        try {
            BodySchemas.compile(Json.Obj.EMPTY, together(names));
        } catch (IllegalArgumentException e) {
            broken.put(names, String.valueOf(e.getMessage()));
        }
    }

    /** Of a body; refuses all if it could not be compiled. Equal to another of the same schema, so that documents can be compared. */
    private static final class Late implements BodySchema {
        private final Json schema;
        private final int size;
        private final Set<String> reached;
        private final Json.Obj definitions;
        private final Consumer<String> unread;
        private Optional<BodySchema> compiled = Optional.empty();

        Late(Json schema, int size, Set<String> reached, Json.Obj definitions, Consumer<String> unread) {
            this.schema = schema;
            this.size = size;
            this.reached = reached;
            this.definitions = definitions;
            this.unread = unread;
        }

        private BodySchema compiled() {
            return compiled.orElse(OpenApiBodies.Unread.ONE);
        }

        @Override
        public Json type() {
            return compiled.isPresent() ? schema : Json.Obj.EMPTY;
        }

        @Override
        public Json.Obj definitions() {
            return compiled.isPresent() ? definitions : Json.Obj.EMPTY;
        }

        @Override
        public void check(Json body) {
            compiled().check(body);
        }

        @Override
        public Json read(String text) {
            return compiled().read(text);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Late late
                    && schema.equals(late.schema)
                    && definitions.equals(late.definitions)
                    && compiled.isPresent() == late.compiled.isPresent();
        }

        @Override
        public int hashCode() {
            return Objects.hash(schema, definitions);
        }
    }
}
