package dev.reeve.condition;

import dev.cel.runtime.CelVariableResolver;
import dev.reeve.action.Access;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.policy.Condition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an expression may look at, made only when it does. One for each evaluation. */
final class Variables implements CelVariableResolver {
    private static final ValueType TEXTS = new ValueType.Items(ValueType.Text.ANY);

    /** The types of all but {@code arguments}, {@code row} and {@code time}. */
    static final Map<String, ValueType> TYPES = Map.of(
            "principal", ValueType.Anything.ONE,
            "user", new ValueType.Members(Map.of("id", ValueType.Text.ANY)),
            "resource",
                    new ValueType.Members(Map.of(
                            "name", ValueType.Text.ANY, "names", TEXTS, "action", ValueType.Text.ANY, "tags", TEXTS)),
            "session", new ValueType.Members(Map.of("read", TEXTS)));

    /** What a principal has beside its attributes. */
    static final List<String> PRINCIPAL = List.of("agent", "instance", "tenant", "user", "owner", "roles", "actors");

    private final Condition.Input input;
    private final ValueType arguments;
    private final Json.@Nullable Obj row;

    Variables(Condition.Input input, ValueType arguments, Json.@Nullable Obj row) {
        this.input = input;
        this.arguments = arguments;
        this.row = row;
    }

    @Override
    public Optional<Object> find(String name) {
        return switch (name) {
            case "arguments" ->
                Optional.of(new JsonValues.Members(
                        input.access()
                                .arguments()
                                .orElseGet(() -> input.action().operation().arguments()),
                        arguments));
            case "principal" -> Optional.of(new Who(input.action().principal()));
            case "user" -> Optional.of(new User(input.action().principal()));
            case "resource" -> Optional.of(new What(input.access()));
            case "session" -> Optional.of(new Session(input));
            case "time" -> Optional.of(time());
            case "row" ->
                row == null ? Optional.empty() : Optional.of(new JsonValues.Members(row, ValueType.Anything.ONE));
            default -> Optional.empty();
        };
    }

    private Object time() {
        if (input.facts().clockDoubtful()) {
            throw new DoubtfulException("the clock is doubtful");
        }
        return input.facts().now();
    }

    /** One of {@link #PRINCIPAL}, or an attribute; null if it is not there. */
    static @Nullable Object member(Principal principal, String name) {
        return switch (name) {
            case "agent" -> principal.agent();
            case "instance" -> principal.instance();
            case "tenant" -> principal.tenant();
            case "user" -> principal.user().orElse(null);
            case "owner" -> principal.owner().orElse(null);
            case "roles" -> roles(principal);
            case "actors" -> principal.actors();
            default -> principal.attributes().get(name);
        };
    }

    /** What a condition says of them must hold whether it has the doubtful ones or not, so it cannot be said. */
    private static List<String> roles(Principal principal) {
        if (!principal.perhaps().isEmpty()) {
            throw new DoubtfulException("which roles the agent has here is doubtful");
        }
        return List.copyOf(principal.roles());
    }

    /** A clock that stepped back decides nothing (R7), nor do roles that are had for a part only of what is done. */
    static final class DoubtfulException extends RuntimeException {
        private static final long serialVersionUID = 1;

        DoubtfulException(String what) {
            super(what, null, false, false);
        }
    }

    @SuppressWarnings("Immutable") // what it holds is a record of ours: immutable, and without that annotation
    private static final class Who extends Struct {
        private final Principal principal;

        Who(Principal principal) {
            this.principal = principal;
        }

        @Override
        @Nullable
        Object member(String name) {
            return Variables.member(principal, name);
        }
    }

    @SuppressWarnings("Immutable") // what it holds is a record of ours: immutable, and without that annotation
    private static final class User extends Struct {
        private final Principal principal;

        User(Principal principal) {
            this.principal = principal;
        }

        @Override
        @Nullable
        Object member(String name) {
            return name.equals("id") ? principal.user().orElse(null) : null;
        }
    }

    @SuppressWarnings("Immutable") // what it holds is a record of ours: immutable, and without that annotation
    private static final class What extends Struct {
        private final Access access;

        What(Access access) {
            this.access = access;
        }

        @Override
        @Nullable
        Object member(String name) {
            return switch (name) {
                case "name" -> access.narrowest();
                case "names" -> access.names();
                case "action" -> access.verb();
                case "tags" -> List.copyOf(access.tags());
                default -> null;
            };
        }
    }

    @SuppressWarnings("Immutable") // what it holds is a record of ours: immutable, and without that annotation
    private static final class Session extends Struct {
        private final Condition.Input input;

        Session(Condition.Input input) {
            this.input = input;
        }

        @Override
        @Nullable
        Object member(String name) {
            return name.equals("read") ? List.copyOf(input.facts().sessionRead()) : null;
        }
    }
}
