package dev.reeve.config;

import dev.reeve.judge.ModelJudge;
import dev.reeve.outbound.Cidr;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** One entry of {@code judges:}: a model that is asked for its opinion of actions. */
public record JudgeConfig(
        URI url, ModelJudge.Settings settings, List<Cidr> allowAddresses, Optional<UpstreamConfig.Tls> tls) {
    public JudgeConfig {
        allowAddresses = List.copyOf(allowAddresses);
    }

    public String name() {
        return settings.name();
    }
}
