package dev.reeve.tls;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The blocks of a PEM file (RFC 7468). Text between them is comment, as {@code openssl} writes it. */
final class Pem {
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";
    private static final int MOST_BLOCKS = 2_000;

    /** @param label {@code CERTIFICATE}, {@code PRIVATE KEY}, ... */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares blocks.
    record Block(String label, byte[] bytes) {
        @Override
        public String toString() {
            return label;
        }
    }

    private Pem() {}

    static List<Block> blocks(Path path, byte[] file) throws BadTlsException {
        List<Block> blocks = new ArrayList<>();
        String label = "";
        StringBuilder body = new StringBuilder();
        for (String line : new String(file, StandardCharsets.ISO_8859_1).split("\r?\n", -1)) {
            String text = line.strip();
            if (label.isEmpty() && text.startsWith(BEGIN) && text.endsWith(DASHES)) {
                label = text.substring(BEGIN.length(), text.length() - DASHES.length());
                body.setLength(0);
            } else if (!label.isEmpty() && text.equals(END + label + DASHES)) {
                blocks.add(new Block(label, decoded(path, body.toString())));
                label = "";
            } else if (!label.isEmpty()) {
                body.append(encoded(path, text));
            }
        }
        if (!label.isEmpty()) {
            throw new BadTlsException("`" + path + "` ends in the middle of a PEM block", "write the whole file anew");
        }
        if (blocks.isEmpty() || blocks.size() > MOST_BLOCKS) {
            throw new BadTlsException(
                    "`" + path + "` holds " + (blocks.isEmpty() ? "no" : "more than " + MOST_BLOCKS) + " PEM blocks",
                    "give a file that begins with -----BEGIN; DER is made to PEM with `openssl x509 -inform der`");
        }
        return blocks;
    }

    /** Headers inside a block are from before RFC 7468: a key with its own kind of encryption. */
    private static String encoded(Path path, String line) throws BadTlsException {
        if (line.contains(":")) {
            throw new BadTlsException(
                    "`" + path + "` holds a key that is encrypted in the old way of OpenSSL",
                    "openssl pkcs8 -topk8 -in OLD -out NEW, and name its password under `key_password`");
        }
        return line;
    }

    private static byte[] decoded(Path path, String body) throws BadTlsException {
        try {
            return Base64.getDecoder().decode(body);
        } catch (IllegalArgumentException e) {
            throw new BadTlsException("`" + path + "` holds a PEM block that is not base64", "write the file anew");
        }
    }
}
