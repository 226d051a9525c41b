package dev.reeve.config;

import dev.reeve.openapi.ApiBody;
import dev.reeve.openapi.ApiOperation;
import dev.reeve.openapi.ApiParameter;
import dev.reeve.openapi.OpenApi;
import dev.reeve.openapi.PathTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads of an OpenAPI document (3.0 or 3.1, YAML or JSON) what is decided on: paths, methods, operationIds and the parameters of queries and bodies. The rest
 * is passed over; nothing is fetched. An operation may say by {@code x-reeve-action} what it does, where its method says it wrongly.
 */
final class OpenApiReader {
    private static final String ACTION = "x-reeve-action";
    private static final Map<String, String> VERBS = Map.of(
            "get", "read",
            "head", "read",
            "options", "read",
            "post", "create",
            "put", "update",
            "patch", "update",
            "delete", "delete");

    /** TRACE is never let through. */
    private static final Set<String> PASSED_OVER = Set.of("summary", "description", "servers", "parameters", "trace");

    private static final Set<String> ACTIONS = Set.of("read", "query", "create", "update", "delete", "execute");

    private final Problems problems;
    private final List<ApiOperation> operations = new ArrayList<>();
    private boolean wrong;

    private OpenApiReader(Problems problems) {
        this.problems = problems;
    }

    /** @return empty, and a problem, if something in it could mean more or something else than is understood */
    static Optional<OpenApi> read(String file, byte[] bytes, Problems problems) {
        OpenApiReader reader = new OpenApiReader(problems);
        Optional<Node.Mapping> document = Yaml.read(file, bytes, problems);
        if (document.isEmpty() || reader.document(document.get())) {
            return Optional.empty();
        }
        try {
            return Optional.of(new OpenApi(reader.operations));
        } catch (IllegalArgumentException e) {
            problems.error(Problems.file(file), "paths", String.valueOf(e.getMessage()), "OpenAPI allows each once");
            return Optional.empty();
        }
    }

    private void error(Node node, String what, String fix) {
        wrong = true;
        problems.error(node, what, fix);
    }

    /** @return whether something is wrong */
    private boolean document(Node.Mapping document) {
        if (document.text("openapi")
                .filter(it -> it.matches("3\\.[01]\\.[0-9]{1,3}"))
                .isEmpty()) {
            error(document, "is no OpenAPI document of version 3.0 or 3.1", "convert it (`openapi: 3.1.0`)");
        }
        if (document.mapping("paths").isEmpty()) {
            error(document, "has no `paths`", "");
        }
        OpenApiParameters parameters = new OpenApiParameters(document, problems);
        OpenApiBodies bodies = new OpenApiBodies(document, problems);
        document.membersOf("paths").forEach((path, member) -> {
            if (!path.startsWith("x-")) {
                path(path, member, parameters, bodies);
            }
        });
        bodies.done();
        return wrong;
    }

    private void path(String path, Node.Member member, OpenApiParameters parameters, OpenApiBodies bodies) {
        try {
            PathTemplate template = PathTemplate.of(path);
            if (member.value() instanceof Node.Mapping item) {
                item.members()
                        .forEach((name, operation) ->
                                item(template, name, operation, one -> parameters.of(item, one), bodies));
            } else {
                error(member.value(), "is no path item", "");
            }
        } catch (IllegalArgumentException e) {
            error(member.value(), "the path `" + path + "`: " + e.getMessage(), "");
        }
    }

    private void item(
            PathTemplate path,
            String name,
            Node.Member member,
            Function<Node.Mapping, List<ApiParameter>> parameters,
            OpenApiBodies bodies) {
        String verb = VERBS.get(name);
        if (verb != null && member.value() instanceof Node.Mapping operation) {
            operations.add(operation(path, name, verb, operation, parameters.apply(operation), bodies.of(operation)));
        } else if (name.equals("$ref")) {
            error(member.value(), "references of whole paths are not followed", "write the path item in its place");
        } else if (verb != null || (!PASSED_OVER.contains(name) && !name.startsWith("x-"))) {
            error(member.value(), "`" + name + "` is no operation", "methods are written in small letters");
        }
    }

    private ApiOperation operation(
            PathTemplate path,
            String method,
            String usual,
            Node.Mapping operation,
            List<ApiParameter> query,
            Optional<ApiBody> body) {
        String verb = operation.text(ACTION).orElse(usual);
        if (!ACTIONS.contains(verb)
                || (operation.mentions(ACTION) && operation.text(ACTION).isEmpty())) {
            error(operation, "`" + ACTION + "` is none of the usual actions", "they are " + String.join(", ", ACTIONS));
        }
        return new ApiOperation(
                operation.text("operationId"), method.toUpperCase(Locale.ROOT), path, verb, query, body);
    }
}
