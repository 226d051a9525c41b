package dev.reeve.guard;

import java.util.HashMap;
import java.util.Map;

/** Telephone numbers (ITU-T E.164 and the national plans' lengths). */
final class Phones {
    /** So many digits behind a plus are a number without separators and without a word; fewer may be a line of a difference. */
    private static final int SURE = 11;

    /** A country's prefix, and how many digits follow: fewest and most. */
    private static final Map<String, int[]> PLANS = new HashMap<>();

    static {
        String plans =
                "1:10-10 7:10-10 20:9-10 27:9-9 30:10-10 31:9-9 32:8-9 33:9-9 34:9-9 36:8-9 39:9-11 40:9-9 41:9-9 43:7-13 44:9-10 45:8-8"
                        + " 46:7-10 47:8-8 48:9-9 49:7-12 51:8-9 52:10-10 54:10-11 55:10-11 56:9-9 57:10-10 60:8-10 61:9-9 62:8-12 63:10-10"
                        + " 64:8-10 65:8-8 66:8-9 81:9-10 82:8-10 84:9-10 86:10-11 90:10-10 91:10-10 92:10-10 98:10-10 212:9-9 213:9-9"
                        + " 216:8-8 234:8-10 254:9-9 351:9-9 352:6-9 353:8-9 354:7-7 355:8-9 356:8-8 357:8-8 358:7-10 359:8-9 370:8-8 371:8-8"
                        + " 372:7-8 373:8-8 375:9-9 380:9-9 381:8-9 385:8-9 386:8-8 387:8-8 389:8-8 420:9-9 421:9-9 423:7-9 852:8-8 886:8-9"
                        + " 961:7-8 962:8-9 965:8-8 966:8-9 971:8-9 972:8-9 974:8-8 994:9-9 995:9-9 998:9-9";
        for (String plan : plans.split(" ", -1)) {
            int colon = plan.indexOf(':');
            int hyphen = plan.indexOf('-');
            PLANS.put(plan.substring(0, colon), new int[] {
                Integer.parseInt(plan.substring(colon + 1, hyphen)), Integer.parseInt(plan.substring(hyphen + 1))
            });
        }
    }

    private Phones() {}

    /** At a plus: {@code +49 30 901820}, {@code +1 (415) 555-2671}. */
    static int international(Window window, Hints hints, int plus, Sink sink) {
        StringBuilder digits = new StringBuilder(16);
        int end = plus + 1;
        int last = end;
        while (end - plus < 32 && digits.length() < 16) {
            char c = window.at(end);
            if (c >= '0' && c <= '9') {
                digits.append(c);
                last = end + 1;
            } else if (!isBetween(c) || (isBetween(window.at(end - 1)) && c != '(' && window.at(end - 1) != ')')) {
                break;
            }
            end++;
        }
        boolean apart = last - plus - 1 > digits.length();
        boolean known = apart || digits.length() >= SURE || hints.near(Hint.PHONE, plus);
        boolean whole = !window.isWord(plus - 1)
                && !window.isWord(last)
                && !(window.at(last) == '.' && window.isWord(last + 1));
        if (known && whole && fits(digits.toString())) {
            sink.found(Kinds.PHONE, plus, last);
        }
        return Math.max(last, plus + 1);
    }

    private static boolean isBetween(char c) {
        return c == ' ' || c == '-' || c == '(' || c == ')' || c == '.' || c == '/';
    }

    private static boolean fits(String digits) {
        for (int length = 1; length <= 3 && length < digits.length(); length++) {
            int[] plan = PLANS.get(digits.substring(0, length));
            if (plan != null) {
                String rest = digits.substring(length);
                int least = rest.startsWith("0") ? plan[0] + 1 : plan[0];
                int most = rest.startsWith("0") ? plan[1] + 1 : plan[1];
                return rest.length() >= least
                        && rest.length() <= most
                        && (length > 1 || digits.charAt(0) != '1' || isNorthAmerican(rest));
            }
        }
        return false;
    }

    private static boolean isNorthAmerican(String ten) {
        return ten.charAt(0) >= '2' && ten.charAt(3) >= '2' && !(ten.charAt(1) == '1' && ten.charAt(2) == '1');
    }

    /** {@code (415) 555-2671}, {@code 415-555-2671}; with other separators near a word. */
    static boolean northAmerican(Window window, Hints hints, Digits digits, int group, Sink sink) {
        int start = digits.start(group);
        boolean bracket = window.at(start - 1) == '(' && window.at(digits.end(group)) == ')';
        if (bracket) {
            return inBrackets(window, start, sink);
        }
        boolean shaped = digits.shape(group, '-', 3, 3, 4)
                || (hints.near(Hint.PHONE, start)
                        && (digits.shape(group, '.', 3, 3, 4) || digits.shape(group, ' ', 3, 3, 4)));
        if (!shaped || !isNorthAmerican(digits.text(group, group + 2))) {
            return national(window, hints, digits, group, sink);
        }
        sink.found(Kinds.PHONE, start, digits.end(group + 2));
        return true;
    }

    private static boolean inBrackets(Window window, int start, Sink sink) {
        int next = window.at(start + 4) == ' ' ? start + 5 : start + 4;
        boolean shaped = window.run(CharSet.DIGITS, next, 4) == next + 3
                && (window.at(next + 3) == '-' || window.at(next + 3) == '.' || window.at(next + 3) == ' ')
                && window.run(CharSet.DIGITS, next + 4, 5) == next + 8
                && !window.isWord(next + 8);
        if (!shaped) {
            return false;
        }
        String ten = window.text(start, start + 3) + window.text(next, next + 3) + window.text(next + 4, next + 8);
        if (!isNorthAmerican(ten)) {
            return false;
        }
        sink.found(Kinds.PHONE, start - 1, next + 8);
        return true;
    }

    /** As one dials at home; only where a word says that it is a telephone's. */
    static boolean national(Window window, Hints hints, Digits digits, int group, Sink sink) {
        int start = digits.start(group);
        if (!hints.near(Hint.PHONE, start, 16) || window.isWord(start - 1)) {
            return false;
        }
        int last = group;
        int length = digits.length(group);
        while (last + 1 < digits.groups() && length + digits.length(last + 1) <= 12) {
            length += digits.length(++last);
        }
        if (length < 9 || !digits.isAlone(group, last) || (window.at(start) != '0' && length != 10)) {
            return false;
        }
        sink.found(Kinds.PHONE, start, digits.end(last));
        return true;
    }
}
