package dev.reeve.guard;

import java.util.Arrays;

/** A text that was written in another way, and where each of its characters stood in the source. */
final class Rewritten {
    private final StringBuilder text = new StringBuilder();
    /** Of each character that was written otherwise: where it is, where it begins in the source, and the end of it there. */
    private int[] marks = new int[48];

    private int size;

    /** Takes over a part of the source as it stands. */
    void copy(String source, int from, int to) {
        text.append(source, from, to);
    }

    /** A character in the place of the source from {@code begin} to {@code end}, where the one before it ends. */
    void put(char c, int begin, int end) {
        if (size + 3 > marks.length) {
            marks = Arrays.copyOf(marks, marks.length * 2);
        }
        marks[size++] = text.length();
        marks[size++] = begin;
        marks[size++] = end;
        text.append(c);
    }

    String text() {
        return text.toString();
    }

    /** Where in the source the character of this index begins; for an end, where the one before it ends. */
    int inSource(int index) {
        int low = last(0, index - 1);
        return low < 0 ? index : marks[low + 2] + index - marks[low] - 1;
    }

    /** Whether this place of the source lies within an escape. */
    boolean isInside(int place) {
        int low = last(1, place - 1);
        return low >= 0 && place < marks[low + 2];
    }

    /** The last mark of which this part is at most {@code most}; -1 if there is none. */
    private int last(int part, int most) {
        int low = 0;
        int high = size / 3;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (marks[middle * 3 + part] <= most) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return (low - 1) * 3;
    }
}
