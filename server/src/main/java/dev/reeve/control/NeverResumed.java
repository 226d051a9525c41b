package dev.reeve.control;

import io.helidon.common.resumable.Resumable;
import io.helidon.common.resumable.ResumableSupport;

/**
 * A process that is not saved and woken again. Named in {@code META-INF/services} of the first jar, as the library's server asks for one
 * at its start: it would look through every jar, and then for the age of the process by JMX.
 */
public final class NeverResumed implements ResumableSupport {
    @Override
    public void register(Resumable resumable) {}

    @Override
    public void checkpointResume() {
        throw new UnsupportedOperationException("this process cannot be saved");
    }

    @Override
    public long uptimeSinceResume() {
        return 0;
    }

    @Override
    public long resumeTime() {
        return -1;
    }
}
