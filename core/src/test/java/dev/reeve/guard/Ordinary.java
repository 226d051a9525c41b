package dev.reeve.guard;

import java.util.Random;
import java.util.UUID;

/** What tools answer on ordinary days: full of numbers, digests and words for secrets, and without anything that is one. */
final class Ordinary {
    private static final String HEX = "0123456789abcdef";
    private static final String BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private final Random random;
    private final People some;

    Ordinary(long seed) {
        random = new Random(seed);
        some = new People(random);
    }

    String next() {
        StringBuilder text = new StringBuilder();
        int lines = 5 + random.nextInt(25);
        int sort = random.nextInt(9);
        for (int i = 0; i < lines; i++) {
            text.append(
                    switch (sort) {
                        case 0 -> order();
                        case 1 -> log();
                        case 2 -> code();
                        case 3 -> git();
                        case 4 -> table();
                        case 5 -> prose();
                        case 6 -> packages();
                        case 7 -> markup();
                        default -> metrics();
                    });
        }
        return text.toString();
    }

    /** What is nearest to numbers of people in small letters and with dots between groups. */
    String dotted() {
        StringBuilder text = new StringBuilder();
        int lines = 5 + random.nextInt(25);
        int sort = random.nextInt(5);
        for (int i = 0; i < lines; i++) {
            text.append(
                    switch (sort) {
                        case 0 ->
                            "id " + some.of(HEX, 16 + 4 * random.nextInt(5)) + ", key " + small(2) + some.digits(2)
                                    + small(16 + random.nextInt(10)) + ", sku " + small(2)
                                    + some.digits(8 + random.nextInt(14)) + "\n";
                        case 1 ->
                            "Umsatz " + grouped(some.digits(6 + random.nextInt(4)))
                                    + " of " + grouped(some.digits(2) + "9" + some.digits(8)) + " EUR, "
                                    + grouped(some.digits(9)) + " St\u00fcck, Konto " + some.digits(10) + "\n";
                        case 2 ->
                            "build " + some.digits(4) + "." + some.digits(4) + "." + some.digits(4) + " of release "
                                    + some.digits(4) + "." + some.digits(4) + "." + some.digits(4) + "."
                                    + some.digits(4) + ", oid 1.3.6.1.4.1."
                                    + some.digits(4) + "." + some.digits(2) + "." + some.digits(3) + "\n";
                        case 3 ->
                            some.digits(2) + "." + some.digits(6) + ", " + some.digits(3) + "." + some.digits(2) + "."
                                    + some.digits(4) + ", x-" + some.digits(1) + "." + some.digits(3) + "."
                                    + some.digits(3) + "-"
                                    + some.of("abcdefgh", 1) + "\n";
                        default -> (i > 0 ? "" : "content:\n") + "  " + some.of(BASE64, 76) + "\n";
                    });
        }
        return text.toString();
    }

    private String small(int count) {
        return some.of("abcdefghijklmnopqrstuvwxyz0123456789", count);
    }

    /** As many write a large number. */
    private static String grouped(String digits) {
        return digits.replaceAll("(?<=.)(?=(...)+$)", ".");
    }

    private String uuid() {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    private String hex(int count) {
        return some.of(HEX, count);
    }

    private String time() {
        return "2026-%02d-%02dT%02d:%02d:%02d.%03dZ"
                .formatted(
                        1 + random.nextInt(12),
                        1 + random.nextInt(28),
                        random.nextInt(24),
                        random.nextInt(60),
                        random.nextInt(60),
                        random.nextInt(1000));
    }

    private String order() {
        return "{\"order_id\":" + some.digits(16) + ",\"uuid\":\"" + uuid() + "\",\"sku\":\"" + some.of("ABCDEFGHJK", 2)
                + some.digits(6)
                + some.of("ABCD", 1) + "\",\"total\":" + random.nextInt(9999) + "." + some.digits(2) + ",\"created\":\""
                + time()
                + "\",\"etag\":\"" + hex(32) + "\",\"tracking\":\"1Z" + some.digits(16) + "\",\"ean\":\""
                + some.digits(13)
                + "\",\"next_page_token\":\"" + some.of("ABCDEFGHabcdefgh01234567", 36) + "\"}\n";
    }

    private String log() {
        return time() + " INFO [" + some.any("main", "worker-3", "pool-1-thread-" + random.nextInt(99))
                + "] c.a.s.OrderService - request "
                + hex(16) + " took " + random.nextInt(5000) + " ms, trace_id=" + hex(32) + " span=" + some.digits(19)
                + " from 10."
                + random.nextInt(256) + "." + random.nextInt(256) + "." + random.nextInt(256) + ":"
                + (1024 + random.nextInt(60000)) + " ts="
                + "17" + some.digits(11) + " size=" + some.digits(9) + " token refreshed\n";
    }

    private String code() {
        return some.any(
                "    String password = config.getPassword(\"db.password\");\n",
                "    if (token == null || token.isEmpty()) { throw new IllegalArgumentException(\"token\"); }\n",
                "    const apiKey = process.env.API_KEY;\n",
                "    self.secret = os.environ[\"CLIENT_SECRET\"]\n",
                "  password: ${DB_PASSWORD}\n",
                "  @PostMapping(\"/users/{id}/password-reset\")\n",
                "    private static final long serialVersionUID = " + some.digits(18) + "L;\n",
                "    int[] table = {" + some.digits(4) + ", " + some.digits(4) + ", " + some.digits(4) + "};\n",
                "    std::vector<face::dead> beef = abc::def(0x" + hex(8) + ");\n",
                "    // see https://docs.example.org/guide?id=" + some.digits(8) + "#section-" + random.nextInt(20)
                        + "\n",
                "    expect(sum(" + some.digits(3) + ", " + some.digits(2) + ")).toBe(" + some.digits(4) + ");\n",
                "    token_count = usage[\"total_tokens\"]  # " + some.digits(5) + "\n",
                "    git clone git@github.com:acme/app.git && cd app\n",
                "    var id = UUID.fromString(\"" + uuid() + "\");\n");
    }

    private String git() {
        return some.any(
                "commit " + hex(40) + "\n",
                "index " + hex(7) + ".." + hex(7) + " 100644\n",
                "@@ -" + some.digits(3) + "," + some.digits(2) + " +" + some.digits(3) + "," + some.digits(2) + " @@\n",
                " " + random.nextInt(40) + " files changed, " + some.digits(3) + " insertions(+), " + some.digits(2)
                        + " deletions(-)\n",
                "Date:   Thu Nov 26 10:" + some.digits(2) + ":00 2026 +0100\n",
                "+" + some.digits(9) + "\n",
                "sha256:" + hex(64) + "\n");
    }

    private String table() {
        return some.digits(9) + "," + some.digits(2) + "." + some.digits(2) + "," + some.digits(11) + "," + time() + ","
                + some.digits(3) + "-" + some.digits(4) + "-" + some.digits(3) + "," + some.any("open", "closed") + ","
                + some.digits(10) + "," + hex(24) + "\n";
    }

    private String prose() {
        return some.any(
                "The invoice of 26.11.2026 over 1.249,00 EUR was paid; see item 4 of the list.\n",
                "Please reset your password under Settings; a token is sent to you within 15 minutes.\n",
                "In 2024 the plant made 1 200 000 units, 12 345 678 901 in all since 1987.\n",
                "Version 10.4.2.1 replaces 10.4.1.9, build " + some.digits(8) + ".\n",
                "Call the function with the name of the secret, never with its value.\n",
                "The birth of the idea dates from the 1990s; chapters 12-14 and 20/21 tell it.\n",
                "Room 415, floor 5, 55 seats; doors open 18:30-22:00, entry 12.50.\n",
                "ISBN 978-3-16-148410-0, DOI 10.1000/182, arXiv:2401.01234v2.\n");
    }

    private String packages() {
        return "      \"resolved\": \"https://registry.example.org/p/-/p-1." + some.digits(2)
                + ".0.tgz\",\n      \"integrity\": \"sha512-"
                + some.of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 86) + "==\",\n";
    }

    private String markup() {
        return some.any(
                "<div class=\"row\" style=\"display:none\"><span>x</span></div>\n",
                "<!-- generated by the build, do not edit -->\n",
                "![logo](https://img.shields.io/badge/build-passing-green?style=flat&logo=x)\n",
                "[docs](https://docs.example.org/search?q=install%20guide)\n",
                "<img src=\"https://cdn.example.org/a.png?v=" + some.digits(6) + "\">\n",
                "| " + some.digits(4) + " | " + some.digits(4) + " | " + some.digits(4) + " |\n",
                "icon@2x.png \u2013 caf\u00e9, na\u00efve, \u65e5\u672c\u8a9e, \ud83d\ude80\ufe0f\n");
    }

    private String metrics() {
        return "http_requests_total{code=\"200\",instance=\"192.168." + random.nextInt(256) + ".12:9090\"} "
                + some.digits(8) + " 17" + some.digits(11) + "\n";
    }
}
