package dev.reeve.guard;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** A text in base 64 (RFC 4648, either alphabet) within another text: a secret of Kubernetes, a file, a cookie. */
record Packed(int start, int end, String text, boolean url, boolean padded) {
    /** Shorter ones hold nothing that is found, and words look like them. */
    private static final int SHORTEST = 12;
    /** Of these the bytes are looked at before all are decoded: what begins otherwise is no text. */
    private static final int BEGINNING = 8;

    private static final CharSet CHARS = CharSet.of("0-9A-Za-z+/_-");
    private static final CharSet STANDARD = CharSet.of("+/");
    private static final CharSet URL = CharSet.of("_-");

    /** Those of a text, in order. */
    static List<Packed> in(String text) {
        List<Packed> found = List.of();
        int at = 0;
        while (at + SHORTEST <= text.length()) {
            int end = at;
            while (end < text.length() && CHARS.has(text.charAt(end))) {
                end++;
            }
            int padding = end;
            while (padding < text.length() && padding - end < 2 && text.charAt(padding) == '=') {
                padding++;
            }
            if (end - at >= SHORTEST) {
                Optional<Packed> one = of(text, at, end, padding);
                if (one.isPresent()) {
                    found = found.isEmpty() ? new ArrayList<>() : found;
                    found.add(one.get());
                }
            }
            at = Math.max(padding, at + 1);
        }
        return found;
    }

    private static Optional<Packed> of(String text, int start, int end, int padding) {
        String run = text.substring(start, padding);
        boolean standard = has(STANDARD, run);
        boolean url = has(URL, run);
        if (standard && url || !isText(run.substring(0, BEGINNING))) {
            return Optional.empty();
        }
        try {
            byte[] bytes = (url ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(run);
            String meant = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return Optional.of(new Packed(start, padding, meant, url, padding > end));
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static boolean has(CharSet set, String run) {
        for (int i = 0; i < run.length(); i++) {
            if (set.has(run.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isText(String beginning) {
        String standard = beginning.replace('-', '+').replace('_', '/');
        for (byte one : Base64.getDecoder().decode(standard)) {
            if (one < ' ' && one != '\n' && one != '\r' && one != '\t') {
                return false;
            }
        }
        return true;
    }

    /** Another text in the same form. */
    String packed(String other) {
        Base64.Encoder encoder = url ? Base64.getUrlEncoder() : Base64.getEncoder();
        boolean wasWhole = (end - start) % 4 == 0;
        return (padded || wasWhole ? encoder : encoder.withoutPadding())
                .encodeToString(other.getBytes(StandardCharsets.UTF_8));
    }
}
