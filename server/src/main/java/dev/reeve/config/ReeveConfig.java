package dev.reeve.config;

import dev.reeve.secrets.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code reeve.yaml}: where things are. All paths are absolute.
 *
 * @param home the folder of catalogue and policies
 * @param file what this was read from; {@code --config} may name another than the home's own
 * @param data the folder that only one process at a time may own
 * @param keys signing keys, MAC keys and secrets: outside of the data folder (R30)
 * @param upstreams in the order of the file
 * @param exports who else gets the record
 * @param judges models that soft guardrails may ask
 * @param witnesses who cosigns the record; empty if nobody does
 * @param approvals how people are reached who approve
 * @param review when the record is reviewed without being asked; never if empty
 * @param searchShare percent of one core that following the record for searches takes at most while nobody searches
 * @param systemUsers people by the user of the system as whom they work at the machine
 * @param secrets every value of the secrets file, so that they can be looked for in what leaves
 */
public record ReeveConfig(
        Path home,
        Path file,
        Listen listen,
        Path data,
        Path keys,
        List<UpstreamConfig> upstreams,
        List<ExportConfig> exports,
        List<JudgeConfig> judges,
        GatewayConfig gateway,
        Optional<WitnessesConfig> witnesses,
        ApprovalsConfig approvals,
        Optional<ReviewConfig> review,
        int searchShare,
        Map<String, List<String>> systemUsers,
        List<Secret> secrets) {
    public ReeveConfig {
        upstreams = List.copyOf(upstreams);
        exports = List.copyOf(exports);
        judges = List.copyOf(judges);
        systemUsers = Map.copyOf(systemUsers);
        secrets = List.copyOf(secrets);
    }

    /**
     * @param log where the record can be read; nowhere if empty
     * @param extAuthz where proxies ask by Envoy's ext_authz; nowhere if empty
     */
    public record Listen(
            ListenerConfig agents,
            ListenerConfig control,
            Optional<LogListener> log,
            Optional<ListenerConfig> extAuthz) {}

    /** @param anybody whether reading needs no token */
    public record LogListener(ListenerConfig listener, boolean anybody) {}

    /** The catalogue's folder: what the systems are. */
    public Path catalog() {
        return home.resolve(PolicyFiles.CATALOG);
    }

    /** The folder of policies: what may be done. */
    public Path policies() {
        return home.resolve(PolicyFiles.POLICIES);
    }
}
