package dev.reeve.cli;

import dev.reeve.child.Bubblewrap;
import dev.reeve.config.ReeveConfig;
import dev.reeve.config.UpstreamConfig;
import java.util.List;
import java.util.Optional;

/** What is said of the confinement of servers that Reeve starts (R21). */
final class Confined {
    private Confined() {}

    /** What this machine does, or why it cannot. */
    static String machine() {
        return switch (Bubblewrap.onThisMachine()) {
            case Bubblewrap.Found.Able able -> able.about();
            case Bubblewrap.Found.Unable unable -> "none: " + unable.why();
        };
    }

    /** Whether this one is; empty for a server that Reeve does not start. */
    static Optional<String> of(ReeveConfig config, String upstream) {
        return config.upstreams().stream()
                .filter(one -> one.name().equals(upstream))
                .filter(UpstreamConfig.Stdio.class::isInstance)
                .map(one -> ((UpstreamConfig.Stdio) one).confinement().isPresent() ? "yes" : "no")
                .findFirst();
    }

    /** Servers that cannot be started are a failure; a machine that nobody asks to confine anything is fine as it is. */
    static Examination.Finding examined(ReeveConfig config) {
        List<String> wanting = config.upstreams().stream()
                .map(one -> one.name())
                .filter(name -> of(config, name).filter("yes"::equals).isPresent())
                .toList();
        return switch (Bubblewrap.onThisMachine()) {
            case Bubblewrap.Found.Able able ->
                new Examination.Finding(
                        able.about().contains("NOT limited") ? Examination.Grade.WARN : Examination.Grade.OK,
                        "confinement",
                        able.about(),
                        "");
            case Bubblewrap.Found.Unable unable ->
                new Examination.Finding(
                        wanting.isEmpty() ? Examination.Grade.WARN : Examination.Grade.FAIL,
                        "confinement",
                        wanting.isEmpty()
                                ? "this machine cannot confine servers"
                                : "these servers do not start: " + String.join(", ", wanting),
                        unable.why());
        };
    }
}
