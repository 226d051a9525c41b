package dev.reeve.definitions.checks;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A row of words with room between them, as {@code ignore|forget ..3 previous|prior ..2 instruction*}: {@code |} is a choice, {@code *} ends
 * a beginning of a word, {@code ..3} are up to three words of the same sentence.
 *
 * <p>Takes time in proportion to the text: the rooms are small constants of ours, and a text adds none (R8).
 */
final class Phrase {
    private record Step(int room, Set<String> words, List<String> beginnings) {
        boolean fits(String word) {
            return words.contains(word) || beginnings.stream().anyMatch(word::startsWith);
        }
    }

    private final List<Step> steps = new ArrayList<>();

    Phrase(String text) {
        int room = 0;
        for (String part : text.split(" ", -1)) {
            if (part.startsWith("..")) {
                room = Integer.parseInt(part.substring(2));
            } else {
                steps.add(step(room, part));
                room = 0;
            }
        }
    }

    private static Step step(int room, String choices) {
        List<String> words = new ArrayList<>();
        List<String> beginnings = new ArrayList<>();
        for (String choice : choices.split("\\|", -1)) {
            if (choice.endsWith("*")) {
                beginnings.add(choice.substring(0, choice.length() - 1));
            } else {
                words.add(choice);
            }
        }
        return new Step(room, Set.copyOf(words), List.copyOf(beginnings));
    }

    /** The words that it can begin with; empty if one of them is the beginning of a word only. */
    Set<String> firstWords() {
        return steps.getFirst().beginnings().isEmpty() ? steps.getFirst().words() : Set.of();
    }

    /** @return the index behind the last word, or -1 */
    int matches(Words words, int from) {
        return matches(words, from, 0);
    }

    private int matches(Words words, int from, int index) {
        if (index == steps.size()) {
            return from;
        }
        Step step = steps.get(index);
        for (int at = from; at < words.size() && at <= from + step.room(); at++) {
            if (words.at(at).equals(Words.END)) {
                return -1;
            }
            int end = step.fits(words.at(at)) ? matches(words, at + 1, index + 1) : -1;
            if (end >= 0) {
                return end;
            }
        }
        return -1;
    }
}
