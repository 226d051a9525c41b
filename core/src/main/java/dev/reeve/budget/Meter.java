package dev.reeve.budget;

import dev.reeve.budget.Prices.Cost;
import dev.reeve.budget.Prices.Entry;
import dev.reeve.budget.Prices.Reported;
import dev.reeve.gate.Effect;
import dev.reeve.gate.Release;
import dev.reeve.json.CanonicalLength;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one action comes to. Before it runs, at worst; afterwards, what is known of it. What nobody knows stays at worst (R3), and what a
 * result reports of itself counts only if it can be.
 */
final class Meter {
    private final Optional<Entry> price;
    private final Optional<List<String>> rowsAt;

    Meter(Optional<Entry> price, Optional<List<String>> rowsAt) {
        this.price = price;
        this.rowsAt = rowsAt;
    }

    /** @return empty if it can be anything */
    OptionalLong worst(Limit limit) {
        return switch (limit.count()) {
            case CALLS, CONCURRENT, REPEATS, FAILURES -> OptionalLong.of(1);
            case ROWS, BYTES -> limit.worst();
            case TOKENS -> OptionalLong.of(tokens().map(Reported::worst).orElse(0L));
            case MONEY ->
                OptionalLong.of(
                        money(fixedOrWorst(), tokens().map(Reported::worst).orElse(0L)));
        };
    }

    /** Whether money is the same whatever comes back. */
    boolean isFixed() {
        return tokens().isEmpty()
                && price.filter(entry -> entry.money() instanceof Cost.Told).isEmpty();
    }

    /**
     * @param worst what was reserved
     * @return more than {@code worst} only for rows and bytes, which can still be kept back
     */
    long actual(Limit limit, Effect effect, Release release, long worst) {
        return switch (effect) {
            case Effect.NotSent ignored -> 0;
            case Effect.Kept ignored -> 0;
            case Effect.Unknown ignored -> worst;
            case Effect.Elsewhere ignored -> worst;
            case Effect.Refused ignored -> came(limit, Json.Obj.EMPTY, release, worst);
            case Effect.Answered answered -> came(limit, answered.result(), release, worst);
        };
    }

    private long came(Limit limit, Json.Obj answer, Release release, long worst) {
        return switch (limit.count()) {
            case CALLS, CONCURRENT, REPEATS, FAILURES -> worst;
            case ROWS -> rows(release, worst);
            case BYTES -> bytes(release);
            case TOKENS -> Math.min(worst, reportedTokens(answer));
            case MONEY -> Math.min(worst, money(reportedMoney(answer), reportedTokens(answer)));
        };
    }

    private long fixedOrWorst() {
        return price.map(entry -> switch (entry.money()) {
                    case Cost.Fixed(long parts) -> parts;
                    case Cost.Told(Reported reported) -> reported.worst();
                })
                .orElse(0L);
    }

    private long reportedMoney(Json.Obj answer) {
        return price.map(entry -> switch (entry.money()) {
                    case Cost.Fixed(long parts) -> parts;
                    case Cost.Told(Reported reported) ->
                        number(answer, reported)
                                .flatMap(number -> Prices.parts(number.text()))
                                .filter(parts -> parts <= reported.worst())
                                .orElse(reported.worst());
                })
                .orElse(0L);
    }

    private long reportedTokens(Json.Obj answer) {
        return tokens().map(reported -> number(answer, reported)
                        .flatMap(Json.Num::whole)
                        .filter(count -> count >= 0 && count <= reported.worst())
                        .orElse(reported.worst()))
                .orElse(0L);
    }

    private Optional<Reported> tokens() {
        return price.flatMap(Entry::tokens);
    }

    private long money(long own, long tokens) {
        return Math.addExact(
                own, Math.multiplyExact(tokens, price.map(Entry::perToken).orElse(0L)));
    }

    private static Optional<Json.Num> number(Json.Obj answer, Reported reported) {
        return at(answer, reported.at()).filter(Json.Num.class::isInstance).map(Json.Num.class::cast);
    }

    private static long bytes(Release release) {
        return switch (release) {
            case Release.Result(Json.Obj result) -> CanonicalLength.of(result);
            case Release.UpstreamError error ->
                CanonicalLength.of(Json.object()
                        .put("data", error.data().orElse(Json.Null.NULL))
                        .put("message", error.message())
                        .build());
            case Release.Withheld ignored -> 0;
        };
    }

    private long rows(Release release, long worst) {
        return switch (release) {
            // An error text is no row; rows that an error has all the same are some.
            case Release.Result(Json.Obj result) -> counted(result).orElse(isError(result) ? 0 : worst);
            case Release.UpstreamError ignored -> 0;
            case Release.Withheld ignored -> 0;
        };
    }

    private static boolean isError(Json.Obj result) {
        return result.get("isError").equals(Optional.of(Json.Bool.TRUE));
    }

    /**
     * Where the catalogue says; otherwise the lists of the structured content, at every depth. A count is never guessed from text, and text
     * that says something else than a structured content without rows is not counted as none.
     */
    private OptionalLong counted(Json.Obj result) {
        Optional<Json.Obj> structured = result.object("structuredContent");
        if (structured.isEmpty()) {
            return OptionalLong.empty();
        }
        if (rowsAt.isPresent()) {
            return at(structured.get(), rowsAt.get()).orElse(Json.Null.NULL) instanceof Json.Arr rows
                    ? OptionalLong.of(rows.items().size())
                    : OptionalLong.empty();
        }
        long count = lists(structured.get());
        return count < 0 || (count == 0 && saysMore(result, structured.get()))
                ? OptionalLong.empty()
                : OptionalLong.of(count);
    }

    /** Of a list within a list, the longer way of counting; -1 if there is no list. */
    private static long lists(Json value) {
        return switch (value) {
            case Json.Arr list ->
                Math.max(
                        list.items().size(),
                        list.items().stream()
                                .mapToLong(Meter::lists)
                                .filter(count -> count > 0)
                                .sum());
            case Json.Obj object -> {
                long[] counts = object.members().values().stream()
                        .mapToLong(Meter::lists)
                        .filter(count -> count >= 0)
                        .toArray();
                yield counts.length == 0 ? -1 : Arrays.stream(counts).sum();
            }
            default -> -1;
        };
    }

    /** Servers repeat the structured content as a text. */
    private static boolean saysMore(Json.Obj result, Json.Obj structured) {
        String repeated = squeezed(JsonWriter.text(structured));
        return result.array("content").map(Json.Arr::items).orElse(List.of()).stream()
                .anyMatch(block -> block instanceof Json.Obj one
                        && !one.string("text")
                                .map(Meter::squeezed)
                                .filter(repeated::equals)
                                .isPresent());
    }

    private static String squeezed(String text) {
        return text.chars()
                .filter(c -> c > ' ')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static Optional<Json> at(Json.Obj value, List<String> path) {
        Json here = value;
        for (String step : path) {
            Json next = here instanceof Json.Obj object ? object.members().get(step) : null;
            if (next == null) {
                return Optional.empty();
            }
            here = next;
        }
        return Optional.of(here);
    }
}
