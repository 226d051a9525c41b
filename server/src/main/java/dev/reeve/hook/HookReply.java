package dev.reeve.hook;

import java.nio.charset.StandardCharsets;

/**
 * What the thin process prints and how it ends.
 *
 * @param exit 0, or 2: every protocol served here takes 2 before an action for a refusal, whatever else goes wrong
 * @param error on standard error instead of standard output
 */
record HookReply(int exit, boolean error, String text) {
    static HookReply out(String json) {
        return new HookReply(0, false, json);
    }

    static HookReply refusal(String text) {
        return new HookReply(2, true, text);
    }

    /** One line: {@code 0 o {...}}. Line ends of a text are spelled as the letter that no text holds otherwise. */
    byte[] line() {
        String flat = text.replace('\n', '\u0001').replace('\r', ' ');
        return (exit + (error ? " e " : " o ") + flat).getBytes(StandardCharsets.UTF_8);
    }
}
