package dev.reeve.guard;

import java.util.Set;

/** What is written in digits: cards, numbers of people, addresses of hosts, dates. */
final class Numbers {
    /** Area numbers and whole numbers that are in advertisements, and nobody's. */
    private static final Set<String> SAMPLES = Set.of("078051120", "219099999", "123456789");

    private final Window window;
    private final Hints hints;
    private final Digits digits;
    private final Sink sink;

    Numbers(Window window, Hints hints, Sink sink) {
        this.window = window;
        this.hints = hints;
        this.digits = new Digits(window);
        this.sink = sink;
    }

    /** @return the index behind the number */
    int at(int from) {
        int end = digits.read(from);
        for (int group = 0; group < digits.groups(); ) {
            group = Math.max(group + 1, look(group));
        }
        return end;
    }

    /** @return the group behind what was found, or 0 */
    private int look(int group) {
        int cards = card(group);
        if (cards > 0) {
            return cards;
        }
        return switch (digits.length(group)) {
            case 1, 2 -> shortGroup(group);
            case 3 -> threes(group);
            case 4 -> digits.shape(group, '.', 4, 2, 3) ? bsn(group, group + 2) : date(group, 4, 2, 2);
            case 8 -> Identifiers.dni(window, hints, digits, group, group, sink) ? group + 1 : pension(group);
            case 9 -> nine(group);
            case 10, 12 -> single(group);
            case 11 -> taxDe(group, group);
            case 15 -> nir(group, group);
            default -> 0;
        };
    }

    private int shortGroup(int group) {
        if (digits.shape(group, '.', lengthsOf(group, 4)) && address(group)) {
            return group + 4;
        }
        // With dots, it is first of all a large number.
        boolean tax = digits.shape(group, ' ', 2, 3, 3, 3)
                || (digits.shape(group, '.', 2, 3, 3, 3) && hints.near(Hint.TAX_DE, digits.start(group)));
        if (tax) {
            return taxDe(group, group + 3);
        }
        if (digits.begins(group, '.', 2, 3, 3) && Identifiers.dni(window, hints, digits, group, group + 2, sink)) {
            return group + 3;
        }
        if (digits.shape(group, ' ', 1, 2, 2, 2, 3, 3, 2) || digits.shape(group, '.', 1, 2, 2, 2, 3, 3, 2)) {
            return nir(group, group + 6);
        }
        int date = date(group, 2, 2, 4);
        return date > 0 ? date : pensionSpaced(group);
    }

    private int[] lengthsOf(int group, int count) {
        int[] lengths = new int[count];
        for (int i = 0; i < count; i++) {
            int length = digits.length(group + i);
            lengths[i] = length == 0 || length > 3 ? -1 : length;
        }
        return lengths;
    }

    private int threes(int group) {
        if (digits.shape(group, '.', lengthsOf(group, 4)) && address(group)) {
            return group + 4;
        }
        boolean hyphens = digits.shape(group, '-', 3, 2, 4);
        boolean dots = digits.shape(group, '.', 3, 2, 4);
        if (hyphens || dots || digits.shape(group, ' ', 3, 2, 4)) {
            int american = american(group, group + 2, hyphens);
            if (american > 0 || !dots) {
                return american;
            }
        }
        boolean ten = digits.shape(group, ' ', 3, 3, 4) || digits.shape(group, '.', 3, 3, 4);
        if (ten && nhs(group, group + 2) > 0) {
            return group + 3;
        }
        int nine = digits.shape(group, '.', 3, 3, 3) ? bsn(group, group + 2) : 0;
        if (nine > 0) {
            return nine;
        }
        return Phones.northAmerican(window, hints, digits, group, sink) ? group + 3 : 0;
    }

    private int nine(int group) {
        if (!digits.isAlone(group, group)) {
            return 0;
        }
        int american = american(group, group, false);
        if (american > 0) {
            return american;
        }
        return bsn(group, group);
    }

    private int bsn(int first, int last) {
        return hints.near(Hint.BSN, digits.start(first)) && Checksums.weighted11(digits.text(first, last), -1)
                ? found(Kinds.BSN, first, last)
                : 0;
    }

    private int single(int group) {
        int nhs = digits.length(group) == 10 && digits.isAlone(group, group) ? nhs(group, group) : 0;
        return nhs > 0 ? nhs : Phones.national(window, hints, digits, group, sink) ? digits.groups() : 0;
    }

    private int found(Kind kind, int first, int last) {
        sink.found(kind, digits.start(first), digits.end(last));
        return last + 1;
    }

    private int card(int group) {
        int last = Cards.lastGroup(digits, group);
        if (last < 0 || !Cards.isCard(digits.text(group, last))) {
            return 0;
        }
        int start = digits.start(group);
        boolean ordinary = last == group
                && (hints.isNamed(Hint.ORDINARY) || hints.near(Hint.ORDINARY, start, 12) || digits.length(group) > 16);
        ordinary |= last > group && digits.before(last) == '.' && hints.near(Hint.VERSION, start, 16);
        return ordinary && !hints.near(Hint.CARD, start) ? 0 : found(Kinds.CARD, group, last);
    }

    private int american(int first, int last, boolean hyphens) {
        String text = digits.text(first, last);
        int start = digits.start(first);
        int area = Integer.parseInt(text.substring(0, 3));
        int middle = Integer.parseInt(text.substring(3, 5));
        if (SAMPLES.contains(text) || text.endsWith("0000")) {
            return 0;
        }
        if (area >= 900) {
            boolean given =
                    (middle >= 50 && middle <= 65) || (middle >= 70 && middle <= 88) || (middle >= 90 && middle != 93);
            boolean named = hints.near(Hint.ITIN, start) || hints.near(Hint.SSN, start);
            return given && (hyphens || named) ? found(Kinds.ITIN, first, last) : 0;
        }
        boolean given = area != 0 && area != 666 && middle != 0;
        return given && (hyphens || hints.near(Hint.SSN, start)) ? found(Kinds.SSN, first, last) : 0;
    }

    private int nhs(int first, int last) {
        String text = digits.text(first, last);
        return hints.near(Hint.NHS, digits.start(first)) && Checksums.weighted11(text, 1) && text.charAt(0) != '0'
                ? found(Kinds.NHS, first, last)
                : 0;
    }

    private int taxDe(int first, int last) {
        if (!digits.isAlone(first, last)) {
            return 0;
        }
        String text = digits.text(first, last);
        boolean known = first < last || hints.near(Hint.TAX_DE, digits.start(first));
        if (known && text.charAt(0) != '0' && repeatsOne(text) && Checksums.mod11And10(text)) {
            return found(Kinds.TAX_DE, first, last);
        }
        return Phones.national(window, hints, digits, first, sink) ? digits.groups() : 0;
    }

    /** Of the first ten digits exactly one is there twice or three times. */
    private static boolean repeatsOne(String text) {
        int[] counts = new int[10];
        for (int i = 0; i < 10; i++) {
            counts[text.charAt(i) - '0']++;
        }
        int more = 0;
        for (int count : counts) {
            more += count > 1 ? 1 : 0;
            if (count > 3) {
                return false;
            }
        }
        return more == 1;
    }

    private int nir(int first, int last) {
        if (!digits.isAlone(first, last)) {
            return 0;
        }
        String text = digits.text(first, last);
        int month = Integer.parseInt(text.substring(3, 5));
        int department = Integer.parseInt(text.substring(5, 7));
        boolean plausible = (text.charAt(0) == '1' || text.charAt(0) == '2')
                && ((month >= 1 && month <= 12) || (month >= 20 && month <= 42))
                && department >= 1
                && department != 96;
        return plausible && Checksums.nir(text) ? found(Kinds.NIR, first, last) : 0;
    }

    /** {@code 65170839J008}: eight digits, a letter, three digits. */
    private int pension(int group) {
        int end = digits.end(group);
        char letter = window.at(end);
        boolean shaped = letter >= 'A'
                && letter <= 'Z'
                && window.run(CharSet.DIGITS, end + 1, 4) == end + 4
                && !window.isWord(end + 4)
                && !window.isWord(digits.start(group) - 1);
        return shaped
                ? pension(digits.text(group, group) + window.text(end, end + 4), digits.start(group), end + 4)
                : 0;
    }

    /** {@code 65 170839 J 008}, or with dots. */
    private int pensionSpaced(int group) {
        int end = group + 1 < digits.groups() ? digits.end(group + 1) : 0;
        char between = window.at(end);
        boolean shaped = digits.length(group) == 2
                && digits.length(group + 1) == 6
                && (between == ' ' || between == '.')
                && CharSet.UPPER_DIGITS.has(window.at(end + 1))
                && !window.isDigit(end + 1)
                && window.at(end + 2) == between
                && window.run(CharSet.DIGITS, end + 3, 4) == end + 6
                && !window.isWord(end + 6)
                && !window.isWord(digits.start(group) - 1);
        if (!shaped) {
            return 0;
        }
        String text = digits.text(group, group + 1) + window.at(end + 1) + window.text(end + 3, end + 6);
        return pension(text, digits.start(group), end + 6) > 0 ? group + 2 : 0;
    }

    private int pension(String text, int start, int end) {
        int day = Integer.parseInt(text.substring(2, 4));
        int month = Integer.parseInt(text.substring(4, 6));
        boolean plausible = day >= 1 && day <= 81 && month >= 1 && month <= 12;
        if (!plausible || !Checksums.pension(text)) {
            return 0;
        }
        sink.found(Kinds.PENSION, start, end);
        return digits.groups();
    }

    /** The order of year, month and day differs; a word for birth must be near. */
    private int date(int group, int first, int second, int third) {
        boolean shaped = first == 4
                ? digits.shape(group, (char) 0, 4, 2, 2)
                : third == 4
                        && digits.length(group + 2) == 4
                        && digits.length(group + 1) <= 2
                        && digits.isAlone(group, group + 2);
        if (!shaped || !hints.near(Hint.BIRTH, digits.start(group), 32)) {
            return 0;
        }
        int year = Integer.parseInt(digits.text(first == 4 ? group : group + 2, first == 4 ? group : group + 2));
        int middle = Integer.parseInt(digits.text(group + 1, group + 1));
        int other = Integer.parseInt(digits.text(first == 4 ? group + 2 : group, first == 4 ? group + 2 : group));
        boolean plausible = year >= 1900
                && year <= 2099
                && middle >= 1
                && other >= 1
                && Math.min(middle, other) <= 12
                && Math.max(middle, other) <= 31
                && second == 2;
        return plausible ? found(Kinds.BIRTH, group, group + 2) : 0;
    }

    private boolean address(int group) {
        if (!Hosts.isGlobal(digits, group)
                || window.at(digits.start(group) - 1) == 'v'
                || hints.near(Hint.VERSION, digits.start(group), 16)) {
            return false;
        }
        sink.found(Kinds.IP, digits.start(group), digits.end(group + 3));
        return true;
    }
}
