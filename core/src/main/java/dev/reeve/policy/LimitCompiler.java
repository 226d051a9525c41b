package dev.reeve.policy;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.budget.Limit;
import dev.reeve.budget.Limits;
import dev.reeve.budget.Per;
import dev.reeve.budget.Prices;
import dev.reeve.budget.Prices.Cost;
import dev.reeve.budget.Prices.Reported;
import dev.reeve.budget.Quantity;
import dev.reeve.gate.Facts;
import dev.reeve.gate.RuleRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code limits:} and {@code prices:}, compiled; or everything that is wrong with them. */
final class LimitCompiler {
    private final PolicySource source;
    private final Verbs verbs;
    private final Catalogue catalogue;
    private final List<Problem> problems;

    LimitCompiler(PolicySource source, Verbs verbs, Catalogue catalogue, List<Problem> problems) {
        this.source = source;
        this.verbs = verbs;
        this.catalogue = catalogue;
        this.problems = problems;
    }

    Limits run() {
        Prices prices = prices();
        List<Limit> limits = new ArrayList<>();
        Map<String, Place> ids = new HashMap<>();
        for (WrittenLimits.Entry entry : source.limited().limits()) {
            try {
                check(entry, prices);
                Limit limit = limit(entry);
                Place before = ids.putIfAbsent(limit.id(), entry.place());
                if (before != null) {
                    error(entry, "counts the same as the limit at " + before, "leave the lower one");
                }
                limits.add(limit);
            } catch (IllegalArgumentException e) {
                error(entry, String.valueOf(e.getMessage()), "");
            }
        }
        return new Limits(limits, prices, catalogue::rowsAt);
    }

    private void error(WrittenLimits.Entry entry, String what, String fix) {
        Problem problem = Problem.error(entry.place(), entry.field(), what);
        problems.add(fix.isEmpty() ? problem : problem.withFix(fix));
    }

    private void check(WrittenLimits.Entry entry, Prices prices) {
        boolean running = entry.count() == Quantity.CONCURRENT;
        if (running == entry.window().isPresent()) {
            error(
                    entry,
                    running ? "what runs at once has no `window`" : "has no `window`",
                    running ? "remove it" : "write over how long it counts: `window: 1h`");
        }
        if (entry.rest().isPresent() && entry.count() != Quantity.FAILURES) {
            error(entry, "`rest` means nothing without `count: failures`", "remove it");
        }
        boolean sized = entry.count() == Quantity.ROWS || entry.count() == Quantity.BYTES;
        if (entry.worst().isPresent() && !sized) {
            error(
                    entry,
                    "`worst` means nothing without `count: rows` or `bytes`",
                    "of tokens and money it stands under `prices:`");
        }
        if (entry.worst().isPresent() && entry.worst().getAsLong() > entry.max()) {
            error(entry, "`worst` is more than `max`, so nothing would ever run", "");
        }
        checkPer(entry);
        checkPrices(entry, prices);
    }

    private void checkPer(WrittenLimits.Entry entry) {
        Set<Per> per = new HashSet<>(entry.per());
        if (per.contains(Per.EVERYTHING) && per.size() > 1) {
            error(entry, "counts everything together, and apart", "leave `everything` out");
        }
        if (per.contains(Per.SESSION) && !per.contains(Per.INSTANCE) && !per.contains(Per.AGENT)) {
            problems.add(Problem.warning(
                            entry.place(),
                            entry.field(),
                            "an agent that begins another session begins to count anew (R11)")
                    .withFix("add a limit `per: agent` beside it"));
        }
    }

    private void checkPrices(WrittenLimits.Entry entry, Prices prices) {
        if (entry.currency().isPresent() && entry.count() != Quantity.MONEY) {
            error(entry, "`currency` means nothing without `count: money`", "remove it");
        }
        boolean money = entry.count() == Quantity.MONEY;
        boolean priced = source.limited().prices().stream()
                .anyMatch(price -> money ? price.isMoney() : price.tokens().isPresent());
        if ((money || entry.count() == Quantity.TOKENS) && !priced) {
            problems.add(Problem.warning(entry.place(), entry.field(), "nothing has a price, so it counts nothing")
                    .withFix("write what tools cost under `prices:` of the catalogue"));
        }
        if (money && priced && !entry.currency().orElse("").equals(prices.currency())) {
            error(
                    entry,
                    "is in `" + entry.currency().orElse("") + "`, and the prices are in `" + prices.currency() + "`",
                    "amounts are not converted: write one `currency` everywhere");
        }
    }

    private Limit limit(WrittenLimits.Entry entry) {
        Optional<CompiledRule> target = entry.of().map(of -> target(of, entry));
        return new Limit(
                Limit.id(
                        entry.per(),
                        entry.count(),
                        entry.window(),
                        entry.of().map(PolicySource.Target::toString).orElse("")),
                new RuleRef(entry.name(), entry.place().file(), entry.place().line()),
                entry.per(),
                entry.count(),
                entry.max(),
                entry.window(),
                entry.rest().or(entry::window),
                entry.worst(),
                entry.reason(),
                entry.tellAgent(),
                target.<Limit.About>map(rule -> new Targeted(rule, verbs)).orElse(Everything.ALL));
    }

    private CompiledRule target(PolicySource.Target of, WrittenLimits.Entry entry) {
        of.action()
                .filter(verb -> !verbs.knows(verb))
                .ifPresent(verb -> error(
                        entry,
                        "unknown action `" + verb + "`",
                        "known are "
                                + String.join(
                                        ", ", verbs.known().stream().sorted().toList())));
        Set<String> roles = source.roles().stream().map(PolicySource.Role::name).collect(Collectors.toSet());
        of.role()
                .filter(role -> !roles.contains(role))
                .ifPresent(role -> error(entry, "unknown role `" + role + "`", "define it under `agent_roles:`"));
        return CompiledRule.about(
                new RuleRef(entry.name(), entry.place().file(), entry.place().line()), of, verbs);
    }

    /** Whatever it is. */
    private enum Everything implements Limit.About {
        ALL;

        @Override
        public boolean matches(Action action, Facts facts) {
            return true;
        }

        @Override
        public boolean mayMatch(Action action) {
            return true;
        }
    }

    /** What touches anything that the target names. */
    private record Targeted(CompiledRule rule, Verbs verbs) implements Limit.About {
        @Override
        public boolean matches(Action action, Facts facts) {
            List<Access> accesses = facts.accesses();
            for (int i = 0; i < accesses.size(); i++) {
                if (rule.isAbout(
                        action, accesses.get(i), verbs.bit(accesses.get(i).verb()))) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public boolean mayMatch(Action action) {
            return rule.mayBeAbout(action);
        }
    }

    private Prices prices() {
        List<WrittenLimits.Price> written = source.limited().prices();
        Set<String> currencies = written.stream()
                .filter(WrittenLimits.Price::isMoney)
                .map(price -> price.currency().orElse(""))
                .collect(Collectors.toSet());
        if (currencies.size() > 1) {
            problems.add(Problem.error(
                            written.getFirst().place(), "prices", "prices are in different currencies: " + currencies)
                    .withFix("amounts are not converted: write one `currency` everywhere"));
        }
        List<Priced> priced = new ArrayList<>();
        for (WrittenLimits.Price price : written) {
            try {
                priced.add(new Priced(Glob.of(price.tool()), price, entry(price)));
            } catch (IllegalArgumentException | ArithmeticException e) {
                problems.add(Problem.error(price.place(), "prices." + price.tool(), String.valueOf(e.getMessage())));
            }
        }
        Closeness.oneTooMany(priced, Priced::tool)
                .ifPresent(one -> problems.add(
                        PolicyCompiler.crowded(one.written().place(), "prices." + one.tool(), one.tool())));
        Closeness.ties(priced, Priced::tool, (one, other) -> one.written().saysAs(other.written()))
                .forEach(tie -> problems.add(PolicyCompiler.tied(
                        tie.second().written().place(),
                        "prices." + tie.second().tool(),
                        tie.first().tool().toString(),
                        tie.first().written().place())));
        return new Prices(
                currencies.stream().findFirst().orElse(""),
                Closeness.closestFirst(priced, Priced::tool).stream()
                        .map(Priced::entry)
                        .toList());
    }

    private record Priced(Glob tool, WrittenLimits.Price written, Prices.Entry entry) {}

    private static Prices.Entry entry(WrittenLimits.Price price) {
        long own = price.told().map(Reported::worst).orElse(price.money().orElse(0));
        long worst = Math.addExact(
                own, Math.multiplyExact(price.tokens().map(Reported::worst).orElse(0L), price.perToken()));
        if (worst > Limit.MOST) {
            throw new IllegalArgumentException("a call costs more than can be counted");
        }
        Cost money = price.told()
                .<Cost>map(Cost.Told::new)
                .orElseGet(() -> new Cost.Fixed(price.money().orElse(0)));
        return new Prices.Entry(Glob.of(price.tool())::matches, price.tokens(), money, price.perToken());
    }
}
