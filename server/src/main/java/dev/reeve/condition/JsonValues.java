package dev.reeve.condition;

import dev.cel.common.values.NullValue;
import dev.reeve.json.Json;
import java.util.AbstractList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as CEL sees it. */
final class JsonValues {
    private JsonValues() {}

    /** An object whose members have these types. */
    @SuppressWarnings("Immutable") // what it holds is a record of ours: immutable, and without that annotation
    static final class Members extends Struct {
        private final Json.Obj object;
        private final ValueType type;

        Members(Json.Obj object, ValueType type) {
            this.object = object;
            this.type = type;
        }

        @Override
        @Nullable
        Object member(String name) {
            Json value = object.members().get(name);
            return value == null
                    ? null
                    : JsonValues.value(value, type.member(name).orElse(ValueType.Anything.ONE));
        }
    }

    static Object value(Json value, ValueType type) {
        return switch (value) {
            case Json.Str text -> text.value();
            case Json.Num number -> number(number, type);
            case Json.Bool flag -> flag.value();
            case Json.Null ignored -> NullValue.NULL_VALUE;
            case Json.Arr array -> new Items(array, type.item());
            case Json.Obj object -> type instanceof ValueType.Anything ? map(object) : new Members(object, type);
        };
    }

    /** JSON has one kind of number, CEL two: the schema says which, and where it does not, a whole number is an int. */
    private static Object number(Json.Num number, ValueType type) {
        if (type.isNumber()) {
            return number.value();
        }
        return number.whole().<Object>map(whole -> whole).orElseGet(number::value);
    }

    /** Of an object of which nothing is known, any name may be asked for by index too. */
    private static Map<String, Object> map(Json.Obj object) {
        Map<String, Object> map = HashMap.newHashMap(object.members().size());
        object.members().forEach((name, value) -> map.put(name, value(value, ValueType.Anything.ONE)));
        return map;
    }

    private static final class Items extends AbstractList<Object> {
        private final List<Json> items;
        private final ValueType type;

        Items(Json.Arr array, ValueType type) {
            this.items = array.items();
            this.type = type;
        }

        @Override
        public Object get(int index) {
            return value(items.get(index), type);
        }

        @Override
        public int size() {
            return items.size();
        }
    }
}
