package dev.reeve.guard;

import java.util.ArrayList;
import java.util.List;

/** The words that the one pass looks for, and what is done at each. */
final class Vocabulary {
    static final Vocabulary ALL = new Vocabulary(true);
    /** Of signs of injection alone, which are always looked for: its table is small enough for the nearest cache. */
    static final Vocabulary SIGNS = new Vocabulary(false);

    /** What a word begins, or says. */
    sealed interface Meaning {
        /** @param kind of what it begins, if its structure is right */
        record Begins(SecretForm form, Kind kind) implements Meaning {}

        record Says(Hint hint) implements Meaning {}

        record Calls(Look look) implements Meaning {}
    }

    /** What has more than one part. */
    enum Look {
        ASSIGNMENT,
        PEM,
        JWT,
        LOGIN,
        HEADER,
        COMMENT,
        STYLE,
        PERCENT,
        LINK,
        IMAGE,
        CHAT_MARK,
        ORDER
    }

    private final List<String> words = new ArrayList<>();
    private final List<Meaning> meanings = new ArrayList<>();
    private final Automaton automaton;

    private Vocabulary(boolean all) {
        if (all) {
            addValues();
        }
        addSigns();
        automaton = new Automaton(words);
    }

    private void addValues() {
        SecretForms.all().forEach(form -> add(form.prefix(), new Meaning.Begins(form, Kinds.known(form.id()))));
        for (Hint hint : Hint.values()) {
            hint.words().forEach(word -> add(word, new Meaning.Says(hint)));
        }
        Assignments.WORDS.forEach(word -> add(word, Look.ASSIGNMENT));
        add("-----BEGIN ", Look.PEM);
        add("eyJ", Look.JWT);
        add("://", Look.LOGIN);
        add("bearer ", Look.HEADER);
        add("basic ", Look.HEADER);
    }

    private void addSigns() {
        add("<!--", Look.COMMENT);
        Signs.STYLES.forEach(style -> add(style, Look.STYLE));
        add("%20", Look.PERCENT);
        add("](", Look.LINK);
        add("<img", Look.IMAGE);
        Signs.CHAT_MARKS.forEach(mark -> add(mark, Look.CHAT_MARK));
        Signs.ORDERS.forEach(order -> add(order, Look.ORDER));
    }

    private void add(String word, Look look) {
        add(word, new Meaning.Calls(look));
    }

    private void add(String word, Meaning meaning) {
        words.add(word);
        meanings.add(meaning);
    }

    Automaton automaton() {
        return automaton;
    }

    int length(int number) {
        return words.get(number).length();
    }

    Meaning meaning(int number) {
        return meanings.get(number);
    }
}
