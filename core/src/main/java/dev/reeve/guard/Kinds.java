package dev.reeve.guard;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Every kind that is found. The page for operators, docs/reference/content-kinds.md, is made from it; a test compares the two. */
public final class Kinds {
    private static final Map<String, Kind> ALL = new LinkedHashMap<>();

    static final Kind CARD = personal("card", "payment cards: issuer's prefix, length, Luhn");
    static final Kind IBAN = personal("iban", "IBAN: length of the country, MOD 97-10");
    static final Kind SSN = personal(
            "us-ssn",
            "US social security numbers: `123-45-6789` with parts that are given out; plain digits near a word");
    static final Kind ITIN =
            personal("us-itin", "US taxpayer numbers: ranges of the IRS, with hyphens; plain digits near a word");
    static final Kind NINO =
            personal("uk-nino", "UK national insurance numbers: prefixes that are given out; unspaced near a word");
    static final Kind NHS = personal("uk-nhs", "NHS numbers: modulo 11, near a word");
    static final Kind TAX_DE = personal(
            "de-tax-id", "German tax identification numbers: digits that repeat, MOD 11,10; unspaced near a word");
    static final Kind PENSION = personal("de-pension", "German pension insurance numbers: date inside, check digit");
    static final Kind NIR = personal("fr-nir", "French NIR: month, department, key modulo 97");
    static final Kind DNI = personal("es-dni", "Spanish DNI: letter modulo 23, near a word");
    static final Kind NIE = personal("es-nie", "Spanish NIE: letter modulo 23");
    static final Kind CODICE_FISCALE = personal("it-codice-fiscale", "Italian codice fiscale: check character");
    static final Kind BSN = personal("nl-bsn", "Dutch BSN: the test of eleven, near a word");
    static final Kind EMAIL = personal("email", "mail addresses of people; not those of machines (`noreply`, `git`)");
    static final Kind PHONE = personal(
            "phone",
            "telephone numbers: with a country's prefix and its lengths; North American; national ones near a word");
    static final Kind IP = personal("ip-address", "IPv4 and IPv6 addresses that are routed globally");
    static final Kind BIRTH = personal("date-of-birth", "dates near a word for birth");

    static {
        SecretForms.all().forEach(form -> {
            if (!ALL.containsKey(form.id())) {
                kind(form.id(), DataClass.SECRET, form.about());
            }
        });
    }

    static final Kind PRIVATE_KEY = secret("private-key", "private keys in PEM, with their content");
    static final Kind JWT = secret("jwt", "JSON Web Tokens: three parts, a header that names `alg`");
    static final Kind URL_PASSWORD = secret("url-password", "passwords in addresses: `postgres://user:password@host`");
    static final Kind AWS_SECRET = secret("aws-secret-key", "40 characters of base 64 near `secret access key`");
    static final Kind PASSWORD =
            secret("password", "values of what is called a password, of several sorts of characters");
    static final Kind GENERIC_SECRET =
            secret("generic-secret", "values of what is called secret, token or key, by their entropy");
    static final Kind BEARER = secret("authorization-header", "`Bearer` and `Basic` values, by their entropy");

    static final Kind INVISIBLE = sign("invisible-characters", "characters that draw nothing, between others");
    static final Kind DIRECTION = sign("direction-characters", "characters that turn the direction of writing");
    static final Kind TAGS =
            sign("tag-characters", "tag characters and runs of variation selectors, which carry text unseen");
    static final Kind MIXED =
            sign("mixed-scripts", "words of Latin letters with some of another script that look like them");
    static final Kind HIDDEN_HTML =
            sign("hidden-html", "HTML that browsers do not show: comments with orders, invisible styles");
    static final Kind ENCODED =
            sign("encoded-orders", "base 64, hexadecimal or percent-encoded text that holds orders to a model");
    static final Kind DATA_LINK = sign(
            "data-link", "images and links of Markdown and HTML with much data, or a place for it, in their address");
    static final Kind CHAT_MARK = sign("chat-marks", "marks of chat templates, as `<|im_start|>`");
    static final Kind ORDERS =
            sign("plain-orders", "the best known orders to a model, as `ignore previous instructions`");

    private Kinds() {}

    private static Kind personal(String id, String about) {
        return kind(id, DataClass.PERSONAL, about);
    }

    private static Kind secret(String id, String about) {
        return kind(id, DataClass.SECRET, about);
    }

    private static Kind sign(String id, String about) {
        return kind(id, DataClass.INJECTION, about);
    }

    private static Kind kind(String id, DataClass dataClass, String about) {
        Kind kind = new Kind(id, dataClass, ALL.size(), about);
        if (ALL.putIfAbsent(id, kind) != null) {
            throw new IllegalStateException("two kinds are called " + id);
        }
        return kind;
    }

    /** In the order of their numbers. */
    public static List<Kind> all() {
        return List.copyOf(ALL.values());
    }

    public static Optional<Kind> find(String id) {
        return Optional.ofNullable(ALL.get(id));
    }

    /** @throws IllegalStateException if there is none */
    static Kind known(String id) {
        return find(id).orElseThrow(() -> new IllegalStateException("no kind " + id));
    }

    /**
     * The kinds that a name stands for: itself, {@code personal}, {@code secrets}, {@code injection}, or a tag of a class ({@code pii}).
     *
     * @return empty if it names nothing
     */
    public static Set<Kind> named(String name) {
        Set<Kind> kinds = new java.util.LinkedHashSet<>();
        for (Kind kind : ALL.values()) {
            if (kind.id().equals(name)
                    || kind.dataClass().group().equals(name)
                    || kind.dataClass().tag().equals(name)) {
                kinds.add(kind);
            }
        }
        return kinds;
    }

    /** For messages: groups first. */
    public static List<String> names() {
        List<String> names = new ArrayList<>();
        for (DataClass one : DataClass.values()) {
            names.add(one.group());
        }
        names.addAll(new TreeSet<>(ALL.keySet()));
        return List.copyOf(names);
    }

    /** What an instance that received these has read: the class and the kind of each. */
    public static Set<String> tags(Set<Kind> kinds) {
        Set<String> tags = new TreeSet<>();
        for (Kind kind : kinds) {
            tags.add(kind.dataClass().tag());
            if (kind.dataClass() == DataClass.PERSONAL) {
                tags.add(kind.id());
            }
        }
        return tags;
    }
}
