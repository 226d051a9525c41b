package dev.reeve.config;

import dev.reeve.ledger.CosignerKey;
import dev.reeve.ledger.Quorum;
import dev.reeve.outbound.Cidr;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Who is asked to cosign the record.
 *
 * @param every how often, while there is something new
 * @param alarmAfter how long something new may be without its quorum
 */
public record WitnessesConfig(List<Witness> ask, int quorum, Duration every, Duration alarmAfter) {
    public WitnessesConfig {
        ask = List.copyOf(ask);
    }

    /**
     * @param name the operator's own
     * @param url submission prefix of C2SP tlog-witness
     * @param allowAddresses that are not globally reachable and yet may be connected to (R25)
     */
    public record Witness(
            String name, URI url, CosignerKey key, List<Cidr> allowAddresses, Optional<UpstreamConfig.Tls> tls) {
        public Witness {
            allowAddresses = List.copyOf(allowAddresses);
        }
    }

    public Quorum needed() {
        return new Quorum(ask.stream().map(Witness::key).toList(), quorum);
    }
}
