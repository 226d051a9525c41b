package dev.reeve.guard;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;

/** Secrets of more than one part: private keys, JWT, logins in addresses, headers. */
final class Secrets {
    private static final CharSet TITLE = CharSet.of("A-Z0-9 ");
    private static final CharSet ARMOR = CharSet.of("0-9A-Za-z+/=\n\r\t \\:,-");
    private static final CharSet PEM_BODY = CharSet.of("0-9A-Za-z+/=\n\r\t \\:,");
    private static final CharSet HEADER = CharSet.of("0-9A-Za-z+/=_.~-");
    private static final CharSet LOGIN = CharSet.of("0-9A-Za-z!$%&*+.;=_~^#-");
    private static final Set<String> NO_PASSWORDS =
            Set.of("password", "pass", "secret", "pwd", "passwd", "user", "postgres", "root", "admin");

    private final Window window;
    private final Sink sink;
    /** End of what was read ahead as a token: what begins inside of it is a part of it (R8). */
    private int tokenEnd;

    Secrets(Window window, Sink sink) {
        this.window = window;
        this.sink = sink;
    }

    void clear() {
        tokenEnd = 0;
    }

    /** At {@code -----BEGIN }. */
    void pem(int start, int behind) {
        int title = window.run(TITLE, behind, 40);
        String name = window.text(behind, title);
        if (!name.contains("PRIVATE KEY") || !window.has(title, "-----")) {
            return;
        }
        int body = title + 5;
        int end = window.run(PEM_BODY, body, Window.REACH - 200);
        if (end - body < 40) {
            return;
        }
        int close = window.run(ARMOR, end, 60);
        sink.found(Kinds.PRIVATE_KEY, start, window.has(end, "-----END ") ? close : end);
    }

    /** At {@code eyJ}. */
    void jwt(int start) {
        if (start < tokenEnd || window.isWord(start - 1) || window.at(start - 1) == '.') {
            return;
        }
        int end = window.run(CharSet.DOTTED, start, Window.REACH);
        tokenEnd = end;
        int first = window.find('.', start, end);
        int second = first < end ? window.find('.', first + 1, end) : end;
        boolean three = second < end && second - first > 10 && end - second > 20 && window.has(first + 1, "eyJ");
        if (three && window.find('.', second + 1, end) == end && namesAlgorithm(window.text(start, first))) {
            sink.found(Kinds.JWT, start, end);
        }
    }

    private static boolean namesAlgorithm(String header) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(header);
            return new String(bytes, StandardCharsets.UTF_8).contains("\"alg\"");
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** At {@code ://}. */
    void login(int behind) {
        int colon = window.run(LOGIN, behind, 128);
        if (window.at(colon) != ':') {
            return;
        }
        int end = window.run(LOGIN, colon + 1, 128);
        if (window.at(end) != '@' || end - colon < 4) {
            return;
        }
        String password = window.text(colon + 1, end);
        if (!NO_PASSWORDS.contains(password) && !Guesses.isMadeUp(password) && !password.startsWith("$")) {
            sink.found(Kinds.URL_PASSWORD, colon + 1, end);
        }
    }

    /** Behind {@code Bearer } or {@code Basic }. */
    void header(int behind) {
        int end = window.run(HEADER, behind, 2_000);
        if (end - behind >= 12 && Guesses.isToken(window.text(behind, Math.min(end, behind + 500)))) {
            sink.found(Kinds.BEARER, behind, end);
        }
    }
}
