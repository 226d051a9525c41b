package dev.reeve.adapter.mcp;

import dev.reeve.action.Operation.Offer;
import dev.reeve.json.Json;
import dev.reeve.upstream.LogLevel;
import dev.reeve.upstream.Offered;
import dev.reeve.upstream.UpstreamChange;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * MCP without a transport: one message of a known caller in, its answers out. {@link McpHttp} and {@link McpLines} put HTTP and
 * lines around it.
 *
 * <p>Blocking; never called on an event loop. Safe for use by many threads.
 */
public final class McpEngine {
    private static final System.Logger LOG = System.getLogger("dev.reeve.adapter.mcp");
    static final RpcError BUG =
            RpcError.of(RpcError.INTERNAL, "Internal error: this is a bug in Reeve; the operator's log has it");
    private static final int LONGEST_CURSOR = 256;
    private final Surroundings around;
    private final McpLimits limits;
    private final Answers answers;
    private final Listings listings;
    private final Calls calls;
    private final StatusTool status;
    private final Subscriptions subscriptions;
    private final Instructions instructions;
    private final Listens listens;
    private final Listeners listeners;
    private final Cursors cursors;
    private final LargeAnswers room;
    private final Running running = new Running();

    private volatile RefusedCallers refusals = (channel, code) -> {};

    public McpEngine(Surroundings around, McpLimits limits) {
        this.around = around;
        this.limits = limits;
        this.room = new LargeAnswers(limits.answers());
        Governed governed = new Governed(around);
        this.answers = new Answers(around.version());
        this.listings = new Listings(around, governed);
        this.calls = new Calls(around, governed, answers, limits, running, room);
        this.instructions = new Instructions(around, listings);
        this.subscriptions = new Subscriptions(around, governed, limits);
        this.status = new StatusTool(around, listings);
        this.listeners = new Listeners(around, limits);
        this.listens = new Listens(answers, listeners, subscriptions, room);
        this.cursors = new Cursors(around.ids().get());
        around.definitions().onChange(upstream -> listeners.changed());
        around.upstreams().onChange(this::upstreamChanged);
    }

    /** Who counts what is no request of the protocol. */
    public void countRefusals(RefusedCallers counted) {
        refusals = counted;
    }

    void refused(Caller caller, String code) {
        refusals.refused(caller.channel(), caller.principal().agent(), code);
    }

    /** The policy in force is another one: those whose lists changed are told, and what runs is decided again. */
    public void policyChanged() {
        listeners.changed();
        reconsider();
    }

    /**
     * Cuts off what runs and would not be allowed any more (IAM-14), and looks again at what waits for people. To be called at changes, and each
     * second for what changes by itself.
     */
    public void reconsider() {
        try {
            calls.tasks().lookAgain();
        } finally {
            running.reconsider(around.gate());
        }
    }

    /** Somebody was revoked or suspended: cuts the streams and calls of those who are nobody any more (R14). */
    public void identitiesChanged() {
        listeners.cutRevoked();
        running.cutRevoked(around.revocations());
    }

    /** Ends all open streams in order, before the transports close, and what runs as a task. */
    public void close() {
        listeners.closeAll();
        calls.tasks().close();
    }

    /** Streams that are open for list changes. */
    public int streams() {
        return listeners.size();
    }

    McpLimits limits() {
        return limits;
    }

    Surroundings around() {
        return around;
    }

    private void upstreamChanged(UpstreamChange change) {
        switch (change.what()) {
            case RESOURCES -> listeners.upstreamChanged(change.upstream(), Offer.RESOURCES);
            case PROMPTS -> listeners.upstreamChanged(change.upstream(), Offer.PROMPTS);
            case TOOLS, CAME_BACK -> listeners.changed();
        }
    }

    /** Answers exactly once, whatever happens. */
    void request(Caller caller, Revision revision, Message.Request request, Replies replies) {
        try {
            Optional<Method> method = Method.find(request.method(), Method.Kind.REQUEST, revision);
            if (method.isEmpty()) {
                refused(caller, "method_not_found");
                throw RpcError.of(RpcError.METHOD_NOT_FOUND, "Method not found").thrown();
            }
            Meta meta = read(caller, method.get(), revision, request.params());
            if (method.get() == Method.LISTEN) {
                listens.open(caller, revision, request, meta, replies);
            } else {
                answer(caller, revision, request, method.get(), meta, replies);
            }
        } catch (RpcException e) {
            replies.respond(e.error().status(revision), e.error().response(request.id()));
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            LOG.log(System.Logger.Level.ERROR, "a request failed", e);
            replies.respond(200, BUG.response(request.id()));
        }
    }

    /**
     * Takes the messages of a batch one after another.
     *
     * @return the array of responses; empty if there is nothing to answer
     */
    Optional<Json> batch(Caller caller, Revision revision, Message.Batch batch, Replies replies) {
        List<Json> answers = new ArrayList<>();
        for (Message message : batch.messages()) {
            switch (message) {
                case Message.Request request
                when request.method().equals(Method.INITIALIZE.wire()) ->
                    answers.add(RpcError.invalidRequest("Invalid Request: the handshake is not part of a batch")
                            .response(request.id()));
                case Message.Request request -> {
                    BatchReplies one = new BatchReplies(replies);
                    request(caller, revision, request, one);
                    one.response().ifPresent(answers::add);
                }
                case Message.Notification said -> notification(caller, revision, said);
                case Message.Answer answer ->
                    caller.conversation().ifPresent(talk -> count(caller, talk.answered(answer)));
                case Message.Unreadable bad -> {
                    refused(caller, bad.code());
                    answers.add(bad.error().response(bad.id()));
                }
                case Message.Batch ignored -> throw new AssertionError("a batch holds none");
            }
        }
        return answers.isEmpty() ? Optional.empty() : Optional.of(new Json.Arr(answers));
    }

    private void count(Caller caller, boolean asked) {
        if (!asked) {
            refused(caller, "unasked_answer");
        }
    }

    private void answer(
            Caller caller, Revision revision, Message.Request request, Method method, Meta meta, Replies replies)
            throws RpcException {
        ClientSide client = revision.stateless()
                ? ClientSide.of(meta)
                : caller.conversation().map(Conversation::client).orElse(ClientSide.NOTHING);
        Ongoing ongoing = new Ongoing(
                meta.progressToken(),
                replies,
                client,
                room.of(caller.principal().party()));
        begin(caller, request, ongoing);
        running.add(ongoing, caller);
        try {
            replies.onGone(ongoing::cancel);
            Json.Obj result = result(method, new Calls.Call(caller, revision, request.params(), meta, ongoing));
            ongoing.end();
            if (ongoing.cancelled()) {
                replies.cancelled(200, answers.response(request.id(), result));
            } else {
                replies.respond(200, answers.response(request.id(), result));
            }
        } finally {
            ongoing.end();
            ongoing.giveBackRoom();
            running.remove(ongoing);
            caller.conversation().ifPresent(talk -> talk.end(request.id(), ongoing));
        }
    }

    static void begin(Caller caller, Message.Request request, Ongoing ongoing) throws RpcException {
        Optional<RpcError> refused = caller.conversation().flatMap(talk -> talk.begin(request.id(), ongoing));
        if (refused.isPresent()) {
            throw refused.get().thrown();
        }
    }

    /** The table of contents. */
    private Json.Obj result(Method method, Calls.Call call) throws RpcException {
        return switch (method) {
            case INITIALIZE -> initialize(call);
            case PING -> Json.Obj.EMPTY;
            case SET_LEVEL -> setLevel(call);
            case COMPLETE -> calls.complete(call);
            case TASKS_GET -> calls.tasks().get(call);
            case TASKS_UPDATE -> calls.tasks().update(call);
            case TASKS_CANCEL -> calls.tasks().cancel(call);
            case DISCOVER -> discover(call);
            case TOOLS_LIST -> list(method, Offer.TOOLS, call);
            case TOOLS_CALL -> isStatus(call) ? status(call) : calls.tool(call);
            case RESOURCES_LIST -> list(method, Offer.RESOURCES, call);
            case TEMPLATES_LIST -> list(method, Offer.RESOURCE_TEMPLATES, call);
            case SKILLS_LIST -> list(method, Offer.SKILLS, call);
            case SKILLS_GET -> calls.skills().get(call);
            case DIRECTORY_READ -> calls.skills().directory(call);
            case RESOURCES_READ -> calls.resource(call);
            case PROMPTS_LIST -> list(method, Offer.PROMPTS, call);
            case PROMPTS_GET -> calls.prompt(call);
            case RESOURCES_SUBSCRIBE -> subscriptions.subscribe(call);
            case RESOURCES_UNSUBSCRIBE -> subscriptions.unsubscribe(call);
            case LISTEN, INITIALIZED, CANCELLED -> throw new AssertionError("answered elsewhere: " + method);
        };
    }

    void notification(Caller caller, Revision revision, Message.Notification notification) {
        Optional<Method> method = Method.find(notification.method(), Method.Kind.NOTIFICATION, revision);
        if (method.equals(Optional.of(Method.CANCELLED))) {
            notification
                    .params()
                    .get("requestId")
                    .ifPresent(id -> caller.conversation().ifPresent(talk -> talk.cancel(id)));
        }
        // Everything else asks for nothing, and nobody waits for an answer.
    }

    private Meta read(Caller caller, Method method, Revision revision, Json.Obj params) throws RpcException {
        try {
            known(method, revision, params);
            return Meta.read(params);
        } catch (RpcException e) {
            refused(caller, "invalid_params");
            throw e;
        }
    }

    private static void known(Method method, Revision revision, Json.Obj params) throws RpcException {
        for (String name : params.members().keySet()) {
            if (!name.equals("_meta") && !method.hasParam(name, revision)) {
                String shown = name.length() > 64 ? name.substring(0, 64) + "..." : name;
                throw RpcError.invalidParams("`params` has the member `" + shown + "`, which " + method.wire()
                                + " does not have here")
                        .thrown();
            }
        }
    }

    private static Json.Obj setLevel(Calls.Call call) throws RpcException {
        LogLevel level = call.params()
                .string("level")
                .flatMap(LogLevel::of)
                .orElseThrow(() -> RpcError.invalidParams("`level` must be a level of RFC 5424, as `info`")
                        .thrown());
        call.caller().conversation().ifPresent(talk -> talk.logFrom(level));
        return Json.Obj.EMPTY;
    }

    private Json.Obj initialize(Calls.Call call) throws RpcException {
        Json.Obj params = call.params();
        if (params.string("protocolVersion").isEmpty()
                || params.object("capabilities").isEmpty()
                || params.object("clientInfo").isEmpty()) {
            throw RpcError.invalidParams("initialize needs `protocolVersion`, `capabilities` and `clientInfo`")
                    .thrown();
        }
        Revision agreed = Revision.agreed(params.string("protocolVersion").orElse(""));
        Offered offers = Offered.read(params.object("capabilities").orElse(Json.Obj.EMPTY));
        call.caller().conversation().ifPresent(talk -> talk.agreed(agreed, offers));
        return Json.object()
                .put("protocolVersion", agreed.wire())
                .put("capabilities", capabilities())
                .put("serverInfo", answers.serverInfo())
                .put("instructions", instructions.of(call.caller()))
                .build();
    }

    private Json.Obj discover(Calls.Call call) {
        Json.Obj result = Json.object()
                .put("supportedVersions", Json.Arr.ofStrings(Revision.all()))
                .put("capabilities", capabilities().with("extensions", extensions(call.caller())))
                .put("instructions", instructions.of(call.caller()))
                .build();
        return answers.cached(call.revision(), result, 0);
    }

    private Json.Obj extensions(Caller caller) {
        Json.Builder all = Json.object().put(Offered.TASKS, Json.Obj.EMPTY);
        calls.skills().offered(caller).ifPresent(skills -> all.put(Skills.EXTENSION, skills));
        return all.build();
    }

    private static Json.Obj capabilities() {
        Json.Obj changes = Json.object().put("listChanged", true).build();
        return Json.object()
                .put("tools", changes)
                .put("resources", changes.with("subscribe", Json.Bool.TRUE))
                .put("prompts", changes)
                .put("completions", Json.Obj.EMPTY)
                .put("logging", Json.Obj.EMPTY)
                .build();
    }

    private static boolean isStatus(Calls.Call call) {
        return call.params().string("name").equals(Optional.of(StatusTool.NAME));
    }

    private Json.Obj status(Calls.Call call) throws RpcException {
        if (!call.params().object("arguments").orElse(Json.Obj.EMPTY).members().isEmpty()) {
            throw RpcError.invalidParams("`" + StatusTool.NAME + "` takes no arguments")
                    .thrown();
        }
        return answers.complete(call.revision(), status.result(call.caller(), call.revision(), call.ongoing()));
    }

    private Json.Obj list(Method method, Offer offer, Calls.Call call) throws RpcException {
        int from = offset(method, call);
        List<Json.Obj> all = new ArrayList<>();
        if (offer == Offer.TOOLS) {
            all.add(StatusTool.definition());
        }
        listings.list(call.caller(), call.revision(), offer, call.ongoing()).stream()
                .filter(entry -> offer != Offer.TOOLS || !entry.string("name").equals(Optional.of(StatusTool.NAME)))
                .forEach(all::add);
        int begin = Math.min(from, all.size());
        int end = Math.min(begin + limits.page(), all.size());
        Optional<String> next =
                end < all.size() ? Optional.of(cursors.at(end, call.caller(), method)) : Optional.empty();
        return answers.list(call.revision(), Listings.member(offer), all.subList(begin, end), next);
    }

    private int offset(Method method, Calls.Call call) throws RpcException {
        Optional<Json> cursor = call.params().get("cursor");
        if (cursor.isEmpty()) {
            return 0;
        }
        return call.params()
                .string("cursor")
                .filter(text -> text.length() <= LONGEST_CURSOR)
                .flatMap(text -> cursors.open(text, call.caller(), method))
                .orElseThrow(() -> RpcError.invalidParams("this `cursor` was not given to you; begin without one")
                        .thrown());
    }

    /** For transports whose stream is not the answer to a request. False if there are too many already. */
    boolean listenToAll(Caller caller, Replies.Sink sink) {
        Set<Offer> all = EnumSet.of(Offer.TOOLS, Offer.RESOURCES, Offer.PROMPTS);
        return listeners
                .add(caller, all, sink, Optional.empty(), Optional.empty())
                .isPresent();
    }
}
