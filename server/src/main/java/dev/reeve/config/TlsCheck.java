package dev.reeve.config;

import dev.reeve.policy.Place;
import dev.reeve.policy.Problem;
import dev.reeve.tls.BadTlsException;
import dev.reeve.tls.CertificateFacts;
import dev.reeve.tls.Renewing;
import dev.reeve.tls.TlsFiles;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks into the files of certificates and keys that reeve.yaml names, and tells what is wrong or will soon be. */
public final class TlsCheck {
    /** Early enough for a person to act, and later than a renewal by machine comes. */
    public static final Duration SOON = Duration.ofDays(21);

    private final Instant now;
    private final Problems problems = new Problems();

    private TlsCheck(Instant now) {
        this.now = now;
    }

    /** Errors keep `reeve serve` from starting; warnings do not. */
    public static List<Problem> of(ReeveConfig config, Instant now) {
        TlsCheck check = new TlsCheck(now);
        check.listener(config.listen().agents(), "listen.agents.tls");
        check.listener(config.listen().control(), "listen.control.tls");
        config.listen().log().ifPresent(log -> check.listener(log.listener(), "listen.log.tls"));
        config.listen().extAuthz().ifPresent(listener -> check.listener(listener, "listen.ext_authz.tls"));
        config.witnesses()
                .ifPresent(witnesses -> witnesses
                        .ask()
                        .forEach(witness -> witness.tls()
                                .ifPresent(tls -> check.client(tls, "witnesses.ask." + witness.name() + ".tls"))));
        for (UpstreamConfig upstream : config.upstreams()) {
            if (upstream instanceof UpstreamConfig.Http http) {
                http.tls().ifPresent(tls -> check.client(tls, "upstreams." + http.name() + ".tls"));
            }
        }
        for (JudgeConfig judge : config.judges()) {
            judge.tls().ifPresent(tls -> check.client(tls, "judges." + judge.name() + ".tls"));
        }
        for (ExportConfig export : config.exports()) {
            Optional<UpstreamConfig.Tls> tls = switch (export.receiver()) {
                case ExportConfig.ToFile ignored -> Optional.empty();
                case ExportConfig.ToSyslog syslog -> syslog.tls();
                case ExportConfig.ToHttp http -> http.tls();
            };
            tls.ifPresent(it -> {
                String field = "exports." + export.name() + ".tls";
                check.facts(it.files(), false, it.place(), field)
                        .ifPresent(facts -> check.time(facts, it.place(), field));
            });
        }
        return check.problems.all();
    }

    /** The same for a witness's own listener. */
    public static List<Problem> of(WitnessConfig config, Instant now) {
        TlsCheck check = new TlsCheck(now);
        check.listener(config.listen(), "listen.tls");
        return check.problems.all();
    }

    private void client(UpstreamConfig.Tls tls, String field) {
        facts(tls.files(), false, tls.place(), field).ifPresent(facts -> time(facts, tls.place(), field));
    }

    private void listener(ListenerConfig listener, String field) {
        listener.tls()
                .ifPresent(tls -> facts(tls.files(), true, tls.place(), field).ifPresent(facts -> {
                    time(facts, tls.place(), field);
                    names(facts, listener, tls.place(), field);
                }));
    }

    private Optional<CertificateFacts> facts(TlsFiles files, boolean server, Place place, String field) {
        try {
            return Renewing.check(files, server);
        } catch (BadTlsException e) {
            problems.error(place, field, e.problem(), e.fix());
            return Optional.empty();
        }
    }

    private void time(CertificateFacts facts, Place place, String field) {
        String end = facts.notAfter().toString();
        if (now.isBefore(facts.notBefore())) {
            problems.warning(
                    place, field, "the certificate is not valid before " + facts.notBefore(), "compare the clocks");
        } else if (now.isAfter(facts.notAfter())) {
            problems.warning(
                    place,
                    field,
                    "the certificate has expired at " + end + "; whoever verifies refuses it",
                    "renew it");
        } else if (facts.left(now).compareTo(SOON) < 0) {
            problems.warning(
                    place,
                    field,
                    "the certificate expires in " + facts.left(now).toDays() + " days, at " + end,
                    "renew it; a changed file is taken without a restart");
        }
    }

    /** Whoever is told a name that the certificate does not have cannot connect. */
    private void names(CertificateFacts facts, ListenerConfig listener, Place place, String field) {
        if (facts.names().isEmpty()) {
            problems.warning(
                    place,
                    field,
                    "the certificate names no host (subject alternative name)",
                    "have one issued that does");
            return;
        }
        Set<String> wanted = listener.names();
        for (String name : wanted.stream().sorted().toList()) {
            if (!facts.covers(name)) {
                problems.warning(
                        place,
                        field,
                        "the certificate is not for \"" + name + "\", which stands under `names`; it is for "
                                + String.join(
                                        ", ", facts.names().stream().limit(10).toList()),
                        "have one issued for it");
            }
        }
        InetAddress address = listener.address().getAddress();
        if (wanted.isEmpty() && address.isLoopbackAddress() && !coversLoopback(facts, address)) {
            problems.warning(
                    place,
                    field,
                    "the certificate is not for this address; it is for "
                            + String.join(", ", facts.names().stream().limit(10).toList()),
                    "have one issued for localhost and " + address.getHostAddress());
        }
    }

    private static boolean coversLoopback(CertificateFacts facts, InetAddress address) {
        return facts.covers("localhost") || facts.covers(address.getHostAddress());
    }
}
