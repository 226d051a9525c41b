package dev.reeve.guard;

import java.util.zip.CRC32;

/** Check digits of identifiers. Arguments are ASCII; digits are texts of {@code 0} to {@code 9}. */
public final class Checksums {
    private static final String BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    /** Values of characters in odd places of a codice fiscale (decree of 23 December 1976), from {@code 0} and from {@code A}. */
    private static final int[] ODD = {
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23
    };

    private static final String DNI = "TRWAGMYFPDXBNJZSQVHLCKE";

    private Checksums() {}

    /** ISO/IEC 7812-1, annex B. */
    static boolean luhn(String digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int weighted = i % 2 == 0 ? digit : digit * 2;
            sum += weighted > 9 ? weighted - 9 : weighted;
        }
        return sum % 10 == 0;
    }

    /** ISO 13616 (IBAN), by ISO/IEC 7064 MOD 97-10. Letters are capitals. */
    static boolean iban(String text) {
        int rest = 0;
        String turned = text.substring(4) + text.substring(0, 4);
        for (int i = 0; i < turned.length(); i++) {
            int value = Character.digit(turned.charAt(i), 36);
            rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
        }
        return rest == 1;
    }

    /** ISO/IEC 7064 MOD 11,10: the German tax identification number. */
    static boolean mod11And10(String digits) {
        int product = 10;
        for (int i = 0; i < digits.length() - 1; i++) {
            int sum = (digits.charAt(i) - '0' + product) % 10;
            product = (sum == 0 ? 10 : sum) * 2 % 11;
        }
        return (11 - product) % 10 == digits.charAt(digits.length() - 1) - '0';
    }

    /** Weights from the length down to 1; the last counts as {@code lastWeight}. Divisible by 11. */
    static boolean weighted11(String digits, int lastWeight) {
        int sum = 0;
        for (int i = 0; i < digits.length() - 1; i++) {
            sum += (digits.charAt(i) - '0') * (digits.length() - i);
        }
        sum += (digits.charAt(digits.length() - 1) - '0') * lastWeight;
        return sum % 11 == 0;
    }

    /** French NIR: thirteen characters and a key; Corsica's {@code 2A} and {@code 2B} count as 19 and 18. */
    static boolean nir(String text) {
        String digits = text.replace("2A", "19").replace("2B", "18");
        long number = Long.parseLong(digits.substring(0, 13));
        return 97 - number % 97 == Integer.parseInt(digits.substring(13));
    }

    static char dni(int number) {
        return DNI.charAt(number % 23);
    }

    static boolean codiceFiscale(String text) {
        int sum = 0;
        for (int i = 0; i < 15; i++) {
            char c = text.charAt(i);
            int place = c <= '9' ? c - '0' : c - 'A';
            sum += i % 2 == 0 ? ODD[place] : place;
        }
        return 'A' + sum % 26 == text.charAt(15);
    }

    /** German pension number: the letter counts as two digits, products as sums of their digits. */
    static boolean pension(String text) {
        int letter = text.charAt(8) - 'A' + 1;
        String digits = text.substring(0, 8) + letter / 10 + letter % 10 + text.substring(9, 11);
        int[] weights = {2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1};
        int sum = 0;
        for (int i = 0; i < weights.length; i++) {
            int product = (digits.charAt(i) - '0') * weights[i];
            sum += product / 10 + product % 10;
        }
        return sum % 10 == text.charAt(11) - '0';
    }

    /** CRC-32 in six characters of base 62, as GitHub, npm and Reeve end their tokens. */
    public static String crc62(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        long rest = crc.getValue();
        char[] digits = new char[6];
        for (int i = digits.length - 1; i >= 0; i--) {
            digits[i] = BASE62.charAt((int) (rest % 62));
            rest /= 62;
        }
        return new String(digits);
    }

    /** Shannon's entropy of single characters, in bits. */
    static double entropy(String text) {
        int[] counts = new int[128];
        for (int i = 0; i < text.length(); i++) {
            counts[text.charAt(i) & 127]++;
        }
        double bits = 0;
        for (int count : counts) {
            if (count > 0) {
                double share = (double) count / text.length();
                bits -= share * Math.log(share) / Math.log(2);
            }
        }
        return bits;
    }
}
