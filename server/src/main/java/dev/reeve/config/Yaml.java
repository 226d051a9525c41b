package dev.reeve.config;

import dev.reeve.policy.Place;
import dev.reeve.policy.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * Reads one YAML document strictly: what two readers could understand differently is refused. That is duplicate names, anchors, aliases,
 * tags, several documents, and characters that do not show (a text that a reviewer reads differently from the machine is an attack).
 */
final class Yaml {
    static final int MOST_BYTES = 1 << 20;
    static final int MOST_DEPTH = 24;
    static final int MOST_TOKENS = 200_000;
    private static final YAMLFactory FACTORY = YAMLFactory.builder().build();

    private final String file;
    private final int[] codes;
    private final YAMLParser parser;
    private final Problems problems;
    private int tokens;

    private Yaml(String file, int[] codes, YAMLParser parser, Problems problems) {
        this.file = file;
        this.codes = codes;
        this.parser = parser;
        this.problems = problems;
    }

    /** The mapping that the file is; an empty one for an empty file; nothing (and a problem) if it cannot be read at all. */
    static Optional<Node.Mapping> read(String file, byte[] bytes, Problems problems) {
        Optional<String> text = decode(file, bytes, problems);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        int[] codes = text.get().codePoints().toArray();
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text.get())) {
            return new Yaml(file, codes, (YAMLParser) parser, problems).document();
        } catch (TooMuchException e) {
            problems.error(e.place, "", e.what, "split the file");
        } catch (JacksonException e) {
            problems.add(unreadable(file, e));
        }
        return Optional.empty();
    }

    private static Optional<String> decode(String file, byte[] bytes, Problems problems) {
        if (bytes.length > MOST_BYTES) {
            problems.error(Problems.file(file), "", "has more than " + MOST_BYTES + " bytes", "split the file");
            return Optional.empty();
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return allShows(file, text, problems) ? Optional.of(text) : Optional.empty();
        } catch (CharacterCodingException e) {
            problems.error(Problems.file(file), "", "is not UTF-8", "save it as UTF-8");
            return Optional.empty();
        }
    }

    private static boolean allShows(String file, String text, Problems problems) {
        int line = 1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                line++;
            } else if (hides(c)) {
                String code = String.format(Locale.ROOT, "U+%04X", (int) c);
                problems.error(
                        new Place(file, line, 0),
                        "",
                        "holds " + code + ", a character that does not show",
                        "remove it");
                return false;
            }
        }
        return true;
    }

    private static boolean hides(char c) {
        if (c == '\t' || c == '\r') {
            return false;
        }
        int type = Character.getType(c);
        return Character.isISOControl(c)
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }

    private Optional<Node.Mapping> document() {
        JsonToken first = next();
        if (first == null) {
            return Optional.of(new Node.Mapping(new Place(file, 1, 1), "", Map.of()));
        }
        refuseDirectives();
        Node root = value(first, "", 0);
        if (next() != null) {
            problems.error(
                    place(), "", "a second document begins here", "one file holds one document; remove the `---`");
            return Optional.empty();
        }
        if (root instanceof Node.Mapping mapping) {
            return Optional.of(mapping);
        }
        problems.error(root, "is " + root.kind() + ", where names with values are expected");
        return Optional.empty();
    }

    private Node value(JsonToken token, String field, int depth) {
        Place place = place();
        refuseTricks(field, place);
        return switch (token) {
            case START_OBJECT -> mapping(place, field, deeper(depth));
            case START_ARRAY -> sequence(place, field, deeper(depth));
            case VALUE_STRING -> scalar(place, field, Node.Type.TEXT);
            case VALUE_NUMBER_INT -> scalar(place, field, Node.Type.WHOLE);
            case VALUE_NUMBER_FLOAT -> scalar(place, field, Node.Type.DECIMAL);
            case VALUE_TRUE, VALUE_FALSE -> scalar(place, field, Node.Type.FLAG);
            case VALUE_NULL -> new Node.Scalar(place, field, Node.Type.NOTHING, "");
            case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                throw new TooMuchException(place, "has a form that is not understood");
        };
    }

    private Node.Scalar scalar(Place place, String field, Node.Type type) {
        return new Node.Scalar(place, field, type, parser.getString());
    }

    private Node.Mapping mapping(Place place, String field, int depth) {
        Map<String, Node.Member> members = new LinkedHashMap<>();
        while (true) {
            JsonToken token = expected();
            if (token == JsonToken.END_OBJECT) {
                return new Node.Mapping(place, field, members);
            }
            Place key = place();
            String name = parser.currentName();
            String below = Node.below(field, name);
            refuseTricks(below, key);
            Node.Member member = new Node.Member(key, value(expected(), below, depth));
            Node.Member before = members.putIfAbsent(name, member);
            if (before != null) {
                problems.error(
                        key,
                        below,
                        "stands here twice; first in line " + before.key().line(),
                        "keep one");
            }
        }
    }

    private Node.Sequence sequence(Place place, String field, int depth) {
        List<Node> items = new ArrayList<>();
        while (true) {
            JsonToken token = expected();
            if (token == JsonToken.END_ARRAY) {
                return new Node.Sequence(place, field, items);
            }
            items.add(value(token, field + "[" + items.size() + "]", depth));
        }
    }

    /**
     * The parser tells anchor and tag of a collection, but not always those of a name or of a single value. These begin with their sign, and
     * nothing without quotes may begin with it otherwise.
     */
    private void refuseTricks(String field, Place place) {
        JsonToken token = parser.currentToken();
        boolean collection = token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY;
        int sign = collection ? ' ' : sign();
        if (parser.isCurrentAlias() || sign == '*') {
            problems.error(place, field, "aliases (`*name`) are not supported", "write the value out");
        } else if (sign == '&' || (collection && parser.getObjectId() != null)) {
            problems.error(place, field, "anchors (`&name`) are not supported", "write the value where it is used");
        } else if (sign == '!' || (collection && parser.getTypeId() != null)) {
            problems.error(place, field, "tags (`!name`) are not supported", "remove it");
        }
    }

    private int sign() {
        long at = parser.currentTokenLocation().getCharOffset();
        return at >= 0 && at < codes.length ? codes[(int) at] : ' ';
    }

    /** `%YAML 1.1` would change what the text means. */
    private void refuseDirectives() {
        long end = Math.min(parser.currentTokenLocation().getCharOffset(), codes.length - 1L);
        int line = 1;
        for (int i = 0; i <= end; i++) {
            if (codes[i] == '%' && (i == 0 || codes[i - 1] == '\n')) {
                problems.error(
                        new Place(file, line, 1), "", "directives (`%NAME`) are not supported", "remove the line");
            }
            line += codes[i] == '\n' ? 1 : 0;
        }
    }

    private int deeper(int depth) {
        if (depth >= MOST_DEPTH) {
            throw new TooMuchException(place(), "is nested deeper than " + MOST_DEPTH);
        }
        return depth + 1;
    }

    private JsonToken expected() {
        JsonToken token = next();
        if (token == null) {
            throw new TooMuchException(place(), "ends too early");
        }
        return token;
    }

    private @Nullable JsonToken next() {
        if (++tokens > MOST_TOKENS) {
            throw new TooMuchException(place(), "has more than " + MOST_TOKENS + " names and values");
        }
        return parser.nextToken();
    }

    private Place place() {
        TokenStreamLocation where = parser.currentTokenLocation();
        return new Place(file, where.getLineNr(), where.getColumnNr());
    }

    private static Problem unreadable(String file, JacksonException e) {
        Place place = Problems.file(file);
        if (e.getCause() instanceof MarkedYamlEngineException marked
                && marked.getProblemMark().isPresent()) {
            Mark mark = marked.getProblemMark().get();
            place = new Place(file, mark.getLine() + 1, mark.getColumn() + 1);
        } else if (e.getLocation() != null) {
            place = new Place(file, e.getLocation().getLineNr(), e.getLocation().getColumnNr());
        }
        return Problem.error(place, "", "not YAML: " + gist(e.getOriginalMessage()));
    }

    /** Without the excerpt of the file, whose lines are indented. */
    private static String gist(String message) {
        return message.lines()
                .filter(line -> !line.isBlank() && !line.startsWith(" "))
                .collect(Collectors.joining(": "));
    }

    /** Stops the reading of one file. */
    private static final class TooMuchException extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient Place place;
        private final String what;

        TooMuchException(Place place, String what) {
            super(what, null, false, false);
            this.place = place;
            this.what = what;
        }
    }
}
