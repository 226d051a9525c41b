package dev.reeve.openapi;

import java.util.List;
import java.util.Optional;

/**
 * @param id the {@code operationId}
 * @param method in capitals
 * @param verb what it does, in the words of policies
 * @param query the parameters of its query, no two of one name
 * @param body empty if it has none
 */
public record ApiOperation(
        Optional<String> id,
        String method,
        PathTemplate path,
        String verb,
        List<ApiParameter> query,
        Optional<ApiBody> body) {
    public ApiOperation {
        query = List.copyOf(query);
    }

    /** One without a body. */
    public ApiOperation(Optional<String> id, String method, PathTemplate path, String verb, List<ApiParameter> query) {
        this(id, method, path, verb, query, Optional.empty());
    }

    /** One without a query. */
    public ApiOperation(Optional<String> id, String method, PathTemplate path, String verb) {
        this(id, method, path, verb, List.of());
    }

    /** What a server of tools that was made from the document may call it: characters that a tool's name has not become {@code _}. */
    public boolean isCalled(String tool) {
        return id.filter(name -> name.equals(tool)
                        || name.replaceAll("[^A-Za-z0-9_.-]", "_").equals(tool))
                .isPresent();
    }
}
