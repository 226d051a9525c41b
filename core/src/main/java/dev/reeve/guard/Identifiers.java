package dev.reeve.guard;

import java.util.HashMap;
import java.util.Map;

/** What begins with letters: IBAN, NINO, NIE, codice fiscale; and the letter behind a DNI. */
final class Identifiers {
    /** Lengths of the IBAN registry (ISO 13616). */
    private static final Map<String, Integer> IBAN = new HashMap<>();

    static {
        String lengths =
                "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27 GB22"
                        + " GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27"
                        + " MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28"
                        + " TL23 TN24 TR26 UA29 VA22 VG24 XK20";
        for (String one : lengths.split(" ", -1)) {
            IBAN.put(one.substring(0, 2), Integer.parseInt(one.substring(2)));
        }
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
        if (second >= '0' && second <= '9') {
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

    private void iban(int start) {
        Integer length = IBAN.get(window.text(start, start + 2));
        if (length == null) {
            return;
        }
        StringBuilder text = new StringBuilder(length);
        int at = start;
        boolean spaced = window.at(start + 4) == ' ';
        while (text.length() < length) {
            char c = window.at(at++);
            if (CharSet.UPPER_DIGITS.has(c)) {
                text.append(c);
            } else if (!(c == ' ' && spaced && text.length() % 4 == 0)) {
                return;
            }
        }
        if (!window.isWord(at) && Checksums.iban(text.toString())) {
            sink.found(Kinds.IBAN, start, at);
        }
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
        int end = window.run(CharSet.DIGITS, at, 8);
        int letter = window.at(end) == '-' ? end + 1 : end;
        if (end - at != 7 || window.isWord(letter + 1)) {
            return;
        }
        int number = (window.at(start) - 'X') * 10_000_000 + Integer.parseInt(window.text(at, end));
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

    /** Eight digits, perhaps a hyphen, the letter that belongs to them. */
    static boolean dni(Window window, Hints hints, Digits digits, int group, Sink sink) {
        int start = digits.start(group);
        int letter = window.at(digits.end(group)) == '-' ? digits.end(group) + 1 : digits.end(group);
        boolean whole = hints.near(Hint.DNI, start)
                && !window.isWord(start - 1)
                && !window.isWord(letter + 1)
                && window.at(letter) == Checksums.dni(Integer.parseInt(digits.text(group, group)));
        if (whole) {
            sink.found(Kinds.DNI, start, letter + 1);
        }
        return whole;
    }
}
