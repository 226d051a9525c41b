package dev.reeve.policy;

import dev.reeve.json.Json;
import dev.reeve.openapi.ApiBody;
import dev.reeve.openapi.ApiOperation;
import dev.reeve.openapi.ApiParameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What conditions may name of the requests of APIs: {@code arguments.request}, typed by the operations that a resource name can mean. */
final class ApiRequests {
    private static final String REQUEST = "request";
    private static final Pattern NAMES_REQUEST = Pattern.compile("\\barguments\\s*\\.\\s*request\\b");

    /** The names of single arguments; where something else is done with all of them, no type is known. */
    private static final Pattern ARGUMENTS = Pattern.compile("\\barguments\\b(?:\\s*\\.\\s*([A-Za-z_][A-Za-z0-9_]*))?");

    /** Whatever could look at a body. It may say yes too often: then a condition cannot be evaluated where the body was not seen. */
    private static final Pattern BODY =
            Pattern.compile("\\brequest\\b(?!\\s*\\.\\s*(?:query|body_seen)\\b)|\\barguments\\b(?!\\s*\\.)|\\.\\s*`");

    private final List<Named> operations = new ArrayList<>();

    /**
     * One operation.
     *
     * @param names what stands for a request of it, as a pattern
     */
    private record Named(String title, List<Glob> names, String resource, ApiOperation operation) {
        boolean isMeant(Glob written) {
            return written.matches(resource) || names.stream().anyMatch(name -> NameSearch.overlap(written, name));
        }
    }

    ApiRequests(PolicySource source) {
        for (PolicySource.Resource resource : source.resources()) {
            resource.api().ifPresent(api -> add(resource.name(), api));
        }
    }

    private void add(String resource, Holding.Api api) {
        for (ApiOperation operation : api.document().operations()) {
            Map<String, String> wild = new LinkedHashMap<>();
            operation.path().parameters().forEach(name -> wild.put(name, "*"));
            String path = operation.path().with(wild);
            List<Glob> names = new ArrayList<>();
            pattern("api:" + resource + path).ifPresent(names::add);
            for (String at : api.at()) {
                try {
                    pattern("url:" + Apis.base(at) + path).ifPresent(names::add);
                    pattern("url:" + Apis.base(at) + path + "?**").ifPresent(names::add);
                } catch (ResourceNames.RefusedException e) {
                    // The compiler tells of it, and nothing loads.
                }
            }
            operations.add(new Named(operation.method() + " " + operation.path(), names, resource, operation));
        }
    }

    /** What is too long for a pattern is not typed. */
    private static Optional<Glob> pattern(String text) {
        return text.length() > Glob.LONGEST ? Optional.empty() : Optional.of(Glob.of(text));
    }

    /** Whether a condition names something of a request: what is said of it depends on the resource. */
    static boolean isNamedIn(String text) {
        return NAMES_REQUEST.matcher(text).find();
    }

    /** Whether the condition cannot be said of a request whose body nobody saw. */
    static boolean needsBody(String text) {
        return BODY.matcher(text).find();
    }

    /** Whether the body of a request, where it may have one, was not seen. */
    static boolean isUnseen(Condition.Input input) {
        return input.access()
                .arguments()
                .flatMap(arguments -> arguments.object(REQUEST))
                .flatMap(request -> request.get("body_seen"))
                .filter(Json.Bool.FALSE::equals)
                .isPresent();
    }

    /**
     * The types by which a condition about these resources is read, by operation; none where it names nothing of a request.
     *
     * @param text the condition
     */
    Map<String, Json.Obj> types(String text, Conditions.About about) {
        Map<String, Json.Obj> types = new LinkedHashMap<>();
        if (about.resource().isEmpty() || operations.isEmpty() || !isNamedIn(text)) {
            return types;
        }
        TreeSet<String> others = new TreeSet<>();
        Matcher found = ARGUMENTS.matcher(text);
        while (found.find()) {
            if (found.group(1) == null) {
                return types;
            }
            others.add(found.group(1));
        }
        for (Named named : operations) {
            if (about.does().test(named.operation().verb())
                    && named.isMeant(about.resource().get())) {
                types.put(named.title(), type(named.operation(), others));
            }
        }
        return types;
    }

    /** Of such a type what makes a difference to a condition: what is named nowhere in its text is left out. */
    static Json.Obj told(String text, Json.Obj type) {
        Optional<Json.Obj> request = type.object("properties").flatMap(all -> all.object(REQUEST));
        Json.Obj members = request.flatMap(one -> one.object("properties")).orElse(Json.Obj.EMPTY);
        Json.Builder query = Json.object();
        members.object("query")
                .flatMap(one -> one.object("properties"))
                .orElse(Json.Obj.EMPTY)
                .members()
                .forEach((name, one) -> {
                    if (text.contains(name)) {
                        query.put(name, one);
                    }
                });
        Json.Obj told = members.with("query", object(query.build()));
        boolean body = text.contains("body");
        told = body ? told : told.without("body").without("body_seen");
        Json.Obj all = type.object("properties").orElse(Json.Obj.EMPTY).with(REQUEST, object(told));
        Json.Obj left = type.with("properties", all);
        return body ? left : left.without("$defs");
    }

    /** Whether such a type is of an operation with a body. */
    static boolean hasBody(Json.Obj type) {
        return type.object("properties")
                .flatMap(all -> all.object(REQUEST))
                .flatMap(request -> request.object("properties"))
                .filter(members -> members.has("body"))
                .isPresent();
    }

    private static Json.Obj type(ApiOperation operation, Set<String> others) {
        Json.Builder members = Json.object();
        others.forEach(name -> members.put(name, Json.Obj.EMPTY));
        Json.Obj all = members.build().with(REQUEST, request(operation));
        Json.Builder type = Json.object().put("type", "object").put("properties", all);
        operation.body().flatMap(ApiBody::json).ifPresent(schema -> type.put("$defs", schema.definitions()));
        return type.build();
    }

    /** Beside a tool's own arguments, whose schema may have definitions of the same names: so nothing is said of the body. */
    static Json.Obj beside(Optional<ApiOperation> operation) {
        Json.Obj request = operation.map(ApiRequests::request).orElse(Json.Obj.EMPTY);
        return request.object("properties")
                .filter(properties -> properties.has("body"))
                .map(properties -> request.with("properties", properties.with("body", Json.Obj.EMPTY)))
                .orElse(request);
    }

    /** As {@link ApiBody#request} makes it. */
    static Json.Obj request(ApiOperation operation) {
        Json.Builder query = Json.object();
        operation.query().forEach(parameter -> query.put(parameter.name(), type(parameter)));
        Json.Builder request = Json.object().put("query", object(query.build()));
        operation.body().ifPresent(body -> {
            request.put("body_seen", Json.object().put("type", "boolean").build());
            body.json().ifPresent(schema -> request.put("body", schema.type()));
        });
        return object(request.build());
    }

    private static Json.Obj object(Json.Obj properties) {
        return Json.object().put("type", "object").put("properties", properties).build();
    }

    private static Json.Obj type(ApiParameter parameter) {
        Json.Builder one = Json.object();
        switch (parameter.kind()) {
            case TEXT -> {
                one.put("type", "string");
                if (!parameter.allowed().isEmpty()) {
                    one.put("enum", Json.Arr.ofStrings(new TreeSet<>(parameter.allowed())));
                }
            }
            case WHOLE -> one.put("type", "integer");
            case NUMBER -> one.put("type", "number");
            case FLAG -> one.put("type", "boolean");
            case UNREAD -> {}
        }
        Json.Obj type = one.build();
        return parameter.list()
                ? Json.object().put("type", "array").put("items", type).build()
                : type;
    }
}
