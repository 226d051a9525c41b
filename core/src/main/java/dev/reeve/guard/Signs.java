package dev.reeve.guard;

import dev.reeve.definitions.checks.Check;
import dev.reeve.definitions.checks.Passage;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** Signs that a text wants to steer a model or to carry data out. Signs: a clever sentence shows none. */
final class Signs {
    static final List<String> CHAT_MARKS = List.of(
            "<|im_start|>",
            "<|im_end|>",
            "<|system|>",
            "<|assistant|>",
            "<|endoftext|>",
            "<|start_header_id|>",
            "<|eot_id|>",
            "<<sys>>",
            "[/inst]",
            "<system-reminder>");
    static final List<String> ORDERS = List.of(
            "ignore previous instructions",
            "ignore all previous instructions",
            "ignore your previous instructions",
            "ignore all prior instructions",
            "ignore prior instructions",
            "ignore the above instructions",
            "ignore all instructions",
            "disregard previous instructions",
            "disregard all previous instructions",
            "disregard your instructions",
            "forget your instructions",
            "forget all previous instructions",
            "override your instructions");
    static final List<String> STYLES = List.of(
            "display:none",
            "display: none",
            "visibility:hidden",
            "visibility: hidden",
            "font-size:0",
            "font-size: 0",
            "opacity:0",
            "opacity: 0",
            "color:transparent",
            "color: transparent");
    static final int SHORTEST_CODE = 24;
    static final int LONGEST_CODE = 3_000;

    private static final int LONGEST_COMMENT = 2_000;
    private static final int LONGEST_LINK = 1_500;
    private static final int SHORTEST_DATA = 16;
    private static final CharSet IN_TAG = CharSet.of(" !-;=?-~\n\t");
    private static final CharSet PERCENT = CharSet.of("0-9A-Za-z%+._~-");

    private final Window window;
    private final Sink sink;
    /** Ends of what was read ahead: what begins inside of it is a part of it, and is not read again (R8). */
    private int percentEnd;

    private int commentEnd;
    private int styleEnd;
    private int linkEnd;

    Signs(Window window, Sink sink) {
        this.window = window;
        this.sink = sink;
    }

    void clear() {
        percentEnd = 0;
        commentEnd = 0;
        styleEnd = 0;
        linkEnd = 0;
    }

    /** At a character outside of ASCII, and the one before it. */
    void foreign(int at, int c, int before) {
        if (Passage.isLookAlike(c)) {
            mixed(at);
            return;
        }
        Passage.unseen(c, before, amongRightToLeft(at))
                .ifPresent(check -> sink.found(kind(check), at, at + Character.charCount(c)));
    }

    private static Kind kind(Check check) {
        return switch (check) {
            case TAG_CHARACTERS, VARIATION_SELECTORS -> Kinds.TAGS;
            case DIRECTION_CHARACTERS -> Kinds.DIRECTION;
            default -> Kinds.INVISIBLE;
        };
    }

    private boolean amongRightToLeft(int at) {
        for (int i = at - 32; i <= at + 32; i++) {
            if (window.at(i) > 0x500 && Passage.isRightToLeft(window.at(i))) {
                return true;
            }
        }
        return false;
    }

    /** Of a word in two scripts, once: at its first letter that only looks Latin. */
    private void mixed(int at) {
        int start = at;
        int end = at;
        int latin = 0;
        int other = 0;
        while (at - start < 32 && Character.isLetter(window.at(start - 1))) {
            start--;
            if (Passage.isLookAlike(window.at(start))) {
                return;
            }
        }
        while (end - at < 32 && Character.isLetter(window.at(end))) {
            end++;
        }
        for (int i = start; i < end; i++) {
            char c = window.at(i);
            latin += c < 128 ? 1 : 0;
            other += c >= 128 && !Passage.isLookAlike(c) ? 1 : 0;
        }
        if (latin >= 2 && end - start > 3 && other == 0) {
            sink.found(Kinds.MIXED, start, end);
        }
    }

    /** At {@code <!--}. */
    void comment(int start, int behind) {
        if (start < commentEnd) {
            return;
        }
        int end = behind;
        while (end - behind < LONGEST_COMMENT
                && end < window.end()
                && !(window.at(end) == '>' && window.has(end - 2, "--"))) {
            end = window.find('>', end + 1, Math.min(window.end(), behind + LONGEST_COMMENT));
        }
        commentEnd = end;
        if (Passage.isOrder(window.text(behind, Math.min(end, window.end())))) {
            sink.found(Kinds.HIDDEN_HTML, start, Math.min(end + 1, window.end()));
        }
    }

    /** Behind a style that shows nothing: a finding if text is in the element. */
    void style(int start, int behind) {
        int open = start < styleEnd ? start : window.runBack(IN_TAG, start, 200);
        if (window.at(open - 1) != '<') {
            return;
        }
        int close = window.find('>', behind, behind + 300);
        int end = window.find('<', close + 1, close + LONGEST_COMMENT);
        styleEnd = end;
        if (close >= behind + 300 || close + 1 >= end || end > window.end()) {
            return;
        }
        String hidden = window.text(close + 1, end).strip();
        if (hidden.split("\\s+", 9).length > 8 || Passage.isOrder(hidden)) {
            sink.found(Kinds.HIDDEN_HTML, open - 1, end);
        }
    }

    /** At the end of a row of characters of base 64. */
    void packed(int start, int end) {
        String text = window.text(start, end);
        if (isOrder(decoded(text))) {
            sink.found(Kinds.ENCODED, start, end);
        }
    }

    /** At {@code %20}. */
    void percent(int at) {
        if (at < percentEnd) {
            return;
        }
        int start = window.runBack(PERCENT, at, 400);
        int end = window.run(PERCENT, at, 1_500);
        percentEnd = end;
        if (isOrder(unescaped(window.text(start, end)))) {
            sink.found(Kinds.ENCODED, start, end);
        }
    }

    private static boolean isOrder(String text) {
        return text.length() >= 12 && Passage.isOrder(text);
    }

    /** The text that is packed in it; empty if it is none. */
    private static String decoded(String text) {
        String hex = text.length() % 2 == 0 ? text : text.substring(1);
        try {
            if (text.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
                return readable(HexFormat.of().parseHex(hex.toLowerCase(Locale.ROOT)));
            }
            String plain = text.replace('-', '+').replace('_', '/');
            int end = plain.indexOf('=');
            String body = end < 0 ? plain : plain.substring(0, end);
            return readable(Base64.getDecoder().decode(body.substring(0, body.length() / 4 * 4)));
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static String readable(byte[] bytes) {
        for (byte one : bytes) {
            if ((one >= 0 && one < ' ' && one != '\n' && one != '\t' && one != '\r') || one == 127) {
                return "";
            }
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.indexOf('\ufffd') >= 0 ? "" : text;
    }

    private static String unescaped(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int code = c == '%' && i + 2 < text.length()
                    ? Character.digit(text.charAt(i + 1), 16) * 16 + Character.digit(text.charAt(i + 2), 16)
                    : -1;
            if (code > 0 && code < 128) {
                out.append((char) code);
                i += 2;
            } else {
                out.append(c == '+' ? ' ' : c);
            }
        }
        return out.toString();
    }

    /** At {@code ](}. */
    void link(int behind) {
        if (behind < linkEnd) {
            return;
        }
        int bracket = behind - 2;
        int label = bracket;
        while (bracket - label < 200 && label > 0 && window.at(label) != '[' && window.at(label) != '\n') {
            label--;
        }
        boolean image = window.at(label) == '[' && window.at(label - 1) == '!';
        int end = window.find(')', behind, behind + LONGEST_LINK);
        linkEnd = end;
        address(behind, Math.min(end, window.end()), image, image ? label - 1 : label);
    }

    /** Behind {@code <img}. */
    void image(int start, int behind) {
        if (start < linkEnd) {
            return;
        }
        int end = window.find('>', behind, behind + LONGEST_LINK);
        linkEnd = end;
        int from = behind;
        while (from < end && !window.has(from, "://")) {
            from++;
        }
        if (from < end) {
            address(from, Math.min(end, window.end()), true, start);
        }
    }

    private void address(int from, int end, boolean image, int start) {
        if (end <= from) {
            return;
        }
        String address = window.text(from, end);
        int query = address.indexOf('?');
        if (address.contains("://") && query > 0 && carries(address.substring(query + 1), image)) {
            sink.found(Kinds.DATA_LINK, start, Math.min(end + 1, window.end()));
        }
    }

    private static boolean carries(String query, boolean image) {
        for (String part : query.split("&", 32)) {
            String value = part.substring(part.indexOf('=') + 1).split("[\\s\"']", 2)[0];
            boolean place = image && value.length() > 2 && "{[<".indexOf(value.charAt(0)) >= 0;
            String plain = unescaped(value);
            boolean said = plain.split("\\s+", 6).length > 5
                    || (value.length() >= SHORTEST_DATA + 8 && isProse(decoded(value)));
            if (place || said) {
                return true;
            }
        }
        return false;
    }

    private static boolean isProse(String text) {
        long letters =
                text.chars().filter(c -> Character.isLetter(c) || c == ' ').count();
        return text.length() >= SHORTEST_DATA && letters * 4 >= text.length() * 3L;
    }
}
