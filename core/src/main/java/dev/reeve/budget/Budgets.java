package dev.reeve.budget;

import dev.reeve.action.Action;
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
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
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
 * <p>Counts are in memory. What is taken and what it came to stands in the records of intents, outcomes and denials, and a {@link Tally}
 * of them is where the next process goes on.
 */
public final class Budgets implements Reservations {
    private static final Reserved NOTHING = new Reserved.Taken(effect -> {});
    /** What they say is no failure of the agent's: it would never come out of its rest. */
    private static final Set<String> NO_FAILURE = Set.of(Taking.RESTS, "stopped_by_operator");

    private static final Set<String> OF_LIMITS = Set.of(Taking.REACHED, Taking.REPEATED, Taking.RESTS, Taking.FULL);

    private final Supplier<Limits> inForce;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Tally tally;
    private final Counts counts;

    /** As the other, where nothing was used up before. */
    public Budgets(Supplier<Limits> inForce, InstantSource clock) {
        this(inForce, clock, new Tally(List.of()));
    }

    /**
     * @param clock that never goes back (R7)
     * @param tally what was used up before; it is given away
     */
    public Budgets(Supplier<Limits> inForce, InstantSource clock, Tally tally) {
        this.inForce = inForce;
        this.clock = clock;
        this.tally = tally;
        this.counts = tally.counts();
    }

    @Override
    public Reserved reserve(Action action, Facts facts) {
        Limits limits = inForce.get();
        List<Limit> about = limits.about(action, facts);
        if (about.isEmpty()) {
            return NOTHING;
        }
        Taking taking = new Taking(counts, who(action, facts), limits.meter(action.operation()), call(about, action));
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

    /** Whether what was denied with this code counts as a failure of who asked. */
    static boolean isFailure(String code) {
        return !NO_FAILURE.contains(code);
    }

    /** Whether a denial with this code is one of a limit. */
    public static boolean isOfLimit(String code) {
        return OF_LIMITS.contains(code);
    }

    static Per.Who who(Action action, Optional<Facts> facts) {
        return facts.map(known -> who(action, known)).orElseGet(() -> who(action));
    }

    static Per.Who who(Action action, Facts facts) {
        return new Per.Who(who(action), facts.accesses());
    }

    static Per.Who who(Action action) {
        Principal principal = action.principal();
        return new Per.Who(
                principal.tenant(),
                principal.agent(),
                principal.instance(),
                principal.rolesOrPerhaps(),
                principal.user().orElse(""),
                action.session(),
                action.operation().subject(),
                Set.of());
    }

    private String call(List<Limit> about, Action action) {
        for (Limit limit : about) {
            if (limit.count() == Quantity.REPEATS) {
                return tally.veiled(Tally.call(action.operation()));
            }
        }
        return "";
    }

    /** What an action holds of limits, until it is settled. */
    private final class Held implements Settlement {
        private final List<Part> parts;
        /** Of each part: what it came to, and all of it as long as that is not known. */
        private long[] spent;

        private boolean settled;

        Held(List<Part> parts) {
            this.parts = parts;
            this.spent = new long[parts.size()];
            for (int i = 0; i < spent.length; i++) {
                spent[i] = parts.get(i).amount();
            }
        }

        @Override
        public List<Spending> reserved() {
            List<Spending> reserved = new ArrayList<>(parts.size());
            for (Part part : parts) {
                record(part, part.recorded(), reserved);
            }
            return reserved;
        }

        private static void record(Part part, long amount, List<Spending> into) {
            Limit limit = part.limit();
            if (limit.count().isRecorded()) {
                into.add(new Spending(limit.id(), limit.ref().name(), part.at(), amount));
            }
        }

        @Override
        public Usage usage(Effect effect, Release release) {
            List<Spending> told = new ArrayList<>(parts.size());
            long[] all = new long[parts.size()];
            Optional<Denial> excess = Optional.empty();
            for (int i = 0; i < all.length; i++) {
                Part part = parts.get(i);
                long actual = actual(part, effect, release);
                long came = Math.min(actual, part.amount());
                if (actual > part.amount() && excess.isEmpty()) {
                    excess = Optional.of(Taking.excess(part, actual));
                }
                record(part, came, told);
                all[i] = came;
            }
            synchronized (this) {
                spent = all;
            }
            return new Usage(told, excess);
        }

        private long actual(Part part, Effect effect, Release release) {
            if (part.limit().count() == Quantity.FAILURES) {
                return !isSettled() && Taking.fails(effect) ? 1 : 0;
            }
            return part.meter().actual(part.limit(), effect, release, part.amount());
        }

        private synchronized boolean isSettled() {
            return settled;
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
                for (int i = 0; i < spent.length; i++) {
                    settle(parts.get(i), spent[i], effect, now);
                }
            } finally {
                lock.unlock();
            }
        }

        private void settle(Part part, long came, Effect effect, long now) {
            switch (part.limit().count()) {
                case CONCURRENT -> part.giveBack(part.amount());
                case FAILURES -> part.ended(counts, effect, now);
                case CALLS, ROWS, BYTES, TOKENS, MONEY, REPEATS -> part.giveBack(left(part, came, effect));
            }
        }

        private static long left(Part part, long came, Effect effect) {
            return switch (effect) {
                case Effect.NotSent ignored -> part.amount();
                case Effect.Kept ignored -> part.amount();
                case Effect.Unknown ignored -> 0;
                case Effect.Answered ignored -> part.amount() - came;
                case Effect.Refused ignored -> part.amount() - came;
                case Effect.Elsewhere ignored -> 0;
            };
        }
    }

    /** A journal that also counts denials as failures, where a limit wants that. */
    public Journal watching(Journal journal) {
        return new Journal() {
            @Override
            public String decided(Decision decision) throws UnrecordableException {
                return journal.decided(
                        decision.ruling() == Ruling.DENY ? decision.withReserved(denied(decision)) : decision);
            }

            @Override
            public void completed(Completion completion) throws UnrecordableException {
                journal.completed(completion);
            }
        };
    }

    /** @return of which limits, for the record: the next start counts it too */
    private List<Spending> denied(Journal.Decision decision) {
        List<Limit> failures = inForce.get().all().stream()
                .filter(limit -> limit.count() == Quantity.FAILURES)
                .toList();
        if (failures.isEmpty()
                || decision.denial()
                        .filter(why -> NO_FAILURE.contains(why.code()))
                        .isPresent()) {
            return List.of();
        }
        Action action = decision.action();
        Per.Who who = who(action, decision.facts());
        List<Limit> about = failures.stream()
                .filter(limit -> decision.facts()
                        .map(facts -> limit.about().matches(action, facts))
                        .orElseGet(() -> limit.about().mayMatch(action)))
                .toList();
        lock.lock();
        try {
            Instant at = clock.instant();
            return about.stream()
                    .filter(limit -> failed(limit, who, Taking.nanos(at)))
                    .map(limit -> new Spending(limit.id(), limit.ref().name(), at, 1))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Whether it counts for anybody. */
    private boolean failed(Limit limit, Per.Who who, long now) {
        boolean counts = false;
        for (String subject : limit.subjects(who)) {
            counts |= failed(limit, subject, now);
        }
        return counts;
    }

    private boolean failed(Limit limit, String subject, long now) {
        return counts.breaker(limit, subject, now)
                .filter(breaker -> breaker.failed(now, limit.max(), Taking.rest(limit), null))
                .isPresent();
    }

    /**
     * As if so much of a limit of these had been used up at this moment by whoever acts, however it was; to try a policy.
     *
     * @param facts as far as they are known
     * @param amount in the limit's unit; of repetitions, of this very call
     */
    public void suppose(Limit limit, Action action, Optional<Facts> facts, long amount) {
        if (amount < 1) {
            return;
        }
        lock.lock();
        try {
            long now = Taking.nanos(clock.instant());
            for (String subject : limit.subjects(who(action, facts))) {
                switch (limit.count()) {
                    case FAILURES -> {
                        for (long i = 0; i < Math.min(amount, limit.max()); i++) {
                            failed(limit, subject, now);
                        }
                    }
                    case REPEATS ->
                        counts.call(limit, subject, tally.veiled(Tally.call(action.operation())), now)
                                .ifPresent(window -> window.add(now, amount));
                    case CALLS, ROWS, BYTES, TOKENS, MONEY, CONCURRENT ->
                        counts.amount(limit, subject, now).ifPresent(window -> window.add(now, amount));
                }
            }
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
}
