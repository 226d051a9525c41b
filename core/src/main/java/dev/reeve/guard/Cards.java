package dev.reeve.guard;

/** Payment cards (ISO/IEC 7812). */
final class Cards {
    private Cards() {}

    /** The last group of what is written as a card's number, or -1. */
    static int lastGroup(Digits digits, int group) {
        int length = digits.length(group);
        if (length >= 14 && length <= 19) {
            return digits.isAlone(group, group) ? group : -1;
        }
        if (length != 4 || group + 1 >= digits.groups()) {
            return -1;
        }
        char separator = digits.before(group + 1);
        if (separator != ' ' && separator != '-' && separator != '.') {
            return -1;
        }
        if (digits.shape(group, separator, 4, 4, 4, 4)) {
            return group + 3;
        }
        return digits.shape(group, separator, 4, 6, 5) || digits.shape(group, separator, 4, 6, 4) ? group + 2 : -1;
    }

    static boolean isCard(String digits) {
        return fitsIssuer(digits, digits.length()) && !isOneDigit(digits) && Checksums.luhn(digits);
    }

    private static boolean fitsIssuer(String digits, int length) {
        int four = Integer.parseInt(digits.substring(0, 4));
        int two = four / 100;
        return switch (two) {
            case 34, 37 -> length == 15;
            case 36, 38, 39 -> length == 14;
            case 30 -> length == 14 && four <= 3059;
            case 35 -> length == 16 && four >= 3528 && four <= 3589;
            case 62 -> length >= 16;
            case 60 -> length == 16 && four == 6011;
            case 64 -> length == 16 && four >= 6440;
            case 65 -> length == 16;
            case 22, 23, 24, 25, 26, 27 -> length == 16 && four >= 2221 && four <= 2720;
            default -> two / 10 == 4 ? length == 16 || length == 19 : two >= 51 && two <= 55 && length == 16;
        };
    }

    private static boolean isOneDigit(String digits) {
        return digits.chars().allMatch(c -> c == digits.charAt(0));
    }
}
