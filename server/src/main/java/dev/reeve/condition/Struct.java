package dev.reeve.condition;

import dev.cel.common.types.CelType;
import dev.cel.common.types.StructTypeReference;
import dev.cel.common.values.StructValue;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A value with members that are made only when they are asked for, so that an evaluation copies nothing. */
abstract class Struct extends StructValue<String, Object> {
    private static final CelType TYPE = StructTypeReference.create("reeve.Value");

    /** The member as CEL wants it; null if it is not there. */
    abstract @Nullable Object member(String name);

    @Override
    public Object select(String name) {
        Object value = member(name);
        if (value == null) {
            throw new MissingException(name);
        }
        return value;
    }

    @Override
    public Optional<Object> find(String name) {
        return Optional.ofNullable(member(name));
    }

    @Override
    public Object value() {
        return this;
    }

    @Override
    public boolean isZeroValue() {
        return false;
    }

    @Override
    public CelType celType() {
        return TYPE;
    }

    /** Names the member, never a value. */
    static final class MissingException extends RuntimeException {
        private static final long serialVersionUID = 1;

        MissingException(String member) {
            super(
                    "`" + (member.length() > 64 ? member.substring(0, 64) : member) + "` is not there",
                    null,
                    false,
                    false);
        }
    }
}
