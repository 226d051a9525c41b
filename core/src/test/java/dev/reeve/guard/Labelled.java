package dev.reeve.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;

/** Texts of which is known what is in them: personal data and secrets in the sentences, JSON and settings in which they turn up. */
final class Labelled {
    private static final String ALNUM = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /** @param value what is to be found in the text */
    record Sample(String kind, String text, String value) {}

    private final Random random;
    private final People people;

    Labelled(long seed) {
        random = new Random(seed);
        people = new People(random);
    }

    List<Sample> personal(int ofEach) {
        List<Sample> all = new ArrayList<>();
        for (int i = 0; i < ofEach; i++) {
            all.add(in(
                    "card",
                    people.card(),
                    "Paid by card %s today",
                    "{\"card_number\": \"%s\"}",
                    "charge %s for the order"));
            all.add(in(
                    "iban",
                    people.iban(),
                    "IBAN %s",
                    "{\"account\": \"%s\", \"bank\": \"x\"}",
                    "please transfer to %s by Friday"));
            all.add(in("us-ssn", people.ssn(), "SSN: %s", "{\"ssn\": \"%s\"}", "her number is %s, I think"));
            all.add(in("uk-nino", people.nino(), "NI number %s", "{\"nino\": \"%s\"}", "(%s)"));
            all.add(in("uk-nhs", people.nhs(), "NHS number %s", "{\"nhs_number\": \"%s\"}"));
            all.add(in(
                    "de-tax-id", people.taxDe(), "Steuer-ID %s", "{\"steuerId\": \"%s\"}", "die %s steht im Bescheid"));
            all.add(in("fr-nir", people.nir(), "NIR %s", "{\"securite_sociale\": \"%s\"}", "assuree %s;"));
            all.add(in("es-dni", people.dni(), "DNI %s", "{\"dni\": \"%s\"}", "documento: %s."));
            all.add(in("es-nie", people.nie(), "NIE %s", "{\"id\": \"%s\"}", "con %s en Madrid"));
            all.add(in("nl-bsn", people.bsn(), "BSN %s", "{\"bsn\": \"%s\"}", "burgerservicenummer: %s"));
            all.add(in("email", people.email(), "write to %s.", "{\"contact\": \"%s\"}", "<%s>"));
            all.add(in("phone", people.phone(), "call %s now", "{\"phone\": \"%s\"}", "Tel.: %s"));
            all.add(in(
                    "ip-address",
                    people.address(),
                    "login from %s",
                    "{\"ip\": \"%s\"}",
                    "%s - - [26/Nov/2026:10:00:00 +0000]"));
            all.add(in(
                    "date-of-birth",
                    people.born(),
                    "born %s in Leeds",
                    "{\"date_of_birth\": \"%s\"}",
                    "Date of birth: %s"));
        }
        return all;
    }

    /** The same numbers as some write them: in small letters, with dots between groups. */
    List<Sample> spelled(int ofEach) {
        List<Sample> all = new ArrayList<>();
        for (int i = 0; i < ofEach; i++) {
            String card = people.card().replaceAll("[ -]", "");
            String cards = card.length() == 15
                    ? card.substring(0, 4) + "." + card.substring(4, 10) + "." + card.substring(10)
                    : card.replaceAll("(.{4})(?!$)", "$1.");
            all.add(in("card", cards, "Paid by card %s today", "{\"card_number\": \"%s\"}", "charge %s for it"));
            String iban = people.iban().toLowerCase(java.util.Locale.ROOT);
            all.add(in("iban", iban, "IBAN %s", "{\"account\": \"%s\"}", "please transfer to %s by Friday"));
            all.add(in("us-ssn", people.ssn().replace('-', '.'), "SSN: %s", "{\"ssn\": \"%s\"}"));
            all.add(in("uk-nhs", people.nhs().replace(' ', '.'), "NHS number %s", "{\"nhs_number\": \"%s\"}"));
            all.add(in("de-tax-id", people.taxDe().replace(' ', '.'), "Steuer-ID %s", "{\"steuerId\": \"%s\"}"));
            String nir = people.nir().replaceAll("(.)(..)(..)(..)(...)(...)(..)", "$1.$2.$3.$4.$5.$6.$7");
            all.add(in("fr-nir", nir, "NIR %s", "{\"securite_sociale\": \"%s\"}", "assuree %s;"));
            String dni = people.dni().replaceAll("(..)(...)(...)(.)", people.any("$1.$2.$3-$4", "$1.$2.$3$4"));
            all.add(in("es-dni", dni, "DNI %s", "{\"dni\": \"%s\"}", "documento: %s."));
            String nie = people.nie()
                    .replaceAll("(.)(.)(...)(...)(.)", people.any("$1-$2.$3.$4-$5", "$1$2.$3.$4$5", "$1-$2$3$4-$5"));
            all.add(in("es-nie", nie, "NIE %s", "{\"id\": \"%s\"}", "con %s en Madrid"));
            String bsn = people.bsn();
            all.add(in(
                    "nl-bsn",
                    people.any(bsn.replaceAll("(....)(..)(...)", "$1.$2.$3"), bsn.replaceAll("(...)(?!$)", "$1.")),
                    "BSN %s",
                    "{\"bsn\": \"%s\"}"));
        }
        return all;
    }

    List<Sample> secrets(int ofEach) {
        List<Sample> all = new ArrayList<>();
        for (SecretForm form : SecretForms.all()) {
            for (int i = 0; i < ofEach; i++) {
                String value = value(form);
                all.add(in(form.id(), value, "export KEY=\"%s\"", "{\"key\": \"%s\"}", "the key is %s\n"));
            }
        }
        for (int i = 0; i < ofEach; i++) {
            String password = people.any("Tr0ub4dor&3x", "h7!kQ92zz_p", "Winter-2026!q", "9fK2lmPq77Zt");
            all.add(in("password", password, "DB_PASSWORD=%s\n", "{\"password\": \"%s\"}", "password: '%s'"));
            all.add(in(
                    "generic-secret",
                    people.of(ALNUM, 40),
                    "CLIENT_SECRET=%s\n",
                    "{\"apiKey\": \"%s\"}",
                    "auth_token: \"%s\""));
            all.add(in("url-password", "s3cr" + people.of(ALNUM, 12), "postgres://app:%s@db.acme.com:5432/x"));
            all.add(in("jwt", jwt(), "Cookie: session=%s;", "{\"access\": \"%s\"}"));
            all.add(in("private-key", pem(), "%s"));
        }
        return all;
    }

    private Sample in(String kind, String value, String... frames) {
        return new Sample(kind, people.any(frames).replace("%s", value), value);
    }

    private String jwt() {
        var encoder = java.util.Base64.getUrlEncoder().withoutPadding();
        String header = encoder.encodeToString(
                "{\"alg\":\"RS256\",\"typ\":\"JWT\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        String body = encoder.encodeToString(
                ("{\"sub\":\"" + people.digits(10) + "\"}").getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return header + "." + body + "." + people.of(ALNUM, 86);
    }

    private String pem() {
        return "-----BEGIN RSA PRIVATE KEY-----\n" + people.of(ALNUM + "+/", 64) + "\n" + people.of(ALNUM + "+/", 64)
                + "\n-----END RSA PRIVATE KEY-----";
    }

    /** By the form, with the structure that its test asks for. */
    private String value(SecretForm form) {
        if (form.test().equals(SecretForm.CRC) || form.test().equals(SecretForm.CRC_OF_ALL)) {
            String body = people.of(ALNUM, 30);
            return form.prefix() + body + crc(form.test().equals(SecretForm.CRC) ? body : form.prefix() + body);
        }
        String alphabet = alphabet(form.body());
        for (int tries = 0; tries < 200; tries++) {
            int length = form.least() + random.nextInt(Math.min(form.most() - form.least() + 1, 20));
            String body = shaped(form.id(), people.of(alphabet, length));
            if (form.test().holds(form.prefix(), body)) {
                return form.prefix() + body;
            }
        }
        throw new IllegalStateException("no sample of " + form.id());
    }

    /** Where makers put their separators. */
    private static String shaped(String id, String body) {
        return switch (id) {
            case "github-fine-grained-token" -> joined(body, '_', 22, 59);
            case "cloudflare-ca-key" -> joined(body, '-', 24, 146);
            case "postman-key" -> joined(body, '-', 24, 34);
            case "braintree-token" -> joined(body, '$', 16, 32);
            case "plaid-token", "hubspot-token", "launchdarkly-key" -> joined(body, '-', 8, 4, 4, 4, 12);
            case "sendgrid-key" -> joined(body, '.', 22, 43);
            case "brevo-key" -> joined(body, '-', 64, 16);
            case "resend-key" -> joined(body, '_', 8, 24);
            case "airtable-token" -> joined(body, '.', 14, 64);
            case "grafana-service-token" -> joined(body, '_', 32, 8);
            case "dynatrace-token" -> joined(body, '.', 24, 64);
            case "openai-key" -> body.substring(0, 20) + "T3BlbkFJ" + body.substring(28);
            case "azure-sas" -> body.substring(0, body.length() - 3).replace('%', 'A') + "%3D";
            default -> body.endsWith(".") || body.endsWith("-") ? body.substring(0, body.length() - 1) + "k" : body;
        };
    }

    private static String joined(String body, char between, int... lengths) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        for (int i = 0; i < lengths.length; i++) {
            out.append(i == 0 ? "" : between)
                    .append(body.substring(at, at + lengths[i]).replace(between, '7'));
            at += lengths[i];
        }
        return out.toString();
    }

    private static String alphabet(CharSet set) {
        StringBuilder all = new StringBuilder();
        for (char c = '!'; c < 127; c++) {
            if (set.has(c)) {
                all.append(c);
            }
        }
        return all.toString();
    }

    private static String crc(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        StringBuilder out = new StringBuilder();
        long rest = crc.getValue();
        for (int i = 0; i < 6; i++, rest /= 62) {
            out.insert(0, ALNUM.charAt((int) (rest % 62)));
        }
        return out.toString();
    }
}
