package dev.reeve.strict;

import dev.reeve.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads one JSON text (RFC 8259) and nothing beside it: no comments, no duplicate names, no byte order mark, no wrong UTF-8, no lone
 * surrogates, nothing after the end.
 */
public final class StrictJson {
    private static final int LONGEST_NAME = 1 << 16;
    private static final int LONGEST_NUMBER = 400;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(1_000)
                    .maxNameLength(LONGEST_NAME)
                    .maxNumberLength(LONGEST_NUMBER)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final JsonParser parser;
    private final JsonLimits limits;
    private final boolean escapes;
    private int tokens;

    /** @param escapes whether the text holds any escape that names a code unit */
    private StrictJson(JsonParser parser, JsonLimits limits, boolean escapes) {
        this.parser = parser;
        this.limits = limits;
        this.escapes = escapes;
    }

    public static Json read(byte[] text, JsonLimits limits) throws JsonRefusedException {
        return parsed(text, limits, StrictJson::document);
    }

    /** Reads the whole text in its way. */
    @FunctionalInterface
    private interface Reading<T> {
        T read(StrictJson reader) throws JsonRefusedException;
    }

    private static <T> T parsed(byte[] text, JsonLimits limits, Reading<T> reading) throws JsonRefusedException {
        if (text.length > limits.bytes()) {
            throw new JsonRefusedException(
                    "too_large", "the text has " + text.length + " bytes; at most " + limits.bytes() + " are read");
        }
        String decoded = decode(text);
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), decoded)) {
            return reading.read(new StrictJson(parser, limits, decoded.contains("\\u")));
        } catch (StreamConstraintsException e) {
            throw new JsonRefusedException("too_large", "a name or a number is too long" + at(e));
        } catch (StreamReadException e) {
            throw new JsonRefusedException("malformed", "not JSON" + at(e));
        }
    }

    /** As {@link #read}, for texts that must be an object. */
    public static Json.Obj readObject(byte[] text, JsonLimits limits) throws JsonRefusedException {
        if (read(text, limits) instanceof Json.Obj object) {
            return object;
        }
        throw new JsonRefusedException("malformed", "an object is expected");
    }

    /**
     * As {@link #readObject}, and as strict, for who wants only some members of a long object: the others are read and forgotten.
     *
     * @param wanted names of members of the outermost object
     */
    public static Json.Obj readMembers(byte[] text, JsonLimits limits, Set<String> wanted) throws JsonRefusedException {
        return parsed(text, limits, reader -> reader.members(wanted));
    }

    private static String decode(byte[] text) throws JsonRefusedException {
        String decoded = new String(text, StandardCharsets.UTF_8);
        if (decoded.indexOf('\ufffd') < 0) {
            return decoded; // whatever is not UTF-8 would have become this one
        }
        try {
            // The JDK's decoder refuses overlong forms and encoded surrogates; a JSON parser may not.
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new JsonRefusedException("bad_utf8", "the text is not UTF-8");
        }
    }

    private Json document() throws JsonRefusedException {
        Json value = value(next(), 0);
        requireEnd();
        return value;
    }

    private void requireEnd() throws JsonRefusedException {
        if (parser.nextToken() != null) {
            throw refused("malformed", "something follows the end of the text");
        }
    }

    private Json.Obj members(Set<String> wanted) throws JsonRefusedException {
        if (next() != JsonToken.START_OBJECT) {
            throw refused("malformed", "an object is expected");
        }
        Json.Builder members = Json.object();
        Names names = new Names();
        for (JsonToken token = next(); token != JsonToken.END_OBJECT; token = next()) {
            String name = name(names);
            if (wanted.contains(name)) {
                members.add(name, value(next(), 1));
            } else {
                skip(next(), 1);
            }
        }
        requireEnd();
        return members.build();
    }

    private void skip(JsonToken token, int depth) throws JsonRefusedException {
        switch (token) {
            case START_OBJECT -> {
                checkDepth(depth + 1);
                Names names = new Names();
                for (JsonToken inner = next(); inner != JsonToken.END_OBJECT; inner = next()) {
                    name(names);
                    skip(next(), depth + 1);
                }
            }
            case START_ARRAY -> {
                checkDepth(depth + 1);
                for (JsonToken inner = next(); inner != JsonToken.END_ARRAY; inner = next()) {
                    skip(inner, depth + 1);
                }
            }
            case VALUE_STRING -> {
                if (escapes) {
                    wellFormed(parser.getString());
                }
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                if (limits.exactNumbers()) {
                    number();
                }
            }
            case VALUE_TRUE, VALUE_FALSE, VALUE_NULL -> {}
            case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                throw refused("malformed", "not JSON");
        }
    }

    private String name(Names names) throws JsonRefusedException {
        String name = wellFormed(parser.currentName());
        if (!names.add(name)) {
            throw refused("duplicate_member", "an object names a member twice");
        }
        return name;
    }

    /** The names of one object: few, as a rule. */
    private static final class Names {
        private static final int FEW = 8;

        private final List<String> few = new ArrayList<>(FEW);
        private Set<String> many = Set.of();

        boolean add(String name) {
            if (many.isEmpty() && few.size() == FEW) {
                many = new HashSet<>(few);
            }
            return many.isEmpty() ? !few.contains(name) && few.add(name) : many.add(name);
        }
    }

    private Json value(JsonToken token, int depth) throws JsonRefusedException {
        return switch (token) {
            case START_OBJECT -> object(depth + 1);
            case START_ARRAY -> array(depth + 1);
            case VALUE_STRING -> new Json.Str(wellFormed(parser.getString()));
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number();
            case VALUE_TRUE -> Json.Bool.TRUE;
            case VALUE_FALSE -> Json.Bool.FALSE;
            case VALUE_NULL -> Json.Null.NULL;
            case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                throw refused("malformed", "not JSON");
        };
    }

    private Json object(int depth) throws JsonRefusedException {
        checkDepth(depth);
        Json.Builder members = Json.object();
        while (true) {
            JsonToken token = next();
            if (token == JsonToken.END_OBJECT) {
                return members.build();
            }
            String name = wellFormed(parser.currentName());
            if (!members.add(name, value(next(), depth))) {
                throw refused("duplicate_member", "an object names a member twice");
            }
        }
    }

    private Json array(int depth) throws JsonRefusedException {
        checkDepth(depth);
        List<Json> items = new ArrayList<>();
        while (true) {
            JsonToken token = next();
            if (token == JsonToken.END_ARRAY) {
                return new Json.Arr(items);
            }
            items.add(value(token, depth));
        }
    }

    private Json number() throws JsonRefusedException {
        Json.Num number = new Json.Num(parser.getString());
        if (limits.exactNumbers() && !number.survives()) {
            throw refused("inexact_number", "a number has more digits than a double keeps; send it as a string");
        }
        return number;
    }

    private JsonToken next() throws JsonRefusedException {
        JsonToken token = parser.nextToken();
        if (token == null) {
            throw refused("malformed", "the text ends too early");
        }
        if (++tokens > limits.tokens()) {
            throw refused("too_many_tokens", "the text has more than " + limits.tokens() + " tokens");
        }
        return token;
    }

    private void checkDepth(int depth) throws JsonRefusedException {
        if (depth > limits.depth()) {
            throw refused("too_deep", "the text is nested deeper than " + limits.depth());
        }
    }

    /** An escape may name half a surrogate pair; such a string has no UTF-8 form and could be read differently elsewhere. */
    private String wellFormed(String text) throws JsonRefusedException {
        if (!escapes) {
            return text; // UTF-8 has no halves
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    throw refused("bad_utf8", "a string holds half a surrogate pair");
                }
                i++;
            }
        }
        return text;
    }

    private JsonRefusedException refused(String code, String message) {
        TokenStreamLocation where = parser.currentTokenLocation();
        return new JsonRefusedException(
                code, message + " (line " + where.getLineNr() + ", column " + where.getColumnNr() + ")");
    }

    private static String at(tools.jackson.core.JacksonException e) {
        TokenStreamLocation where = e.getLocation();
        return where == null ? "" : " (line " + where.getLineNr() + ", column " + where.getColumnNr() + ")";
    }
}
