package dev.reeve.guard;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * A text in base 64 (RFC 4648, either alphabet) within another text: a secret of Kubernetes, a file, a cookie; also broken into lines (RFC 2045).
 *
 * @param padded whether it ends as one that is padded does
 */
record Packed(int start, int end, String text, boolean url, boolean padded, Lines lines) {
    /** Shorter ones hold nothing that is found, and words look like them. */
    private static final int SHORTEST = 12;

    /** What may stand behind the last of several lines; before a word, it is a line of something else. */
    private static final String ENDS = "\r\n\"'`<>()[]{},;\\";

    /**
     * All as long as the first, but for the last, which may be shorter.
     *
     * @param length of the first; 0 if it is one line
     * @param gap what stands between two of them: the end of a line, and the margin of the next
     */
    record Lines(int length, String gap) {
        /** Programs break at 57 to 76. */
        private static final int SHORTEST_LINE = 20;

        private static final int MOST_MARGIN = 64;
        private static final Lines ONE = new Lines(0, "");

        static Lines of(String text, int start, int end) {
            int at = text.startsWith("\r\n", end) ? end + 2 : text.startsWith("\n", end) ? end + 1 : end;
            if (at == end || end - start < SHORTEST_LINE) {
                return ONE;
            }
            int most = Math.min(text.length(), at + MOST_MARGIN);
            while (at < most && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
                at++;
            }
            return new Lines(end - start, text.substring(end, at));
        }

        /** Where the last one ends, of which the first ends here. */
        int last(String text, int end) {
            int last = end;
            int before = end;
            int size = length;
            while (length > 0 && size == length && text.startsWith(gap, last)) {
                int begin = last + gap.length();
                int to = run(text, begin);
                size = to - begin;
                if (size == 0 || size > length) {
                    break;
                }
                before = last;
                last = to;
            }
            int behind = padding(text, last);
            return behind == text.length() || ENDS.indexOf(text.charAt(behind)) >= 0 ? last : before;
        }

        String broken(String text) {
            if (length == 0) {
                return text;
            }
            StringBuilder out = new StringBuilder(text.length() + text.length() / 8);
            for (int at = 0; at < text.length(); at += length) {
                out.append(at == 0 ? "" : gap).append(text, at, Math.min(text.length(), at + length));
            }
            return out.toString();
        }
    }

    /** Of a path first, then of what stands in it: each character is looked at three times at most. */
    private static final List<String> SEPARATORS = List.of("/", "-_+");

    private static final byte[] VALUES = new byte[128];

    static {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        Arrays.fill(VALUES, (byte) -1);
        for (int i = 0; i < alphabet.length(); i++) {
            VALUES[alphabet.charAt(i)] = (byte) i;
        }
        VALUES['-'] = 62;
        VALUES['_'] = 63;
    }

    /** Those of a text, in order. Looks at one character of twelve where there is none. */
    static List<Packed> in(String text) {
        List<Packed> found = List.of();
        int at = 0;
        while (at + SHORTEST <= text.length()) {
            int start = begin(text, at);
            if (start != at) {
                at = start;
                continue;
            }
            int end = run(text, at);
            Lines lines = Lines.of(text, at, end);
            int last = lines.last(text, end);
            List<Packed> here = last > end ? broken(text, at, last, lines) : line(text, at, end);
            if (!here.isEmpty()) {
                found = found.isEmpty() ? new ArrayList<>() : found;
                found.addAll(here);
            }
            at = padding(text, last);
        }
        return found;
    }

    /** The end of such characters that begin here. */
    private static int run(String text, int start) {
        int end = start;
        while (end < text.length() && value(text.charAt(end)) >= 0) {
            end++;
        }
        return end;
    }

    private static int padding(String text, int end) {
        int padding = end;
        while (padding < text.length() && padding - end < 2 && text.charAt(padding) == '=') {
            padding++;
        }
        return padding;
    }

    /** As a whole, or what of it stands between separators, which are letters of the alphabets, too: {@code https://evil.example/x/YW5h...}. */
    private static List<Packed> line(String text, int start, int end) {
        return line(text, start, end, padding(text, end), SEPARATORS);
    }

    private static List<Packed> line(String text, int start, int end, int padding, List<String> separators) {
        if (isText(text, start, end)) {
            // Of what has no need of padding, it is something else.
            int behind = (padding - start) % 4 == 0 ? padding : end;
            return List.of(of(text.substring(start, end), start, behind, behind > end, Lines.ONE));
        }
        List<Packed> found = List.of();
        if (separators.isEmpty()) {
            return found;
        }
        List<String> others = separators.subList(1, separators.size());
        int from = start;
        for (int i = start; i <= end; i++) {
            if (i == end || separators.getFirst().indexOf(text.charAt(i)) >= 0) {
                List<Packed> here =
                        i - from < SHORTEST ? List.of() : line(text, from, i, i == end ? padding : i, others);
                if (!here.isEmpty()) {
                    found = found.isEmpty() ? new ArrayList<>() : found;
                    found.addAll(here);
                }
                from = i + 1;
            }
        }
        return found;
    }

    /** All lines as one; if that is no text, each by itself. */
    private static List<Packed> broken(String text, int start, int last, Lines lines) {
        String joined = text.substring(start, last).replace(lines.gap(), "");
        if (isText(joined, 0, joined.length())) {
            int behind = padding(text, last);
            int more = behind + lines.gap().length();
            // The padding may be broken too.
            if (text.startsWith(lines.gap(), behind) && padding(text, more) > more) {
                behind = padding(text, more);
            }
            long padding =
                    text.substring(last, behind).chars().filter(c -> c == '=').count();
            boolean whole = (joined.length() + padding) % 4 == 0;
            return List.of(of(joined, start, whole ? behind : last, whole && padding > 0, lines));
        }
        List<Packed> found = new ArrayList<>();
        int at = start;
        while (at < last) {
            int end = run(text, at);
            found.addAll(end - at < SHORTEST ? List.of() : line(text, at, end));
            at = end + lines.gap().length();
        }
        return found;
    }

    /** Here, if so many characters from here on may be of one; else from where on that may be. */
    private static int begin(String text, int at) {
        int start = at + SHORTEST;
        while (start > at && value(text.charAt(start - 1)) >= 0) {
            start--;
        }
        return start;
    }

    /** Six bits; less than nothing for a character of neither alphabet. */
    private static int value(char c) {
        return c < 128 ? VALUES[c] : -1;
    }

    /** Whether these are the characters of one alphabet, and the bytes those of a text in UTF-8. Ends at the first that is not. */
    private static boolean isText(String text, int start, int end) {
        int bits = 0;
        int count = 0;
        int more = 0;
        boolean standard = false;
        boolean url = false;
        for (int i = start; i < end && more >= 0; i++) {
            char c = text.charAt(i);
            standard |= c == '+' || c == '/';
            url |= c == '-' || c == '_';
            bits = (bits << 6) | value(c);
            count += 6;
            if (count >= 8) {
                count -= 8;
                more = next(more, (bits >> count) & 0xff);
            }
        }
        return more == 0 && count < 6 && !(standard && url);
    }

    /**
     * One more byte of UTF-8.
     *
     * @return how many belong to the same character still; less than nothing if this is none of a text
     */
    private static int next(int more, int one) {
        if (more > 0) {
            return (one & 0xc0) == 0x80 ? more - 1 : -1;
        }
        if (one < 0x80) {
            return one >= ' ' || one == '\n' || one == '\r' || one == '\t' ? 0 : -1;
        }
        return one >= 0xc2 && one <= 0xf4 ? one >= 0xf0 ? 3 : one >= 0xe0 ? 2 : 1 : -1;
    }

    private static Packed of(String packed, int start, int behind, boolean padding, Lines lines) {
        String standard = packed.replace('-', '+').replace('_', '/');
        String meant = new String(Base64.getDecoder().decode(standard), StandardCharsets.UTF_8);
        boolean padded = padding || packed.length() % 4 == 0;
        return new Packed(start, behind, meant, !packed.equals(standard), padded, lines);
    }

    /** Another text in the same form. */
    String packed(String other) {
        Base64.Encoder encoder = url ? Base64.getUrlEncoder() : Base64.getEncoder();
        return lines.broken(
                (padded ? encoder : encoder.withoutPadding()).encodeToString(other.getBytes(StandardCharsets.UTF_8)));
    }
}
