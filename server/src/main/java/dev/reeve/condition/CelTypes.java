package dev.reeve.condition;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableMap;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.NullableType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Our types as CEL's checker wants them. One instance for one compilation environment. */
final class CelTypes {
    private final Map<String, CelType> structs = new LinkedHashMap<>();

    /** @param path the name of the type in CEL's messages */
    CelType type(String path, ValueType type) {
        return switch (type) {
            case ValueType.Text ignored -> SimpleType.STRING;
            case ValueType.Whole ignored -> SimpleType.INT;
            case ValueType.Decimal ignored -> SimpleType.DOUBLE;
            case ValueType.Flag ignored -> SimpleType.BOOL;
            case ValueType.Items items -> ListType.create(type(path + ".item", items.item()));
            case ValueType.Members members -> struct(path, members);
            case ValueType.OrNull nullable -> nullable(path, nullable.type());
            case ValueType.Anything ignored -> SimpleType.DYN;
        };
    }

    /** CEL knows null beside simple values only. */
    private CelType nullable(String path, ValueType type) {
        boolean simple = !(type instanceof ValueType.Items) && !(type instanceof ValueType.Members);
        return simple ? NullableType.create(type(path, type)) : SimpleType.DYN;
    }

    private CelType struct(String path, ValueType.Members members) {
        Map<String, CelType> fields = new LinkedHashMap<>();
        members.members().forEach((name, member) -> fields.put(name, type(path + "." + name, member)));
        ImmutableMap<String, CelType> known = ImmutableMap.copyOf(fields);
        CelType struct = StructType.create(path, known.keySet(), name -> Optional.ofNullable(known.get(name)));
        structs.put(path, struct);
        return struct;
    }

    /** The types that were made so far. */
    CelTypeProvider provider() {
        return new Provider(ImmutableMap.copyOf(structs));
    }

    private static final class Provider implements CelTypeProvider {
        private final ImmutableMap<String, CelType> types;

        Provider(ImmutableMap<String, CelType> types) {
            this.types = types;
        }

        @Override
        public ImmutableCollection<CelType> types() {
            return types.values();
        }

        @Override
        public Optional<CelType> findType(String name) {
            return Optional.ofNullable(types.get(name));
        }
    }
}
