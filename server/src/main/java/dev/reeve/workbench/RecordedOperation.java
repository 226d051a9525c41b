package dev.reeve.workbench;

import dev.reeve.action.Operation;
import dev.reeve.action.Operation.Asks;
import dev.reeve.action.Operation.Completion.Completed;
import dev.reeve.action.Operation.Input;
import dev.reeve.action.Operation.Offer;
import dev.reeve.action.Operation.Task.Does;
import dev.reeve.action.Operation.ToolCall;
import dev.reeve.action.Touch;
import dev.reeve.json.Json;
import dev.reeve.openapi.SentBody;
import dev.reeve.openapi.SentRequest;
import dev.reeve.record.Event.Stored;
import dev.reeve.workbench.RecordedAction.Touched;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The operation of a record, with the arguments as they are disclosed. */
final class RecordedOperation {
    private final Stored stored;
    private final Optional<Set<Touched>> touched;
    private final String subject;
    private final String upstream;

    RecordedOperation(Stored stored, Optional<Set<Touched>> touched) {
        this.stored = stored;
        this.touched = touched;
        Json.Obj operation = stored.leaf().object("operation").orElse(Json.Obj.EMPTY);
        this.subject = stored.subject();
        this.upstream = operation.string("upstream").orElse("");
    }

    Operation read() throws UnknownException {
        String kind = stored.leaf()
                .object("operation")
                .flatMap(operation -> operation.string("kind"))
                .orElseThrow(() -> new UnknownException("the record was erased"));
        return switch (kind) {
            case "tool_call" -> call(input());
            case "resource_read" -> new Operation.ResourceRead(upstream, resource(), input());
            case "prompt_get" -> new Operation.PromptGet(upstream, local(), arguments(), input());
            case "completion" -> completion();
            case "subscription" -> new Operation.Subscription(upstream, resource(), true);
            case "unsubscription" -> new Operation.Subscription(upstream, resource(), false);
            case "question" -> new Operation.Question(upstream, asks(), arguments());
            case "task_get" -> task(Does.GET);
            case "task_update" -> task(Does.UPDATE);
            case "task_cancel" -> task(Does.CANCEL);
            case "host_call" -> new Operation.HostCall(upstream, local(), arguments(), touches());
            case "listing" -> new Operation.Listing(upstream, offer());
            case "skill_get" -> new Operation.SkillGet(upstream, resource());
            case "directory_read" -> new Operation.DirectoryRead(upstream, resource());
            case "access_evaluation" ->
                new Operation.AccessEvaluation(upstream, resource(), verb(), arguments(), entitled());
            case "tool_evaluation" -> new Operation.ToolEvaluation(point(), call(Optional.empty()));
            case "access_search" ->
                new Operation.AccessSearch(upstream, subject.substring(subject.indexOf(' ') + 1), arguments());
            default -> throw new UnknownException("what a `" + kind + "` is");
        };
    }

    /** What an enforcement point wanted to know about. */
    private String verb() throws UnknownException {
        return touched.flatMap(all -> all.stream().findFirst())
                .map(Touched::verb)
                .orElseThrow(() -> new UnknownException("what was to be done"));
    }

    /** Whoever may not speak for a subject is refused as itself. */
    private boolean entitled() {
        return !stored.leaf().string("agent").equals(Optional.of(upstream));
    }

    private String point() throws UnknownException {
        return stored.leaf()
                .string("asked_by")
                .orElseThrow(() -> new UnknownException("which enforcement point asked"));
    }

    private String resource() throws UnknownException {
        if (!stored.isSubjectWhole()) {
            throw new UnknownException("which resource it was");
        }
        return subject;
    }

    private Json.Obj arguments() {
        return stored.disclosed().get("arguments") instanceof Json.Obj arguments ? arguments : Json.Obj.EMPTY;
    }

    private Optional<Input> input() {
        return stored.disclosed().get("input") instanceof Json.Obj input
                ? Optional.of(new Input(input.object("responses").orElse(Json.Obj.EMPTY), input.string("state")))
                : Optional.empty();
    }

    /** Without the upstream before it. */
    private String local() {
        return subject.startsWith(upstream + ".") ? subject.substring(upstream.length() + 1) : subject;
    }

    private ToolCall call(Optional<Input> input) {
        return new ToolCall(upstream, local(), arguments(), input);
    }

    /** Which of a server's tasks it was does not matter: it is decided as the call that began it. */
    private Operation task(Does does) {
        return new Operation.Task("", does, call(Optional.empty()), input());
    }

    private Operation completion() throws UnknownException {
        String first = touched.flatMap(all -> all.stream().findFirst())
                .map(one -> one.names().getFirst())
                .orElseThrow(() -> new UnknownException("what was completed"));
        return first.startsWith("prompt:")
                ? new Operation.Completion(upstream, Completed.PROMPT, local(), arguments())
                : new Operation.Completion(upstream, Completed.RESOURCE_TEMPLATE, resource(), arguments());
    }

    private Asks asks() throws UnknownException {
        return first(Asks.values(), asks -> asks.wire().equals(local()));
    }

    private Offer offer() throws UnknownException {
        return first(Offer.values(), offer -> subject.endsWith(" " + offer.wire()));
    }

    private static <T> T first(T[] values, java.util.function.Predicate<T> wanted) throws UnknownException {
        Stream<T> all = Arrays.stream(values);
        return all.filter(wanted)
                .findFirst()
                .orElseThrow(() -> new UnknownException("the record is none of this version"));
    }

    private List<Touch> touches() throws UnknownException {
        Set<Touched> known =
                touched.orElseThrow(() -> new UnknownException("what the agent's own program would have touched"));
        return known.stream()
                .map(one -> new Touch(
                        one.names(),
                        one.method().flatMap(SentRequest::verb).orElse(one.verb()),
                        Optional.empty(),
                        one.method().map(method -> new SentRequest(method, new SentBody.Unseen()))))
                .toList();
    }
}
