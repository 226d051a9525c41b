package dev.reeve.judge;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Opinion;
import dev.reeve.json.CanonicalDigest;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.outbound.Departure;
import dev.reeve.outbound.HttpCall;
import dev.reeve.outbound.HttpCallException;
import dev.reeve.outbound.HttpExchange;
import dev.reeve.outbound.HttpPool;
import dev.reeve.secrets.Secret;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A judge that is a model behind HTTP. Bounded in every direction: one deadline over all tries, answers of at most 64 KiB, questions of at
 * most 32 KiB, and what it may cost. What it sees is masked; what it says is read strictly.
 */
public final class ModelJudge implements Judge, AutoCloseable {
    static final int LONGEST_QUESTION = 32 << 10;
    private static final int LONGEST_ANSWER = 64 << 10;
    private static final JsonLimits LIMITS = new JsonLimits(LONGEST_ANSWER, 32, 10_000, true);
    private static final int MOST_CACHED = 10_000;
    /** No model makes more tokens of a text than it has bytes. */
    private static final int TOKENS_PER_BYTE = 1;

    /** Who speaks how. */
    public enum Kind {
        OPENAI,
        ANTHROPIC
    }

    /**
     * @param path of the provider's URL, without `/` at its end
     * @param timeout over everything
     * @param tries at most
     * @param cache how long the same question has the same answer; zero: never
     */
    public record Settings(
            String name,
            Kind kind,
            String path,
            String model,
            Optional<Secret> key,
            Duration timeout,
            int tries,
            int atOnce,
            int perHour,
            long tokensPerDay,
            Duration cache) {}

    private record Kept(Opinion.Given given, long until) {}

    private final Settings settings;
    private final HttpPool pool;
    private final Wire wire;
    private final UnaryOperator<Json> mask;
    private final Supplier<String> fences;
    private final InstantSource clock;
    private final Ceiling ceiling;
    private final Map<String, Kept> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Kept> eldest) {
            return size() > MOST_CACHED;
        }
    };

    /**
     * @param mask takes what is secret out of what the judge sees
     * @param fences unguessable texts of letters and digits
     */
    public ModelJudge(
            Settings settings, HttpPool pool, UnaryOperator<Json> mask, Supplier<String> fences, InstantSource clock) {
        this.settings = settings;
        this.pool = pool;
        this.wire = settings.kind() == Kind.OPENAI ? new OpenAiWire() : new AnthropicWire();
        this.mask = mask;
        this.fences = fences;
        this.clock = clock;
        this.ceiling = new Ceiling(settings.atOnce(), settings.perHour(), settings.tokensPerDay(), clock);
    }

    @Override
    public Opinion.Given ask(Action action, Facts facts) throws JudgeException {
        Json.Obj seen = (Json.Obj) mask.apply(seen(action, facts));
        String question = CanonicalDigest.of(seen);
        Optional<Opinion.Given> before = before(question);
        if (before.isPresent()) {
            return before.get();
        }
        Brief brief = Brief.of(seen, fences.get());
        byte[] body = JsonWriter.canonical(wire.request(settings.model(), brief));
        if (body.length > LONGEST_QUESTION) {
            throw JudgeException.unasked(
                    "the action is too long to be judged: more than " + (LONGEST_QUESTION >> 10) + " KiB");
        }
        Verdicts.Answer answer = answer(action.principal().party(), body);
        Opinion.Given given = new Opinion.Given(
                settings.name(),
                Brief.VERSION + " " + settings.model(),
                answer.level(),
                answer.warning(),
                answer.suggestion(),
                answer.reason(),
                List.of(),
                false);
        keep(question, given);
        return given;
    }

    /** The time is left out: the same question a minute later is the same question. */
    private static Json.Obj seen(Action action, Facts facts) {
        List<Json> touches = new ArrayList<>();
        for (Access access : facts.accesses()) {
            touches.add(Json.object()
                    .put("does", access.verb())
                    .put("names", Json.Arr.ofStrings(access.names()))
                    .put("tags", Json.Arr.ofStrings(new TreeSet<>(access.tags())))
                    .build());
        }
        Json.Builder all = Json.object().put("agent", action.principal().agent());
        // Answers to a server reach it as arguments do: a judge that does not see them says nothing about them (R20).
        action.operation().input().ifPresent(input -> all.put("answers", input.responses()));
        return all.put(
                        "agent_roles",
                        Json.Arr.ofStrings(new TreeSet<>(action.principal().roles())))
                .put("arguments", action.operation().arguments())
                .put("operation", action.operation().kind())
                .put("read_before", Json.Arr.ofStrings(new TreeSet<>(facts.sessionRead())))
                .put("result_tags", Json.Arr.ofStrings(new TreeSet<>(facts.resultTags())))
                .put("subject", action.operation().subject())
                .put("touches", new Json.Arr(touches))
                .build();
    }

    private Verdicts.Answer answer(String agent, byte[] body) throws JudgeException {
        long deadline = System.nanoTime() + settings.timeout().toNanos();
        for (int tries = 1; ; tries++) {
            Ceiling.Spent spent =
                    ceiling.take(agent, (long) body.length * TOKENS_PER_BYTE + Wire.MOST_TOKENS, deadline);
            long tokens = -1;
            try {
                Verdicts.Answer answer = exchange(body, deadline);
                tokens = answer.tokens();
                return answer;
            } catch (JudgeException e) {
                if (!e.mayHelpToAskAgain() || tries == settings.tries() || System.nanoTime() >= deadline) {
                    throw e;
                }
            } finally {
                ceiling.settle(spent, tokens);
            }
        }
    }

    private Verdicts.Answer exchange(byte[] body, long deadline) throws JudgeException {
        Map<String, String> headers = new LinkedHashMap<>(wire.headers(settings.key()));
        headers.put("Content-Type", "application/json");
        HttpCall call = new HttpCall("POST", settings.path() + wire.path(), headers, body);
        try (HttpExchange exchange = pool.exchange(call, Departure.FREE)) {
            exchange.start(deadline);
            int status = exchange.status();
            byte[] text = exchange.body(LONGEST_ANSWER, deadline);
            if (status != 200) {
                throw new JudgeException("it answers " + status, status == 429 || status >= 500);
            }
            return StrictJson.read(text, LIMITS) instanceof Json.Obj response
                    ? wire.answer(response)
                    : wire.answer(Json.Obj.EMPTY);
        } catch (JsonRefusedException e) {
            throw Verdicts.malformed("the response is not JSON: " + e.code());
        } catch (HttpCallException e) {
            throw new JudgeException(String.valueOf(e.getMessage()), true);
        }
    }

    private Optional<Opinion.Given> before(String question) {
        synchronized (kept) {
            Kept one = kept.get(question);
            return one == null || clock.millis() >= one.until()
                    ? Optional.empty()
                    : Optional.of(new Opinion.Given(
                            one.given().judge(),
                            one.given().version(),
                            one.given().level(),
                            one.given().warning(),
                            one.given().suggestion(),
                            one.given().reason(),
                            one.given().features(),
                            true));
        }
    }

    private void keep(String question, Opinion.Given given) {
        if (settings.cache().isPositive()) {
            synchronized (kept) {
                kept.put(
                        question,
                        new Kept(given, clock.millis() + settings.cache().toMillis()));
            }
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
