package dev.reeve.budget;

import dev.reeve.action.Action;
import dev.reeve.action.Operation;
import dev.reeve.budget.Taking.Part;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Effect;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Journal;
import dev.reeve.gate.Release;
import dev.reeve.gate.Reservations;
import dev.reeve.gate.Spending;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.identity.Principal;
import dev.reeve.json.CanonicalDigest;
import dev.reeve.json.Json;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The written limits: all that are about an action are taken in one step, or none. The worst case is taken before it runs, and what it did
 * not come to is given back; what nobody knows stays taken (R3). In no window is it ever more than the limit, however many ask at once.
 *
 * <p>One lock for all counts: what is done under it takes some microseconds, the record of the same action waits for the disk.
 * What no limit is about takes no lock and makes nothing.
 *
 * <p>Counts are in memory. What is taken and what it came to stands in the records of intents and outcomes, and {@link #restoring} reads it
 * back; repetitions and failures begin anew with the process.
 */
public final class Budgets implements Reservations {
    private static final Reserved NOTHING = new Reserved.Taken(effect -> {});
    /** What they say is no failure of the agent's: it would never come out of its rest. */
    private static final Set<String> NO_FAILURE = Set.of(Taking.RESTS, "stopped_by_operator");

    private final Supplier<Limits> inForce;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Counts counts = new Counts();

    /** @param clock that never goes back (R7) */
    public Budgets(Supplier<Limits> inForce, InstantSource clock) {
        this.inForce = inForce;
        this.clock = clock;
    }

    @Override
    public Reserved reserve(Action action, Facts facts) {
        Limits limits = inForce.get();
        List<Limit> about = limits.about(action, facts);
        if (about.isEmpty()) {
            return NOTHING;
        }
        Taking taking = new Taking(counts, who(action), limits.meter(action.operation()), call(about, action));
        lock.lock();
        try {
            Instant now = clock.instant();
            return taking.of(about, now)
                    .<Reserved>map(Reserved.Refused::new)
                    .orElseGet(() -> new Reserved.Taken(new Held(taking.take())));
        } finally {
            lock.unlock();
        }
    }

    static Per.Who who(Action action) {
        Principal principal = action.principal();
        return new Per.Who(
                principal.tenant(),
                principal.agent(),
                principal.instance(),
                principal.roles(),
                principal.user().orElse(""),
                action.session(),
                action.operation().subject());
    }

    private static String call(List<Limit> about, Action action) {
        if (about.stream().noneMatch(limit -> limit.count() == Quantity.REPEATS)) {
            return "";
        }
        Operation operation = action.operation();
        Json.Builder same = Json.object().put("arguments", operation.arguments());
        operation.input().ifPresent(input -> same.put("input", input.asJson()));
        return CanonicalDigest.of(same.put("kind", operation.kind())
                .put("subject", operation.subject())
                .put("upstream", operation.upstream())
                .build());
    }

    /** What an action holds of limits, until it is settled. */
    private final class Held implements Settlement {
        private final List<Part> parts;
        private Map<Part, Long> spent = Map.of();
        private boolean settled;

        Held(List<Part> parts) {
            this.parts = parts;
        }

        @Override
        public List<Spending> reserved() {
            return spendings(part -> part.amount());
        }

        private List<Spending> spendings(java.util.function.ToLongFunction<Part> amount) {
            return parts.stream()
                    .filter(part -> part.limit().count().isRecorded())
                    .map(part -> new Spending(
                            part.limit().id(), part.limit().ref().name(), part.at(), amount.applyAsLong(part)))
                    .toList();
        }

        @Override
        public Usage usage(Effect effect, Release release) {
            Map<Part, Long> came = new HashMap<>();
            Optional<Denial> excess = Optional.empty();
            for (Part part : parts) {
                long actual = part.meter().actual(part.limit(), effect, release, part.amount());
                came.put(part, Math.min(actual, part.amount()));
                if (actual > part.amount()) {
                    excess = excess.or(() -> Optional.of(Taking.excess(part, actual)));
                }
            }
            synchronized (this) {
                spent = came;
            }
            return new Usage(spendings(part -> came.getOrDefault(part, part.amount())), excess);
        }

        @Override
        public synchronized void settle(Effect effect) {
            if (settled) {
                return;
            }
            settled = true;
            lock.lock();
            try {
                long now = Taking.nanos(clock.instant());
                parts.forEach(part -> settle(part, effect, now));
            } finally {
                lock.unlock();
            }
        }

        private void settle(Part part, Effect effect, long now) {
            switch (part.limit().count()) {
                case CONCURRENT -> part.giveBack(part.amount());
                case FAILURES -> part.ended(effect, now);
                case CALLS, ROWS, BYTES, TOKENS, MONEY, REPEATS -> part.giveBack(left(part, effect));
            }
        }

        private long left(Part part, Effect effect) {
            return switch (effect) {
                case Effect.NotSent ignored -> part.amount();
                case Effect.Unknown ignored -> 0;
                case Effect.Answered ignored -> part.amount() - spent.getOrDefault(part, part.amount());
                case Effect.Refused ignored -> part.amount() - spent.getOrDefault(part, part.amount());
                case Effect.Elsewhere ignored -> 0;
            };
        }
    }

    /** A journal that also counts denials as failures, where a limit wants that. */
    public Journal watching(Journal journal) {
        return new Journal() {
            @Override
            public String decided(Decision decision) throws UnrecordableException {
                if (decision.ruling() == Ruling.DENY) {
                    denied(decision);
                }
                return journal.decided(decision);
            }

            @Override
            public void completed(Completion completion) throws UnrecordableException {
                journal.completed(completion);
            }
        };
    }

    private void denied(Journal.Decision decision) {
        Action action = decision.action();
        List<Limit> all = inForce.get().all();
        boolean none = all.stream().noneMatch(limit -> limit.count() == Quantity.FAILURES)
                || decision.denial()
                        .filter(why -> NO_FAILURE.contains(why.code()))
                        .isPresent();
        if (none) {
            return;
        }
        Per.Who who = who(action);
        lock.lock();
        try {
            long now = Taking.nanos(clock.instant());
            all.stream()
                    .filter(limit -> limit.count() == Quantity.FAILURES)
                    .filter(limit -> decision.facts()
                            .map(facts -> limit.about().matches(action, facts))
                            .orElseGet(() -> limit.about().mayMatch(action)))
                    .forEach(limit -> limit.subjects(who)
                            .forEach(subject -> counts.breaker(limit, subject, now)
                                    .ifPresent(breaker -> breaker.failed(now, limit.max(), Taking.rest(limit), null))));
        } finally {
            lock.unlock();
        }
    }

    /** Now and then: forgets what counts nothing any more. A limit that the policy has no more is forgotten whole. */
    public void sweep() {
        Set<String> ids = inForce.get().all().stream().map(Limit::id).collect(Collectors.toSet());
        lock.lock();
        try {
            counts.sweep(ids, Taking.nanos(clock.instant()));
        } finally {
            lock.unlock();
        }
    }

    /** For metrics and tests: of how many subjects something is counted. */
    public int counted() {
        lock.lock();
        try {
            return counts.size();
        } finally {
            lock.unlock();
        }
    }

    /** Who has used up most of what is allowed, the fullest first. The lock is held for one limit at a time. */
    public List<Use> fullest(int most) {
        Comparator<Use> emptier = Comparator.comparingDouble(Use::share);
        PriorityQueue<Use> fullest = new PriorityQueue<>(emptier);
        for (Limit limit : inForce.get().all()) {
            lock.lock();
            try {
                Instant now = clock.instant();
                long nanos = Taking.nanos(now);
                counts.each(limit, nanos, (subject, used, open) -> {
                    fullest.add(new Use(limit, subject, used, restsUntil(now, nanos, open)));
                    if (fullest.size() > most) {
                        fullest.remove();
                    }
                });
            } finally {
                lock.unlock();
            }
        }
        return fullest.stream()
                .sorted(emptier.reversed()
                        .thenComparing(use -> use.limit().ref().name())
                        .thenComparing(Use::subject))
                .toList();
    }

    private static Optional<Instant> restsUntil(Instant now, long nanos, long open) {
        if (open == 0) {
            return Optional.empty();
        }
        return Optional.of(open == Window.FOREVER ? now : now.plusNanos(open - nanos));
    }

    /** What counts of a limit now, for one subject; for people. */
    public long used(Limit limit, Per.Who who) {
        lock.lock();
        try {
            long now = Taking.nanos(clock.instant());
            return limit.subjects(who).stream()
                    .mapToLong(subject -> counts.amount(limit, subject, now)
                            .map(window -> window.used(now))
                            .orElse(0L))
                    .max()
                    .orElse(0);
        } finally {
            lock.unlock();
        }
    }

    /** Counts again what the record says, oldest first; before anything is served. */
    public Restoring restoring() {
        Map<String, Limit> limits = new HashMap<>();
        inForce.get().all().stream()
                .filter(limit -> limit.count().isRecorded())
                .forEach(limit -> limits.put(limit.id(), limit));
        return new Restoring(limits);
    }

    /** Of limits that the policy has now. What a limit counted under another policy counts, as long as it is the same count. */
    public final class Restoring {
        private final Map<String, Limit> limits;
        private final Map<String, List<Kept>> open = new HashMap<>();

        private record Kept(String limit, Window window, long handle, long amount) {}

        private Restoring(Map<String, Limit> limits) {
            this.limits = limits;
        }

        /** @param id of the action */
        public void reserved(String id, Per.Who who, List<Spending> spendings) {
            List<Kept> kept = new ArrayList<>();
            lock.lock();
            try {
                spendings.forEach(one -> keep(one, who, kept));
            } finally {
                lock.unlock();
            }
            if (!kept.isEmpty()) {
                open.put(id, kept);
            }
        }

        private void keep(Spending one, Per.Who who, List<Kept> kept) {
            Optional<Limit> limit = Optional.ofNullable(limits.get(one.id()));
            if (limit.isEmpty() || one.amount() <= 0) {
                return;
            }
            long at = Taking.nanos(one.at());
            for (String subject : limit.get().subjects(who)) {
                counts.amount(limit.get(), subject, at)
                        .ifPresent(window ->
                                kept.add(new Kept(one.id(), window, window.add(at, one.amount()), one.amount())));
            }
        }

        /** What it came to. An action without an outcome stays at worst. */
        public void spent(String id, List<Spending> spendings) {
            List<Kept> kept = open.remove(id);
            if (kept == null) {
                return;
            }
            lock.lock();
            try {
                for (Kept one : kept) {
                    amount(spendings, one.limit())
                            .ifPresent(amount -> one.window().reduce(one.handle(), one.amount() - amount));
                }
            } finally {
                lock.unlock();
            }
        }

        private static OptionalLong amount(List<Spending> spendings, String limit) {
            return spendings.stream()
                    .filter(one -> one.id().equals(limit))
                    .mapToLong(Spending::amount)
                    .findFirst();
        }
    }
}
