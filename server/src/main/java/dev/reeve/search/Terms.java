package dev.reeve.search;

import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.audit.Phrase;
import dev.reeve.audit.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Words as the index holds them: cut, and, since it keeps no places of words, each once for an event. What is found by them is looked at again. */
final class Terms {
    private static final int LONGEST = 40;

    private Terms() {}

    static String of(Happened happened) {
        StringBuilder terms = new StringBuilder();
        for (List<String> value : Words.of(happened)) {
            for (String word : value) {
                terms.append(cut(word)).append(' ');
            }
        }
        return terms.toString();
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
