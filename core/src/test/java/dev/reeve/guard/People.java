package dev.reeve.guard;

import java.util.Random;

/** Numbers of people that do not exist, drawn by a seed, as their makers would give them out. */
final class People {
    private final Random random;

    People(Random random) {
        this.random = random;
    }

    String digits(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append((char) ('0' + random.nextInt(10)));
        }
        return text.toString();
    }

    String of(String alphabet, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    @SafeVarargs
    final <T> T any(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    String card() {
        String prefix = any("4", "4", "51", "53", "2221", "37", "6011");
        int length = prefix.equals("37") ? 15 : 16;
        String body = prefix + digits(length - 1 - prefix.length());
        for (char check = '0'; check <= '9'; check++) {
            if (luhn(body + check)) {
                body += check;
                break;
            }
        }
        if (random.nextBoolean()) {
            return body;
        }
        String between = any(" ", "-");
        return length == 15
                ? String.join(between, body.substring(0, 4), body.substring(4, 10), body.substring(10))
                : String.join(
                        between, body.substring(0, 4), body.substring(4, 8), body.substring(8, 12), body.substring(12));
    }

    private static boolean luhn(String number) {
        int sum = 0;
        boolean twice = false;
        for (int i = number.length() - 1; i >= 0; i--) {
            int digit = Character.digit(number.charAt(i), 10) * (twice ? 2 : 1);
            sum += digit / 10 + digit % 10;
            twice = !twice;
        }
        return sum % 10 == 0;
    }

    String iban() {
        String country = any("DE", "GB", "FR", "ES", "NL", "IT");
        String account = switch (country) {
            case "DE" -> digits(18);
            case "GB" -> of("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 4) + digits(14);
            case "FR" -> digits(23);
            case "ES" -> digits(20);
            case "NL" -> of("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 4) + digits(10);
            default -> of("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 1) + digits(22);
        };
        StringBuilder number = new StringBuilder();
        (account + country + "00").chars().forEach(c -> number.append(Character.digit(c, 36)));
        int check = 98
                - new java.math.BigInteger(number.toString())
                        .mod(java.math.BigInteger.valueOf(97))
                        .intValue();
        String whole = country + (check < 10 ? "0" : "") + check + account;
        return random.nextBoolean() ? whole : whole.replaceAll("(.{4})(?!$)", "$1 ");
    }

    String ssn() {
        int area = 1 + random.nextInt(665);
        return "%03d-%02d-%04d".formatted(area, 1 + random.nextInt(99), 1 + random.nextInt(9999));
    }

    String nino() {
        return of("ABCEGHJLMPRSTWXY", 1).replace("T", "S") + of("ABCEHJLMPRSWXY", 1) + " " + digits(2) + " " + digits(2)
                + " " + digits(2) + " " + of("ABCD", 1);
    }

    /** Tries until the check holds: independent of how it is computed. */
    String nhs() {
        while (true) {
            String nine = any("4", "6", "7", "9") + digits(8);
            int sum = 0;
            for (int i = 0; i < 9; i++) {
                sum += (nine.charAt(i) - '0') * (10 - i);
            }
            int check = 11 - sum % 11;
            if (check != 10) {
                String all = nine + check % 11;
                return all.substring(0, 3) + " " + all.substring(3, 6) + " " + all.substring(6);
            }
        }
    }

    String taxDe() {
        while (true) {
            StringBuilder ten = new StringBuilder();
            java.util.List<Integer> pool = new java.util.ArrayList<>(java.util.List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
            java.util.Collections.shuffle(pool, random);
            for (int i = 0; i < 9; i++) {
                ten.append(pool.get(i));
            }
            ten.insert(random.nextInt(9), pool.get(random.nextInt(9)));
            if (ten.charAt(0) == '0') {
                continue;
            }
            int product = 10;
            for (int i = 0; i < 10; i++) {
                int sum = (ten.charAt(i) - '0' + product) % 10;
                product = 2 * (sum == 0 ? 10 : sum) % 11;
            }
            String all = ten.toString() + (11 - product == 10 ? 0 : 11 - product);
            return all.substring(0, 2) + " " + all.substring(2, 5) + " " + all.substring(5, 8) + " " + all.substring(8);
        }
    }

    String nir() {
        String body = any("1", "2")
                + digits(2)
                + "%02d%02d".formatted(1 + random.nextInt(12), 1 + random.nextInt(94))
                + digits(6);
        return body + "%02d".formatted(97 - Long.parseLong(body) % 97);
    }

    String dni() {
        int number = random.nextInt(99_999_999);
        return "%08d".formatted(number) + "TRWAGMYFPDXBNJZSQVHLCKE".charAt(number % 23);
    }

    String nie() {
        int first = random.nextInt(3);
        int number = random.nextInt(9_999_999);
        return "XYZ".charAt(first)
                + "%07d".formatted(number)
                + "TRWAGMYFPDXBNJZSQVHLCKE".charAt((first * 10_000_000 + number) % 23);
    }

    String bsn() {
        while (true) {
            String all = digits(9);
            int sum = -(all.charAt(8) - '0');
            for (int i = 0; i < 8; i++) {
                sum += (all.charAt(i) - '0') * (9 - i);
            }
            if (sum % 11 == 0 && all.charAt(0) != '0') {
                return all;
            }
        }
    }

    String email() {
        return any("anna", "j.smith", "lee+news", "o_brien", "marie-claire", "x77") + "@"
                + any("mail", "uni-bonn", "acme", "web.site") + any(".de", ".com", ".co.uk", ".org", ".io");
    }

    String phone() {
        return switch (random.nextInt(4)) {
            case 0 -> "+49 30 " + any("2", "3", "5") + digits(6);
            case 1 -> "+1 (4" + digits(1) + "5) 5" + digits(2) + "-" + digits(4);
            case 2 -> "+33 6 " + digits(2) + " " + digits(2) + " " + digits(2) + " " + digits(2);
            default -> "4" + any("15", "25", "43") + "-" + any("5", "7") + digits(2) + "-" + digits(4);
        };
    }

    String address() {
        return any("81", "91", "151", "217") + "." + (40 + random.nextInt(200)) + "." + random.nextInt(256) + "."
                + random.nextInt(256);
    }

    String born() {
        int year = 1940 + random.nextInt(70);
        return random.nextBoolean()
                ? "%d-%02d-%02d".formatted(year, 1 + random.nextInt(12), 1 + random.nextInt(28))
                : "%02d.%02d.%d".formatted(1 + random.nextInt(28), 1 + random.nextInt(12), year);
    }
}
