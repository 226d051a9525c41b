package dev.reeve.guard;

import dev.reeve.guard.Vocabulary.Meaning;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One pass over one text, which may come in pieces: what is found is the same however it was cut. Takes time in proportion to the text, and
 * keeps some {@value Window#REACH} characters of it around the place where it stands. Used again after {@link #finish}. For one thread.
 */
public final class Scan {
    private static final int SLICE = 1 << 15;
    /** What a character needs beside its step is kept above the class that the automaton gives it. */
    private static final int CLASS = 0xff;

    private static final int NOT_PACKED = 1 << 8;
    private static final int TRIGGER = 16;
    private static final byte[] TRIGGERS = new byte[128];
    private static final byte DIGIT = 1;
    private static final byte CAPITAL = 2;
    private static final byte MAIL = 3;
    private static final byte COLON = 4;
    private static final byte PLUS = 5;

    static {
        java.util.Arrays.fill(TRIGGERS, '0', '9' + 1, DIGIT);
        java.util.Arrays.fill(TRIGGERS, 'A', 'Z' + 1, CAPITAL);
        TRIGGERS['@'] = MAIL;
        TRIGGERS[':'] = COLON;
        TRIGGERS['+'] = PLUS;
    }

    private final Vocabulary vocabulary;
    private final int[] needs;
    private final boolean[] wanted;
    private final boolean personal;
    private final boolean signs;
    private final Window window = new Window();
    private final Hints hints = new Hints();
    private final List<Found> found = new ArrayList<>();
    private final Numbers numbers;
    private final Identifiers identifiers;
    private final Assignments assignments;
    private final Secrets secrets;
    private final Signs injection;

    private int at;
    private int state;
    private int packedFrom;
    private int numbersFrom;
    private int colonsFrom;

    /**
     * @param wanted by the numbers of kinds
     * @param personal whether any personal data is
     * @param signs whether any sign of injection is
     */
    Scan(Vocabulary vocabulary, boolean[] wanted, boolean personal, boolean signs) {
        this.vocabulary = vocabulary;
        this.needs = needs(vocabulary.automaton(), personal, signs);
        this.wanted = wanted;
        this.personal = personal;
        this.signs = signs;
        this.numbers = new Numbers(window, hints, this::add);
        this.identifiers = new Identifiers(window, hints, this::add);
        this.assignments = new Assignments(window, this::add);
        this.secrets = new Secrets(window, this::add);
        this.injection = new Signs(window, this::add);
        clear();
    }

    private static int[] needs(Automaton automaton, boolean personal, boolean signs) {
        int[] needs = new int[128];
        for (char c = 0; c < 128; c++) {
            needs[c] = automaton.classOf(c)
                    | (personal ? TRIGGERS[c] << TRIGGER : 0)
                    | (signs && !CharSet.PACKED.has(c) ? NOT_PACKED : 0);
        }
        return needs;
    }

    private void clear() {
        window.clear();
        hints.clear();
        injection.clear();
        secrets.clear();
        assignments.clear();
        found.clear();
        at = 0;
        state = 0;
        packedFrom = 0;
        numbersFrom = 0;
        colonsFrom = 0;
    }

    private void add(Kind kind, int start, int end) {
        if (wanted[kind.number()]) {
            found.add(new Found(kind, start, end));
        }
    }

    /** Whether anything else than signs of injection is. */
    boolean looksForValues() {
        return vocabulary != Vocabulary.SIGNS;
    }

    /** What follows is the value of a member of this name; before the first piece. */
    public void named(String name) {
        if (vocabulary == Vocabulary.SIGNS) {
            return;
        }
        Automaton automaton = vocabulary.automaton();
        int now = 0;
        for (int i = 0; i < name.length(); i++) {
            now = automaton.step(now, name.charAt(i));
            if (now < 0) {
                now = ~now;
                named(name, automaton.hits(now), i + 1);
            }
        }
        if (Assignments.isSecretName(name)) {
            hints.secretName(name);
        }
    }

    private void named(String name, int[] words, int end) {
        for (int number : words) {
            if (vocabulary.meaning(number) instanceof Meaning.Says(Hint hint)
                    && isWhole(name, end - vocabulary.length(number), end)) {
                hints.named(hint);
            }
        }
    }

    private static boolean isWhole(String name, int start, int end) {
        return isWhole(
                start > 0 ? name.charAt(start - 1) : 0, name.charAt(start), end < name.length() ? name.charAt(end) : 0);
    }

    /** Between letters it is a part of another word, unless a capital begins it. */
    private static boolean isWhole(char before, char first, char after) {
        boolean begins = !CharSet.LETTERS.has(before) || (first <= 'Z' && before >= 'a');
        return begins && !(after >= 'a' && after <= 'z');
    }

    /** The next piece. */
    public void feed(CharSequence piece) {
        for (int from = 0; from < piece.length(); from += SLICE) {
            window.append(piece, from, Math.min(piece.length(), from + SLICE));
            run(window.end() - Window.REACH);
            window.forget(at - Window.REACH);
        }
    }

    /** The text has ended. In order of their places; of those that overlap the first, and of these the longest. */
    public List<Found> finish() {
        return finish(true);
    }

    /** @param withSigns false for values alone: no sign hides one of them */
    List<Found> finish(boolean withSigns) {
        run(window.end());
        packedEnd();
        if (!hints.secretName().isEmpty()) {
            assignments.whole(hints.secretName(), window.end());
        }
        if (!withSigns) {
            found.removeIf(Content::isSign);
        }
        List<Found> all = found.size() < 2 ? List.copyOf(found) : apart(found);
        clear();
        return all;
    }

    private static List<Found> apart(List<Found> found) {
        found.sort(Comparator.comparingInt(Found::start)
                .thenComparing(Comparator.comparingInt(Found::end).reversed()));
        List<Found> apart = new ArrayList<>(found.size());
        int end = 0;
        for (Found one : found) {
            if (one.start() >= end) {
                apart.add(one);
                end = one.end();
            }
        }
        return List.copyOf(apart);
    }

    /** The hot loop: two looks at tables for each character, and more only where a table says so. */
    private void run(int limit) {
        Automaton automaton = vocabulary.automaton();
        int[] next = automaton.next();
        char[] chars = window.chars();
        int base = window.base();
        int now = state;
        int packedTo = signs ? packedFrom + Signs.LONGEST_CODE : Integer.MAX_VALUE;
        for (int i = at; i < limit; i++) {
            char c = chars[i - base];
            int need = c < 128 ? needs[c] : NOT_PACKED;
            int stepped = c < 128 ? next[now + (need & CLASS)] : 0;
            if (stepped >= 0 && need <= CLASS && i < packedTo) {
                now = stepped;
                continue;
            }
            now = stepped < 0 ? ~stepped : stepped;
            at = i;
            if (stepped < 0) {
                words(automaton.hits(now), i + 1);
            }
            if (c >= 128) {
                foreign(c);
            } else if (need >= 1 << TRIGGER) {
                trigger((byte) (need >> TRIGGER));
            }
            if (signs && ((need & NOT_PACKED) != 0 || i >= packedTo)) {
                packedEnd();
                packedTo = packedFrom + Signs.LONGEST_CODE;
            }
        }
        state = now;
        at = Math.max(at, limit);
    }

    private void words(int[] numbers, int end) {
        for (int number : numbers) {
            word(number, end);
        }
    }

    private void packedEnd() {
        if (signs && at - packedFrom >= Signs.SHORTEST_CODE) {
            injection.packed(packedFrom, at);
        }
        packedFrom = at + 1;
    }

    private void foreign(char c) {
        if (!signs || Character.isLowSurrogate(c)) {
            return;
        }
        int code = Character.isHighSurrogate(c) ? Character.toCodePoint(c, low(window.at(at + 1))) : c;
        int before = at == 0 ? 0 : before();
        injection.foreign(at, code, before);
    }

    private static char low(char c) {
        return Character.isLowSurrogate(c) ? c : '\udc00';
    }

    private int before() {
        char last = window.at(at - 1);
        return Character.isLowSurrogate(last) ? Character.toCodePoint(window.at(at - 2), last) : last;
    }

    private void trigger(byte what) {
        switch (what) {
            case DIGIT -> digit();
            case CAPITAL -> {
                if (!window.isWord(at - 1)) {
                    identifiers.at(at);
                }
            }
            case MAIL -> Mails.at(window, at, this::add);
            case COLON -> {
                if (at >= colonsFrom) {
                    colonsFrom = Hosts.v6(window, at, this::add);
                }
            }
            default -> Phones.international(window, hints, at, this::add);
        }
    }

    private void digit() {
        if (at < numbersFrom) {
            return;
        }
        if (!window.isWord(at - 1)) {
            numbersFrom = numbers.at(at);
        } else if (window.isDigit(at + 1) && !window.isDigit(at - 1) && !window.isWord(at - 3)) {
            identifiers.beforeDigits(at - 2);
        }
    }

    private void word(int number, int end) {
        int start = end - vocabulary.length(number);
        switch (vocabulary.meaning(number)) {
            case Meaning.Begins begins -> {
                if (wanted[begins.kind().number()]) {
                    begins.form().at(window, start, this::add, begins.kind());
                }
            }
            case Meaning.Says says -> {
                if (personal && isWhole(window.at(start - 1), window.at(start), window.at(end))) {
                    hints.seen(says.hint(), end);
                }
            }
            case Meaning.Calls calls -> look(calls.look(), start, end);
        }
    }

    private void look(Vocabulary.Look look, int start, int end) {
        switch (look) {
            case ASSIGNMENT -> assignments.at(start, end);
            case PEM -> secrets.pem(start, end);
            case JWT -> secrets.jwt(start);
            case LOGIN -> secrets.login(end);
            case HEADER -> secrets.header(end);
            default -> sign(look, start, end);
        }
    }

    private void sign(Vocabulary.Look look, int start, int end) {
        if (!signs) {
            return;
        }
        switch (look) {
            case COMMENT -> injection.comment(start, end);
            case STYLE -> injection.style(start, end);
            case PERCENT -> injection.percent(start);
            case LINK -> injection.link(end);
            case IMAGE -> injection.image(start, end);
            case CHAT_MARK -> add(Kinds.CHAT_MARK, start, end);
            default -> add(Kinds.ORDERS, start, end);
        }
    }

    /** For a test: characters that were looked at beside the one pass. */
    long steps() {
        return window.steps();
    }
}
