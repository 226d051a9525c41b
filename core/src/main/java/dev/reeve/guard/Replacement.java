package dev.reeve.guard;

/** What stands in the place of a find. */
@FunctionalInterface
public interface Replacement {
    /** The placeholder of its kind. */
    Replacement PLACEHOLDERS = (found, name, text) -> found.kind().placeholder();

    /**
     * @param name of the member whose value the text is; may be empty
     * @param text all of it: the find is a part
     */
    String of(Found found, String name, String text);
}
