package dev.reeve.ledger;

import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The commitments of one entry: each member of its {@code hidden}, and its {@code out_of_line}, the commitment of a value with the name
 * {@code record}. The same text anywhere else in the entry, which an agent may have chosen, is no commitment.
 */
final class Commitments {
    private static final String HIDDEN = "\"hidden\"";
    private static final String OUT_OF_LINE = "\"out_of_line\"";
    private static final String RECORD = "\"record\"";

    /** Both as they stand in JSON, quotation marks included. */
    private record Committed(String name, String digest) {}

    /** Canonical JSON is ASCII where it is looked at here; a byte is a character, so that places stay what they are. */
    private final String text;

    private final List<Committed> all = new ArrayList<>();

    private Commitments(byte[] leaf) {
        this.text = new String(leaf, StandardCharsets.ISO_8859_1);
        if (is(0, '{')) {
            members();
        }
    }

    /**
     * What is wrong with the hidden values beside an entry: each commitment needs exactly one, live or erased. That is what keeps who can
     * write the files from taking values away unseen, since neither the tree nor a checksum covers them.
     *
     * @param leaf canonical JSON, which is not checked; of other bytes no commitment is found, so they may have no values
     * @param erased how many were erased: what they were called is gone, too
     */
    static Optional<String> problem(byte[] leaf, List<Disclosure> live, int erased, Sha256 sha) {
        List<Committed> open = new Commitments(leaf).all;
        for (Disclosure disclosure : live) {
            if (!open.remove(new Committed(
                    new String(JsonWriter.bytes(new Json.Str(disclosure.name())), StandardCharsets.ISO_8859_1),
                    '"' + Commitment.of(disclosure, sha) + '"'))) {
                return Optional.of("a hidden value is not the one that the entry commits to");
            }
        }
        if (open.size() > erased) {
            String names = open.stream().map(Committed::name).collect(Collectors.joining(", "));
            return Optional.of("a hidden value was taken away: the entry commits to " + open.size()
                    + (live.isEmpty() ? "" : " more") + " (" + names + "), and " + erased + " were erased");
        }
        return open.size() < erased
                ? Optional.of("a hidden value was erased that the entry does not commit to")
                : Optional.empty();
    }

    private void members() {
        int at = 1;
        while (is(at, '"')) {
            int colon = string(at);
            String name = text.substring(at, colon);
            int value = colon + 1;
            if (name.equals(HIDDEN) && is(value, '{')) {
                hidden(value + 1);
            } else if (name.equals(OUT_OF_LINE) && is(value, '"')) {
                all.add(new Committed(RECORD, text.substring(value, string(value))));
            }
            at = behind(value) + 1;
        }
    }

    private void hidden(int from) {
        int at = from;
        while (is(at, '"')) {
            int colon = string(at);
            int value = colon + 1;
            int end = behind(value);
            all.add(new Committed(text.substring(at, colon), text.substring(Math.min(value, end), end)));
            at = end + 1;
        }
    }

    /** The place behind a value, which is that of a comma or a closing bracket. */
    private int behind(int value) {
        int depth = 0;
        int at = value;
        while (at < text.length()) {
            switch (text.charAt(at)) {
                case '"' -> at = string(at) - 1;
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                default -> {}
            }
            if (depth < 0 || (depth == 0 && is(at, ','))) {
                return at;
            }
            at++;
        }
        return text.length();
    }

    /** The place behind a string. */
    private int string(int from) {
        int at = from + 1;
        while (at < text.length() && text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        return Math.min(at + 1, text.length());
    }

    private boolean is(int at, char c) {
        return at < text.length() && text.charAt(at) == c;
    }
}
