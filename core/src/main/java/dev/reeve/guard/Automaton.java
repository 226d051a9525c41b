package dev.reeve.guard;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Many words in one pass, whatever their capitals (Aho and Corasick 1975), as a table: one look a character, whatever the text is. Words are
 * ASCII.
 */
final class Automaton {
    private static final int[] NONE = {};

    private final byte[] classes = new byte[128];
    private final int width;
    /** While it is made: states by number. Then places of rows, as complement where words end, so that one look says both. */
    private int[] next;

    private int[][] hits;
    private int[] fallback;
    private int states = 1;

    Automaton(List<String> words) {
        int used = 1;
        for (String word : words) {
            for (char c : word.toLowerCase(Locale.ROOT).toCharArray()) {
                if (classes[c] == 0) {
                    classes[c] = (byte) used++;
                    classes[Character.toUpperCase(c)] = classes[c];
                }
            }
        }
        width = used;
        int most = words.stream().mapToInt(String::length).sum() + 1;
        next = new int[most * width];
        hits = new int[most][];
        Arrays.fill(hits, NONE);
        fallback = new int[most];
        for (int i = 0; i < words.size(); i++) {
            insert(words.get(i), i);
        }
        join();
        next = Arrays.copyOf(next, states * width);
        hits = Arrays.copyOf(hits, states);
        fallback = NONE;
        for (int i = 0; i < next.length; i++) {
            next[i] = hits[next[i]].length == 0 ? next[i] * width : ~(next[i] * width);
        }
    }

    private void insert(String word, int number) {
        int state = 0;
        for (int i = 0; i < word.length(); i++) {
            int edge = state * width + classes[word.charAt(i)];
            if (next[edge] == 0) {
                next[edge] = states++;
            }
            state = next[edge];
        }
        hits[state] = plus(hits[state], new int[] {number});
    }

    private void join() {
        ArrayDeque<Integer> queue = new ArrayDeque<>();
        for (int c = 0; c < width; c++) {
            if (next[c] != 0) {
                queue.add(next[c]);
            }
        }
        while (!queue.isEmpty()) {
            int state = queue.remove();
            hits[state] = plus(hits[state], hits[fallback[state]]);
            for (int c = 0; c < width; c++) {
                int edge = state * width + c;
                int other = next[fallback[state] * width + c];
                if (next[edge] == 0) {
                    next[edge] = other;
                } else {
                    fallback[next[edge]] = other;
                    queue.add(next[edge]);
                }
            }
        }
    }

    private static int[] plus(int[] some, int[] more) {
        int[] all = Arrays.copyOf(some, some.length + more.length);
        System.arraycopy(more, 0, all, some.length, more.length);
        return all;
    }

    /** For the hot loop: {@code next()[state + classOf(c)]} is the state after an ASCII character, or its complement where words end. */
    int[] next() {
        return next;
    }

    int classOf(int c) {
        return classes[c];
    }

    /** The state after a character, or its complement where words end. The first state is 0. */
    int step(int state, char c) {
        return c < 128 ? next[state + classes[c]] : 0;
    }

    /** Numbers of the words that end in this state. */
    int[] hits(int state) {
        return hits[state / width];
    }

    /** For a test: every word that is found, as number and end. */
    List<int[]> all(String text) {
        List<int[]> found = new ArrayList<>();
        int state = 0;
        for (int i = 0; i < text.length(); i++) {
            int stepped = step(state, text.charAt(i));
            state = stepped < 0 ? ~stepped : stepped;
            for (int number : hits(state)) {
                found.add(new int[] {number, i + 1});
            }
        }
        return found;
    }
}
