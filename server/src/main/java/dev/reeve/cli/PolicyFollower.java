package dev.reeve.cli;

import dev.reeve.config.Loaded;
import dev.reeve.config.PolicySet;
import dev.reeve.config.PolicyWatch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Takes over what changes in the policy's files and in pinned definitions, until it is taken over, and has what runs decided again. Each on one thread
 * of its own: a policy comes in force however much runs, and nothing else of the house waits for either. What comes while one waits is done with it.
 */
final class PolicyFollower implements AutoCloseable {
    private final Supplier<List<String>> reload;
    private final Runnable changed;
    private final Runnable reconsider;
    private final ScheduledExecutorService loading = thread("policy");
    private final ScheduledExecutorService deciding = thread("reconsider");
    private final AtomicBoolean stale = new AtomicBoolean();
    private final AtomicBoolean untold = new AtomicBoolean();
    private volatile Optional<String> failed = Optional.empty();
    private volatile Optional<String> undecided = Optional.empty();
    private volatile Optional<PolicyWatch> watch = Optional.empty();

    private PolicyFollower(Supplier<List<String>> reload, Runnable changed, Runnable reconsider) {
        this.reload = reload;
        this.changed = changed;
        this.reconsider = reconsider;
    }

    /**
     * @param reload puts in force what stands in the files; gives what is wrong with them
     * @param changed to be called when another policy is in force
     * @param reconsider to be called now and then for what changes by itself
     */
    static PolicyFollower start(Supplier<List<String>> reload, Runnable changed, Runnable reconsider, Duration every) {
        PolicyFollower follower = new PolicyFollower(reload, changed, reconsider);
        long nanos = every.toNanos();
        follower.loading.scheduleWithFixedDelay(follower::takeOver, nanos, nanos, TimeUnit.NANOSECONDS);
        follower.deciding.scheduleWithFixedDelay(follower::decideAgain, nanos, nanos, TimeUnit.NANOSECONDS);
        return follower;
    }

    private static ScheduledExecutorService thread(String name) {
        return Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name(name).factory());
    }

    /** @param start given what is to be told of each change */
    void watch(Function<Consumer<Loaded<PolicySet>>, PolicyWatch> start) {
        watch = Optional.of(start.apply(change -> mayHaveChanged()));
    }

    /** Returns at once. Safe for use by many threads. */
    void mayHaveChanged() {
        stale.set(true);
        soon(loading, this::takeOver);
    }

    /** Another policy is in force. Returns at once. */
    void isChanged() {
        untold.set(true);
        soon(deciding, this::decideAgain);
    }

    private static void soon(ScheduledExecutorService thread, Runnable work) {
        try {
            thread.execute(work);
        } catch (RejectedExecutionException e) {
            // It is being closed.
        }
    }

    /** What fails here is tried again: until then the old policy is in force, and somebody may have forbidden something. */
    private void takeOver() {
        if (!stale.getAndSet(false)) {
            return;
        }
        try {
            List<String> wrong = reload.get();
            failed = Optional.empty();
            if (wrong.isEmpty()) {
                isChanged();
            }
        } catch (RuntimeException | Error e) {
            stale.set(true);
            failed = tell(failed, "a changed policy is not in force yet, and is tried again", e);
        }
    }

    private void decideAgain() {
        boolean all = untold.getAndSet(false);
        try {
            (all ? changed : reconsider).run();
            undecided = Optional.empty();
        } catch (RuntimeException | Error e) {
            untold.compareAndSet(false, all);
            undecided = tell(undecided, "what runs could not be decided again, and is tried again", e);
        }
    }

    /** Once, as long as it stays. */
    private static Optional<String> tell(Optional<String> before, String what, Throwable why) {
        String text = what + ": " + why.getClass().getSimpleName();
        if (!before.equals(Optional.of(text))) {
            Log.error("policy", text + ": " + why.getMessage());
        }
        return Optional.of(text);
    }

    /** Why what people write is not what is in force, or not what holds for what runs; not what is wrong with the files. */
    Optional<String> trouble() {
        return watch.flatMap(PolicyWatch::trouble).or(() -> failed).or(() -> undecided);
    }

    @Override
    public void close() {
        watch.ifPresent(PolicyWatch::close);
        loading.shutdownNow();
        deciding.shutdownNow();
    }
}
