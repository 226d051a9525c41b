package dev.reeve.policy;

import dev.reeve.action.Operation;
import dev.reeve.json.Json;
import dev.reeve.openapi.ApiBody;
import dev.reeve.openapi.ApiOperation;
import dev.reeve.openapi.ApiParameter;
import dev.reeve.openapi.ApiQuery;
import dev.reeve.openapi.PathTemplate;
import dev.reeve.openapi.SentBody;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The operations of HTTP APIs that the catalogue describes by an OpenAPI document. A request below the URL of such an API that is none of its operations
 * is refused, whatever a rule on URLs allows.
 */
final class Apis {
    /** By HTTP methods: RFC 9110, section 9.3. What only a verb is known of may be any of its methods. */
    private static final Map<String, List<String>> METHODS = Map.of(
            "read", List.of("GET", "HEAD"),
            "query", List.of("GET", "HEAD"),
            "create", List.of("POST"),
            "update", List.of("PUT", "PATCH"),
            "delete", List.of("DELETE"));

    private static final int LONGEST = 512;

    private final List<Base> bases;

    private record Base(String url, PolicySource.Resource resource, Holding.Api api) {}

    /**
     * @param names from wide to narrow, as {@link dev.reeve.action.Access} takes them
     * @param request its query and what is seen of its body, typed; empty if it is no operation of an API
     */
    record Found(List<String> names, String verb, Optional<Json.Obj> request) {
        Found {
            names = List.copyOf(names);
        }

        Found(List<String> names, String verb) {
            this(names, verb, Optional.empty());
        }

        /** What conditions see as {@code arguments}: those that there are, and the request. */
        Optional<Json.Obj> arguments(Json.Obj given) {
            return request.map(one -> given.with("request", one));
        }
    }

    private Apis(List<Base> bases) {
        this.bases = List.copyOf(bases);
    }

    static Apis of(List<PolicySource.Resource> resources) {
        List<Base> bases = new ArrayList<>();
        for (PolicySource.Resource resource : resources) {
            resource.api()
                    .ifPresent(api -> api.at().forEach(url -> {
                        try {
                            bases.add(new Base(base(url), resource, api));
                        } catch (ResourceNames.RefusedException e) {
                            // The compiler tells of it, and nothing loads.
                        }
                    }));
        }
        bases.sort(
                (one, other) -> Integer.compare(other.url().length(), one.url().length()));
        return new Apis(bases);
    }

    /** A URL in the one form, without a slash at its end. */
    static String base(String url) throws ResourceNames.RefusedException {
        String canonical = ResourceNames.url(url);
        if (canonical.contains("?") || canonical.contains("#")) {
            throw new ResourceNames.RefusedException("it has a query");
        }
        return canonical.endsWith("/") ? canonical.substring(0, canonical.length() - 1) : canonical;
    }

    /**
     * @param name a resource name in the one form
     * @param method empty if only the verb is known
     * @param body what is known of it
     * @return empty if no API of the catalogue is there
     */
    Optional<Found> of(String name, String verb, Optional<String> method, SentBody body)
            throws ResourceNames.RefusedException {
        if (bases.isEmpty() || !name.startsWith("url:")) {
            return Optional.empty();
        }
        String url = name.substring("url:".length());
        int end = url.indexOf('?') < 0 ? url.length() : url.indexOf('?');
        String bare = url.substring(0, end);
        for (Base base : bases) {
            if (bare.equals(base.url()) || bare.startsWith(base.url() + "/")) {
                List<String> segments = segments(bare.substring(base.url().length()));
                List<ApiOperation> operations = operations(base.api(), segments, verb, method);
                String narrow = "api:" + base.resource().name() + "/" + String.join("/", segments);
                return Optional.of(new Found(
                        List.of(base.resource().name(), name, narrow),
                        method.isPresent() ? operations.getFirst().verb() : verb,
                        Optional.of(request(end == url.length() ? "" : url.substring(end + 1), operations, body))));
            }
        }
        return Optional.empty();
    }

    /** Whichever it is of these, it must mean the same. */
    private static Json.Obj request(String raw, List<ApiOperation> operations, SentBody body)
            throws ResourceNames.RefusedException {
        try {
            Json.Obj request = request(raw, operations.getFirst(), body);
            for (ApiOperation other : operations) {
                if (!request(raw, other, body).equals(request)) {
                    throw new ResourceNames.RefusedException(
                            "its query or its body means different things to different methods");
                }
            }
            return request;
        } catch (IllegalArgumentException e) {
            throw new ResourceNames.RefusedException(String.valueOf(e.getMessage()));
        }
    }

    private static Json.Obj request(String raw, ApiOperation operation, SentBody body) {
        return ApiBody.request(ApiQuery.read(raw, operation.query()), operation.body(), body);
    }

    /** What an enforcement point says of the body, beside the method. */
    static SentBody claimed(Optional<Json.Obj> action) {
        if (action.isEmpty()) {
            return new SentBody.Unseen();
        }
        Optional<Json> body = action.get().get("body");
        if (body.isPresent()) {
            return new SentBody.Shown(body.get());
        }
        Optional<String> media = action.get().string("media_type").map(ApiBody::bare);
        Optional<Json> has = action.get().get("has_body");
        if (media.isPresent() || has.equals(Optional.of(Json.Bool.TRUE))) {
            return new SentBody.Hidden(media);
        }
        return has.equals(Optional.of(Json.Bool.FALSE)) ? new SentBody.None() : new SentBody.Unseen();
    }

    /** The body that a tool takes as an argument, which may be the JSON or a text of it. */
    static SentBody argument(Json.Obj arguments, Optional<String> path) {
        if (path.isEmpty()) {
            return new SentBody.Unseen();
        }
        Optional<Json> value = Template.at(arguments, path.get());
        if (value.isPresent() && value.get() instanceof Json.Str(String text)) {
            return new SentBody.Written(text);
        }
        return value.<SentBody>map(SentBody.Shown::new).orElse(new SentBody.None());
    }

    /** @return of a known method one; otherwise all that it may be */
    private static List<ApiOperation> operations(
            Holding.Api api, List<String> segments, String verb, Optional<String> method)
            throws ResourceNames.RefusedException {
        List<ApiOperation> there = api.document().at(segments);
        List<String> methods = method.map(one -> one.equals("HEAD") ? List.of("HEAD", "GET") : List.of(one))
                .orElse(METHODS.getOrDefault(verb, List.of()));
        List<ApiOperation> found = new ArrayList<>();
        for (String one : methods) {
            there.stream().filter(operation -> operation.method().equals(one)).forEach(found::add);
        }
        if (!found.isEmpty()) {
            return method.isPresent() ? found.subList(0, 1) : found;
        }
        throw new ResourceNames.RefusedException(
                "the API has no such operation: its document names it by no path and method");
    }

    /** Decoded once. What was checked before holds no slash, dot or percent sign that is hidden. */
    private static List<String> segments(String path) throws ResourceNames.RefusedException {
        List<String> segments = new ArrayList<>();
        for (String segment :
                path.isEmpty() ? new String[] {""} : path.substring(1).split("/", -1)) {
            segments.add(segment.isEmpty() ? "" : value(ResourceNames.segment(segment)));
        }
        return segments;
    }

    private static String value(String value) throws ResourceNames.RefusedException {
        if (value.isEmpty() || value.length() > LONGEST) {
            throw new ResourceNames.RefusedException(
                    "a segment of its path is empty or longer than " + LONGEST + " characters");
        }
        ResourceNames.checkSegment(value);
        return value;
    }

    /**
     * The operation that a tool stands for, with the values of its path.
     *
     * @param path of the argument that holds the parameters, {@code body} of that with the body
     */
    static Found called(PolicySource.Resource resource, Operation.ToolCall call, String path, Optional<String> body)
            throws ResourceNames.RefusedException {
        Optional<ApiOperation> operation =
                resource.api().orElseThrow().document().called(tool(call.subject()));
        if (operation.isEmpty()) {
            throw new ResourceNames.RefusedException("the document of the API names no operation as this tool");
        }
        Json.Obj values = path.isEmpty() ? call.arguments() : within(call.arguments(), path);
        PathTemplate template = operation.get().path();
        Map<String, String> texts = new HashMap<>();
        for (String parameter : template.parameters()) {
            texts.put(parameter, value(text(values, parameter)));
        }
        String name = "api:" + resource.name() + template.with(texts);
        try {
            Json.Obj query = ApiQuery.of(values, operation.get().query());
            Json.Obj request =
                    ApiBody.request(query, operation.get().body(), body(call.arguments(), path, body, operation.get()));
            return new Found(List.of(resource.name(), name), operation.get().verb(), Optional.of(request));
        } catch (IllegalArgumentException e) {
            throw new ResourceNames.RefusedException(String.valueOf(e.getMessage()));
        }
    }

    /** Where the arguments themselves are the body, it is all that is no parameter. */
    private static SentBody body(Json.Obj arguments, String path, Optional<String> body, ApiOperation operation) {
        if (operation.body().isEmpty()) {
            return new SentBody.Unseen();
        }
        if (!body.equals(Optional.of(""))) {
            return argument(arguments, body);
        }
        Set<String> others = new HashSet<>();
        if (path.isEmpty()) {
            others.addAll(operation.path().parameters());
            operation.query().stream().map(ApiParameter::name).forEach(others::add);
        } else {
            others.add(path.split("\\.", 2)[0]);
        }
        Json.Builder rest = Json.object();
        arguments.members().forEach((name, value) -> {
            if (!others.contains(name)) {
                rest.put(name, value);
            }
        });
        return new SentBody.Shown(rest.build());
    }

    private static Json.Obj within(Json.Obj arguments, String path) {
        return Template.at(arguments, path).orElse(Json.Obj.EMPTY) instanceof Json.Obj object ? object : Json.Obj.EMPTY;
    }

    private static String text(Json.Obj values, String parameter) throws ResourceNames.RefusedException {
        Json value = values.members().get(parameter);
        if (value instanceof Json.Str text) {
            return text.value();
        }
        if (value instanceof Json.Num number && number.whole().isPresent()) {
            return Long.toString(number.whole().get());
        }
        throw new ResourceNames.RefusedException("the parameter `" + parameter + "` is no text and no whole number");
    }

    /** The arguments that name what a tool acts on. */
    static List<String> parameters(Holding.Api api, String subject) {
        return operation(api, subject)
                .map(operation -> operation.path().parameters())
                .orElse(List.of());
    }

    static Optional<ApiOperation> operation(Holding.Api api, String subject) {
        return api.document().called(tool(subject));
    }

    /** Behind its server's name. */
    private static String tool(String subject) {
        return subject.substring(subject.indexOf('.') + 1);
    }
}
