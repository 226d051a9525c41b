package dev.reeve.cli;

import dev.reeve.config.ExportConfig;
import dev.reeve.config.GatewayConfig;
import dev.reeve.config.JudgeConfig;
import dev.reeve.config.ListenerConfig;
import dev.reeve.config.ProblemText;
import dev.reeve.config.ReeveConfig;
import dev.reeve.config.TlsCheck;
import dev.reeve.config.UpstreamConfig;
import dev.reeve.config.WitnessesConfig;
import dev.reeve.control.ControlTls;
import dev.reeve.http.HttpTls;
import dev.reeve.json.Json;
import dev.reeve.outbound.HttpOrigin;
import dev.reeve.outbound.PoolTls;
import dev.reeve.policy.Problem;
import dev.reeve.tls.BadTlsException;
import dev.reeve.tls.CertificateFacts;
import dev.reeve.tls.ListenerSockets;
import dev.reeve.tls.Renewing;
import dev.reeve.tls.TlsLibrary;
import io.netty.handler.ssl.SslContext;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/** All certificates and keys of the process, by what they are for: {@code agents}, {@code control}, {@code log}, or the name of an upstream or a witness. */
final class TlsRoom {
    static final String AGENTS = "agents";
    static final String CONTROL = "control";
    static final String LOG = "log";
    static final String EXT_AUTHZ = "ext_authz";
    private static final String UPSTREAM = "upstream ";
    private static final String EXPORT = "export ";
    private static final String JUDGE = "judge ";
    private static final String WITNESS = "witness ";

    private final ReeveConfig config;
    private final BiConsumer<String, String> handshakes;
    private final Optional<Renewing<SslContext>> agents;
    private final Optional<Renewing<SSLContext>> control;
    private final Optional<Renewing<SslContext>> log;
    private final Optional<Renewing<SslContext>> extAuthz;
    private final Map<String, Renewing<SslContext>> upstreams = new LinkedHashMap<>();
    private final Map<String, Renewing<SslContext>> exports = new LinkedHashMap<>();
    private final Map<String, Renewing<SslContext>> judges = new LinkedHashMap<>();
    private final Map<String, Renewing<SslContext>> witnesses = new LinkedHashMap<>();
    private final CertificateWatch watch;

    /**
     * @param handshakes takes a listener's name and the outcome of each handshake
     * @throws CommandException with everything that is wrong in the files
     */
    static TlsRoom open(ReeveConfig config, InstantSource clock, BiConsumer<String, String> handshakes)
            throws CommandException {
        List<String> errors = TlsCheck.of(config, clock.instant()).stream()
                .filter(problem -> problem.severity() == Problem.Severity.ERROR)
                .map(ProblemText::of)
                .toList();
        if (!errors.isEmpty()) {
            throw new CommandException(ExitCodes.USAGE, String.join("\n", errors));
        }
        try {
            return new TlsRoom(config, clock, handshakes);
        } catch (BadTlsException e) {
            throw new CommandException(ExitCodes.USAGE, e.line());
        }
    }

    private TlsRoom(ReeveConfig config, InstantSource clock, BiConsumer<String, String> handshakes)
            throws BadTlsException {
        this.config = config;
        this.handshakes = handshakes;
        this.agents = netty(Optional.of(config.listen().agents()));
        this.log = netty(config.listen().log().map(ReeveConfig.LogListener::listener));
        Optional<ListenerConfig.Tls> ofProxies = config.listen().extAuthz().flatMap(ListenerConfig::tls);
        this.extAuthz = ofProxies.isPresent()
                ? Optional.of(Renewing.http2Listener(
                        ofProxies.get().files(), ofProxies.get().clientRequired(), TlsLibrary.best()))
                : Optional.empty();
        Optional<ListenerConfig.Tls> ofControl = config.listen().control().tls();
        this.control = ofControl.isPresent()
                ? Optional.of(Renewing.jdkListener(ofControl.get().files()))
                : Optional.empty();
        for (UpstreamConfig upstream : config.upstreams()) {
            if (upstream instanceof UpstreamConfig.Http http && http.tls().isPresent()) {
                upstreams.put(http.name(), Renewing.client(http.tls().get().files(), TlsLibrary.best()));
            }
        }
        for (ExportConfig export : config.exports()) {
            Optional<UpstreamConfig.Tls> tls = tls(export);
            if (tls.isPresent()) {
                exports.put(export.name(), Renewing.client(tls.get().files(), TlsLibrary.best()));
            }
        }
        for (JudgeConfig judge : config.judges()) {
            if (judge.tls().isPresent()) {
                judges.put(judge.name(), Renewing.client(judge.tls().get().files(), TlsLibrary.best()));
            }
        }
        for (WitnessesConfig.Witness witness :
                config.witnesses().map(WitnessesConfig::ask).orElse(List.of())) {
            if (witness.tls().isPresent()) {
                witnesses.put(
                        witness.name(), Renewing.client(witness.tls().get().files(), TlsLibrary.best()));
            }
        }
        this.watch = new CertificateWatch(named(), clock);
    }

    private static Optional<Renewing<SslContext>> netty(Optional<ListenerConfig> listener) throws BadTlsException {
        Optional<ListenerConfig.Tls> tls = listener.flatMap(ListenerConfig::tls);
        return tls.isPresent()
                ? Optional.of(Renewing.listener(tls.get().files(), tls.get().clientRequired(), TlsLibrary.best()))
                : Optional.empty();
    }

    private Map<String, Renewing<?>> named() {
        Map<String, Renewing<?>> all = new LinkedHashMap<>();
        agents.ifPresent(it -> all.put(AGENTS, it));
        control.ifPresent(it -> all.put(CONTROL, it));
        log.ifPresent(it -> all.put(LOG, it));
        extAuthz.ifPresent(it -> all.put(EXT_AUTHZ, it));
        upstreams.forEach((name, it) -> all.put(UPSTREAM + name, it));
        exports.forEach((name, it) -> all.put(EXPORT + name, it));
        judges.forEach((name, it) -> all.put(JUDGE + name, it));
        witnesses.forEach((name, it) -> all.put(WITNESS + name, it));
        return all;
    }

    CertificateWatch watch() {
        return watch;
    }

    Optional<HttpTls> agents() {
        return http(AGENTS, agents);
    }

    /** The context of this moment, each time it is asked for. */
    Optional<Supplier<SslContext>> extAuthz() {
        return extAuthz.map(it -> it::current);
    }

    Optional<HttpTls> log() {
        return http(LOG, log);
    }

    private Optional<HttpTls> http(String name, Optional<Renewing<SslContext>> context) {
        GatewayConfig limits = config.gateway();
        return context.map(it -> new HttpTls(
                it::current,
                host -> covers(it, host),
                limits.maxHandshakes(),
                limits.handshakeTimeout(),
                outcome -> handshakes.accept(name, outcome)));
    }

    Optional<ControlTls> control() {
        return control.map(it -> new ControlTls(
                new ListenerSockets.Settings(
                        it::current,
                        clients(config.listen().control().tls().orElseThrow()),
                        config.gateway().handshakeTimeout(),
                        outcome -> handshakes.accept(CONTROL, outcome)),
                host -> covers(it, host)));
    }

    private static ListenerSockets.Clients clients(ListenerConfig.Tls tls) {
        if (tls.files().roots().isEmpty()) {
            return ListenerSockets.Clients.NOT_ASKED;
        }
        return tls.clientRequired() ? ListenerSockets.Clients.REQUIRED : ListenerSockets.Clients.OPTIONAL;
    }

    private static boolean covers(Renewing<?> one, String host) {
        return one.facts().filter(facts -> facts.covers(host)).isPresent();
    }

    /** Empty for http, and for https with nothing of its own. */
    Optional<PoolTls> upstream(UpstreamConfig.Http http) {
        return pool(Optional.ofNullable(upstreams.get(http.name())), http.tls(), HttpOrigin.of(http.url()));
    }

    /** Empty for http. */
    Optional<PoolTls> witness(WitnessesConfig.Witness witness) {
        HttpOrigin origin = HttpOrigin.of(witness.url());
        return pool(Optional.ofNullable(witnesses.get(witness.name())), witness.tls(), origin)
                .or(() -> PoolTls.ofSystem(origin));
    }

    private static Optional<PoolTls> pool(
            Optional<Renewing<SslContext>> own, Optional<UpstreamConfig.Tls> tls, HttpOrigin origin) {
        Optional<String> name = tls.flatMap(UpstreamConfig.Tls::serverName);
        return own.map(it -> new PoolTls(it::current, name.orElse(origin.host())));
    }

    private static Optional<UpstreamConfig.Tls> tls(ExportConfig export) {
        return switch (export.receiver()) {
            case ExportConfig.ToFile ignored -> Optional.empty();
            case ExportConfig.ToSyslog syslog -> syslog.tls();
            case ExportConfig.ToHttp http -> http.tls();
        };
    }

    /** Towards a receiver of the record, with the system's authorities where it has none of its own. */
    PoolTls export(ExportConfig export, String host) {
        return spoken(Optional.ofNullable(exports.get(export.name())), tls(export), host);
    }

    /** Towards a judge, likewise. */
    PoolTls judge(JudgeConfig judge, String host) {
        return spoken(Optional.ofNullable(judges.get(judge.name())), judge.tls(), host);
    }

    private static PoolTls spoken(Optional<Renewing<SslContext>> own, Optional<UpstreamConfig.Tls> tls, String host) {
        String name = tls.flatMap(UpstreamConfig.Tls::serverName).orElse(host);
        return own.map(it -> new PoolTls(it::current, name))
                .or(() -> PoolTls.ofSystem(new HttpOrigin(true, host, 443), Optional.of(name)))
                .orElseThrow();
    }

    String agentsUrl(int port) {
        return url(config.listen().agents(), agents.flatMap(Renewing::facts), port);
    }

    String logUrl(int port) {
        return url(config.listen().log().orElseThrow().listener(), log.flatMap(Renewing::facts), port);
    }

    String controlUrl(int port) {
        return url(config.listen().control(), control.flatMap(Renewing::facts), port);
    }

    /** As a client can call it: by a name that the certificate has, where there is one. */
    static String url(ListenerConfig listener, Optional<CertificateFacts> facts, int port) {
        if (facts.isEmpty()) {
            return "http://127.0.0.1:" + port;
        }
        String host = listener.names().stream()
                .sorted()
                .findFirst()
                .or(() -> facts.get().names().stream()
                        .filter(name -> !name.startsWith("*"))
                        .findFirst())
                .orElse(listener.address().getHostString());
        return "https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /** For status. */
    Json status() {
        Map<String, Renewing<?>> all = named();
        Json.Builder shown = Json.object();
        if (!all.isEmpty()) {
            shown.put("library", TlsLibrary.best().words());
        }
        Function<String, Json> ofOne = watch::status;
        all.keySet().forEach(name -> shown.put(name, ofOne.apply(name)));
        return shown.build();
    }
}
