package dev.reeve.gate;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.action.Operation;
import dev.reeve.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Over an action that is decided and sent with values in the place of tokens: people, judges and the record see the tokens. One that hides nothing
 * gives back what it was given.
 */
public final class Veil {
    public static final Veil NONE = new Veil(List.of(), value -> value);

    private final List<String> tokens;
    private final UnaryOperator<Json> hide;

    /**
     * @param tokens that stand for values in it
     * @param hide puts tokens in the place of these values
     */
    public Veil(List<String> tokens, UnaryOperator<Json> hide) {
        this.tokens = List.copyOf(tokens);
        this.hide = hide;
    }

    public List<String> tokens() {
        return tokens;
    }

    public boolean hidesNothing() {
        return tokens.isEmpty();
    }

    String text(String text) {
        return !hidesNothing() && hide.apply(new Json.Str(text)) instanceof Json.Str(String hidden) ? hidden : text;
    }

    private Optional<String> text(Optional<String> text) {
        return text.map(this::text);
    }

    Action action(Action action) {
        return hidesNothing() ? action : action.with(operation(action.operation()), action.definition());
    }

    private Operation operation(Operation operation) {
        return switch (operation) {
            case Operation.ToolCall call -> call(call);
            case Operation.Task task -> new Operation.Task(task.task(), task.does(), call(task.begun()), task.input());
            default -> operation;
        };
    }

    private Operation.ToolCall call(Operation.ToolCall call) {
        return call.with((Json.Obj) hide.apply(call.arguments()));
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
                        access.arguments().map(it -> (Json.Obj) hide.apply(it))))
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
