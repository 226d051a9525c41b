package dev.reeve.cli;

import dev.reeve.json.Json;
import dev.reeve.metrics.Counter;
import dev.reeve.metrics.Metrics;
import dev.reeve.tls.BadTlsException;
import dev.reeve.tls.CertificateFacts;
import dev.reeve.tls.Renewing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Looks at the files of all certificates and tells operators: that one was renewed, that one was refused and the old stays, that one ends
 * soon. {@link #look} is for one thread.
 */
final class CertificateWatch {
    /** When the end of a certificate is told, each once. */
    private static final List<Duration> WARNINGS =
            List.of(Duration.ZERO, Duration.ofDays(1), Duration.ofDays(7), Duration.ofDays(21));

    private final Map<String, Renewing<?>> all;
    private final InstantSource clock;
    /** The shortest of {@link #WARNINGS} that was told, by certificate. */
    private final Map<String, Duration> warned = new HashMap<>();

    CertificateWatch(Map<String, Renewing<?>> all, InstantSource clock) {
        this.all = Map.copyOf(all);
        this.clock = clock;
    }

    /** Where it is told. */
    interface Told {
        /** In the ledger, before it is in force (R27). */
        void record(String what, Json.Obj difference) throws BadTlsException;

        void incident(String line);

        void info(String line);
    }

    void look(Told told) {
        Instant now = clock.instant();
        all.forEach((name, one) -> {
            one.look(now, (facts, version) -> told.record(name, difference(facts, version)))
                    .ifPresent(news -> tell(name, news, told));
            one.facts().ifPresent(facts -> warn(name, facts, now, told::incident));
        });
    }

    private static Json.Obj difference(Optional<CertificateFacts> facts, String version) {
        Json.Builder difference = Json.object().put("files", version);
        facts.ifPresent(it -> difference
                .put("subject", it.subject())
                .put("sha256", it.sha256())
                .put("not_after", it.notAfter().toString()));
        return difference.build();
    }

    private static void tell(String name, Renewing.News news, Told told) {
        switch (news) {
            case Renewing.News.Renewed renewed ->
                told.info(name + ": in force for new connections"
                        + renewed.facts().map(it -> ", until " + it.notAfter()).orElse(""));
            case Renewing.News.Refused refused ->
                told.incident("tls_refused: " + name + ": " + refused.why().line() + "; what was in force stays");
        }
    }

    private void warn(String name, CertificateFacts facts, Instant now, Consumer<String> incident) {
        String which = name + " " + facts.sha256();
        Duration left = facts.left(now);
        for (Duration warning : WARNINGS) {
            if (left.compareTo(warning) <= 0) {
                Duration last = warned.get(which);
                if (last == null || last.compareTo(warning) > 0) {
                    warned.put(which, warning);
                    incident.accept("tls_expiry: the certificate of " + name
                            + (left.isNegative() || left.isZero() ? " has expired at " : " expires at ")
                            + facts.notAfter() + "; renew it: a changed file is taken without a restart");
                }
                return;
            }
        }
    }

    /** What keeps agents out: their listener's certificate has expired. */
    Optional<String> trouble() {
        Renewing<?> agents = all.get(TlsRoom.AGENTS);
        Instant now = clock.instant();
        return agents == null
                ? Optional.empty()
                : agents.facts()
                        .filter(facts -> !facts.isValid(now))
                        .map(facts -> "the certificate of the agents' address is valid from " + facts.notBefore()
                                + " to " + facts.notAfter());
    }

    void measure(Metrics metrics) {
        metrics.gauges(
                "reeve_tls_certificate_not_after_seconds",
                "When the certificate in force ends, in seconds since 1970.",
                "of",
                () -> {
                    Map<String, Double> ends = new LinkedHashMap<>();
                    all.forEach((name, one) -> one.facts()
                            .ifPresent(facts ->
                                    ends.put(name, (double) facts.notAfter().getEpochSecond())));
                    return ends;
                });
        metrics.gauges("reeve_tls_files_refused", "1 while what stands in the files is not in force.", "of", () -> {
            Map<String, Double> refused = new LinkedHashMap<>();
            all.forEach((name, one) -> refused.put(name, one.trouble().isPresent() ? 1.0 : 0.0));
            return refused;
        });
    }

    static Counter handshakes(Metrics metrics) {
        return metrics.counter(
                "reeve_tls_handshakes_total", "TLS handshakes of clients, by outcome.", "listener", "outcome");
    }

    Json status(String name) {
        Renewing<?> one = all.get(name);
        if (one == null) {
            return Json.Null.NULL;
        }
        Json.Builder shown = Json.object();
        one.facts()
                .ifPresent(facts -> shown.put("subject", facts.subject())
                        .put("names", Json.Arr.ofStrings(facts.names()))
                        .put("sha256", facts.sha256())
                        .put("not_after", facts.notAfter().toString())
                        .put("days_left", facts.left(clock.instant()).toDays()));
        return shown.put("problem", one.trouble()).build();
    }
}
