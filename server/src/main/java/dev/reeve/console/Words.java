package dev.reeve.console;

import java.util.Locale;

/** Error texts of ours as sentences. */
final class Words {
    private Words() {}

    static String sentence(String message) {
        if (message.isEmpty()) {
            return "";
        }
        String begun = message.substring(0, 1).toUpperCase(Locale.ROOT) + message.substring(1);
        return begun.endsWith(".") ? begun : begun + ".";
    }
}
