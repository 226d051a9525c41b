package dev.reeve.condition;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What is known of a value before it is there. For arguments this comes from the pinned schema. */
sealed interface ValueType {
    /** @param choices the only texts that there are; empty if any */
    record Text(List<String> choices) implements ValueType {
        static final Text ANY = new Text(List.of());

        public Text {
            choices = List.copyOf(choices);
        }
    }

    record Whole() implements ValueType {}

    record Decimal() implements ValueType {}

    record Flag() implements ValueType {}

    record Items(ValueType item) implements ValueType {}

    /** An object that has these members and no others; each may be absent. */
    record Members(Map<String, ValueType> members) implements ValueType {
        public Members {
            members = Collections.unmodifiableMap(new TreeMap<>(members));
        }
    }

    record OrNull(ValueType type) implements ValueType {}

    /** Nothing is known. */
    record Anything() implements ValueType {
        static final Anything ONE = new Anything();
    }

    /** The type of a member; empty if there can be no such member. */
    default Optional<ValueType> member(String name) {
        return switch (this) {
            case Members members -> Optional.ofNullable(members.members().get(name));
            case OrNull nullable -> nullable.type().member(name);
            case Anything ignored -> Optional.of(Anything.ONE);
            case Text ignored -> Optional.empty();
            case Whole ignored -> Optional.empty();
            case Decimal ignored -> Optional.empty();
            case Flag ignored -> Optional.empty();
            case Items ignored -> Optional.empty();
        };
    }

    /** The type of an item; anything if it is no list. */
    default ValueType item() {
        return this instanceof Items items ? items.item() : Anything.ONE;
    }

    /** Names that may stand behind the dot. */
    default List<String> names() {
        return switch (this) {
            case Members members -> List.copyOf(members.members().keySet());
            case OrNull nullable -> nullable.type().names();
            case Anything ignored -> List.of();
            case Text ignored -> List.of();
            case Whole ignored -> List.of();
            case Decimal ignored -> List.of();
            case Flag ignored -> List.of();
            case Items ignored -> List.of();
        };
    }

    default boolean isNumber() {
        return this instanceof Decimal || (this instanceof OrNull nullable && nullable.type() instanceof Decimal);
    }

    default boolean isWhole() {
        return this instanceof Whole || (this instanceof OrNull nullable && nullable.type() instanceof Whole);
    }
}
