package dev.reeve.cli;

import dev.reeve.action.Operation.Asks;
import dev.reeve.asks.AskPolicy;
import dev.reeve.asks.AskPolicy.Elicitation;
import dev.reeve.config.UpstreamConfig;
import dev.reeve.upstream.Offered;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** What the operator's file lets each server ask of clients. */
final class AsksFromConfig {
    private AsksFromConfig() {}

    static Map<String, AskPolicy> of(List<UpstreamConfig> upstreams) {
        Map<String, AskPolicy> policies = new HashMap<>();
        for (UpstreamConfig upstream : upstreams) {
            UpstreamConfig.Asks asks = upstream.common().asks();
            policies.put(
                    upstream.name(),
                    new AskPolicy(
                            Elicitation.valueOf(asks.elicitation().toUpperCase(Locale.ROOT)),
                            asks.sampling(),
                            asks.roots(),
                            host(upstream)));
        }
        return Map.copyOf(policies);
    }

    /** The kinds that each server may be offered, made once for all calls. */
    static Map<String, Set<Asks>> offered(Map<String, AskPolicy> policies) {
        Map<String, Set<Asks>> offered = new HashMap<>();
        policies.forEach((name, policy) -> offered.put(name, Set.copyOf(policy.offered())));
        return Map.copyOf(offered);
    }

    /** The same for {@link dev.reeve.upstream.McpServers}, of one that is not in the file nothing. */
    static Function<String, Offered> declared(List<UpstreamConfig> upstreams) {
        Map<String, Offered> declared = new HashMap<>();
        of(upstreams).forEach((name, policy) -> declared.put(name, Offered.all(policy.offered())));
        return name -> declared.getOrDefault(name, Offered.NOTHING);
    }

    private static String host(UpstreamConfig upstream) {
        return switch (upstream) {
            case UpstreamConfig.Http http -> http.url().getHost().toLowerCase(Locale.ROOT);
            case UpstreamConfig.Stdio ignored -> "";
        };
    }
}
