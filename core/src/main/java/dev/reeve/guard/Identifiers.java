package dev.reeve.guard;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** What begins with letters: IBAN, NINO, NIE, codice fiscale; and the letter behind a DNI. */
final class Identifiers {
    /** What follows a country's two letters and two digits, by the IBAN registry (ISO 13616): a character of each, {@code a}, {@code c} or {@code n}. */
    private static final Map<String, String> IBAN = new HashMap<>();

    static {
        String accounts =
                "AD8n12c AE19n AL8n16c AT16n AZ4a20c BA16n BE12n BG4a6n8c BH4a14c BR23n1a1c BY4c4n16c CH5n12c CR18n CY8n16c CZ20n DE18n DK14n"
                        + " DO4c20n EE16n EG25n ES20n FI14n FO14n FR10n11c2n GB4a14n GE2a16n GI4a15c GL14n GR7n16c GT4c20c HR17n HU24n IE4a14n"
                        + " IL19n IQ4a15n IS22n IT1a10n12c JO4a4n18c KW4a22c KZ3n13c LB4n20c LC4a24c LI5n12c LT16n LU3n13c LV4a13c LY21n"
                        + " MC10n11c2n MD2c18c ME18n MK3n10c2n MR23n MT4a5n18c MU4a19n3a NL4a10n NO11n PK4a16c PL24n PS4a21c PT21n QA4a21c"
                        + " RO4a16c RS18n SA2n18c SC4a20n3a SE20n SI15n SK20n SM1a10n12c ST21n SV4a20n TL19n TN20n TR6n16c UA6n19c VA18n"
                        + " VG4a16n XK16n";
        for (String one : accounts.split(" ", -1)) {
            IBAN.put(one.substring(0, 2), written(one.substring(2)));
        }
    }

    /** Each character of {@code 4a14n}. */
    private static String written(String account) {
        StringBuilder all = new StringBuilder();
        int count = 0;
        for (int i = 0; i < account.length(); i++) {
            char c = account.charAt(i);
            if (c <= '9') {
                count = count * 10 + c - '0';
            } else {
                all.repeat(c, count);
                count = 0;
            }
        }
        return all.toString();
    }

    private final Window window;
    private final Hints hints;
    private final Sink sink;

    Identifiers(Window window, Hints hints, Sink sink) {
        this.window = window;
        this.hints = hints;
        this.sink = sink;
    }

    /** At a capital that begins a word. */
    void at(int start) {
        char second = window.at(start + 1);
        char first = window.at(start);
        if ((second >= '0' && second <= '9') || (second == '-' && window.isDigit(start + 2))) {
            if (first >= 'X' && first <= 'Z') {
                nie(start);
            }
        } else if (second >= 'A' && second <= 'Z') {
            char third = window.at(start + 2);
            if (third >= '0' && third <= '9' && window.isDigit(start + 3)) {
                iban(start);
                nino(start);
            } else if (third == ' ' && window.isDigit(start + 3)) {
                nino(start);
            } else if (third >= 'A' && third <= 'Z') {
                codiceFiscale(start);
            }
        }
    }

    /** At what begins a word and stands two before a digit that another follows. */
    void beforeDigits(int start) {
        char first = window.at(start);
        char second = window.at(start + 1);
        boolean capitals = first <= 'Z' && second <= 'Z'; // those are known already
        if (CharSet.LETTERS.has(first) && CharSet.LETTERS.has(second) && !capitals) {
            iban(start);
        }
    }

    private void iban(int start) {
        String account = IBAN.get(window.text(start, start + 2).toUpperCase(Locale.ROOT));
        if (account == null) {
            return;
        }
        int length = 4 + account.length();
        StringBuilder text = new StringBuilder(length);
        int at = start;
        boolean spaced = window.at(start + 4) == ' ';
        boolean small = false;
        while (text.length() < length) {
            char c = window.at(at++);
            if (CharSet.ALNUM.has(c)) {
                small |= c >= 'a';
                text.append(c >= 'a' ? (char) (c - 'a' + 'A') : c);
            } else if (!(c == ' ' && spaced && text.length() % 4 == 0)) {
                return;
            }
        }
        // Ids are written in small letters: of a hundred that look like one, the check digits alone take one for it.
        boolean shaped = !small || isWritten(text, account);
        if (shaped && !window.isWord(at) && Checksums.iban(text.toString())) {
            sink.found(Kinds.IBAN, start, at);
        }
    }

    private static boolean isWritten(CharSequence iban, String account) {
        boolean letters = false;
        boolean hex = iban.charAt(0) <= 'F' && iban.charAt(1) <= 'F';
        for (int i = 0; i < account.length(); i++) {
            char c = iban.charAt(4 + i);
            boolean digit = c <= '9';
            char wanted = account.charAt(i);
            if ((wanted == 'n' && !digit) || (wanted == 'a' && digit)) {
                return false;
            }
            letters |= !digit;
            hex &= c <= 'F';
        }
        return !(hex && letters);
    }

    /** HMRC manual NIM39110: letters that are not given out. */
    private void nino(int start) {
        char first = window.at(start);
        char second = window.at(start + 1);
        String pair = "" + first + second;
        boolean given = "DFIQUV".indexOf(first) < 0
                && "DFIOQUV".indexOf(second) < 0
                && !java.util.Set.of("BG", "GB", "NK", "KN", "TN", "NT", "ZZ").contains(pair);
        if (!given) {
            return;
        }
        boolean spaced = window.at(start + 2) == ' ';
        int at = spaced ? start + 3 : start + 2;
        for (int i = 0; i < 6; i++) {
            if (!window.isDigit(at++)) {
                return;
            }
            at += spaced && i % 2 == 1 && window.at(at) == ' ' ? 1 : 0;
        }
        char suffix = window.at(at);
        boolean whole = suffix >= 'A' && suffix <= 'D' && !window.isWord(at + 1);
        if (whole && (spaced || hints.near(Hint.NINO, start))) {
            sink.found(Kinds.NINO, start, at + 1);
        }
    }

    private void nie(int start) {
        int at = window.at(start + 1) == '-' ? start + 2 : start + 1;
        boolean dotted = window.at(at + 1) == '.';
        int digits = 0;
        for (int i = 0; i < 7; i++) {
            if (dotted && (i == 1 || i == 4) && window.at(at++) != '.') {
                return;
            }
            if (!window.isDigit(at)) {
                return;
            }
            digits = digits * 10 + window.at(at++) - '0';
        }
        int letter = window.at(at) == '-' ? at + 1 : at;
        if (window.isWord(letter + 1)) {
            return;
        }
        int number = (window.at(start) - 'X') * 10_000_000 + digits;
        if (window.at(letter) == Checksums.dni(number)) {
            sink.found(Kinds.NIE, start, letter + 1);
        }
    }

    private void codiceFiscale(int start) {
        int end = window.run(CharSet.UPPER_DIGITS, start, 17);
        if (end - start != 16 || window.isWord(end)) {
            return;
        }
        String text = window.text(start, end);
        boolean shaped = isLetters(text, 0, 6)
                && isNumber(text, 6, 8)
                && "ABCDEHLMPRST".indexOf(text.charAt(8)) >= 0
                && isNumber(text, 9, 11)
                && isLetters(text, 11, 12)
                && isNumber(text, 12, 15)
                && isLetters(text, 15, 16);
        if (shaped && Checksums.codiceFiscale(text)) {
            sink.found(Kinds.CODICE_FISCALE, start, end);
        }
    }

    private static boolean isLetters(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) < 'A') {
                return false;
            }
        }
        return true;
    }

    /** Where two people would have the same, digits become letters (omocodia). */
    private static boolean isNumber(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && "LMNPQRSTUV".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Eight digits in these groups, perhaps a hyphen, the letter that belongs to them. */
    static boolean dni(Window window, Hints hints, Digits digits, int group, int last, Sink sink) {
        int start = digits.start(group);
        int end = digits.end(last);
        int letter = window.at(end) == '-' ? end + 1 : end;
        boolean whole = hints.near(Hint.DNI, start)
                && !window.isWord(start - 1)
                && !window.isWord(letter + 1)
                && window.at(letter) == Checksums.dni(Integer.parseInt(digits.text(group, last)));
        if (whole) {
            sink.found(Kinds.DNI, start, letter + 1);
        }
        return whole;
    }
}
