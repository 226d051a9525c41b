package dev.reeve.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A JSON value (RFC 8259). Immutable; members keep the order in which they were read. */
public sealed interface Json {

    /** An object. Names are unique by construction. */
    record Obj(Map<String, Json> members) implements Json {
        public static final Obj EMPTY = new Obj(Map.of());

        public Obj {
            members = Members.of(members);
        }

        public Optional<Json> get(String name) {
            return Optional.ofNullable(members.get(name));
        }

        public Optional<String> string(String name) {
            return members.get(name) instanceof Str text ? Optional.of(text.value()) : Optional.empty();
        }

        public Optional<Obj> object(String name) {
            return members.get(name) instanceof Obj object ? Optional.of(object) : Optional.empty();
        }

        public Optional<Arr> array(String name) {
            return members.get(name) instanceof Arr array ? Optional.of(array) : Optional.empty();
        }

        public boolean has(String name) {
            return members.containsKey(name);
        }

        /** A copy in which {@code name} has this value; a new name goes last. */
        public Obj with(String name, Json value) {
            if (members instanceof Members few) {
                return new Obj(few.with(name, value));
            }
            Builder copy = new Builder(members.size());
            members.forEach(copy::add);
            return copy.put(name, value).build();
        }

        public Obj without(String name) {
            if (!members.containsKey(name)) {
                return this;
            }
            Map<String, Json> copy = new LinkedHashMap<>(members);
            copy.remove(name);
            return new Obj(copy);
        }

        @Override
        public String toString() {
            return JsonWriter.text(this);
        }
    }

    /** An array. */
    record Arr(List<Json> items) implements Json {
        public static final Arr EMPTY = new Arr(List.of());

        public Arr {
            items = List.copyOf(items);
        }

        public static Arr ofStrings(Iterable<String> values) {
            List<Json> items = new ArrayList<>();
            values.forEach(value -> items.add(new Str(value)));
            return new Arr(items);
        }

        @Override
        public String toString() {
            return JsonWriter.text(this);
        }
    }

    /** A string of Unicode scalar values; the reader refuses lone surrogates. */
    record Str(String value) implements Json {
        @Override
        public String toString() {
            return JsonWriter.text(this);
        }
    }

    /**
     * A number, kept as it was written, so that an answer passes unchanged. {@link #survives} tells whether it may stand in
     * something that is decided on (R4).
     */
    record Num(String text) implements Json {
        /** Digits (or a wider exponent) beyond this cannot survive a double, and are not worth the arithmetic (R8). */
        private static final int MOST_CHARACTERS = 64;

        public static Num of(long value) {
            return new Num(Long.toString(value));
        }

        public static Num of(double value) {
            return new Num(JsonWriter.number(value));
        }

        /** Of few digits, which most have, it is worked out without the copies that reading any number makes. */
        public double value() {
            return isPlain() ? Long.parseLong(text) : Double.parseDouble(text);
        }

        /** A whole number of few digits, written in the one way: most numbers are. It survives, and is its own canonical form. */
        boolean isPlain() {
            int from = text.startsWith("-") ? 1 : 0;
            int digits = text.length() - from;
            if (digits < 1 || digits > 15 || (text.charAt(from) == '0' && text.length() > 1)) {
                return false;
            }
            for (int i = from; i < text.length(); i++) {
                if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                    return false;
                }
            }
            return true;
        }

        /** True if reading this as a double and writing it again gives the same number (I-JSON, RFC 7493 section 2.2). */
        public boolean survives() {
            if (isPlain()) {
                return true;
            }
            if (text.length() > MOST_CHARACTERS) {
                return false;
            }
            double value = value();
            if (Double.isInfinite(value)) {
                return false;
            }
            if (value == 0) {
                return isZeroAsWritten();
            }
            return new java.math.BigDecimal(text).compareTo(new java.math.BigDecimal(Double.toString(value))) == 0;
        }

        /** The value if it is a whole number that a double holds exactly. */
        public Optional<Long> whole() {
            if (isPlain()) {
                return Optional.of(Long.parseLong(text));
            }
            double value = value();
            boolean exact = value == Math.rint(value) && Math.abs(value) <= 9007199254740991.0;
            return exact ? Optional.of((long) value) : Optional.empty();
        }

        private boolean isZeroAsWritten() {
            int end = text.length();
            for (int i = 0; i < text.length(); i++) {
                if (text.charAt(i) == 'e' || text.charAt(i) == 'E') {
                    end = i;
                    break;
                }
            }
            return text.substring(0, end).chars().noneMatch(c -> c >= '1' && c <= '9');
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** {@code true} or {@code false}. */
    enum Bool implements Json {
        TRUE,
        FALSE;

        public static Bool of(boolean value) {
            return value ? TRUE : FALSE;
        }

        public boolean value() {
            return this == TRUE;
        }

        @Override
        public String toString() {
            return value() ? "true" : "false";
        }
    }

    /** {@code null}. */
    enum Null implements Json {
        NULL;

        @Override
        public String toString() {
            return "null";
        }
    }

    static Str of(String value) {
        return new Str(value);
    }

    static Num of(long value) {
        return Num.of(value);
    }

    static Bool of(boolean value) {
        return Bool.of(value);
    }

    /** Builds an object from alternating names and values. */
    static Builder object() {
        return new Builder(Members.Growing.USUAL);
    }

    /** As {@link #object()}, for an object of about so many members. */
    static Builder object(int members) {
        return new Builder(members);
    }

    /** Collects members in order; {@code null} and empty optionals are left out. */
    final class Builder {
        private final Members.Growing members;

        private Builder(int expected) {
            members = new Members.Growing(expected);
        }

        public Builder put(String name, Json value) {
            members.put(name, value);
            return this;
        }

        public Builder put(String name, String value) {
            return put(name, new Str(value));
        }

        public Builder put(String name, long value) {
            return put(name, Num.of(value));
        }

        public Builder put(String name, boolean value) {
            return put(name, Bool.of(value));
        }

        public Builder put(String name, Optional<String> value) {
            value.ifPresent(text -> put(name, text));
            return this;
        }

        public Builder put(String name, Builder nested) {
            return put(name, nested.build());
        }

        /** As {@link #put(String, Json)}. True if the object did not have the name. */
        public boolean add(String name, Json value) {
            return members.put(name, value);
        }

        public Obj build() {
            return new Obj(members.members());
        }
    }
}
