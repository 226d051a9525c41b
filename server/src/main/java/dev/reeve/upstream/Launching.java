package dev.reeve.upstream;

import dev.reeve.child.Command;
import java.io.IOException;

/** What is started for an upstream, asked before each start. */
public interface Launching {
    /** What the operator wrote, as it stands there. */
    Launching AS_WRITTEN =
            settings -> new Command(settings.argv(), settings.folder(), settings.environment(), settings.confinement());

    /**
     * Blocks while files are read.
     *
     * @throws LaunchRefusedException if it is not to be started, with what to do
     * @throws IOException if that cannot be found out; then it is not started either
     */
    Command of(UpstreamSettings.Stdio settings) throws IOException;
}
