package dev.reeve.guard;

/**
 * One kind of thing that is found.
 *
 * @param id its name in rules, records and placeholders; never changes
 * @param number its place in {@link Kinds#all}
 * @param about what it is and by what it is known, for the page for operators
 */
public record Kind(String id, DataClass dataClass, int number, String about) implements Comparable<Kind> {
    @Override
    public int compareTo(Kind other) {
        return id.compareTo(other.id);
    }

    /** What stands in its place: {@code [card]}. What nobody sees leaves nothing behind. */
    public String placeholder() {
        return vanishes() ? "" : "[" + id + "]";
    }

    private boolean vanishes() {
        return id.endsWith("-characters");
    }
}
