package dev.reeve.config;

import dev.reeve.budget.Limit;
import dev.reeve.budget.Per;
import dev.reeve.budget.Prices;
import dev.reeve.budget.Prices.Reported;
import dev.reeve.budget.Quantity;
import dev.reeve.policy.Place;
import dev.reeve.policy.WrittenLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** {@code limits:} of the policy and {@code prices:} of the catalogue as values. */
public final class LimitReader {
    private final Problems problems;

    LimitReader(Problems problems) {
        this.problems = problems;
    }

    List<WrittenLimits.Entry> limits(List<Node> items) {
        List<WrittenLimits.Entry> limits = new ArrayList<>();
        Map<String, Place> names = new HashMap<>();
        for (Node item : items) {
            limit((Node.Mapping) item, names).ifPresent(limits::add);
        }
        return limits;
    }

    private Optional<WrittenLimits.Entry> limit(Node.Mapping entry, Map<String, Place> names) {
        Optional<Quantity> count = entry.text("count").map(word -> Quantity.valueOf(word.toUpperCase(Locale.ROOT)));
        List<Per> per = entry.texts("per").stream()
                .map(word -> Per.valueOf(word.toUpperCase(Locale.ROOT)))
                .toList();
        Optional<Long> max = count.flatMap(what -> entry.scalar("max").flatMap(node -> amount(node, what, 1)));
        if (count.isEmpty() || per.isEmpty() || max.isEmpty()) {
            return Optional.empty();
        }
        String name = entry.text("name").orElseGet(() -> PolicyReader.unnamed(entry.place(), names.keySet()));
        Place before = names.putIfAbsent(name, entry.place());
        if (before != null) {
            problems.error(entry, "the limit \"" + name + "\" is defined twice; first in " + before, "");
        }
        return Optional.of(new WrittenLimits.Entry(
                name,
                per,
                count.get(),
                max.get(),
                time(entry, "window"),
                time(entry, "rest"),
                optional(entry.scalar("worst").flatMap(node -> amount(node, count.get(), 1))),
                entry.text("currency"),
                entry.mapping("of").map(PolicyReader::about),
                entry.text("reason").orElse(""),
                entry.text("tell").isPresent(),
                entry.place()));
    }

    private static Optional<Duration> time(Node.Mapping entry, String key) {
        return entry.text(key).flatMap(Units::time);
    }

    private static OptionalLong optional(Optional<Long> number) {
        return number.map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }

    /** In the unit of what is counted. */
    private Optional<Long> amount(Node.Scalar node, Quantity count, long least) {
        Optional<Long> amount = amount(count, node.text(), least);
        if (amount.isEmpty()) {
            problems.error(
                    node,
                    "\"" + node.text() + "\" is no amount of " + count.word(),
                    count == Quantity.MONEY
                            ? "from 0.000000001 to 9007199"
                            : "a whole number from " + least + " to " + Limit.MOST
                                    + (count == Quantity.BYTES ? ", or a size as 10MiB" : ""));
        }
        return amount;
    }

    /**
     * An amount as it is written in a limit.
     *
     * @return in the limit's unit, of money in {@link Prices#PARTS}; empty if it is none, less than {@code least} or more than is counted
     */
    public static Optional<Long> amount(Quantity count, String text, long least) {
        Optional<Long> amount = switch (count) {
            case MONEY -> Prices.parts(text);
            case BYTES -> Units.size(text);
            case CALLS, ROWS, TOKENS, CONCURRENT, REPEATS, FAILURES -> whole(text);
        };
        return amount.filter(number -> number >= least && number <= Limit.MOST);
    }

    private static Optional<Long> whole(String text) {
        return text.matches("[0-9]{1,16}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }

    WrittenLimits.Price price(String tool, Node.Mapping entry, Place place) {
        return new WrittenLimits.Price(
                tool,
                optional(entry.scalar("money").flatMap(node -> amount(node, Quantity.MONEY, 0))),
                entry.mapping("money").flatMap(told -> reported(told, Quantity.MONEY)),
                entry.mapping("tokens").flatMap(told -> reported(told, Quantity.TOKENS)),
                entry.scalar("per_token")
                        .flatMap(node -> amount(node, Quantity.MONEY, 0))
                        .orElse(0L),
                entry.text("currency"),
                place);
    }

    private Optional<Reported> reported(Node.Mapping entry, Quantity count) {
        Optional<Long> worst = entry.scalar("worst").flatMap(node -> amount(node, count, 0));
        return entry.text("at").flatMap(at -> worst.map(most -> new Reported(steps(at), most)));
    }

    /** The steps of a JSON pointer (RFC 6901). */
    private static List<String> steps(String pointer) {
        return List.of(pointer.substring(1).split("/", -1)).stream()
                .map(step -> step.replace("~1", "/").replace("~0", "~"))
                .toList();
    }
}
