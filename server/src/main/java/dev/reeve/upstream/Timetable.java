package dev.reeve.upstream;

import dev.reeve.upstream.UpstreamChange.What;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Things to be done later, on virtual threads. */
final class Timetable {
    /** Changes that a server tells within this time are one: a server that tells them without end costs no more than ten a second. */
    private static final Duration MOMENT = Duration.ofMillis(100);

    private final EventLoopGroup loops;

    Timetable(EventLoopGroup loops) {
        this.loops = loops;
    }

    void later(Duration delay, Runnable what) {
        try {
            loops.schedule(() -> Thread.startVirtualThread(what), delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // The process is going down; nothing will be needed later.
        }
    }

    Consumer<What> oncePerMoment(Consumer<What> listener) {
        Set<What> pending = Collections.synchronizedSet(EnumSet.noneOf(What.class));
        return what -> {
            if (pending.add(what)) {
                later(MOMENT, () -> {
                    pending.remove(what);
                    listener.accept(what);
                });
            }
        };
    }
}
