package dev.reeve.search;

import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.audit.Phrase;
import dev.reeve.audit.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Words as the index holds them: cut, and, since it keeps no places of words, each once for an event. What is found by them is looked at again. */
final class Terms {
    private static final int LONGEST = 40;

    private Terms() {}

    /** The words of events, one event after the other, in the same place. For one thread. */
    static final class Writer implements Words.Sink {
        /** A power of two. */
        private static final int REMEMBERED = 128;

        private final StringBuilder terms = new StringBuilder(1 << 10);
        /** Values that were taken, the last one of each place; and in which event, with how many words. */
        private final @Nullable String[] taken = new String[REMEMBERED];

        private final long[] events = new long[REMEMBERED];
        private final int[] counts = new int[REMEMBERED];
        private long event;

        String of(Happened happened) {
            event++;
            terms.setLength(0);
            Words.each(happened, this);
            return terms.toString();
        }

        /** The index finds the words of ASCII, and makes their letters small, as we do. */
        @Override
        public boolean takes(String text, int words, int longest) {
            if (longest > LONGEST) {
                return false;
            }
            terms.append(text).append(' ');
            int place = text.hashCode() & REMEMBERED - 1;
            taken[place] = text;
            events[place] = event;
            counts[place] = words;
            return true;
        }

        /** An event says {@code allowed} often; the index keeps it once. */
        @Override
        public int repeats(String text) {
            int place = text.hashCode() & REMEMBERED - 1;
            return events[place] == event && text.equals(taken[place]) ? counts[place] : 0;
        }

        @Override
        public void word(String text, int from, int to, boolean small) {
            if (small) {
                terms.append(text, from, Math.min(to, from + LONGEST));
            } else {
                terms.append(cut(Words.small(text.substring(from, to))));
            }
            terms.append(' ');
        }

        @Override
        public void end() {}
    }

    /** What an event must have to hold the phrase. */
    static String match(Phrase phrase) {
        List<String> parts = new ArrayList<>();
        int last = phrase.words().size() - 1;
        for (int i = 0; i <= last; i++) {
            String word = phrase.words().get(i);
            parts.add('"' + cut(word) + '"' + (i == last && phrase.isOpen() ? " *" : ""));
        }
        return String.join(" AND ", parts);
    }

    /** As {@link #match}, for the name of a resource, at whose end {@code *} may stand for anything. Empty if it has no whole word. */
    static Optional<String> matchResource(String resource) {
        boolean open = resource.endsWith("*");
        String name = open ? resource.substring(0, resource.length() - 1) : resource;
        Optional<Phrase> phrase = Phrase.of(name);
        if (phrase.isEmpty()) {
            return Optional.empty();
        }
        List<String> words = new ArrayList<>(phrase.get().words());
        if (open && Character.isLetterOrDigit(name.codePointBefore(name.length()))) {
            words.removeLast();
        }
        List<String> parts = words.stream().map(word -> '"' + cut(word) + '"').toList();
        return parts.isEmpty() ? Optional.empty() : Optional.of(String.join(" AND ", parts));
    }

    private static String cut(String word) {
        if (word.length() <= LONGEST) {
            return word;
        }
        return word.substring(0, Character.isHighSurrogate(word.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST);
    }
}
