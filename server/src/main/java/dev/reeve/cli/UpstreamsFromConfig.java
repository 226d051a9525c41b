package dev.reeve.cli;

import dev.reeve.config.UpstreamConfig;
import dev.reeve.identity.Principal;
import dev.reeve.upstream.UpstreamLimits;
import dev.reeve.upstream.UpstreamSettings;
import java.util.List;

/** From what the operator wrote to what the upstream room wants. */
final class UpstreamsFromConfig {
    private UpstreamsFromConfig() {}

    static List<UpstreamSettings> of(List<UpstreamConfig> upstreams, TlsRoom tls) {
        return upstreams.stream().map(one -> of(one, tls)).toList();
    }

    private static UpstreamSettings of(UpstreamConfig upstream, TlsRoom tls) {
        UpstreamLimits limits = limits(upstream.common());
        boolean stateless = upstream.common().stateless();
        return switch (upstream) {
            case UpstreamConfig.Http http ->
                new UpstreamSettings.Http(
                        http.name(),
                        Principal.DEFAULT_TENANT,
                        stateless,
                        limits,
                        upstream.common().revision(),
                        http.url(),
                        http.headers(),
                        http.allowAddresses(),
                        tls.upstream(http));
            case UpstreamConfig.Stdio stdio ->
                new UpstreamSettings.Stdio(
                        stdio.name(),
                        Principal.DEFAULT_TENANT,
                        stateless,
                        limits,
                        upstream.common().revision(),
                        stdio.argv(),
                        stdio.folder(),
                        stdio.environment(),
                        stdio.confinement());
        };
    }

    private static UpstreamLimits limits(UpstreamConfig.Common common) {
        return new UpstreamLimits(
                common.timeouts().connect(),
                common.timeouts().firstByte(),
                common.timeouts().call(),
                common.timeouts().idle(),
                common.maxAnswer(),
                common.maxSessions(),
                common.maxConnections());
    }
}
