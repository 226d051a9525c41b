package dev.reeve.openapi;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The operations of a document, the closest path first.
 *
 * @param operations at most {@value #MOST}; no two with one id, and no two templates that match the same paths
 */
public record OpenApi(List<ApiOperation> operations) {
    static final int MOST = 5_000;

    /** @throws IllegalArgumentException saying which operation is wrong */
    public OpenApi {
        operations = operations.stream()
                .sorted(Comparator.comparing(ApiOperation::path, PathTemplate.CLOSEST))
                .toList();
        if (operations.size() > MOST) {
            throw new IllegalArgumentException("a document has at most " + MOST + " operations");
        }
        Set<String> ids = new HashSet<>();
        for (ApiOperation operation : operations) {
            operation.id().filter(id -> !ids.add(id)).ifPresent(id -> {
                throw new IllegalArgumentException("the operationId `" + id + "` is there twice");
            });
        }
        Map<String, PathTemplate> shapes = new HashMap<>();
        for (ApiOperation operation : operations) {
            PathTemplate path = operation.path();
            PathTemplate same = shapes.putIfAbsent(path.shape(), path);
            if (same != null && !same.equals(path)) {
                throw new IllegalArgumentException("the paths `" + same + "` and `" + path + "` are the same");
            }
        }
    }

    /** Which operation a tool's name means; empty also if it could mean two. */
    public Optional<ApiOperation> called(String tool) {
        List<ApiOperation> found = operations.stream()
                .filter(operation -> operation.isCalled(tool))
                .toList();
        return found.size() == 1
                ? Optional.of(found.getFirst())
                : found.stream()
                        .filter(operation -> operation.id().equals(Optional.of(tool)))
                        .findFirst();
    }

    /**
     * The operations of the closest path: a concrete one before one with parameters (OpenAPI 3.1, "Paths Object"). Another path that would also match, and
     * has a method that this one has not, does not count.
     *
     * @param path decoded segments
     */
    public List<ApiOperation> at(List<String> path) {
        Optional<PathTemplate> closest = operations.stream()
                .map(ApiOperation::path)
                .filter(template -> template.matches(path))
                .findFirst();
        return operations.stream()
                .filter(operation -> closest.filter(operation.path()::equals).isPresent())
                .toList();
    }
}
