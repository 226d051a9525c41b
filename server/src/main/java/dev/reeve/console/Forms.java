package dev.reeve.console;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The fields of a form, {@code application/x-www-form-urlencoded} (URL Standard, section 5). Each once, each of them known. */
final class Forms {
    private static final int MOST_BYTES = 16 << 10;

    private Forms() {}

    /** Empty if it is none of ours. */
    static Optional<Map<String, String>> read(byte[] body, Set<String> known) {
        if (body.length > MOST_BYTES) {
            return Optional.empty();
        }
        Map<String, String> fields = new HashMap<>();
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            for (String pair : text.split("&", known.size() + 1)) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                if (!known.contains(name) || fields.put(name, decoded(pair.substring(equals + 1))) != null) {
                    return Optional.empty();
                }
            }
        } catch (CharacterCodingException | IllegalArgumentException e) {
            return Optional.empty();
        }
        return Optional.of(fields);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
