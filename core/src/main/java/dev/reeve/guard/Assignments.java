package dev.reeve.guard;

import java.util.List;
import java.util.Locale;

/** Values of what is called a password, a secret, a token: {@code DB_PASSWORD=...}, {@code "clientSecret": "..."}. */
final class Assignments {
    static final List<String> WORDS = List.of(
            "password",
            "passwd",
            "passphrase",
            "pwd",
            "secret",
            "token",
            "apikey",
            "api_key",
            "api-key",
            "access_key",
            "accesskey",
            "private_key",
            "auth_key",
            "credential");
    private static final List<String> NOT_SECRET = List.of(
            "page",
            "next",
            "cursor",
            "continuation",
            "sync",
            "count",
            "usage",
            "limit",
            "type",
            "url",
            "uri",
            "name",
            "path",
            "file",
            "length",
            "expire",
            "policy",
            "public",
            "hash",
            "digest",
            "tokens",
            "tokeni",
            "kind",
            "scope",
            "version",
            "field",
            "hint",
            "reset",
            "endpoint",
            "max",
            "total",
            "etag");
    private static final CharSet NAME = CharSet.of("0-9A-Za-z_.-");
    private static final int LONGEST_NAME = 48;
    private static final int LONGEST_VALUE = 512;

    private final Window window;
    private final Sink sink;
    /** End of the last value: a word inside of it assigns nothing (R8). */
    private int valueEnd;

    Assignments(Window window, Sink sink) {
        this.window = window;
        this.sink = sink;
    }

    static boolean isSecretName(String name) {
        String small = name.toLowerCase(Locale.ROOT);
        return containsOne(small, WORDS) && !containsOne(small, NOT_SECRET);
    }

    /** Without a stream: asked of each member of each call. */
    private static boolean containsOne(String name, Iterable<String> words) {
        for (String word : words) {
            if (name.contains(word)) {
                return true;
            }
        }
        return false;
    }

    void clear() {
        valueEnd = 0;
    }

    /** Behind one of the words. */
    void at(int start, int end) {
        if (start < valueEnd) {
            return;
        }
        int first = window.runBack(NAME, start, LONGEST_NAME);
        int last = window.run(NAME, end, LONGEST_NAME);
        String name = window.text(first, last);
        int value = value(last);
        if (value < 0 || !isSecretName(name)) {
            return;
        }
        char quote = window.at(value - 1);
        int stop = stop(value, quote == '"' || quote == '\'' || quote == '`' ? quote : 0);
        valueEnd = stop;
        if (stop > value && stop - value < LONGEST_VALUE) {
            judge(name, window.text(value, stop), value, false);
        }
    }

    /** The whole text, of which the member is called as secrets are. */
    void whole(String name, int end) {
        if (end >= 8 && end < LONGEST_VALUE && window.base() == 0) {
            judge(name, window.text(0, end), 0, true);
        }
    }

    /** @param all whether the value is all that there is: then a short one counts under any of the names */
    private void judge(String name, String value, int start, boolean all) {
        String small = name.toLowerCase(Locale.ROOT);
        boolean password = small.contains("pass") || small.contains("pwd");
        if (small.contains("secret") && value.length() == 40 && small.contains("access") && Guesses.isToken(value)) {
            sink.found(Kinds.AWS_SECRET, start, start + 40);
        } else if (Guesses.isToken(value)) {
            sink.found(password ? Kinds.PASSWORD : Kinds.GENERIC_SECRET, start, start + value.length());
        } else if ((password || all) && Guesses.isPassword(value)) {
            sink.found(Kinds.PASSWORD, start, start + value.length());
        }
    }

    /** Behind {@code =}, {@code :}, {@code :=}, {@code =>}, with blanks and quotes around; -1 if nothing is assigned. */
    private int value(int from) {
        int at = from;
        at += window.at(at) == '\\' ? 1 : 0;
        at += isQuote(window.at(at)) ? 1 : 0;
        at = blanks(at);
        char sign = window.at(at);
        if (sign != '=' && sign != ':') {
            return -1;
        }
        at++;
        at += window.at(at) == '=' || window.at(at) == '>' ? 1 : 0;
        if (sign == '=' && window.at(at - 1) == '=' && at - from > 1 && window.at(at - 2) == '=') {
            return -1;
        }
        at = blanks(at);
        at += window.at(at) == '\\' ? 1 : 0;
        return isQuote(window.at(at)) ? at + 1 : at;
    }

    private int blanks(int from) {
        int at = from;
        while (at < from + 3 && window.at(at) == ' ') {
            at++;
        }
        return at;
    }

    private static boolean isQuote(char c) {
        return c == '"' || c == '\'' || c == '`';
    }

    /** {@code &name=}: of a form. A password may have the sign too. */
    private boolean isNextField(char c, int at) {
        return c == '&' && window.at(window.run(CharSet.WORD, at + 1, 40)) == '=';
    }

    private int stop(int from, int quote) {
        int at = from;
        while (at < from + LONGEST_VALUE) {
            char c = window.at(at);
            boolean ends =
                    quote != 0 ? c == quote || c == '\\' : c == ',' || c == ';' || isQuote(c) || isNextField(c, at);
            if (ends || c <= ' ' || c >= 127) {
                return at;
            }
            at++;
        }
        return at;
    }
}
