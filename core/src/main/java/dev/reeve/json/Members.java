package dev.reeve.json;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The few members of an ordinary object, flat and in order: a hash table for each object costs more than it saves. Larger objects are
 * kept in a hash table ({@link #of}), so that looking up stays bounded whatever somebody sends (R8). Immutable.
 */
final class Members extends AbstractMap<String, Json> {
    /** Up to here a walk over the names is cheaper than a hash table. A record has some twenty members. */
    static final int FEW = 24;

    private final String[] names;
    private final Json[] values;
    private final int size;

    /** Takes the arrays; nobody writes to them afterwards. */
    Members(String[] names, Json[] values, int size) {
        this.names = names;
        this.values = values;
        this.size = size;
    }

    /** An immutable copy, unless it is one already. */
    static Map<String, Json> of(Map<String, Json> members) {
        if (members instanceof Members || members instanceof Many) {
            return members;
        }
        return members.size() > FEW ? new Many(new LinkedHashMap<>(members)) : few(members);
    }

    private static Members few(Map<String, Json> members) {
        String[] names = new String[members.size()];
        Json[] values = new Json[members.size()];
        int size = 0;
        for (Map.Entry<String, Json> member : members.entrySet()) {
            names[size] = member.getKey();
            values[size++] = member.getValue();
        }
        return new Members(names, values, size);
    }

    /** Where the names are to be found in the order that RFC 8785 wants; whoever makes many objects makes them nearly so. */
    int[] order() {
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            int to = i;
            while (to > 0 && names[order[to - 1]].compareTo(names[i]) > 0) {
                order[to] = order[to - 1];
                to--;
            }
            order[to] = i;
        }
        return order;
    }

    /** Whether the names stand in that order already. */
    boolean isSorted() {
        for (int i = 1; i < size; i++) {
            if (names[i - 1].compareTo(names[i]) > 0) {
                return false;
            }
        }
        return true;
    }

    /** A copy in which {@code name} has this value; a new name goes last. */
    Map<String, Json> with(String name, Json value) {
        int at = indexOf(name);
        if (at < 0 && size == FEW) {
            Map<String, Json> more = new LinkedHashMap<>(this);
            more.put(name, value);
            return new Many(more);
        }
        int length = at < 0 ? size + 1 : size;
        int to = at < 0 ? size : at;
        String[] newNames = Arrays.copyOf(names, length);
        Json[] newValues = Arrays.copyOf(values, length);
        newNames[to] = name;
        newValues[to] = value;
        return new Members(newNames, newValues, length);
    }

    String name(int index) {
        return names[index];
    }

    Json value(int index) {
        return values[index];
    }

    private int indexOf(@Nullable Object name) {
        for (int i = 0; i < size; i++) {
            if (names[i].equals(name)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public @Nullable Json get(@Nullable Object name) {
        int index = indexOf(name);
        return index < 0 ? null : values[index];
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return indexOf(name) >= 0;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public void forEach(BiConsumer<? super String, ? super Json> action) {
        for (int i = 0; i < size; i++) {
            action.accept(names[i], values[i]);
        }
    }

    @Override
    public Set<Entry<String, Json>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Entry<String, Json>> iterator() {
                return new Walk();
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    private final class Walk implements Iterator<Entry<String, Json>> {
        private int next;

        @Override
        public boolean hasNext() {
            return next < size;
        }

        @Override
        public Entry<String, Json> next() {
            if (next == size) {
                throw new NoSuchElementException();
            }
            return new SimpleImmutableEntry<>(names[next], values[next++]);
        }
    }

    /** More than a few: a hash table that nobody else holds. */
    private static final class Many extends AbstractMap<String, Json> {
        private final Map<String, Json> table;
        private final Set<Entry<String, Json>> entries;

        /** Takes a table that keeps its order; nobody writes to it afterwards. */
        Many(Map<String, Json> table) {
            this.table = table;
            this.entries = Collections.unmodifiableMap(table).entrySet();
        }

        @Override
        public @Nullable Json get(@Nullable Object name) {
            return table.get(name);
        }

        @Override
        public boolean containsKey(@Nullable Object name) {
            return table.containsKey(name);
        }

        @Override
        public Set<Entry<String, Json>> entrySet() {
            return entries;
        }
    }

    /** Collects members; each name once. */
    static final class Growing {
        /** Most objects have fewer members. */
        static final int USUAL = 8;

        private String[] names;
        private Json[] values;
        private int size;
        /** Arrays and table belong to an object that was made: they are copied before they are written to again. */
        private boolean shared;

        private @Nullable Map<String, Json> table;

        /** @param expected so many members fit without a copy */
        Growing(int expected) {
            int room = Math.min(expected, FEW);
            names = new String[room];
            values = new Json[room];
        }

        /** Puts the member, in its old place if the name was there. True if it was not. */
        boolean put(String name, Json value) {
            own();
            Map<String, Json> many = table;
            if (many != null) {
                return many.put(name, value) == null;
            }
            for (int i = 0; i < size; i++) {
                if (names[i].equals(name)) {
                    values[i] = value;
                    return false;
                }
            }
            if (size == FEW) {
                toTable().put(name, value);
            } else {
                append(name, value);
            }
            return true;
        }

        private void own() {
            if (!shared) {
                return;
            }
            shared = false;
            Map<String, Json> many = table;
            if (many != null) {
                table = new LinkedHashMap<>(many);
            } else {
                names = names.clone();
                values = values.clone();
            }
        }

        private void append(String name, Json value) {
            if (size == names.length) {
                int room = Math.min(FEW, Math.max(4, size * 2));
                names = Arrays.copyOf(names, room);
                values = Arrays.copyOf(values, room);
            }
            names[size] = name;
            values[size++] = value;
        }

        private Map<String, Json> toTable() {
            Map<String, Json> made = new LinkedHashMap<>(FEW * 3);
            for (int i = 0; i < size; i++) {
                made.put(names[i], values[i]);
            }
            table = made;
            return made;
        }

        /** What was put so far. What is put afterwards does not show in it. */
        Map<String, Json> members() {
            shared = true;
            Map<String, Json> many = table;
            return many != null ? new Many(many) : new Members(names, values, size);
        }
    }
}
