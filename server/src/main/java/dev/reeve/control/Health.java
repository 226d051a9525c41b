package dev.reeve.control;

import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/** What the parts of the process say of themselves. Each is asked when somebody wants to know, and must answer from memory. */
public final class Health {
    private final Map<String, Supplier<Optional<String>>> checks = new ConcurrentSkipListMap<>();
    private final Map<String, Supplier<Json>> facts = new ConcurrentSkipListMap<>();

    /** @param trouble why this part is not ready, in one line for operators; empty if it is */
    public void check(String part, Supplier<Optional<String>> trouble) {
        checks.put(part, trouble);
    }

    /** @param fact shown by {@code reeve status} under this name */
    public void tell(String name, Supplier<Json> fact) {
        facts.put(name, fact);
    }

    /** {@code {"ready": false, "reasons": [{"part": "ledger", "reason": "the disk is full"}]}}. */
    Json.Obj readiness() {
        List<Json> reasons = new ArrayList<>();
        checks.forEach((part, trouble) -> ask(trouble)
                .ifPresent(reason -> reasons.add(
                        Json.object().put("part", part).put("reason", reason).build())));
        return Json.object()
                .put("ready", reasons.isEmpty())
                .put("reasons", new Json.Arr(reasons))
                .build();
    }

    /** A part that cannot even answer is not ready. */
    private static Optional<String> ask(Supplier<Optional<String>> trouble) {
        try {
            return trouble.get();
        } catch (RuntimeException e) {
            return Optional.of("it does not answer: " + e.getMessage());
        }
    }

    Json.Obj status() {
        Json.Obj status = readiness();
        for (Map.Entry<String, Supplier<Json>> fact : facts.entrySet()) {
            status = status.with(fact.getKey(), told(fact.getValue()));
        }
        return status;
    }

    private static Json told(Supplier<Json> fact) {
        try {
            return fact.get();
        } catch (RuntimeException e) {
            return Json.Null.NULL;
        }
    }
}
