package dev.reeve.authzen;

import dev.reeve.json.CanonicalLength;
import dev.reeve.json.Json;
import java.util.List;
import java.util.Optional;

/**
 * The four parts of a question as they were written, each an object or not there. Members that are not known are passed over, as the
 * specification wants.
 */
record Parts(
        Optional<Json.Obj> subject,
        Optional<Json.Obj> action,
        Optional<Json.Obj> resource,
        Optional<Json.Obj> context) {
    static Parts read(Json.Obj body) throws BadRequestException {
        return new Parts(
                object(body, "subject"), object(body, "action"), object(body, "resource"), object(body, "context"));
    }

    static Optional<Json.Obj> object(Json.Obj in, String name) throws BadRequestException {
        Optional<Json> value = in.get(name);
        if (value.isPresent() && !(value.get() instanceof Json.Obj)) {
            throw BadRequestException.invalid("`" + name + "` must be an object");
        }
        return value.map(Json.Obj.class::cast);
    }

    /**
     * With these for what is not there: a part that is there takes the place of the whole default, but for the members that it must have and
     * has not.
     */
    Parts or(Parts defaults) {
        return new Parts(
                or(subject, defaults.subject, "type", "id"),
                or(action, defaults.action, "name"),
                or(resource, defaults.resource, "type", "id"),
                context.or(() -> defaults.context));
    }

    /** Bytes of these, for each question once for each part that it does not bring itself. */
    long sharedBy(List<Json> questions) {
        return shared(subject, "subject", questions)
                + shared(action, "action", questions)
                + shared(resource, "resource", questions)
                + shared(context, "context", questions);
    }

    private static long shared(Optional<Json.Obj> part, String name, List<Json> questions) {
        if (part.isEmpty()) {
            return 0;
        }
        long without = questions.stream()
                .filter(question -> question instanceof Json.Obj object && !object.has(name))
                .count();
        return without * CanonicalLength.of(part.get());
    }

    private static Optional<Json.Obj> or(Optional<Json.Obj> own, Optional<Json.Obj> other, String... required) {
        if (own.isEmpty() || other.isEmpty()) {
            return own.or(() -> other);
        }
        Json.Obj filled = own.get();
        for (String name : required) {
            Optional<Json> fallback = other.get().get(name);
            if (!filled.has(name) && fallback.isPresent()) {
                filled = filled.with(name, fallback.get());
            }
        }
        return Optional.of(filled);
    }
}
