package dev.reeve.audit;

import java.util.List;
import java.util.Optional;

/**
 * Words that stand in a row in one value of an event. The last one may be the beginning of a word, from {@value #SHORTEST_BEGINNING}
 * characters on: shorter beginnings are those of nearly everything.
 */
public record Phrase(List<String> words) {
    static final int SHORTEST_BEGINNING = 3;
    private static final int MOST = 64;

    public Phrase {
        words = List.copyOf(words);
    }

    /** Empty if no word, or too many of them, are in it. */
    public static Optional<Phrase> of(String text) {
        List<String> words = Words.in(text, MOST + 1);
        return words.isEmpty() || words.size() > MOST ? Optional.empty() : Optional.of(new Phrase(words));
    }

    /** Whether the last word may go on. */
    public boolean isOpen() {
        return words.getLast().length() >= SHORTEST_BEGINNING;
    }

    boolean isIn(List<List<String>> values) {
        return values.stream().anyMatch(this::standsIn);
    }

    private boolean standsIn(List<String> value) {
        for (int at = 0; at + words.size() <= value.size(); at++) {
            if (standsAt(value, at)) {
                return true;
            }
        }
        return false;
    }

    private boolean standsAt(List<String> value, int at) {
        int last = words.size() - 1;
        for (int i = 0; i < last; i++) {
            if (!value.get(at + i).equals(words.get(i))) {
                return false;
            }
        }
        String found = value.get(at + last);
        return isOpen() ? found.startsWith(words.get(last)) : found.equals(words.get(last));
    }
}
