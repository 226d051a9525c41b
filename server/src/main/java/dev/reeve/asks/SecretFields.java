package dev.reeve.asks;

import dev.reeve.definitions.checks.Passage;
import dev.reeve.json.Json;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds fields of a form that ask for secrets, by what they are called and how they are described. Deterministic and linear; it errs to the side of
 * finding one (2025-11-25, "Elicitation": servers must not ask for secrets in forms). A heuristic: English words, also in letters and digits that look
 * alike; who asks in other words is not found.
 */
final class SecretFields {
    /** Found anywhere in the letters and digits of a name or text. */
    private static final List<String> WORDS = List.of(
            "password",
            "passwd",
            "passphrase",
            "passcode",
            "apikey",
            "accesskey",
            "secretkey",
            "privatekey",
            "clientsecret",
            "accesstoken",
            "refreshtoken",
            "authtoken",
            "bearertoken",
            "sessiontoken",
            "apitoken",
            "credential",
            "creditcard",
            "cardnumber",
            "securitycode",
            "socialsecurity",
            "seedphrase",
            "mnemonic",
            "recoverycode",
            "recoveryphrase",
            "onetimecode",
            "verificationcode",
            "2facode",
            "mfacode",
            "bankaccount",
            "iban",
            "sshkey",
            "signingkey",
            "encryptionkey");

    /** Found as a whole word only, in the plural too. */
    private static final Set<String> SHORT =
            Set.of("pwd", "pin", "otp", "totp", "cvv", "cvc", "ssn", "secret", "token", "ghp", "xoxb", "xoxp", "akia");

    /** Found as a whole word in names only: texts have them for other things. */
    private static final Set<String> SHORT_NAMES = Set.of("pat", "key");

    /** What is written in the place of a letter, and the letter. */
    private static final String DISGUISES = "0o1i3e4a5s7t@a$s!i";

    private static final long MOST_NARROW = 100;

    private SecretFields() {}

    /** The name of the first such field, or {@code message} if the text around the form asks for it. */
    static Optional<String> in(Json.Obj params) {
        Json.Obj fields = params.object("requestedSchema")
                .flatMap(schema -> schema.object("properties"))
                .orElse(Json.Obj.EMPTY);
        for (Map.Entry<String, Json> field : fields.members().entrySet()) {
            if (isSecret(field.getKey()) || isSecret(field.getValue())) {
                return Optional.of(field.getKey());
            }
        }
        boolean asked = !fields.members().isEmpty()
                && params.string("message").filter(SecretFields::asksFor).isPresent();
        return asked ? Optional.of("message") : Optional.empty();
    }

    private static boolean isSecret(Json field) {
        if (!(field instanceof Json.Obj described)) {
            return false;
        }
        return described.string("format").filter("password"::equals).isPresent()
                || described.string("title").filter(SecretFields::isSecret).isPresent()
                || described
                        .string("description")
                        .filter(text -> isNarrow(described) ? names(text) : asksFor(text))
                        .isPresent();
    }

    /**
     * Whether an answer is yes or no, or a whole number of up to a hundred values: what is described with one of the short words is more often
     * warned of ("do not give us your pin") than asked for there.
     */
    private static boolean isNarrow(Json.Obj field) {
        String type = field.string("type").orElse("");
        Optional<Long> least = field.get("minimum").flatMap(SecretFields::whole);
        Optional<Long> most = field.get("maximum").flatMap(SecretFields::whole);
        return type.equals("boolean")
                || (type.equals("integer")
                        && least.isPresent()
                        && most.isPresent()
                        && least.get() >= 0
                        && most.get() <= MOST_NARROW);
    }

    private static Optional<Long> whole(Json value) {
        return value instanceof Json.Num number ? number.whole() : Optional.empty();
    }

    /** A name: more of the short words count. */
    private static boolean isSecret(String name) {
        return asksFor(name) || words(latin(name)).stream().anyMatch(SHORT_NAMES::contains);
    }

    private static boolean asksFor(String text) {
        return names(text) || words(latin(text)).stream().anyMatch(SHORT::contains);
    }

    private static boolean names(String text) {
        String latin = latin(text);
        String plain = letters(latin, false);
        String undisguised = letters(latin, true);
        return WORDS.stream().anyMatch(word -> plain.contains(word) || undisguised.contains(word));
    }

    private static String letters(String latin, boolean undisguised) {
        StringBuilder letters = new StringBuilder(latin.length());
        latin.toLowerCase(Locale.ROOT)
                .codePoints()
                .map(c -> undisguised ? undisguised(c) : c)
                .filter(Character::isLetterOrDigit)
                .forEach(letters::appendCodePoint);
        return letters.toString();
    }

    private static int undisguised(int c) {
        int at = DISGUISES.indexOf(c);
        return at >= 0 && at % 2 == 0 ? DISGUISES.charAt(at + 1) : c;
    }

    /** As a person reads it: without accents and what nobody sees, and letters of other scripts as the Latin ones that they look like. */
    private static String latin(String text) {
        StringBuilder out = new StringBuilder(text.length());
        Normalizer.normalize(text, Normalizer.Form.NFKD)
                .codePoints()
                .filter(c ->
                        Character.getType(c) != Character.NON_SPACING_MARK && Character.getType(c) != Character.FORMAT)
                .map(Passage::latin)
                .forEach(out::appendCodePoint);
        return out.toString();
    }

    /** {@code userPin}, {@code user_pin} and {@code User PINs} are the words user and pin. */
    private static List<String> words(String name) {
        StringBuilder spaced = new StringBuilder(name.length() + 8);
        char before = ' ';
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isUpperCase(c) && Character.isLowerCase(before)) {
                spaced.append(' ');
            }
            spaced.append(Character.isLetterOrDigit(c) ? c : ' ');
            before = c;
        }
        return Stream.of(spaced.toString().toLowerCase(Locale.ROOT).split(" +"))
                .map(word -> word.endsWith("s") ? word.substring(0, word.length() - 1) : word)
                .toList();
    }
}
