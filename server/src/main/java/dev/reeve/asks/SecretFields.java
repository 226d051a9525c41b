package dev.reeve.asks;

import dev.reeve.json.Json;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds fields of a form that ask for secrets, by what they are called and how they are described. Deterministic and linear; it errs to the side of
 * finding one (2025-11-25, "Elicitation": servers must not ask for secrets in forms).
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
            "iban");

    /** Found as a whole word only. */
    private static final Set<String> SHORT =
            Set.of("pwd", "pin", "otp", "cvv", "cvc", "ssn", "secret", "token", "totp", "pat", "key");

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
                || described.string("description").filter(SecretFields::asksFor).isPresent();
    }

    /** A name: the short words count too. */
    private static boolean isSecret(String name) {
        return asksFor(name) || words(name).stream().anyMatch(SHORT::contains);
    }

    private static boolean asksFor(String text) {
        StringBuilder letters = new StringBuilder(text.length());
        Normalizer.normalize(text, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .codePoints()
                .filter(Character::isLetterOrDigit)
                .forEach(letters::appendCodePoint);
        String all = letters.toString();
        return WORDS.stream().anyMatch(all::contains);
    }

    /** {@code userPin}, {@code user_pin} and {@code User PIN} are the words user and pin. */
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
        return List.of(spaced.toString().toLowerCase(Locale.ROOT).split(" +"));
    }
}
