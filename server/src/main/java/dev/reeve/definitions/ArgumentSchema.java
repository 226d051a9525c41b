package dev.reeve.definitions;

import dev.harrel.jsonschema.Error;
import dev.harrel.jsonschema.SchemaResolver;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.reeve.json.Json;
import java.net.URI;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One tool's arguments, as its pinned {@code inputSchema} wants them. Compiled once per pin; safe for use by many threads. */
final class ArgumentSchema {
    private static final URI ROOT = URI.create("reeve:arguments");

    private final Json.Obj schema;
    private final Validator validator;
    /** Names of declared arguments, by their small letters. */
    private final Map<String, String> declared;

    private ArgumentSchema(Json.Obj schema, Validator validator) {
        this.schema = schema;
        this.validator = validator;
        Map<String, String> names = new HashMap<>();
        schema.object("properties")
                .orElse(Json.Obj.EMPTY)
                .members()
                .keySet()
                .forEach(name -> names.put(name.toLowerCase(Locale.ROOT), name));
        this.declared = Map.copyOf(names);
    }

    /** What came of checking arguments. */
    sealed interface Checked {
        /** Valid, with defaults filled in. */
        record Valid(Json.Obj arguments) implements Checked {}

        /** {@code problem} names places and rules, never values. */
        record Invalid(String problem) implements Checked {}
    }

    /** @throws UnsafeSchemaException if arguments could not be checked safely against it */
    static ArgumentSchema compile(Json.Obj inputSchema) {
        Json.Obj closed = ClosedSchema.of(inputSchema);
        Validator validator = new ValidatorFactory()
                .withDefaultDialect(new dev.harrel.jsonschema.Dialects.Draft2020Dialect())
                .withJsonNodeFactory(JsonView.FACTORY)
                .withEvaluatorFactory(new LinearPatterns())
                .withSchemaResolver(uri -> SchemaResolver.Result.empty())
                .createValidator();
        try {
            validator.registerSchema(ROOT, (Object) closed);
            // Tells broken references and unknown patterns now, not at the first call.
            validator.validate(ROOT, (Object) Json.Obj.EMPTY);
        } catch (UnsafeSchemaException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            throw new UnsafeSchemaException("the schema is malformed");
        }
        return new ArgumentSchema(closed, validator);
    }

    Checked check(Json.Obj arguments) {
        Optional<String> twin = twin(arguments);
        if (twin.isPresent()) {
            return new Checked.Invalid(twin.get());
        }
        Json.Obj filled = (Json.Obj) fill(arguments, schema, 0);
        Optional<String> misfit = misfit(filled);
        return misfit.isPresent() ? new Checked.Invalid(misfit.get()) : looksDeclared(filled);
    }

    /** What is wrong with arguments that nobody may complete: places and rules, never values. */
    Optional<String> problem(Json.Obj arguments) {
        return twin(arguments).or(() -> misfit(arguments));
    }

    private Optional<String> misfit(Json.Obj arguments) {
        Validator.Result result = validator.validate(ROOT, (Object) arguments);
        if (result.isValid()) {
            return Optional.empty();
        }
        return Optional.of(result.getErrors().stream()
                .filter(error -> error.getError() != null && !error.getError().isEmpty())
                .findFirst()
                .map(ArgumentSchema::describe)
                .orElse("the arguments do not fit the tool's schema"));
    }

    private static String describe(Error error) {
        String where = error.getInstanceLocation().isEmpty() ? "arguments" : "arguments" + error.getInstanceLocation();
        String keyword = error.getKeyword() == null ? "" : error.getKeyword();
        if (keyword.isEmpty() && error.getSchemaLocation().endsWith("Properties")) {
            return "`" + where + "` is not declared by the tool";
        }
        return switch (keyword) {
            case "unevaluatedProperties", "additionalProperties" -> "`" + where + "` is not declared by the tool";
            case "required", "type" -> "`" + where + "`: " + error.getError().toLowerCase(Locale.ROOT);
            default ->
                "`" + where + "` does not fit the tool's schema (" + (keyword.isEmpty() ? "schema" : keyword) + ")";
        };
    }

    /** Where the schema admits any member, one that is a declared name in other capitals is still a trick. */
    private Checked looksDeclared(Json.Obj arguments) {
        for (String name : arguments.members().keySet()) {
            String known = declared.get(isSmall(name) ? name : name.toLowerCase(Locale.ROOT));
            if (known != null && !known.equals(name)) {
                return new Checked.Invalid("an argument differs from `" + known + "` only in capitals");
            }
        }
        return new Checked.Valid(arguments);
    }

    private static Optional<String> twin(Json value) {
        return switch (value) {
            case Json.Obj object -> twinOf(object);
            case Json.Arr array -> firstTwin(array.items());
            default -> Optional.empty();
        };
    }

    private static Optional<String> twinOf(Json.Obj object) {
        // Names are unique: without capitals there are no twins.
        if (object.members().keySet().stream().allMatch(ArgumentSchema::isSmall)) {
            return firstTwin(object.members().values());
        }
        Map<String, String> seen = new HashMap<>();
        for (String name : object.members().keySet()) {
            if (seen.put(name.toLowerCase(Locale.ROOT), name) != null) {
                return Optional.of("two members of an object differ only in capitals");
            }
        }
        return firstTwin(object.members().values());
    }

    private static boolean isSmall(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 0x80 || (c >= 'A' && c <= 'Z')) {
                return false;
            }
        }
        return true;
    }

    private static Optional<String> firstTwin(Collection<Json> values) {
        for (Json value : values) {
            Optional<String> found = twin(value);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** Defaults of declared members, and nothing for null where null is none, as deep as {@code properties} and local references say so plainly. */
    private Json fill(Json value, Json.Obj by, int depth) {
        Json.Obj resolved = resolve(by);
        Optional<Json.Obj> properties = resolved.object("properties");
        if (!(value instanceof Json.Obj object) || properties.isEmpty() || depth > 16) {
            return value;
        }
        Json.Arr required = resolved.array("required").orElse(Json.Arr.EMPTY);
        Json.Obj filled = object;
        for (Map.Entry<String, Json> member : properties.get().members().entrySet()) {
            if (member.getValue() instanceof Json.Obj child) {
                filled = fillMember(filled, member.getKey(), child, required, depth);
            }
        }
        return filled;
    }

    /** The same object if nothing is to be changed: most are complete. */
    @SuppressWarnings("ReferenceEquality") // the same value means that nothing was changed
    private Json.Obj fillMember(Json.Obj object, String name, Json.Obj by, Json.Arr required, int depth) {
        Json present = object.members().get(name);
        if (present == Json.Null.NULL && refusesNull(resolve(by)) && !isRequired(name, required)) {
            // Many clients write null for what they leave out. Left out it is, before anything is decided: rules,
            // record and server see the same.
            return withDefault(object.without(name), name, by);
        }
        if (present == null) {
            return withDefault(object, name, by);
        }
        Json filled = fill(present, by, depth + 1);
        return filled == present ? object : object.with(name, filled);
    }

    /** {@code default: null} is what generators write for "may be left out"; sending it would change the call. */
    private Json.Obj withDefault(Json.Obj object, String name, Json.Obj by) {
        Json usual = resolve(by).members().get("default");
        return usual == null || usual == Json.Null.NULL ? object : object.with(name, usual);
    }

    private static boolean isRequired(String name, Json.Arr required) {
        return required.items().contains(new Json.Str(name));
    }

    /** Said by its types; a schema without any, or with alternatives, is asked as it stands. */
    private static boolean refusesNull(Json.Obj schema) {
        Json nothing = new Json.Str("null");
        return switch (schema.get("type").orElse(Json.Null.NULL)) {
            case Json.Str type -> !type.equals(nothing);
            case Json.Arr types -> !types.items().contains(nothing);
            default -> false;
        };
    }

    private Json.Obj resolve(Json.Obj member) {
        return member.string("$ref")
                .flatMap(reference -> ClosedSchema.at(schema, reference))
                .orElse(member);
    }
}
