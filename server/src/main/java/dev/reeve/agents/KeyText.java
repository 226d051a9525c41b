package dev.reeve.agents;

import dev.reeve.guard.Checksums;
import dev.reeve.secrets.Secret;
import java.security.SecureRandom;

/**
 * How secrets of ours are written: a prefix, 30 random characters (178 bits), and a CRC-32 of all that in six characters, base 62. So leak
 * scanners find them, and a typing error is told from a key that does not exist; GitHub's tokens are built so.
 */
public enum KeyText {
    /** An agent's key. */
    AGENT("reeve_"),
    /** What a connector shows on the socket. */
    CONNECTOR("reevec_"),
    /** An administrator's token. No agent's door takes it, and no administrator's door takes the others (R28). */
    ADMIN("reevea_"),
    /** An auditor's token: it reads the record and does nothing. */
    AUDITOR("reeveu_"),
    /** The token of a person with another role. */
    PERSON("reevep_"),
    /** The link of the first administrator. */
    FIRST("reevef_"),
    /** A link that lets a person set a password. */
    INVITE("reevei_");

    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int RANDOM = 30;
    private static final int SUM = 6;

    private final String prefix;

    KeyText(String prefix) {
        this.prefix = prefix;
    }

    public Secret fresh(SecureRandom random) {
        StringBuilder text = new StringBuilder(prefix);
        for (int i = 0; i < RANDOM; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return Secret.of(text + Checksums.crc62(text.toString()));
    }

    /** Whether it is written as such a secret; whether it exists is another question. */
    public boolean wellFormed(Secret secret) {
        String text = secret.exposeTextInsecurely();
        int body = prefix.length() + RANDOM;
        return text.length() == body + SUM
                && text.startsWith(prefix)
                && inAlphabet(text, prefix.length())
                && text.substring(body).equals(Checksums.crc62(text.substring(0, body)));
    }

    private static boolean inAlphabet(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (ALPHABET.indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether it looks as if somebody meant this kind, well formed or not. */
    public boolean meant(Secret secret) {
        return secret.exposeTextInsecurely().startsWith(prefix);
    }
}
