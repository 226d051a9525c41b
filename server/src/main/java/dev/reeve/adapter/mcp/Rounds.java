package dev.reeve.adapter.mcp;

import dev.reeve.action.Operation;
import dev.reeve.action.Operation.Asks;
import dev.reeve.adapter.mcp.Governed.How;
import dev.reeve.adapter.mcp.Governed.Outcome;
import dev.reeve.adapter.mcp.SealedStates.Binding;
import dev.reeve.adapter.mcp.SealedStates.Open;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Effect;
import dev.reeve.gate.Permit;
import dev.reeve.gate.Release;
import dev.reeve.json.Json;
import dev.reeve.upstream.InputRequired;
import dev.reeve.upstream.Questions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Takes a request through its rounds: a server that wants to know something first gets it and is asked again, each time decided in full (R20). Each question
 * is an action of its own. A client of 2026-07-28 is answered with the questions and comes back; others are asked while their request runs.
 */
final class Rounds {
    static final Duration LIFE = Duration.ofMinutes(10);

    private final Surroundings around;
    private final Governed governed;
    private final SealedStates states;
    private final BareQuestions bare;
    private final int most;

    Rounds(Surroundings around, Governed governed, McpLimits limits) {
        this.most = limits.rounds();
        this.around = around;
        this.governed = governed;
        this.states = new SealedStates(new SecureRandom(), around.nanos(), LIFE);
        this.bare = new BareQuestions(around.nanos(), LIFE);
    }

    /** A request on its way: what it is, what its state is bound to, and how many rounds it had. */
    record Request(Operation operation, Binding binding, int round) {
        /** The answers in it. */
        Json.Obj responses() {
            return operation.input().map(Operation.Input::responses).orElse(Json.Obj.EMPTY);
        }

        /** With answers of rounds before beside its own; without any of its own nothing was asked, and it stays as it is. */
        Request with(Json.Obj earlier) {
            if (operation.input().isEmpty()) {
                return this;
            }
            Json.Obj all = responses();
            for (Map.Entry<String, Json> one : earlier.members().entrySet()) {
                if (!all.has(one.getKey()) && all.members().size() < Questions.MOST) {
                    all = all.with(one.getKey(), one.getValue());
                }
            }
            Operation.Input input =
                    new Operation.Input(all, operation.input().get().state());
            return new Request(Rounds.with(operation, input), binding, round);
        }
    }

    /** What a client of 2026-07-28 brings back, if it does. */
    Request begin(Calls.Call call, Binding binding, Operation operation) throws RpcException {
        Json.Obj params = UrlQuestion.withoutAnswer(call.params());
        boolean responds = params.has(Method.RESPONSES);
        Json.Obj responses = params.object(Method.RESPONSES).orElse(Json.Obj.EMPTY);
        if (responds && params.object(Method.RESPONSES).isEmpty()) {
            throw RpcError.invalidParams("`" + Method.RESPONSES + "` must be an object")
                    .thrown();
        }
        if (!call.params().has(Method.STATE)) {
            // A server that keeps no state gave nothing to bring back. Answers to what nobody asked are left out, and
            // the server asks.
            Optional<Open> asked = responds ? bare.find(binding) : Optional.empty();
            return asked.isPresent()
                    ? answered(operation, binding, asked.get(), responses)
                    : new Request(operation, binding, 0);
        }
        Open open = call.params()
                .string(Method.STATE)
                .flatMap(given -> states.take(given, binding))
                .orElseThrow(() -> notYours().thrown());
        return answered(operation, binding, open, responses);
    }

    private static Request answered(Operation operation, Binding binding, Open open, Json.Obj responses)
            throws RpcException {
        Json.Obj all = merged(open, responses);
        return new Request(with(operation, new Operation.Input(all, open.state())), binding, open.round());
    }

    /** What could answer some question; the rest is left out, and the server asks again. */
    static Json.Obj likely(Json.Obj responses) throws RpcException {
        if (responses.members().size() > Questions.MOST) {
            throw RpcError.invalidParams("`" + Method.RESPONSES + "` has more than " + Questions.MOST + " answers")
                    .thrown();
        }
        Json.Builder kept = Json.object();
        responses.members().forEach((key, value) -> {
            if (value instanceof Json.Obj answer) {
                Arrays.stream(Asks.values())
                        .flatMap(kind -> ClientAnswers.checked(kind, answer).stream())
                        .findFirst()
                        .ifPresent(checked -> kept.put(key, checked));
            }
        });
        return kept.build();
    }

    private static RpcError notYours() {
        return RpcError.invalidParams("this `" + Method.STATE
                + "` was not given to you for this request, was used before, or is too old; call again without it");
    }

    private static Json.Obj merged(Open open, Json.Obj responses) throws RpcException {
        Json.Builder all = Json.object();
        open.given().members().forEach(all::put);
        for (Map.Entry<String, Json> asked : open.asked().members().entrySet()) {
            Asks kind = Asks.valueOf(((Json.Str) asked.getValue()).value());
            Optional<Json.Obj> given = responses.object(asked.getKey());
            if (given.isEmpty()) {
                continue;
            }
            Json.Obj checked = ClientAnswers.checked(kind, given.get())
                    .orElseThrow(() -> RpcError.invalidParams("`" + Method.RESPONSES
                                    + "` has no answer of the right form under a key that was asked")
                            .thrown());
            all.put(asked.getKey(), checked);
        }
        return all.build();
    }

    /** @param last what was sent last, or would have been: what is held goes on with it */
    record Went(Outcome outcome, Request last) {}

    Went go(Calls.Call call, Request request) {
        Operation operation = request.operation();
        for (int round = request.round(); ; round++) {
            Request last = new Request(operation, request.binding(), round);
            Outcome outcome =
                    governed.send(call.caller(), operation, call.meta().reasoning(), call.ongoing());
            if (!(outcome instanceof Outcome.Done(Json.Obj result)) || !InputRequired.is(result)) {
                return new Went(outcome, last);
            }
            Optional<String> state = result.string(Method.STATE);
            if (round >= most) {
                abandon(call, operation, state);
                return new Went(
                        new Outcome.Failed(new Release.UpstreamError(
                                RpcError.INTERNAL, "the server asks on and on", Optional.empty())),
                        last);
            }
            Asking asking = new Asking(call, operation, result);
            Optional<Outcome> stopped = asking.askAll();
            if (stopped.isPresent()) {
                abandon(call, operation, state);
                return new Went(stopped.get(), last);
            }
            if (!asking.open.isEmpty() || (call.revision().stateless() && asking.given.isEmpty())) {
                return new Went(new Outcome.Done(asking.forClient(request.binding(), state, round + 1)), last);
            }
            operation = with(operation, new Operation.Input(new Json.Obj(asking.given), state));
        }
    }

    private void abandon(Calls.Call call, Operation operation, Optional<String> state) {
        state.ifPresent(it ->
                around.upstreams().abandon(operation.upstream(), call.caller().principal(), it));
    }

    private static Operation with(Operation operation, Operation.Input input) {
        Optional<Operation.Input> some = Optional.of(input);
        return switch (operation) {
            case Operation.ToolCall call ->
                new Operation.ToolCall(call.upstream(), call.tool(), call.arguments(), some);
            case Operation.ResourceRead read -> new Operation.ResourceRead(read.upstream(), read.uri(), some);
            case Operation.PromptGet get ->
                new Operation.PromptGet(get.upstream(), get.prompt(), get.arguments(), some);
            default -> throw new IllegalArgumentException("a " + operation.kind() + " has one round");
        };
    }

    /** The questions of one round. */
    private final class Asking {
        private final Calls.Call call;
        private final Operation operation;
        private final Json.Obj questions;
        /** Answers by key, the client's and ours where it was not to be asked. */
        private final Map<String, Json> given = new LinkedHashMap<>();
        /** What only the client can answer, in its next request. */
        private final Map<String, Json> open = new LinkedHashMap<>();

        private final Map<String, Json> kinds = new LinkedHashMap<>();

        Asking(Calls.Call call, Operation operation, Json.Obj result) {
            this.call = call;
            this.operation = operation;
            this.questions = result.object("inputRequests").orElse(Json.Obj.EMPTY);
        }

        /** Empty if it can go on. */
        Optional<Outcome> askAll() {
            for (Map.Entry<String, Json> one : questions.members().entrySet()) {
                Optional<Outcome> stopped = ask(one.getKey(), (Json.Obj) one.getValue());
                if (stopped.isPresent()) {
                    return stopped;
                }
            }
            return Optional.empty();
        }

        private Optional<Outcome> ask(String key, Json.Obj question) {
            Json.Obj params = question.object("params").orElse(Json.Obj.EMPTY);
            String method = question.string("method").orElse("");
            Asks kind = Questions.kind(method, params).orElseThrow();
            Json.Obj shown = ClientAnswers.shown(
                    kind, params, call.revision(), around.ids().get());
            Operation asked = new Operation.Question(operation.upstream(), kind, shown);
            // A client of 2026-07-28 gets it with the result; others now.
            Outcome outcome = call.revision().stateless()
                    ? governed.tell(call.caller(), asked, () -> Json.Obj.EMPTY)
                    : governed.act(call.caller(), asked, Optional.empty(), permit -> put(permit, method, shown));
            return switch (outcome) {
                case Outcome.Done(Json.Obj answer) -> {
                    if (call.revision().stateless()) {
                        kinds.put(key, new Json.Str(kind.name()));
                        open.put(
                                key,
                                Json.object()
                                        .put("method", method)
                                        .put("params", shown)
                                        .build());
                    } else {
                        given.put(
                                key,
                                ClientAnswers.checked(kind, answer)
                                        .orElseGet(() -> ClientAnswers.declined(kind, "cancel")));
                    }
                    yield Optional.empty();
                }
                case Outcome.Failed ignored -> {
                    given.put(key, ClientAnswers.declined(kind, "cancel"));
                    yield Optional.empty();
                }
                case Outcome.NotAllowed not -> notAsked(key, kind, not);
            };
        }

        private Optional<Outcome> notAsked(String key, Asks kind, Outcome.NotAllowed not) {
            if (not.how() != How.DENIED && not.how() != How.HELD && not.how() != How.HELD_ELSEWHERE) {
                return Optional.of(not);
            }
            given.put(key, ClientAnswers.declined(kind, "decline"));
            return Optional.empty();
        }

        private Effect put(Permit permit, String method, Json.Obj params) {
            Optional<Denial> refused = permit.use();
            if (refused.isPresent()) {
                return new Effect.NotSent(refused.get());
            }
            Conversation talk = call.caller().conversation().orElseThrow();
            String id = around.ids().get();
            call.ongoing().whenCancelled(() -> talk.giveUp(id));
            Duration patience = Duration.between(permit.action().time(), permit.deadline());
            return talk.ask(id, key -> call.ongoing().ask(request(key, method, params)), patience)
                    .<Effect>map(Asking::effect)
                    .orElseGet(() -> new Effect.Unknown(Denial.of(
                                    "client_silent",
                                    Denial.ReasonClass.UNAVAILABLE,
                                    "the client did not answer the server's question")
                            .withTell("the server asked your client something and got no answer")));
        }

        private static Effect effect(Message.Answer answer) {
            return answer.result()
                    .<Effect>map(result -> new Effect.Answered(result, false))
                    .orElseGet(() -> new Effect.Refused(-1, "the client refused", Optional.empty()));
        }

        private static Json.Obj request(Json id, String method, Json.Obj params) {
            Json.Builder request =
                    Json.object().put("jsonrpc", "2.0").put("id", id).put("method", method);
            return (params.members().isEmpty() ? request : request.put("params", params)).build();
        }

        Json.Obj forClient(Binding binding, Optional<String> state, int round) {
            Json.Builder result = Json.object().put("resultType", InputRequired.TYPE);
            if (!open.isEmpty()) {
                result.put("inputRequests", new Json.Obj(open));
            }
            Open inside = new Open(state, round, new Json.Obj(kinds), new Json.Obj(given));
            if (state.isPresent() || !given.isEmpty() || open.isEmpty()) {
                result.put(Method.STATE, states.seal(inside, binding));
            } else {
                bare.remember(binding, inside);
            }
            return result.build();
        }
    }
}
