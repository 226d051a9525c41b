package dev.reeve.guard;

import java.util.Locale;

/** IP addresses that are routed globally (RFC 6890): others name nobody. */
final class Hosts {
    private Hosts() {}

    static boolean isGlobal(Digits digits, int group) {
        int[] parts = new int[4];
        boolean small = true;
        for (int i = 0; i < 4; i++) {
            String text = digits.text(group + i, group + i);
            parts[i] = Integer.parseInt(text);
            if (parts[i] > 255 || (text.length() > 1 && text.charAt(0) == '0')) {
                return false;
            }
            small &= parts[i] < 32;
        }
        // What consists of small numbers only is far more often a version.
        return !small && isGlobal(parts[0], parts[1], parts[2]);
    }

    private static boolean isGlobal(int a, int b, int c) {
        return switch (a) {
            case 0, 10, 127 -> false;
            case 100 -> b < 64 || b > 127;
            case 169 -> b != 254;
            case 172 -> b < 16 || b > 31;
            case 192 -> b != 168 && !(b == 0 && (c == 0 || c == 2)) && !(b == 88 && c == 99);
            case 198 -> b != 18 && b != 19 && !(b == 51 && c == 100);
            case 203 -> !(b == 0 && c == 113);
            default -> a < 224;
        };
    }

    /** At a colon: the address around it, if it is one of 2000::/3 and not of documentation. */
    static int v6(Window window, int colon, Sink sink) {
        int start = window.runBack(CharSet.HEX, colon, 5);
        int end = start;
        int groups = 0;
        boolean gap = false;
        while (groups < 9 && CharSet.HEX.has(lower(window.at(end)))) {
            int stop = end;
            while (stop - end < 5 && CharSet.HEX.has(lower(window.at(stop)))) {
                stop++;
            }
            if (stop - end > 4) {
                return colon + 1;
            }
            groups++;
            end = stop;
            if (window.at(end) != ':') {
                break;
            }
            boolean two = window.at(end + 1) == ':';
            if (two && gap) {
                return end + 2;
            }
            gap |= two;
            end += two ? 2 : 1;
        }
        boolean whole = gap ? groups >= 3 && groups < 8 : groups == 8;
        if (whole && !window.isWord(start - 1) && !window.isWord(end) && isNamed(window, start)) {
            sink.found(Kinds.IP, start, end);
        }
        return Math.max(end, colon + 1);
    }

    private static char lower(char c) {
        return c >= 'A' && c <= 'F' ? (char) (c + 32) : c;
    }

    private static boolean isNamed(Window window, int start) {
        String head = window.text(start, start + 4).toLowerCase(Locale.ROOT);
        char first = head.charAt(0);
        return (first == '2' || first == '3') && head.indexOf(':') < 0 && !window.has(start, "2001:db8");
    }
}
