package dev.reeve.json;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;

/** Writes JSON in UTF-8: compact in the order of the members, or canonical (RFC 8785). */
public final class JsonWriter {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_ESCAPE = 6;
    /** Longer texts are encoded at once, many characters at a time. */
    private static final int SHORT = 256;

    private final boolean canonical;
    private byte[] out;
    private int size;

    private JsonWriter(boolean canonical) {
        this.canonical = canonical;
        this.out = Scratch.take();
    }

    /** Compact, members in their own order, numbers as they were written. */
    public static String text(Json value) {
        JsonWriter writer = new JsonWriter(false);
        writer.write(value);
        return writer.decoded();
    }

    public static byte[] bytes(Json value) {
        JsonWriter writer = new JsonWriter(false);
        writer.write(value);
        return writer.written();
    }

    /**
     * RFC 8785: members sorted by UTF-16 code units, numbers as ECMAScript writes them, strings not normalised. A number that
     * does not survive a double ({@link Json.Num#survives}) keeps its own text; what is decided on never holds one (R4).
     */
    public static byte[] canonical(Json value) {
        JsonWriter writer = new JsonWriter(true);
        writer.write(value);
        return writer.written();
    }

    /** The hash of the canonical form, which is not kept. */
    static byte[] canonicalDigest(Json value, MessageDigest digest) {
        JsonWriter writer = new JsonWriter(true);
        writer.write(value);
        digest.update(writer.out, 0, writer.size);
        Scratch.give(writer.out);
        return digest.digest();
    }

    public static String canonicalText(Json value) {
        JsonWriter writer = new JsonWriter(true);
        writer.write(value);
        return writer.decoded();
    }

    /**
     * The canonical form of an object that will get one more member, without the value of that one.
     *
     * @param hole where in {@code bytes} the value goes
     */
    @SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
    public record Holed(byte[] bytes, int hole) {}

    /** @param without a name that {@code object} does not have */
    public static Holed canonicalWithout(Json.Obj object, String without) {
        JsonWriter writer = new JsonWriter(true);
        int hole = writer.writeSorted(object.members(), without);
        return new Holed(writer.written(), hole);
    }

    private byte[] written() {
        byte[] bytes = Arrays.copyOf(out, size);
        Scratch.give(out);
        return bytes;
    }

    private String decoded() {
        String text = new String(out, 0, size, StandardCharsets.UTF_8);
        Scratch.give(out);
        return text;
    }

    private void write(Json value) {
        switch (value) {
            case Json.Obj object -> writeObject(object.members());
            case Json.Arr array -> writeArray(array);
            case Json.Str string -> writeString(string.value());
            case Json.Num number -> writeNumber(number);
            case Json.Bool bool -> put(bool.value() ? TRUE : FALSE);
            case Json.Null ignored -> put(NULL);
        }
    }

    private void writeObject(Map<String, Json> members) {
        if (canonical) {
            int ignored = writeSorted(members, "");
        } else if (members instanceof Members few) {
            writeInOrder(few);
        } else {
            put('{');
            int begin = size;
            members.forEach((name, value) -> {
                comma(begin);
                writeMember(name, value);
            });
            put('}');
        }
    }

    private void writeInOrder(Members members) {
        put('{');
        int begin = size;
        for (int i = 0; i < members.size(); i++) {
            comma(begin);
            writeMember(members.name(i), members.value(i));
        }
        put('}');
    }

    /** @return where the value of {@code hole} goes, or -1 if it is empty */
    private int writeSorted(Map<String, Json> members, String hole) {
        if (!(members instanceof Members few)) {
            return writeLarge(members, hole);
        }
        if (hole.isEmpty() && few.isSorted()) {
            writeInOrder(few);
            return -1;
        }
        int at = -1;
        put('{');
        int begin = size;
        for (int i : few.order()) {
            String name = few.name(i);
            if (at < 0 && !hole.isEmpty() && hole.compareTo(name) < 0) {
                at = writeHole(hole, begin);
            }
            comma(begin);
            writeMember(name, few.value(i));
        }
        if (at < 0 && !hole.isEmpty()) {
            at = writeHole(hole, begin);
        }
        put('}');
        return at;
    }

    private int writeHole(String name, int begin) {
        comma(begin);
        writeString(name);
        put(':');
        return size;
    }

    private int writeLarge(Map<String, Json> members, String hole) {
        int at = -1;
        put('{');
        int begin = size;
        for (String name : sorted(members, hole)) {
            comma(begin);
            Json value = members.get(name);
            if (value != null) {
                writeMember(name, value);
            } else {
                at = writeHole(name, size);
            }
        }
        put('}');
        return at;
    }

    private static String[] sorted(Map<String, Json> members, String hole) {
        int room = members.size() + (hole.isEmpty() ? 0 : 1);
        String[] names = members.keySet().toArray(new String[room]);
        if (!hole.isEmpty()) {
            names[members.size()] = hole;
        }
        Arrays.sort(names);
        return names;
    }

    private void comma(int begin) {
        if (size > begin) {
            put(',');
        }
    }

    private void writeMember(String name, Json value) {
        writeString(name);
        put(':');
        write(value);
    }

    private void writeArray(Json.Arr array) {
        put('[');
        int begin = size;
        for (Json item : array.items()) {
            comma(begin);
            write(item);
        }
        put(']');
    }

    private void writeNumber(Json.Num number) {
        String text = canonical && !number.isPlain() && number.survives() ? number(number.value()) : number.text();
        room(text.length());
        for (int i = 0; i < text.length(); i++) {
            out[size++] = (byte) text.charAt(i);
        }
    }

    /** Most texts are short and plain, and are written without a copy of their own. */
    private void writeString(String value) {
        int length = value.length();
        if (length > SHORT) {
            writeLong(value);
            return;
        }
        room(length + 2);
        int begin = size;
        byte[] to = out;
        to[size++] = '"';
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (c < 0x20 || c > 0x7e || c == '"' || c == '\\') {
                size = begin;
                writeLong(value);
                return;
            }
            to[size++] = (byte) c;
        }
        put('"');
    }

    /** What needs an escape is ASCII, so the text is encoded first and its bytes are looked through. Half a surrogate pair becomes `?`. */
    private void writeLong(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        room(utf8.length + 2);
        out[size++] = '"';
        int from = 0;
        for (int i = 0; i < utf8.length; i++) {
            byte b = utf8[i];
            if (b == '"' || b == '\\' || (b >= 0 && b < 0x20)) {
                put(utf8, from, i);
                escape(b);
                from = i + 1;
            }
        }
        put(utf8, from, utf8.length);
        put('"');
    }

    private void put(byte[] bytes, int from, int end) {
        room(end - from);
        System.arraycopy(bytes, from, out, size, end - from);
        size += end - from;
    }

    private void escape(byte b) {
        room(LONGEST_ESCAPE);
        out[size++] = '\\';
        switch (b) {
            case '"', '\\' -> out[size++] = b;
            case '\b' -> out[size++] = 'b';
            case '\f' -> out[size++] = 'f';
            case '\n' -> out[size++] = 'n';
            case '\r' -> out[size++] = 'r';
            case '\t' -> out[size++] = 't';
            default -> {
                out[size++] = 'u';
                out[size++] = '0';
                out[size++] = '0';
                out[size++] = HEX[b >> 4];
                out[size++] = HEX[b & 15];
            }
        }
    }

    private void put(char c) {
        room(1);
        out[size++] = (byte) c;
    }

    private void put(byte[] ascii) {
        put(ascii, 0, ascii.length);
    }

    private void room(int more) {
        if (out.length - size < more) {
            out = Arrays.copyOf(out, Math.max(out.length * 2, Math.addExact(size, more)));
        }
    }

    /** ECMAScript's Number::toString (ECMA-262 section 6.1.6.1.20), which RFC 8785 section 3.2.2.3 demands. */
    static String number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("not a JSON number: " + value);
        }
        if (value == 0) {
            return "0";
        }
        if (value < 0) {
            return "-" + number(-value);
        }
        // Java's shortest digits (JDK-4511638, since 19) are ECMAScript's digits; only the layout differs.
        BigDecimal shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        if (shortest.precision() == 2) {
            // Java never goes below two digits: 4.9E-324 where ECMAScript writes 5e-324.
            BigDecimal one = shortest.round(new MathContext(1));
            shortest = one.doubleValue() == value ? one.stripTrailingZeros() : shortest;
        }
        String digits = shortest.unscaledValue().toString();
        return layOut(digits, digits.length() - shortest.scale());
    }

    private static String layOut(String digits, int point) {
        int count = digits.length();
        if (count <= point && point <= 21) {
            return digits + "0".repeat(point - count);
        }
        if (0 < point && point <= 21) {
            return digits.substring(0, point) + "." + digits.substring(point);
        }
        if (-6 < point && point <= 0) {
            return "0." + "0".repeat(-point) + digits;
        }
        int exponent = point - 1;
        String mantissa = count == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        return mantissa + "e" + (exponent < 0 ? "-" : "+") + Math.abs(exponent);
    }
}
