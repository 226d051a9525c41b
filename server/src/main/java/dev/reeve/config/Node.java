package dev.reeve.config;

import dev.reeve.policy.Place;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** A value of a YAML file that knows where it stands and how one gets to it. */
sealed interface Node {
    Place place();

    /** The way to it from the top: {@code upstreams.pg.stdio[0]}. */
    String field();

    /** What it is, for messages. */
    String kind();

    /**
     * Names and values, in the order of the file.
     *
     * @param refused names that stand there with a value that was refused, so that nobody calls them missing as well
     */
    record Mapping(Place place, String field, Map<String, Member> members, Set<String> refused) implements Node {
        public Mapping {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
            refused = Set.copyOf(refused);
        }

        Mapping(Place place, String field, Map<String, Member> members) {
            this(place, field, members, Set.of());
        }

        /** Whether the name stands there, whatever its value. */
        boolean mentions(String name) {
            return members.containsKey(name) || refused.contains(name);
        }

        Optional<Node> get(String name) {
            return Optional.ofNullable(members.get(name)).map(Member::value);
        }

        Optional<Mapping> mapping(String name) {
            return get(name).filter(Mapping.class::isInstance).map(Mapping.class::cast);
        }

        Optional<Scalar> scalar(String name) {
            return get(name).filter(Scalar.class::isInstance).map(Scalar.class::cast);
        }

        /** The text of a member; empty if it is not there or no text. */
        Optional<String> text(String name) {
            return scalar(name).map(Scalar::text);
        }

        /** The members of a mapping under this name; none if it is not there. */
        Map<String, Member> membersOf(String name) {
            return mapping(name).map(Mapping::members).orElse(Map.of());
        }

        /** The scalars of a list; a scalar that stands alone is a list of one. */
        List<Scalar> scalars(String name) {
            return get(name).map(Node::scalarsOf).orElse(List.of());
        }

        List<String> texts(String name) {
            return scalars(name).stream().map(Scalar::text).toList();
        }

        @Override
        public String kind() {
            return "a mapping";
        }
    }

    /** A member of a mapping. {@code key} is where its name stands. */
    record Member(Place key, Node value) {}

    /** A list. */
    record Sequence(Place place, String field, List<Node> items) implements Node {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    /** One value, as it was written. */
    record Scalar(Place place, String field, Type type, String text) implements Node {
        @Override
        public String kind() {
            return switch (type) {
                case TEXT -> "a text";
                case WHOLE -> "a whole number";
                case DECIMAL -> "a number";
                case FLAG -> "true or false";
                case NOTHING -> "nothing";
            };
        }
    }

    /** What the YAML core schema makes of a value; anything in quotes is a text. */
    enum Type {
        TEXT,
        WHOLE,
        DECIMAL,
        FLAG,
        NOTHING
    }

    Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]+");

    /** The way to a member. */
    static String below(String field, String name) {
        if (!PLAIN.matcher(name).matches()) {
            return field + "[\"" + name + "\"]";
        }
        return field.isEmpty() ? name : field + "." + name;
    }

    static List<Scalar> scalarsOf(Node node) {
        return switch (node) {
            case Scalar scalar -> List.of(scalar);
            case Sequence list ->
                list.items().stream()
                        .filter(Scalar.class::isInstance)
                        .map(Scalar.class::cast)
                        .toList();
            case Mapping ignored -> List.of();
        };
    }
}
