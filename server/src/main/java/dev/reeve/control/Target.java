package dev.reeve.control;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What a request line names. Paths of ours need no escapes, so none are decoded. */
record Target(String path, Map<String, String> query) {
    private static final int MOST_PARAMETERS = 16;

    Target {
        query = Map.copyOf(query);
    }

    /** Empty if it is none of ours. */
    static Optional<Target> read(String raw) {
        int question = raw.indexOf('?');
        String path = question < 0 ? raw : raw.substring(0, question);
        if (!path.matches("/[A-Za-z0-9_./-]{0,300}")) {
            return Optional.empty();
        }
        return query(question < 0 ? "" : raw.substring(question + 1)).map(query -> new Target(path, query));
    }

    private static Optional<Map<String, String>> query(String raw) {
        Map<String, String> query = new HashMap<>();
        if (raw.isEmpty()) {
            return Optional.of(query);
        }
        for (String pair : raw.split("&", MOST_PARAMETERS + 1)) {
            int equals = pair.indexOf('=');
            try {
                String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
                if (query.size() >= MOST_PARAMETERS
                        || query.put(name, equals < 0 ? "" : decoded(pair.substring(equals + 1))) != null) {
                    return Optional.empty();
                }
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
        return Optional.of(query);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
