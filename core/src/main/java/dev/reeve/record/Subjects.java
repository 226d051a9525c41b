package dev.reeve.record;

import dev.reeve.action.Operation;
import dev.reeve.action.Operation.Completion.Completed;
import dev.reeve.json.Json;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What stands in a record of what an action is done to. Names of tools and prompts stand there in clear. A URI, and a resource that an
 * enforcement point asks about, may name somebody: they are hidden like arguments, so that they can be erased, and only what stands before
 * the first colon is in clear, with a {@code *} for the rest.
 */
public final class Subjects {
    /** The member of the operation, and the name of the hidden value. */
    static final String MEMBER = "subject";

    /** RFC 3986 section 3.1; the length is ours. */
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]{0,31}");

    private Subjects() {}

    static String clear(Operation operation) {
        return mayNameSomebody(operation) ? clear(operation.subject()) : operation.subject();
    }

    /** What may stand in clear of a URI: {@code file:*}, or {@code *} if it has no scheme. */
    public static String clear(String uri) {
        int colon = uri.indexOf(':');
        String scheme = colon < 0 ? "" : uri.substring(0, colon);
        return SCHEME.matcher(scheme).matches() ? scheme + ":*" : "*";
    }

    /** Where {@link #clear} does not say all of it. */
    static Optional<Json> hidden(Operation operation) {
        return mayNameSomebody(operation) ? Optional.of(new Json.Str(operation.subject())) : Optional.empty();
    }

    /** As it was, if that can be seen. Records from before it was hidden have all of it in clear. */
    static String of(Json.Obj leaf, Map<String, Json> disclosed) {
        return disclosed.get(MEMBER) instanceof Json.Str whole
                ? whole.value()
                : leaf.object("operation")
                        .flatMap(operation -> operation.string(MEMBER))
                        .orElse("");
    }

    /** False if it was hidden, and what was hidden is not there. */
    static boolean isWhole(Json.Obj leaf, Map<String, Json> disclosed) {
        String subject = of(leaf, disclosed);
        return disclosed.containsKey(MEMBER) || !(subject.equals("*") || subject.endsWith(":*"));
    }

    private static boolean mayNameSomebody(Operation operation) {
        return switch (operation) {
            case Operation.ResourceRead ignored -> true;
            case Operation.SkillGet ignored -> true;
            case Operation.DirectoryRead ignored -> true;
            case Operation.Subscription ignored -> true;
            case Operation.AccessEvaluation ignored -> true;
            case Operation.Completion completion -> completion.of() == Completed.RESOURCE_TEMPLATE;
            case Operation.ToolCall ignored -> false;
            case Operation.PromptGet ignored -> false;
            case Operation.Question ignored -> false;
            case Operation.Task ignored -> false;
            case Operation.HostCall ignored -> false;
            case Operation.ToolEvaluation ignored -> false;
            case Operation.AccessSearch ignored -> false;
            case Operation.Listing ignored -> false;
        };
    }
}
