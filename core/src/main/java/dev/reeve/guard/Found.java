package dev.reeve.guard;

/**
 * One find. Holds no part of the text.
 *
 * @param start index of its first character (UTF-16)
 * @param end index behind its last character
 */
public record Found(Kind kind, int start, int end) {
    public Found {
        if (start < 0 || end <= start) {
            throw new IllegalArgumentException("a find has a place");
        }
    }
}
