package dev.reeve.policy;

import dev.reeve.action.Access;
import dev.reeve.action.Operation;
import dev.reeve.action.Touch;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import dev.reeve.gate.Rulebook.Reading;
import dev.reeve.json.Json;
import dev.reeve.mongo.MongoInspection;
import dev.reeve.mongo.MongoRestriction;
import dev.reeve.openapi.SentBody;
import dev.reeve.openapi.SentRequest;
import dev.reeve.sql.SqlAction;
import dev.reeve.sql.SqlInspection;
import dev.reeve.sql.SqlInspector;
import dev.reeve.sql.TableAccess;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What the systems are: from a tool and its arguments to what is touched. Immutable. */
final class Catalogue {
    private final NameIndex<Placed> tools;
    private final NameIndex<Tagged> tags;
    private final Map<String, PolicySource.Resource> resources;
    private final SqlInspector inspector;
    private final Apis apis;
    private final boolean restoring;

    /**
     * @param sql dotted path of the argument that holds the statement
     * @param restore by argument, the kinds whose values may be put there in the place of tokens
     */
    record ToolEntry(
            Glob pattern,
            PolicySource.Tool source,
            Template actsOn,
            Optional<String> sql,
            Map<String, Set<String>> restore) {}

    private record Tagged(Glob names, Set<String> tags) implements NameIndex.Written {}

    /** @param at the closest has the lowest */
    private record Placed(ToolEntry entry, int at) implements NameIndex.Written {
        @Override
        public Glob names() {
            return entry.pattern();
        }
    }

    Catalogue(List<ToolEntry> entries, List<PolicySource.Resource> written, SqlInspector inspector) {
        List<Placed> placed = new ArrayList<>();
        for (ToolEntry entry : Closeness.closestFirst(entries, ToolEntry::pattern)) {
            placed.add(new Placed(entry, placed.size()));
        }
        this.tools = NameIndex.of(placed);
        this.restoring = entries.stream().anyMatch(entry -> !entry.restore().isEmpty());
        List<Tagged> tagged = new ArrayList<>();
        Map<String, PolicySource.Resource> byName = new HashMap<>();
        for (PolicySource.Resource resource : written) {
            byName.put(resource.name(), resource);
            if (!resource.tags().isEmpty()) {
                tagged.add(new Tagged(UrlPatterns.labelling(resource.name()), resource.tags()));
            }
        }
        this.tags = NameIndex.of(tagged);
        this.resources = Map.copyOf(byName);
        this.inspector = inspector;
        this.apis = Apis.of(written);
    }

    Optional<PolicySource.Resource> resource(String name) {
        return Optional.ofNullable(resources.get(name));
    }

    /** The closest entry. */
    Optional<ToolEntry> tool(String subject) {
        Placed[] best = new Placed[1];
        tools.find(subject, one -> {
            if (best[0] == null || one.at() < best[0].at()) {
                best[0] = one;
            }
        });
        return Optional.ofNullable(best[0]).map(Placed::entry);
    }

    /** The steps to the rows in the structured content, where they are written. */
    Optional<List<String>> rowsAt(Operation operation) {
        return tool(operation.subject())
                .flatMap(entry -> entry.source().rowsAt())
                .map(ResultRows::steps);
    }

    /** The type of what conditions see of a request that a tool makes of an API, as a schema; empty if it makes none. */
    Optional<Json.Obj> request(String tool) {
        Optional<ToolEntry> entry = tool(tool);
        if (entry.filter(it -> it.actsOn().prefix().startsWith("url:")).isPresent()) {
            return Optional.of(ApiRequests.beside(Optional.empty()));
        }
        return entry.filter(it -> it.source()
                        .takes()
                        .filter(Takes.Parameters.class::isInstance)
                        .isPresent())
                .flatMap(it -> resource(it.source().actsOn()))
                .flatMap(PolicySource.Resource::api)
                .flatMap(api -> Apis.operation(api, tool))
                .map(operation -> ApiRequests.beside(Optional.of(operation)));
    }

    /** By argument, the kinds whose values may be put there in the place of tokens. */
    Map<String, Set<String>> restores(Operation operation) {
        return restoring ? tool(operation.subject()).map(ToolEntry::restore).orElse(Map.of()) : Map.of();
    }

    /** Whether its entry says so. */
    boolean idempotent(Operation operation) {
        return operation instanceof Operation.ToolCall call
                && tool(call.subject())
                        .filter(entry -> entry.source().idempotent())
                        .isPresent();
    }

    /** Whether reading it parses a text within its arguments: SQL, or a document. */
    boolean parses(Operation operation) {
        return switch (operation) {
            case Operation.ToolCall call -> parses(call);
            case Operation.Task task -> !task.ends() && parses(task.begun());
            case Operation.ToolEvaluation asked -> parses(asked.call());
            case Operation.AccessEvaluation ignored -> false;
            case Operation.AccessSearch ignored -> false;
            case Operation.ResourceRead ignored -> false;
            case Operation.SkillGet ignored -> false;
            case Operation.DirectoryRead ignored -> false;
            case Operation.PromptGet ignored -> false;
            case Operation.Completion ignored -> false;
            case Operation.Subscription ignored -> false;
            case Operation.Question ignored -> false;
            case Operation.HostCall ignored -> false;
            case Operation.Listing ignored -> false;
        };
    }

    private boolean parses(Operation.ToolCall call) {
        return tool(call.subject()).filter(entry -> entry.source().isRead()).isPresent();
    }

    /** The arguments without which {@link #read} could not say what the operation touches, by their first name. */
    Set<String> argumentsRead(Operation operation) {
        Optional<ToolEntry> entry = switch (operation) {
            case Operation.ToolCall call -> tool(call.subject());
            case Operation.Task task -> tool(task.subject());
            case Operation.ToolEvaluation asked -> tool(asked.call().subject());
            case Operation.AccessEvaluation ignored -> Optional.empty();
            case Operation.AccessSearch ignored -> Optional.empty();
            case Operation.ResourceRead ignored -> Optional.empty();
            case Operation.SkillGet ignored -> Optional.empty();
            case Operation.DirectoryRead ignored -> Optional.empty();
            case Operation.PromptGet ignored -> Optional.empty();
            case Operation.Completion ignored -> Optional.empty();
            case Operation.Subscription ignored -> Optional.empty();
            case Operation.Question ignored -> Optional.empty();
            case Operation.HostCall ignored -> Optional.empty();
            case Operation.Listing ignored -> Optional.empty();
        };
        Set<String> read = new HashSet<>();
        entry.ifPresent(found -> {
            found.actsOn().arguments().forEach(path -> read.add(first(path)));
            found.sql().ifPresent(path -> read.add(first(path)));
            found.source().body().filter(path -> !path.isEmpty()).ifPresent(path -> read.add(first(path)));
            found.source().takes().ifPresent(takes -> read.addAll(argumentsOf(takes, found, operation)));
        });
        return read;
    }

    private Set<String> argumentsOf(Takes takes, ToolEntry entry, Operation operation) {
        Set<String> first = new HashSet<>();
        switch (takes) {
            case Takes.Mongo mongo -> mongo.arguments().values().forEach(path -> first.add(first(path)));
            case Takes.Parameters(String path) when !path.isEmpty() -> first.add(first(path));
            case Takes.Parameters ignored ->
                resource(entry.source().actsOn())
                        .flatMap(PolicySource.Resource::api)
                        .ifPresent(api -> first.addAll(Apis.parameters(api, operation.subject())));
        }
        return first;
    }

    private static String first(String path) {
        int dot = path.indexOf('.');
        return dot < 0 ? path : path.substring(0, dot);
    }

    Reading read(Operation operation) {
        try {
            return switch (operation) {
                case Operation.ToolCall call -> readCall(call);
                case Operation.ResourceRead read -> readUri(read.upstream(), read.uri());
                case Operation.SkillGet get -> readUri(get.upstream(), get.uri());
                case Operation.DirectoryRead read -> readUri(read.upstream(), read.uri());
                case Operation.Subscription to -> readUri(to.upstream(), to.uri());
                case Operation.Completion completion -> readCompletion(completion);
                case Operation.Question question ->
                    touches(List.of("ask:" + question.subject()), "create", Json.Obj.EMPTY);
                case Operation.Task task ->
                    task.ends()
                            ? new Reading.Touches(List.of(), Set.of(), Optional.empty())
                            : asBegun(readCall(task.begun()));
                case Operation.PromptGet get -> touches(List.of("prompt:" + get.subject()), "read", Json.Obj.EMPTY);
                case Operation.HostCall call -> readHostCall(call);
                case Operation.AccessEvaluation asked -> readAsked(asked);
                case Operation.ToolEvaluation asked -> asAsked(asked.call(), readCall(asked.call()));
                case Operation.AccessSearch ignored -> new Reading.Touches(List.of(), Set.of(), Optional.empty());
                case Operation.Listing ignored -> new Reading.Touches(List.of(), Set.of(), Optional.empty());
            };
        } catch (ResourceNames.RefusedException e) {
            return new Reading.Unreadable(
                    Denial.of("arguments_unreadable", ReasonClass.ARGUMENTS, String.valueOf(e.getMessage()))
                            .withTell(String.valueOf(e.getMessage())));
        }
    }

    /** Nothing is sent of the call itself, so there is nothing to put in its place. */
    private static Reading asBegun(Reading reading) {
        return reading instanceof Reading.Touches touches
                ? new Reading.Touches(touches.accesses(), touches.resultTags(), Optional.empty())
                : reading;
    }

    /** What a point asks about it sends itself: another text than the one that was decided on would be somebody else's call (R4, R22). */
    private static Reading asAsked(Operation.ToolCall call, Reading reading) {
        if (reading instanceof Reading.Touches touches
                && touches.instead().isPresent()
                && !touches.instead().get().arguments().equals(call.arguments())) {
            String why = "it is not the text that Reeve would send, and the call does not come through here";
            return new Reading.Unreadable(
                    Denial.of("obligation_unmet", ReasonClass.ARGUMENTS, why).withTell(why));
        }
        return asBegun(reading);
    }

    private Reading readCompletion(Operation.Completion completion) throws ResourceNames.RefusedException {
        return switch (completion.of()) {
            case PROMPT -> touches(List.of("prompt:" + completion.subject()), "read", Json.Obj.EMPTY);
            case RESOURCE_TEMPLATE -> readUri(completion.upstream(), completion.name());
        };
    }

    private Reading readUri(String upstream, String uri) throws ResourceNames.RefusedException {
        List<String> names = wideToNarrow(ResourceNames.resource(upstream, uri));
        Set<String> found = tagsOf(names);
        return new Reading.Touches(List.of(new Access(names, "read", found)), found, Optional.empty());
    }

    private Reading readHostCall(Operation.HostCall call) throws ResourceNames.RefusedException {
        List<Access> accesses = new ArrayList<>(call.touches().size());
        Set<String> all = new HashSet<>();
        for (Touch touch : call.touches()) {
            List<String> names = new ArrayList<>(touch.names().size());
            String verb = touch.verb();
            Optional<Json.Obj> arguments = touch.arguments();
            Optional<String> method = touch.request().map(SentRequest::method);
            SentBody body = touch.request().map(SentRequest::body).orElseGet(SentBody.Unseen::new);
            for (String written : touch.names()) {
                String name = ResourceNames.touched(written);
                Optional<Apis.Found> operation = apis.of(name, verb, method, body);
                names.addAll(operation.map(Apis.Found::names).orElseGet(() -> sameElsewhere(name)));
                if (operation.isPresent()) {
                    verb = operation.get().verb();
                    arguments = operation.get().arguments(arguments.orElse(call.arguments()));
                }
            }
            Set<String> found = tagsOf(names);
            all.addAll(found);
            accesses.add(new Access(names, verb, found, arguments, method));
        }
        return new Reading.Touches(accesses, all, Optional.empty());
    }

    /** A program says itself which names of what it touches are wider ones. */
    private static List<String> sameElsewhere(String name) {
        return ServerFiles.isName(name) ? wideToNarrow(name) : List.of(name);
    }

    /**
     * Of a database or a table that is asked about whole, any column may be read: its columns' tags count.
     */
    private Reading readAsked(Operation.AccessEvaluation asked) throws ResourceNames.RefusedException {
        String name = plain(ResourceNames.asked(asked.resource()));
        Optional<Json.Obj> action = asked.claims().object("action");
        Optional<String> method = action.flatMap(it -> it.string("method"));
        Apis.Found touched = apis.of(name, asked.verb(), method, Apis.claimed(action))
                .orElseGet(() -> new Apis.Found(wideToNarrow(name), asked.verb()));
        List<String> names = touched.names();
        Set<String> found = new HashSet<>(tagsOf(names));
        if (names.size() == 1) {
            resource(names.getFirst())
                    .ifPresent(whole -> whole.columnTags().values().forEach(found::addAll));
        }
        Access access = new Access(names, touched.verb(), found, touched.arguments(asked.claims()));
        return new Reading.Touches(List.of(access), found, Optional.empty());
    }

    /** Only documents have fields within fields; of a table, two dots could begin with a schema that no rule names. */
    private String plain(String name) throws ResourceNames.RefusedException {
        List<String> names = wideToNarrow(name);
        boolean nested = name.startsWith("db:") && names.size() > 3;
        if (nested
                && resource(names.getFirst())
                        .flatMap(PolicySource.Resource::documents)
                        .isEmpty()) {
            throw new ResourceNames.RefusedException("it is not a table or `table.column`");
        }
        return name;
    }

    /** What an operation touches whatever its arguments say: the database of a tool that takes SQL. */
    Optional<Access> within(Operation operation) {
        if (!(operation instanceof Operation.ToolCall call)) {
            return Optional.empty();
        }
        return tool(call.subject())
                .filter(entry -> entry.source().isRead())
                .flatMap(entry -> resource(entry.source().actsOn()))
                .map(resource -> new Access(List.of(resource.name()), "query", resource.tags()));
    }

    private Reading readCall(Operation.ToolCall call) throws ResourceNames.RefusedException {
        Optional<ToolEntry> entry = tool(call.subject());
        if (entry.isEmpty()) {
            return touches(List.of("tool:" + call.subject()), "execute", call.arguments());
        }
        if (entry.get().sql().isPresent()) {
            return readSql(call, entry.get());
        }
        if (entry.get().source().takes().isPresent()) {
            return readTaken(call, entry.get(), entry.get().source().takes().get());
        }
        String verb = entry.get().source().action().orElse("execute");
        return touches(
                entry.get().actsOn().names(call.arguments()),
                verb,
                call.arguments(),
                Apis.argument(call.arguments(), entry.get().source().body()));
    }

    private Reading readTaken(Operation.ToolCall call, ToolEntry entry, Takes takes)
            throws ResourceNames.RefusedException {
        PolicySource.Resource resource = resource(entry.source().actsOn()).orElseThrow();
        return switch (takes) {
            case Takes.Mongo mongo ->
                switch (DocumentCalls.inspect(call, mongo, resource.documents().orElseThrow(), MongoRestriction.NONE)) {
                    case MongoInspection.Refused(String code, String reason) ->
                        new Reading.Unreadable(Denial.of(code, ReasonClass.ARGUMENTS, reason)
                                .withTell("the request is not accepted: " + reason));
                    case MongoInspection.Request request ->
                        tableTouches(
                                resource,
                                request.touched(),
                                Optional.of(call.with(DocumentCalls.arguments(call.arguments(), mongo, request))));
                };
            case Takes.Parameters(String path) -> {
                Apis.Found found =
                        Apis.called(resource, call, path, entry.source().body());
                yield touches(List.of(found), call.arguments());
            }
        };
    }

    private Reading touches(List<String> narrowest, String verb, Json.Obj arguments)
            throws ResourceNames.RefusedException {
        return touches(narrowest, verb, arguments, new SentBody.Unseen());
    }

    private Reading touches(List<String> narrowest, String verb, Json.Obj arguments, SentBody body)
            throws ResourceNames.RefusedException {
        List<Apis.Found> found = new ArrayList<>(narrowest.size());
        for (String name : narrowest) {
            found.add(apis.of(name, verb, Optional.empty(), body)
                    .orElseGet(() -> new Apis.Found(wideToNarrow(name), verb)));
        }
        return touches(found, arguments);
    }

    private Reading touches(List<Apis.Found> touched, Json.Obj arguments) {
        List<Access> accesses = new ArrayList<>(touched.size());
        Set<String> all = Set.of();
        for (Apis.Found one : touched) {
            Set<String> found = tagsOf(one.names());
            all = both(all, found);
            accesses.add(new Access(one.names(), one.verb(), found, one.arguments(arguments)));
        }
        return new Reading.Touches(accesses, all, Optional.empty());
    }

    /** Most have no tags, or are one. */
    private static Set<String> both(Set<String> one, Set<String> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() ? other : one;
        }
        Set<String> all = new HashSet<>(one);
        all.addAll(other);
        return all;
    }

    /**
     * {@code db:crm/customers.email} is also {@code db:crm/customers} and {@code crm}; {@code mcp:up/file:///srv/a} is also {@code file:/srv/a}, by which
     * records and conditions know it.
     */
    static List<String> wideToNarrow(String name) {
        if (ServerFiles.isName(name)) {
            return ServerFiles.bare(name).map(bare -> List.of(name, bare)).orElse(List.of(name));
        }
        if (name.startsWith("api:") && name.indexOf('/') > 0) {
            return List.of(name.substring("api:".length(), name.indexOf('/')), name);
        }
        int slash = name.startsWith("db:") ? name.indexOf('/') : -1;
        if (slash < 0) {
            return List.of(name);
        }
        List<String> names = new ArrayList<>();
        names.add(name.substring(3, slash));
        for (int dot = name.indexOf('.', slash); dot >= 0; dot = name.indexOf('.', dot + 1)) {
            names.add(name.substring(0, dot));
        }
        names.add(name);
        return names;
    }

    private Set<String> tagsOf(List<String> names) {
        if (tags.isEmpty() && resources.isEmpty()) {
            return Set.of();
        }
        List<Set<String>> found = new ArrayList<>(2);
        for (String name : Access.allNames(names)) {
            tags.find(name, found, (all, one) -> all.add(one.tags()));
        }
        columnTags(names).ifPresent(found::add);
        Set<String> all = Set.of();
        for (Set<String> one : found) {
            all = both(all, one);
        }
        return all;
    }

    private Optional<Set<String>> columnTags(List<String> names) {
        if (names.size() < 2) {
            return Optional.empty();
        }
        return resource(names.getFirst()).map(resource -> {
            String narrowest = names.getLast();
            String within = narrowest.substring(narrowest.indexOf('/') + 1).toLowerCase(Locale.ROOT);
            Set<String> found = new HashSet<>();
            resource.columnTags().forEach((column, tagged) -> {
                String named = column.toLowerCase(Locale.ROOT);
                // A document within a document is tagged with what is above and below it, too.
                if (named.equals(within) || named.startsWith(within + ".") || within.startsWith(named + ".")) {
                    found.addAll(tagged);
                }
            });
            return found;
        });
    }

    private Reading readSql(Operation.ToolCall call, ToolEntry entry) throws ResourceNames.RefusedException {
        String path = entry.sql().orElseThrow();
        PolicySource.Resource resource = resource(entry.source().actsOn()).orElseThrow();
        PolicySource.Database database = resource.database().orElseThrow();
        Optional<Json> sql = Template.at(call.arguments(), path);
        if (sql.isEmpty() || !(sql.get() instanceof Json.Str text)) {
            throw new ResourceNames.RefusedException("`arguments." + path + "` is not a statement");
        }
        return switch (inspector.inspect(text.value(), database.dialect(), database.schema())) {
            case SqlInspection.Refused(String code, String reason) ->
                new Reading.Unreadable(
                        Denial.of(code, ReasonClass.ARGUMENTS, reason).withTell("the SQL is not accepted: " + reason));
            case SqlInspection.Statement statement -> sqlTouches(call, path, resource, statement);
        };
    }

    private Reading sqlTouches(
            Operation.ToolCall call, String path, PolicySource.Resource resource, SqlInspection.Statement statement) {
        Json.Obj arguments = replace(call.arguments(), path, new Json.Str(statement.rendering()));
        return tableTouches(resource, statement.tables(), Optional.of(call.with(arguments)));
    }

    private Reading tableTouches(
            PolicySource.Resource resource, List<TableAccess> tables, Optional<Operation> instead) {
        List<Access> accesses = new ArrayList<>();
        Set<String> all = new TreeSet<>();
        for (TableAccess table : tables) {
            String verb = verb(table.action());
            String tableName = "db:" + resource.name() + "/" + table.table().toLowerCase(Locale.ROOT);
            if (table.columns().isEmpty()) {
                // A row was counted, not read: the columns' tags do not apply.
                accesses.add(new Access(List.of(resource.name(), tableName), verb, plainTags(resource, tableName)));
            }
            for (String column : new TreeSet<>(table.columns())) {
                List<String> names = wideToNarrow(tableName + "." + column.toLowerCase(Locale.ROOT));
                Set<String> found = tagsOf(names);
                all.addAll(found);
                accesses.add(new Access(names, verb, found));
            }
        }
        if (accesses.isEmpty()) {
            accesses.add(new Access(List.of(resource.name()), "query", resource.tags()));
        }
        return new Reading.Touches(accesses, all, instead);
    }

    private Set<String> plainTags(PolicySource.Resource resource, String tableName) {
        Set<String> found = new HashSet<>(resource.tags());
        tags.find(tableName, one -> found.addAll(one.tags()));
        return found;
    }

    private static String verb(SqlAction action) {
        return action.name().toLowerCase(Locale.ROOT);
    }

    static Json.Obj replace(Json.Obj arguments, String path, Json value) {
        int dot = path.indexOf('.');
        if (dot < 0) {
            return arguments.with(path, value);
        }
        String first = path.substring(0, dot);
        Map<String, Json> copy = new LinkedHashMap<>(arguments.members());
        copy.put(first, replace(arguments.object(first).orElse(Json.Obj.EMPTY), path.substring(dot + 1), value));
        return new Json.Obj(copy);
    }

    SqlInspector inspector() {
        return inspector;
    }
}
