package dev.reeve.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Finds among many things that have a {@link Scope} those that can be wider than a given one, or meet it, by what stands before the first
 * wildcard: of ten thousand rules only a few are compared. Where all are alike, {@code most} comparisons are made and no more (R8).
 */
public final class Scopes<T> {
    private final Map<String, Axes<T>> byRole = new HashMap<>();
    private long left;

    /** @param most comparisons over the life of this index */
    public Scopes(long most) {
        this.left = most;
    }

    private record Entry<T>(Scope scope, T value) {}

    private record Axes<T>(NavigableMap<String, List<Entry<T>>> tools, NavigableMap<String, List<Entry<T>>> resources) {
        Axes() {
            this(new TreeMap<>(), new TreeMap<>());
        }
    }

    public void add(Scope scope, T value) {
        Axes<T> axes = byRole.computeIfAbsent(scope.role().orElse(""), ignored -> new Axes<>());
        boolean byResource = scope.resource().isPresent();
        String prefix =
                (byResource ? scope.resource() : scope.tool()).map(Glob::prefix).orElse("");
        (byResource ? axes.resources() : axes.tools())
                .computeIfAbsent(prefix, ignored -> new ArrayList<>())
                .add(new Entry<>(scope, value));
    }

    /** True if something was not compared because it became too much. */
    public boolean isExhausted() {
        return left <= 0;
    }

    /** The first that is wanted of all whose scope covers this one. */
    public Optional<T> wider(Scope narrow, Predicate<T> wanted) {
        List<Entry<T>> candidates = new ArrayList<>();
        for (Axes<T> axes : axesFor(narrow.role())) {
            before(axes.tools(), narrow.tool().map(Glob::prefix).orElse(""), candidates);
            narrow.resource().ifPresent(resource -> {
                before(axes.resources(), resource.prefix(), candidates);
                Scope.widerNames(resource).forEach(name -> before(axes.resources(), name, candidates));
            });
        }
        return first(
                candidates, entry -> wanted.test(entry.value()) && entry.scope().covers(narrow));
    }

    /** The first that is wanted of all that name a tool, or a resource, as this one does, and can be about the same. */
    public Optional<T> meeting(Scope scope, Predicate<T> wanted) {
        List<Entry<T>> candidates = new ArrayList<>();
        boolean byResource = scope.resource().isPresent();
        String prefix =
                (byResource ? scope.resource() : scope.tool()).map(Glob::prefix).orElse("");
        for (Axes<T> axes : scope.role().isPresent() ? axesFor(scope.role()) : List.copyOf(byRole.values())) {
            NavigableMap<String, List<Entry<T>>> map = byResource ? axes.resources() : axes.tools();
            before(map, prefix, candidates);
            map.subMap(prefix, false, prefix + Character.MAX_VALUE, true)
                    .values()
                    .forEach(candidates::addAll);
        }
        return first(candidates, entry -> meet(entry.scope(), scope) && wanted.test(entry.value()));
    }

    private static boolean meet(Scope one, Scope other) {
        return (one.verbs() & other.verbs()) != 0
                && meet(one.agent(), other.agent())
                && meet(one.tool(), other.tool())
                && meet(one.resource(), other.resource());
    }

    private static boolean meet(Optional<Glob> one, Optional<Glob> other) {
        return one.isEmpty() || other.isEmpty() || NameSearch.overlap(one.get(), other.get());
    }

    private List<Axes<T>> axesFor(Optional<String> role) {
        List<Axes<T>> axes = new ArrayList<>(2);
        Optional.ofNullable(byRole.get("")).ifPresent(axes::add);
        role.flatMap(name -> Optional.ofNullable(byRole.get(name))).ifPresent(axes::add);
        return axes;
    }

    /** What has this text, or a beginning of it, before its first wildcard. */
    private static <T> void before(NavigableMap<String, List<Entry<T>>> map, String text, List<Entry<T>> found) {
        for (int length = 0; length <= text.length() && !map.isEmpty(); length++) {
            List<Entry<T>> entries = map.get(text.substring(0, length));
            if (entries != null) {
                found.addAll(entries);
            }
        }
    }

    private Optional<T> first(List<Entry<T>> candidates, Predicate<Entry<T>> wanted) {
        for (Entry<T> entry : candidates) {
            if (--left > 0 && wanted.test(entry)) {
                return Optional.of(entry.value());
            }
        }
        return Optional.empty();
    }
}
