package dev.reeve.json;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Writes JSON: compact in the order of the members, or canonical (RFC 8785). */
public final class JsonWriter {
    private static final String HEX = "0123456789abcdef";
    private final StringBuilder out = new StringBuilder(256);
    private final boolean canonical;

    private JsonWriter(boolean canonical) {
        this.canonical = canonical;
    }

    /** Compact, members in their own order, numbers as they were written. */
    public static String text(Json value) {
        JsonWriter writer = new JsonWriter(false);
        writer.write(value);
        return writer.out.toString();
    }

    public static byte[] bytes(Json value) {
        return text(value).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * RFC 8785: members sorted by UTF-16 code units, numbers as ECMAScript writes them, strings not normalised. A number that
     * does not survive a double ({@link Json.Num#survives}) keeps its own text; what is decided on never holds one (R4).
     */
    public static String canonicalText(Json value) {
        JsonWriter writer = new JsonWriter(true);
        writer.write(value);
        return writer.out.toString();
    }

    public static byte[] canonical(Json value) {
        return canonicalText(value).getBytes(StandardCharsets.UTF_8);
    }

    private void write(Json value) {
        switch (value) {
            case Json.Obj object -> writeObject(object);
            case Json.Arr array -> writeArray(array);
            case Json.Str string -> writeString(string.value());
            case Json.Num number -> writeNumber(number);
            case Json.Bool bool -> out.append(bool.value());
            case Json.Null ignored -> out.append("null");
        }
    }

    private void writeObject(Json.Obj object) {
        Map<String, Json> members = canonical ? new TreeMap<>(object.members()) : object.members();
        out.append('{');
        boolean first = true;
        for (Map.Entry<String, Json> member : members.entrySet()) {
            if (!first) {
                out.append(',');
            }
            first = false;
            writeString(member.getKey());
            out.append(':');
            write(member.getValue());
        }
        out.append('}');
    }

    private void writeArray(Json.Arr array) {
        out.append('[');
        boolean first = true;
        for (Json item : array.items()) {
            if (!first) {
                out.append(',');
            }
            first = false;
            write(item);
        }
        out.append(']');
    }

    private void writeNumber(Json.Num number) {
        out.append(canonical && number.survives() ? number(number.value()) : number.text());
    }

    private void writeString(String value) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            writeCharacter(value.charAt(i));
        }
        out.append('"');
    }

    private void writeCharacter(char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (c < 0x20) {
                    out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
                } else {
                    out.append(c);
                }
            }
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
