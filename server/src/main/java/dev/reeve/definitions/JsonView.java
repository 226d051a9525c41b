package dev.reeve.definitions;

import dev.harrel.jsonschema.JsonNode;
import dev.harrel.jsonschema.JsonNodeFactory;
import dev.harrel.jsonschema.SimpleType;
import dev.reeve.json.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Our JSON as the validator sees it, without a copy of the whole. */
record JsonView(Json value, String getJsonPointer) implements JsonNode {
    static final JsonNodeFactory FACTORY = new JsonNodeFactory() {
        @Override
        public JsonNode wrap(Object node) {
            return switch (node) {
                case JsonView view -> view;
                case Json json -> new JsonView(json, "");
                default -> throw new IllegalArgumentException("not a JSON value of ours");
            };
        }

        @Override
        public JsonNode create(String rawJson) {
            return JsonView.parse(rawJson);
        }
    };

    /** Only the validator's own meta-schemas come here. */
    private static JsonNode parse(String text) {
        try {
            return new JsonView(
                    dev.reeve.strict.StrictJson.read(
                            text.getBytes(java.nio.charset.StandardCharsets.UTF_8), dev.reeve.strict.JsonLimits.ANSWER),
                    "");
        } catch (dev.reeve.strict.JsonRefusedException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Override
    public SimpleType getNodeType() {
        return switch (value) {
            case Json.Obj ignored -> SimpleType.OBJECT;
            case Json.Arr ignored -> SimpleType.ARRAY;
            case Json.Str ignored -> SimpleType.STRING;
            case Json.Num number ->
                number.whole().isPresent()
                                || number(number).stripTrailingZeros().scale() <= 0
                        ? SimpleType.INTEGER
                        : SimpleType.NUMBER;
            case Json.Bool ignored -> SimpleType.BOOLEAN;
            case Json.Null ignored -> SimpleType.NULL;
        };
    }

    @Override
    public boolean asBoolean() {
        return ((Json.Bool) value).value();
    }

    @Override
    public String asString() {
        return value instanceof Json.Str text ? text.value() : value.toString();
    }

    @Override
    public BigInteger asInteger() {
        return asNumber().toBigInteger();
    }

    @Override
    public BigDecimal asNumber() {
        return number((Json.Num) value);
    }

    /** A number with a huge exponent is small as text and endless as an integer (R8). */
    private static BigDecimal number(Json.Num number) {
        if (!number.survives()) {
            throw new IllegalArgumentException("a number that a double does not keep");
        }
        return new BigDecimal(number.text());
    }

    @Override
    public List<JsonNode> asArray() {
        List<Json> items = ((Json.Arr) value).items();
        List<JsonNode> views = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            views.add(new JsonView(items.get(i), getJsonPointer + "/" + i));
        }
        return views;
    }

    @Override
    public Map<String, JsonNode> asObject() {
        Map<String, JsonNode> views = new LinkedHashMap<>();
        ((Json.Obj) value)
                .members()
                .forEach((name, member) ->
                        views.put(name, new JsonView(member, getJsonPointer + "/" + JsonNode.encodeJsonPointer(name))));
        return views;
    }
}
