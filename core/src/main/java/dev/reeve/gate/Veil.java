package dev.reeve.gate;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.action.Operation;
import dev.reeve.action.Touch;
import dev.reeve.json.Json;
import dev.reeve.openapi.SentBody;
import dev.reeve.openapi.SentRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Over an action that is decided with values that are nobody else's business: those that stand in the place of tokens, and what guardrails look for.
 * People, judges and the record see tokens and placeholders. One that hides nothing gives back what it was given.
 */
public final class Veil {
    public static final Veil NONE = new Veil(List.of(), value -> value);

    private final List<String> tokens;
    private final List<String> kinds;
    private final UnaryOperator<Json> hide;

    /**
     * @param tokens that stand for values in it
     * @param hide puts tokens in the place of these values
     */
    public Veil(List<String> tokens, UnaryOperator<Json> hide) {
        this(tokens, List.of(), hide);
    }

    private Veil(List<String> tokens, List<String> kinds, UnaryOperator<Json> hide) {
        this.tokens = List.copyOf(tokens);
        this.kinds = List.copyOf(kinds);
        this.hide = hide;
    }

    /**
     * @param kinds of what was found in the action, sorted
     * @param hide puts placeholders in the place of it; objects stay objects
     */
    public static Veil over(List<String> kinds, UnaryOperator<Json> hide) {
        return new Veil(List.of(), kinds, hide);
    }

    /** First this, then the other. */
    Veil and(Veil other) {
        if (hidesNothing() || other.hidesNothing()) {
            return hidesNothing() ? other : this;
        }
        return new Veil(tokens, other.kinds, value -> other.hide.apply(hide.apply(value)));
    }

    /** Kinds of what was found by guardrails and hidden. */
    List<String> kinds() {
        return kinds;
    }

    public List<String> tokens() {
        return tokens;
    }

    public boolean hidesNothing() {
        return tokens.isEmpty() && kinds.isEmpty();
    }

    String text(String text) {
        return !hidesNothing() && hide.apply(new Json.Str(text)) instanceof Json.Str(String hidden) ? hidden : text;
    }

    private Optional<String> text(Optional<String> text) {
        return text.map(this::text);
    }

    Action action(Action action) {
        return hidesNothing()
                ? action
                : action.with(operation(action.operation()), action.definition())
                        .claiming(text(action.reasoning()));
    }

    private Json.Obj object(Json.Obj value) {
        return (Json.Obj) hide.apply(value);
    }

    private Optional<Operation.Input> input(Optional<Operation.Input> input) {
        return input.map(it -> new Operation.Input(object(it.responses()), it.state()));
    }

    private Operation operation(Operation operation) {
        return switch (operation) {
            case Operation.ToolCall it -> call(it);
            case Operation.Task it -> new Operation.Task(it.task(), it.does(), call(it.begun()), input(it.input()));
            case Operation.ResourceRead it ->
                new Operation.ResourceRead(it.upstream(), text(it.uri()), input(it.input()));
            case Operation.PromptGet it ->
                new Operation.PromptGet(it.upstream(), it.prompt(), object(it.arguments()), input(it.input()));
            case Operation.Completion it ->
                new Operation.Completion(it.upstream(), it.of(), it.name(), object(it.arguments()));
            case Operation.SkillGet it -> new Operation.SkillGet(it.upstream(), text(it.uri()));
            case Operation.DirectoryRead it -> new Operation.DirectoryRead(it.upstream(), text(it.uri()));
            case Operation.Subscription it -> new Operation.Subscription(it.upstream(), text(it.uri()), it.begin());
            case Operation.Question it -> new Operation.Question(it.upstream(), it.asks(), object(it.arguments()));
            case Operation.HostCall it ->
                new Operation.HostCall(
                        it.upstream(),
                        it.tool(),
                        object(it.arguments()),
                        it.touches().stream().map(this::touch).toList());
            case Operation.AccessEvaluation it ->
                new Operation.AccessEvaluation(
                        it.point(), text(it.resource()), it.verb(), object(it.claims()), it.entitled());
            case Operation.ToolEvaluation it -> new Operation.ToolEvaluation(it.point(), call(it.call()));
            case Operation.AccessSearch it -> new Operation.AccessSearch(it.point(), it.entity(), object(it.asked()));
            case Operation.Listing it -> it;
        };
    }

    private Touch touch(Touch touch) {
        return new Touch(
                touch.names().stream().map(this::text).toList(),
                touch.verb(),
                touch.arguments().map(this::object),
                touch.request().map(request -> new SentRequest(request.method(), new SentBody.Unseen())));
    }

    private Operation.ToolCall call(Operation.ToolCall call) {
        return new Operation.ToolCall(call.upstream(), call.tool(), object(call.arguments()), input(call.input()));
    }

    Facts facts(Facts facts) {
        if (hidesNothing()) {
            return facts;
        }
        List<Access> accesses = facts.accesses().stream()
                .map(access -> new Access(
                        access.names().stream().map(this::text).toList(),
                        access.verb(),
                        access.tags(),
                        access.arguments().map(this::object),
                        access.method()))
                .toList();
        return new Facts(
                accesses,
                facts.resultTags(),
                facts.sessionRead(),
                facts.now(),
                facts.clockDoubtful(),
                facts.opinions(),
                facts.grants());
    }

    Denial denial(Denial denial) {
        return hidesNothing()
                ? denial
                : new Denial(
                        denial.code(),
                        denial.reasonClass(),
                        text(denial.reason()),
                        denial.rule(),
                        text(denial.tell()),
                        denial.nearest().map(near -> new Denial.Nearest(near.rule(), text(near.missing()))),
                        text(denial.help()),
                        denial.concealed());
    }

    List<Finding> findings(List<Finding> findings) {
        return hidesNothing() ? findings : findings.stream().map(this::finding).toList();
    }

    Finding finding(Finding finding) {
        if (hidesNothing()) {
            return finding;
        }
        return switch (finding) {
            case Finding.Pass it -> new Finding.Pass(it.stage(), it.rule(), text(it.reason()));
            case Finding.Stop it -> new Finding.Stop(it.stage(), denial(it.denial()));
            case Finding.Ask it -> ask(it);
            case Finding.Redact it ->
                new Finding.Redact(it.stage(), it.rule(), text(it.reason()), operation(it.instead()));
            case Finding.Shadow it -> new Finding.Shadow(it.stage(), it.rule(), it.would(), text(it.reason()));
            case Finding.Warn it ->
                new Finding.Warn(it.stage(), it.rule(), it.code(), text(it.reason()), text(it.suggestion()));
            case Finding.Oblige it -> new Finding.Oblige(it.stage(), it.rule(), text(it.reason()), it.obligation());
        };
    }

    Finding.Ask ask(Finding.Ask ask) {
        return hidesNothing() ? ask : new Finding.Ask(ask.stage(), denial(ask.why()), ask.by(), ask.terms());
    }
}
