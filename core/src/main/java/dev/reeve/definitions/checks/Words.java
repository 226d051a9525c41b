package dev.reeve.definitions.checks;

import java.util.ArrayList;
import java.util.List;

/** The words of a folded text, small and without separators, with the ends of sentences between them. */
final class Words {
    /** Stands where a sentence ends: no phrase goes across it. */
    static final String END = ".";

    private final List<String> words = new ArrayList<>();
    private final List<Integer> places = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private int begin;

    static Words of(Folded text) {
        Words words = new Words();
        for (int i = 0; i < text.length(); i++) {
            words.take(text, i);
        }
        words.end();
        return words;
    }

    private void take(Folded text, int i) {
        char c = text.at(i);
        if (Character.isLetterOrDigit(c)) {
            if (word.isEmpty()) {
                begin = text.origin(i);
            }
            word.append(c);
        } else if (c != '\'' && c != '\u2019') {
            end();
            if (endsSentence(text, i, c)) {
                words.add(END);
                places.add(text.origin(i));
            }
        }
    }

    private void end() {
        if (!word.isEmpty()) {
            words.add(word.toString());
            places.add(begin);
            word.setLength(0);
        }
    }

    private static boolean endsSentence(Folded text, int i, char c) {
        boolean last = i + 1 == text.length();
        return switch (c) {
            case '!', '?', ';' -> true;
            case '.' -> last || Character.isWhitespace(text.at(i + 1));
            case '\n' -> !last && text.at(i + 1) == '\n';
            default -> false;
        };
    }

    int size() {
        return words.size();
    }

    String at(int index) {
        return words.get(index);
    }

    /** Index in the original text. */
    int place(int index) {
        return places.get(index);
    }
}
