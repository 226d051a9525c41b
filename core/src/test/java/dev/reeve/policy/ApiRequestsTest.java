package dev.reeve.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.reeve.json.Json;
import dev.reeve.openapi.ApiOperation;
import dev.reeve.openapi.ApiParameter;
import dev.reeve.openapi.ApiParameter.Kind;
import dev.reeve.openapi.OpenApi;
import dev.reeve.openapi.PathTemplate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What conditions can tell apart among the operations of an API: there may be thousands of both. */
final class ApiRequestsTest {
    private static final String CONDITION = "has(arguments.request.query.limit) && arguments.request.query.limit > 5";

    private static OpenApi document() {
        List<ApiOperation> operations = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            List<ApiParameter> query = new ArrayList<>(List.of(ApiParameter.of("q" + i, Kind.TEXT)));
            if (i % 2 == 0) {
                query.add(ApiParameter.of("limit", i == 0 ? Kind.TEXT : Kind.WHOLE));
            }
            operations.add(new ApiOperation(Optional.empty(), "GET", PathTemplate.of("/a" + i), "read", query));
        }
        return new OpenApi(operations);
    }

    @Test
    void operationsThatAreTheSameToAConditionAreLookedAtOnce() {
        Written written = new Written();
        PolicySource source = written.holds(
                        "shop", new Holding.Api(document(), List.of("https://shop.example")), Map.of(), Map.of())
                .source();
        Map<String, Json.Obj> types = new ApiRequests(source)
                .types(CONDITION, new Conditions.About(List.of(), Optional.of(Glob.of("api:shop/**")), "read"::equals));
        assertEquals(500, types.size());
        Set<Json.Obj> told = new HashSet<>();
        types.values().forEach(type -> told.add(ApiRequests.told(CONDITION, type)));
        assertEquals(3, told.size(), "without a limit, with a number, with a text");
        String longer = CONDITION + " || has(arguments.request.query.q7)";
        assertEquals(
                4,
                types.values().stream()
                        .map(type -> ApiRequests.told(longer, type))
                        .distinct()
                        .count(),
                "and with what is named besides");
    }
}
