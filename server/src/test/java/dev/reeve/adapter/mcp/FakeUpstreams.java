package dev.reeve.adapter.mcp;

import dev.reeve.action.Operation;
import dev.reeve.definitions.Kind;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Effect;
import dev.reeve.gate.Permit;
import dev.reeve.json.Json;
import dev.reeve.upstream.Exchange;
import dev.reeve.upstream.Offers;
import dev.reeve.upstream.UpstreamChange;
import dev.reeve.upstream.UpstreamHealth;
import dev.reeve.upstream.Upstreams;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** Servers in memory: they echo, and remember everything that reached them. */
final class FakeUpstreams implements Upstreams {
    static final Map<Kind, Json.Obj> OFFERS = Map.of(
            Kind.RESOURCE,
            Json.object().put("uri", "memo://1").put("name", "m").build(),
            Kind.TEMPLATE,
            Json.object().put("uriTemplate", "memo://{id}").put("name", "t").build(),
            Kind.PROMPT,
            Json.object().put("name", "review").build());

    private final Map<String, Exchange> followed = new ConcurrentHashMap<>();
    final List<Operation> received = new CopyOnWriteArrayList<>();
    final CountDownLatch waiting = new CountDownLatch(1);
    final CountDownLatch stopped = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);
    private final Set<String> names = new ConcurrentSkipListSet<>();
    private final List<Consumer<UpstreamChange>> listeners = new CopyOnWriteArrayList<>();

    FakeUpstreams(String... names) {
        this.names.addAll(List.of(names));
    }

    @Override
    public Set<String> names() {
        return names;
    }

    @Override
    public Effect send(Permit permit, Exchange exchange) {
        Optional<Denial> no = permit.use();
        if (no.isPresent()) {
            return new Effect.NotSent(no.get());
        }
        Operation operation = permit.action().operation();
        received.add(operation);
        return switch (operation) {
            case Operation.ToolCall call -> call(call, exchange);
            case Operation.ResourceRead read -> answered("contents", content(read.uri()));
            case Operation.PromptGet get -> answered("messages", message(get));
            case Operation.HostCall own -> throw new IllegalStateException(own.subject());
            case Operation.AccessEvaluation asked -> throw new IllegalStateException(asked.subject());
            case Operation.ToolEvaluation asked -> throw new IllegalStateException(asked.subject());
            case Operation.AccessSearch asked -> throw new IllegalStateException(asked.subject());
            case Operation.Listing listing -> list(listing);
            case Operation.SkillGet ignored -> refused(operation);
            case Operation.DirectoryRead ignored -> refused(operation);
            case Operation.Completion ignored -> completed();
            case Operation.Subscription to -> {
                followed.put(to.uri(), exchange);
                exchange.onCancel(() -> followed.remove(to.uri(), exchange));
                yield new Effect.Answered(Json.Obj.EMPTY, false);
            }
            case Operation.Question ignored -> refused(operation);
            case Operation.Task task ->
                new Effect.Answered(
                        Json.object()
                                .put("taskId", task.task())
                                .put("status", "working")
                                .build(),
                        false);
        };
    }

    private static Effect completed() {
        Json.Builder completion = Json.object()
                .put("values", Json.Arr.ofStrings(List.of("open", "secret", "more")))
                .put("total", Json.of(3));
        return new Effect.Answered(Json.object().put("completion", completion).build(), false);
    }

    /** A resource that somebody follows has changed. */
    void changed(String uri) {
        Optional.ofNullable(followed.get(uri)).orElseThrow().updated();
    }

    boolean isFollowed(String uri) {
        return followed.containsKey(uri);
    }

    private static Effect refused(Operation operation) {
        return new Effect.Refused(-32601, "no " + operation.kind() + " here", Optional.empty());
    }

    private Effect call(Operation.ToolCall call, Exchange exchange) {
        return switch (call.tool()) {
            case "slow" -> slow(exchange);
            case "stuck", "ask_stuck" -> stuck(exchange);
            case "ask_form" -> form(call);
            case "ask_twice" -> twice(call);
            case "ask_task" ->
                new Effect.Answered(
                        Json.object()
                                .put("resultType", "task")
                                .put("taskId", "theirs")
                                .put("status", "working")
                                .build(),
                        false);
            case "broken", "ask_broken" -> new Effect.Refused(-32020, "a foreign error", Optional.empty());
            case "lost" ->
                new Effect.Unknown(
                        Denial.of("outcome_unknown", Denial.ReasonClass.UNAVAILABLE, "the connection was lost"));
            case "down" ->
                new Effect.NotSent(Denial.of(
                        "upstream_down", Denial.ReasonClass.UNAVAILABLE, "`" + call.upstream() + "` is down"));
            case "bug" -> throw new IllegalStateException("a bug");
            case "link" ->
                answered(
                        "content",
                        Json.object()
                                .put("type", "resource_link")
                                .put("uri", "memo://1")
                                .put("name", "m"));
            default -> echo(call);
        };
    }

    /** Asks how many, and says what it was told. */
    private static Effect form(Operation.ToolCall call) {
        return call.input().isPresent() ? told(call.input().get()) : asks("k", Optional.of("theirs"));
    }

    /** Asks for one thing after the other, and remembers nothing itself. */
    private static Effect twice(Operation.ToolCall call) {
        Json.Obj answers = call.input().map(Operation.Input::responses).orElse(Json.Obj.EMPTY);
        if (!answers.has("a") || !answers.has("b")) {
            return asks(answers.has("a") ? "b" : "a", Optional.empty());
        }
        return told(call.input().orElseThrow());
    }

    private static Effect told(Operation.Input input) {
        return answered(
                "content",
                Json.object().put("type", "text").put("text", "told " + input.responses() + " " + input.state()));
    }

    private static Effect asks(String key, Optional<String> state) {
        Json.Obj question = Json.object()
                .put("method", "elicitation/create")
                .put(
                        "params",
                        Json.object()
                                .put("message", "how many?")
                                .put(
                                        "requestedSchema",
                                        Json.object().put("type", "object").put("properties", Json.object())))
                .build();
        Json.Builder result = Json.object()
                .put("resultType", "input_required")
                .put("inputRequests", Json.object().put(key, question));
        state.ifPresent(it -> result.put("requestState", it));
        return new Effect.Answered(result.build(), false);
    }

    private static Effect echo(Operation.ToolCall call) {
        String text = call.arguments().string("text").orElse("nothing");
        return new Effect.Answered(
                Json.object()
                        .put(
                                "content",
                                new Json.Arr(List.of(Json.object()
                                        .put("type", "text")
                                        .put("text", text)
                                        .build())))
                        .put("structuredContent", Json.object().put("result", text))
                        .put("resultType", "complete")
                        .put("requestState", "must not pass")
                        .put(
                                "_meta",
                                Json.object()
                                        .put("io.modelcontextprotocol/serverInfo", "theirs")
                                        .put("dev.reeve/advice", "theirs")
                                        .put("other/kept", 1))
                        .build(),
                false);
    }

    private Effect slow(Exchange exchange) {
        exchange.progress(Json.object()
                .put("progress", 1)
                .put("total", 2)
                .put("message", "half way")
                .put("sneaked", "in")
                .build());
        exchange.progress(
                Json.object().put("progress", 2).put("message", "a secret").build());
        exchange.progress(Json.object().put("progress", 4111111111111111L).build());
        exchange.progress(Json.object()
                .put("progress", 3)
                .put("total", 4111111111111111L)
                .put("message", "all done")
                .build());
        exchange.progress(
                Json.object().put("progress", 777).put("message", "a lot").build());
        exchange.progress(Json.object()
                .put("progress", 123456789)
                .put("message", "a secret")
                .build());
        return answered("content", Json.object().put("type", "text").put("text", "done"));
    }

    /** Answers only when it is stopped. */
    private Effect stuck(Exchange exchange) {
        exchange.onCancel(stopped::countDown);
        waiting.countDown();
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new Effect.Unknown(Denial.of("cancelled", Denial.ReasonClass.UNAVAILABLE, "the caller cancelled"));
    }

    private static Effect list(Operation.Listing listing) {
        return switch (listing.offer()) {
            case TOOLS -> throw new AssertionError("tools are listed from the pins");
            case RESOURCES -> answered("resources", OFFERS.getOrDefault(Kind.RESOURCE, Json.Obj.EMPTY));
            case RESOURCE_TEMPLATES ->
                answered("resourceTemplates", OFFERS.getOrDefault(Kind.TEMPLATE, Json.Obj.EMPTY));
            case PROMPTS -> answered("prompts", OFFERS.getOrDefault(Kind.PROMPT, Json.Obj.EMPTY));
            case SKILLS -> throw new AssertionError("it has no skills");
        };
    }

    private static Json.Builder content(String uri) {
        return Json.object().put("uri", uri).put("text", "hello");
    }

    private static Json.Builder message(Operation.PromptGet get) {
        return Json.object()
                .put("role", "user")
                .put("content", Json.object().put("type", "text").put("text", get.prompt()));
    }

    private static Effect answered(String member, Json.Builder item) {
        return answered(member, item.build());
    }

    private static Effect answered(String member, Json item) {
        return new Effect.Answered(
                Json.object().put(member, new Json.Arr(List.of(item))).build(), false);
    }

    @Override
    public Offers offers(String upstream) {
        throw new UnsupportedOperationException("Reeve's own reading is not the adapter's business");
    }

    @Override
    public void onChange(Consumer<UpstreamChange> listener) {
        listeners.add(listener);
    }

    void change(String upstream, UpstreamChange.What what) {
        listeners.forEach(listener -> listener.accept(new UpstreamChange(upstream, what)));
    }

    @Override
    public UpstreamHealth health(String upstream) {
        return new UpstreamHealth(upstream, UpstreamHealth.State.UP, Optional.empty(), Optional.empty());
    }
}
