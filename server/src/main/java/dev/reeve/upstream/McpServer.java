package dev.reeve.upstream;

import dev.reeve.action.Operation;
import dev.reeve.action.Operation.Offer;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Effect;
import dev.reeve.gate.Permit;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.upstream.CallFailedException.Kind;
import dev.reeve.upstream.UpstreamChange.What;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One server of the operator's file: its links, what was agreed with it, whether it is up. */
final class McpServer {
    /** Where the time for another try cannot be told from the failures. */
    private static final Duration RETRY = Duration.ofMillis(500);

    private final UpstreamSettings settings;
    private final Failures failures;
    private final News news;
    private final Transport transport;
    private final Links links;
    private final Map<Call, Links.Key> running = new ConcurrentHashMap<>();
    private final Parked parked;
    private final Results results;
    private final Listings listings;
    private final Followers followers;
    private final Timetable timetable;
    private final Consumer<What> changes;
    private final Circuit circuit =
            new Circuit(() -> ThreadLocalRandom.current().nextDouble());
    private final Watch watch;
    private final Offered declared;
    private volatile boolean toolsVary;
    private volatile @Nullable Agreement agreement;
    private volatile @Nullable ToolHeaders toolHeaders;
    private volatile boolean closed;
    private final AtomicBoolean retrying = new AtomicBoolean();

    /** Makes the transport; it needs the words and the place for news of this server. */
    interface Way {
        Transport to(Failures failures, News news);
    }

    /** @param declared what the server is told that it could ask when Reeve reads for itself what it has */
    McpServer(
            UpstreamSettings settings,
            String where,
            Way way,
            Timetable timetable,
            Offered declared,
            Consumer<UpstreamChange> listeners) {
        this.settings = settings;
        this.declared = declared;
        this.timetable = timetable;
        this.failures = new Failures(settings.name(), where);
        this.changes = timetable.oncePerMoment(what -> listeners.accept(new UpstreamChange(settings.name(), what)));
        this.news = new News(this::changed);
        this.transport = way.to(failures, news);
        this.links = new Links(this::open, failures, settings.limits().sessions());
        this.results = new Results(failures);
        this.listings = new Listings(failures, settings.limits().answerBytes());
        // Over HTTP each keeps its connection: they leave half of them to others.
        this.parked = new Parked(Math.max(1, settings.limits().connections() / 2));
        this.followers = new Followers(failures);
        this.watch = new Watch(this::listenOnce, this::changed);
    }

    UpstreamSettings settings() {
        return settings;
    }

    Effect send(Permit permit, Exchange exchange, Instant now) {
        Principal principal = permit.action().principal();
        boolean shares = settings.stateless() && !hasItsOwn(exchange.offered());
        Call call = Call.of(
                permit,
                shares && isPipeOfMany() ? exchange.withoutAsides() : exchange,
                settings.limits().call(),
                now);
        Links.Key key = shares
                ? Links.Key.shared(settings.tenant()).with(call.offered())
                : new Links.Key(settings.tenant(), principal.instance(), call.offered());
        Links.Key whose = new Links.Key(principal.tenant(), principal.instance());
        running.put(call, whose);
        try {
            return perform(permit.action().operation(), key, whose, call);
        } catch (CallFailedException e) {
            return (call.hasLeft() ? failures.afterLeaving(e) : e).effect();
        } finally {
            running.remove(call);
        }
    }

    /** What comes on a pipe that principals share cannot be told apart (R13). */
    private boolean isPipeOfMany() {
        return settings.stateless() && !transport.hasHeaders();
    }

    /** Where a shared process would show a client less for what it can be asked: of one that it has to itself it is known whom it asks. */
    private boolean hasItsOwn(Offered offered) {
        return isPipeOfMany() && toolsVary && !offered.kinds().isEmpty();
    }

    /** What is sent is made here, from the decided action and nothing else (R4). */
    private Effect perform(Operation operation, Links.Key key, Links.Key whose, Call call) throws CallFailedException {
        return switch (operation) {
            case Operation.ToolCall tool ->
                rounds(operation, key, whose, call, withHeaders(tool, key), it -> results.ofTool(it, call.offered()));
            case Operation.ResourceRead read -> {
                Ask ask = Ask.named("resources/read", read.uri(), read.arguments());
                yield rounds(operation, key, whose, call, ask, it -> results.of(it, "contents", call.offered()));
            }
            case Operation.PromptGet get -> {
                Ask ask = Ask.named("prompts/get", get.prompt(), named(get.prompt(), get.arguments()));
                yield rounds(operation, key, whose, call, ask, it -> results.of(it, "messages", call.offered()));
            }
            case Operation.SkillGet get ->
                agreed(key).offers(Offer.SKILLS)
                        ? results.ofSkill(ask(key, Ask.of("skills/get", get.arguments()), call))
                        : Results.absent();
            case Operation.DirectoryRead read ->
                agreed(key).readsDirectories()
                        ? listings.directory(read.uri(), ask -> ask(key, ask, call))
                        : Results.absent();
            case Operation.Completion completion -> results.ofCompletion(ask(key, Completions.ask(completion), call));
            case Operation.Subscription to -> follow(to, key, whose, call);
            case Operation.Task task -> {
                Answer answer = ask(key, TaskResults.ask(task), call);
                yield task.does() == Operation.Task.Does.GET
                        ? TaskResults.of(answer, call.offered(), failures)
                        : TaskResults.acknowledged(answer);
            }
            case Operation.Question question -> throw failures.notSent(elsewhere(question));
            case Operation.HostCall host -> throw failures.notSent(elsewhere(host));
            case Operation.AccessEvaluation asked -> throw failures.notSent(elsewhere(asked));
            case Operation.ToolEvaluation asked -> throw failures.notSent(elsewhere(asked));
            case Operation.AccessSearch asked -> throw failures.notSent(elsewhere(asked));
            case Operation.Listing listing -> list(listing.offer(), key, call);
        };
    }

    /** That somebody no longer follows is done by ending what was begun. */
    private Effect follow(Operation.Subscription to, Links.Key key, Links.Key whose, Call call)
            throws CallFailedException {
        if (!to.begin()) {
            throw failures.notSent(elsewhere(to));
        }
        Links.Key plain = key.with(Offered.NOTHING);
        followers.add(whose, call, own -> begin(plain, to.uri(), own));
        return new Effect.Answered(Json.Obj.EMPTY, false);
    }

    private Followers.Following begin(Links.Key key, String uri, Call call) throws CallFailedException {
        Links.Lease lease = lease(key);
        boolean held = false;
        try {
            Followers.Following following = new Followers.Following(lease.link().follow(uri, call), lease);
            held = true;
            return following;
        } catch (CallFailedException e) {
            if (e.endsLink()) {
                lease.drop();
                agreement = null;
            }
            throw e;
        } finally {
            if (!held) {
                lease.close();
            }
        }
    }

    private static Denial elsewhere(Operation operation) {
        return Denial.of(
                "not_for_servers",
                Denial.ReasonClass.UNAVAILABLE,
                "no server is sent a " + operation.kind() + " this way");
    }

    /** Turns an answer into what came of it. */
    private interface Reading {
        Effect of(Answer answer) throws CallFailedException;
    }

    /** One round of a request that may have several: the first, or one that brings what the server asked for (R20). */
    private Effect rounds(Operation operation, Links.Key key, Links.Key whose, Call call, Ask ask, Reading reading)
            throws CallFailedException {
        Optional<Operation.Input> input = operation.input();
        if (input.isPresent() && !agreed(key).modern()) {
            return input.get().state().equals(Optional.of(InputRequired.AGAIN))
                    ? ended(askHolding(key, ask, call), whose, call, reading)
                    : takeUp(input.get(), whose, call, reading);
        }
        if (input.filter(it -> Questions.areRefused(it.responses())).isPresent()) {
            throw failures.questionRefused();
        }
        Ask whole = input.map(it -> ask.with(it)).orElse(ask);
        return ended(askHolding(key, whole, call), whose, call, reading);
    }

    private Effect takeUp(Operation.Input input, Links.Key whose, Call call, Reading reading)
            throws CallFailedException {
        Parked.TakenUp taken = parked.take(input.state().orElse(""), whose)
                .orElseThrow(() -> failures.notSent(Denial.of(
                                "question_over",
                                Denial.ReasonClass.ARGUMENTS,
                                "`" + settings.name() + "` no longer waits for this answer")
                        .withTell(
                                "the server no longer waits for this answer; what it had done by then is not known")));
        boolean held = false;
        try {
            Json.Obj response = input.responses().object(InputRequired.KEY).orElse(Questions.refused());
            Step step = taken.rest().answer(response, call);
            held = step instanceof Step.Asked;
            return ended(new Holding(step, taken.lease()), whose, call, reading);
        } finally {
            if (!held) {
                taken.lease().close();
            }
        }
    }

    private Effect ended(Holding one, Links.Key whose, Call call, Reading reading) throws CallFailedException {
        return switch (one.step()) {
            case Step.Done(Answer answer) -> reading.of(answer);
            case Step.Asked asked -> {
                long until = System.nanoTime() + settings.limits().call().toNanos();
                String id = parked.put(whose, call.party().orElse(""), asked.rest(), one.lease(), until);
                yield new Effect.Answered(InputRequired.of(asked.method(), asked.params(), id), false);
            }
        };
    }

    /** The caller has gone and will not answer. */
    void abandon(Principal principal, String state) {
        parked.abandon(state, new Links.Key(principal.tenant(), principal.instance()));
    }

    private static Json.Obj named(String name, Json.Obj arguments) {
        return Json.object().put("name", name).put("arguments", arguments).build();
    }

    private Ask withHeaders(Operation.ToolCall tool, Links.Key key) throws CallFailedException {
        Ask ask = Ask.named("tools/call", tool.tool(), named(tool.tool(), tool.arguments()));
        if (!transport.hasHeaders() || !agreed(key).modern()) {
            return ask;
        }
        ToolHeaders known = toolHeaders;
        return ask.withParamHeaders((known == null ? learnHeaders() : known).of(tool.tool(), tool.arguments()));
    }

    /** A tool may ask for headers, and only the list of tools says so. */
    private ToolHeaders learnHeaders() throws CallFailedException {
        return headersOf(tools(own()));
    }

    private ToolHeaders headersOf(List<Json.Obj> tools) {
        ToolHeaders found = ToolHeaders.of(tools);
        toolHeaders = found;
        return found;
    }

    /** Reeve's own session, in which a server shows all that it has. */
    private Links.Key own() {
        return Links.Key.own(settings.tenant()).with(declared);
    }

    private Effect list(Offer offer, Links.Key key, Call call) throws CallFailedException {
        if (!agreed(key).offers(offer)) {
            return Listings.of(offer, List.of());
        }
        return listings.read(offer, ask -> ask(key, ask, call));
    }

    /** A step, and the session that it was made in, which is held as long as the request goes on. */
    private record Holding(Step step, Links.Lease lease) {}

    /** Asks once, or a second time where the first {@linkplain CallFailedException#mayAskAgain lets that be}. */
    private Answer ask(Links.Key key, Ask ask, Call call) throws CallFailedException {
        Holding one = askHolding(key, ask, call);
        Step step = one.step();
        if (step instanceof Step.Done(Answer answer)) {
            return answer;
        }
        // Only calls that may have several rounds pass questions on.
        try {
            for (int asked = 0; asked < Questions.MOST && step instanceof Step.Asked question; asked++) {
                step = question.rest().answer(Questions.refused(), call);
            }
        } finally {
            one.lease().close();
        }
        if (step instanceof Step.Done(Answer answer)) {
            return answer;
        }
        ((Step.Asked) step).rest().abandon();
        throw failures.unusable("answer_missing", "it asks on and on instead of answering");
    }

    private Holding askHolding(Links.Key key, Ask ask, Call call) throws CallFailedException {
        try {
            return askOnce(key, ask, call);
        } catch (CallFailedException e) {
            if (!e.mayAskAgain(call)) {
                throw e;
            }
            return askOnce(key, ask, call);
        }
    }

    private Holding askOnce(Links.Key key, Ask ask, Call call) throws CallFailedException {
        Links.Lease lease = lease(key);
        boolean held = false;
        try {
            Step step = lease.link().call(ask, call);
            held = step instanceof Step.Asked;
            isUp();
            return new Holding(step, lease);
        } catch (CallFailedException e) {
            if (e.kind() == Kind.DOWN) {
                isDown(e);
            } else if (e.endsLink()) {
                lease.drop();
                agreement = null;
            }
            throw e;
        } finally {
            if (!held) {
                lease.close();
            }
        }
    }

    private Links.Lease lease(Links.Key key) throws CallFailedException {
        Optional<String> refusal = circuit.refusal(System.nanoTime());
        if (refusal.isPresent()) {
            throw failures.down(refusal.get());
        }
        return leaseAnyway(key);
    }

    private Links.Lease leaseAnyway(Links.Key key) throws CallFailedException {
        try {
            return links.lease(key);
        } catch (CallFailedException e) {
            if (e.kind() == Kind.DOWN) {
                isDown(e);
            }
            throw e;
        }
    }

    private Link open(Links.Key key) throws CallFailedException {
        try {
            Link link = transport.open(key, Optional.ofNullable(agreement));
            agreement = link.agreement();
            isUp();
            return link;
        } catch (CallFailedException e) {
            // A handshake is nobody's action: whatever became of it, nothing was executed.
            throw e.kind() == Kind.NOT_SENT || e.kind() == Kind.DOWN ? e : failures.down(e.problem());
        }
    }

    private Agreement agreed(Links.Key key) throws CallFailedException {
        Agreement known = agreement;
        if (known != null) {
            return known;
        }
        try (Links.Lease lease = lease(key)) {
            return lease.link().agreement();
        }
    }

    private void isUp() {
        if (circuit.succeeded()) {
            changes.accept(What.CAME_BACK);
        }
    }

    /** The way back is tried in the background, so that it is noticed without a call. The revision may be another one by then. */
    private void isDown(CallFailedException why) {
        agreement = null;
        toolHeaders = null;
        if (transport.sharesFate()) {
            links.forget();
        }
        long delay = circuit.failed(why.problem(), System.nanoTime());
        tryAgainIn(Duration.ofNanos(delay));
    }

    private void tryAgainIn(Duration delay) {
        if (!closed && retrying.compareAndSet(false, true)) {
            timetable.later(delay, this::tryAgain);
        }
    }

    private void tryAgain() {
        retrying.set(false);
        if (closed || health().state() != UpstreamHealth.State.DOWN) {
            return;
        }
        if (circuit.refusal(System.nanoTime()).isPresent()) {
            tryAgainIn(RETRY);
            return;
        }
        try {
            leaseAnyway(own()).close();
            isUp();
        } catch (CallFailedException e) {
            tryAgainIn(RETRY);
        }
    }

    Offers offers() throws UpstreamDownException {
        Links.Key key = own();
        try {
            Agreement agreed = agreed(key);
            List<Json.Obj> tools = agreed.offers(Offer.TOOLS) ? allTools(agreed) : List.of();
            Map<Offer, List<Json.Obj>> others = others(key, agreed);
            agreed = agreed(key);
            isUp();
            watch.start(agreed);
            return new Offers(
                    agreed.revision(),
                    agreed.serverInfo(),
                    agreed.capabilities(),
                    agreed.instructions(),
                    tools,
                    others);
        } catch (CallFailedException e) {
            throw new UpstreamDownException(
                    e.why().reason() + e.why().help().map(help -> "; " + help).orElse(""));
        }
    }

    /** A server that fails at one of these still has its tools. */
    private Map<Offer, List<Json.Obj>> others(Links.Key key, Agreement agreed) {
        Map<Offer, List<Json.Obj>> others = new EnumMap<>(Offer.class);
        for (Offer offer : EnumSet.complementOf(EnumSet.of(Offer.TOOLS))) {
            try {
                Call own = Call.own(settings.limits().call(), declared);
                Effect effect = agreed.offers(offer)
                        ? listings.read(offer, ask -> ask(key, ask, own))
                        : Listings.of(offer, List.of());
                if (effect instanceof Effect.Answered answered) {
                    others.put(offer, Listings.objects(answered.result(), offer));
                }
            } catch (CallFailedException e) {
                // It is not compared: what is pinned stays as it is.
            }
        }
        return others;
    }

    /**
     * What a client is shown that can be asked everything, and what only one is shown that can be asked nothing. A process is not started a second time
     * for that, unless it is the one that principals share anyway.
     */
    private List<Json.Obj> allTools(Agreement agreed) throws CallFailedException {
        List<Json.Obj> full = tools(own());
        headersOf(full);
        if (declared.equals(Offered.NOTHING)) {
            return full;
        }
        if (!(agreed.modern() || transport.sharesFate() || isPipeOfMany())) {
            // Each client has a process of its own, which is told what that client can be asked: only it knows.
            toolsVary = true;
            return full;
        }
        List<Json.Obj> bare;
        try {
            bare = tools(isPipeOfMany() ? Links.Key.shared(settings.tenant()) : Links.Key.own(settings.tenant()));
        } catch (CallFailedException e) {
            return full;
        }
        toolsVary = !Set.copyOf(full).equals(Set.copyOf(bare));
        if (!toolsVary) {
            return full;
        }
        List<Json.Obj> all = Listings.joined(full, bare);
        headersOf(all);
        return all;
    }

    boolean toolsVary() {
        return toolsVary;
    }

    private List<Json.Obj> tools(Links.Key key) throws CallFailedException {
        Call own = Call.own(settings.limits().call(), key.offered());
        return switch (listings.read(Offer.TOOLS, ask -> ask(key, ask, own))) {
            case Effect.Answered answered ->
                Listings.objects(answered.result(), Offer.TOOLS).stream()
                        .filter(it -> !transport.hasHeaders()
                                || HeaderValues.asked(it).isPresent())
                        .toList();
            case Effect.Refused refused ->
                throw failures.down("it refused to list its tools with error " + refused.code());
            case Effect.NotSent notSent -> throw failures.notSent(notSent.why());
            case Effect.Unknown unknown -> throw failures.notSent(unknown.why());
            case Effect.Elsewhere ignored -> throw new IllegalStateException("a server is asked here");
            case Effect.Kept ignored -> throw new IllegalStateException("a server is asked here");
        };
    }

    /** One stay on the server's stream of changes. */
    private boolean listenOnce() throws CallFailedException {
        try (Links.Lease lease = lease(own())) {
            try {
                return lease.link().listen();
            } catch (CallFailedException e) {
                if (e.endsLink()) {
                    lease.drop();
                    agreement = null;
                } else if (e.kind() == Kind.DOWN) {
                    isDown(e);
                }
                throw e;
            }
        }
    }

    private void changed(What what) {
        if (what == What.TOOLS) {
            toolHeaders = null;
        }
        changes.accept(what);
    }

    UpstreamHealth health() {
        Agreement known = agreement;
        return circuit.health(settings.name(), Optional.ofNullable(known).map(Agreement::revision));
    }

    /** Messages of this server that belonged to nothing. */
    long dropped() {
        return news.dropped();
    }

    List<String> lastWords() {
        return transport.lastWords();
    }

    long crashes() {
        return transport.crashes();
    }

    int sessions() {
        return links.size();
    }

    void expire(long now) {
        parked.expire(now);
        links.expire(now - settings.limits().idle().toNanos());
    }

    boolean yieldOne() {
        return links.yieldOne();
    }

    /** Also on a session that others share: then only this instance's calls end. */
    void cut(String tenant, String instance) {
        Links.Key whose = new Links.Key(tenant, instance);
        running.forEach((call, key) -> {
            if (key.equals(whose)) {
                call.cancel();
            }
        });
        parked.cut(whose);
        followers.cut(whose);
        links.cut(whose);
    }

    void close() throws InterruptedException {
        closed = true;
        watch.stop();
        parked.close();
        followers.close();
        links.close();
        transport.close();
    }
}
