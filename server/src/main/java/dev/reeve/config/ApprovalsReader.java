package dev.reeve.config;

import dev.reeve.config.ApprovalsConfig.Mail;
import dev.reeve.config.ApprovalsConfig.Webhook;
import dev.reeve.secrets.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/** {@code approvals:} of {@code reeve.yaml}, its shape checked already. */
final class ApprovalsReader {
    private final SecretsFile secrets;
    private final UpstreamReader upstreams;
    private final Problems problems;

    /** @param upstreams reads what upstreams and receivers have in common */
    ApprovalsReader(SecretsFile secrets, UpstreamReader upstreams, Problems problems) {
        this.secrets = secrets;
        this.upstreams = upstreams;
        this.problems = problems;
    }

    ApprovalsConfig read(Optional<Node.Mapping> section) {
        return new ApprovalsConfig(
                section.flatMap(it -> it.text("address")).map(it -> it.replaceAll("/+$", "")),
                section.flatMap(it -> it.mapping("webhook")).flatMap(this::webhook),
                section.flatMap(it -> it.mapping("mail")).flatMap(this::mail));
    }

    private Optional<Mail> mail(Node.Mapping entry) {
        if (entry.mentions("user") != entry.mentions("password")) {
            problems.error(entry, "names a `user` or a `password`, not both", "name both, or none");
            return Optional.empty();
        }
        String server = entry.text("server").orElse("");
        int colon = server.lastIndexOf(':');
        String host = server.substring(0, Math.max(0, colon));
        String tls = entry.text("tls").orElse("starttls");
        if (tls.equals("none") && ListenAddress.loopback(host).isEmpty()) {
            problems.error(entry, "`tls: none` is for loopback", "`starttls`, or `implicit`");
            return Optional.empty();
        }
        Optional<Secret> password = entry.mapping("password").flatMap(this::secret);
        if (colon < 1 || (entry.mentions("password") && password.isEmpty())) {
            return Optional.empty();
        }
        return Optional.of(new Mail(
                host,
                Integer.parseInt(server.substring(colon + 1)),
                tls,
                password.map(it -> new Mail.Login(entry.text("user").orElse(""), it)),
                entry.text("from").orElse(""),
                entry.texts("to"),
                new OutboundReader(problems).blocks(entry)));
    }

    private Optional<Webhook> webhook(Node.Mapping entry) {
        return url(entry)
                .map(url -> new Webhook(
                        url,
                        upstreams.headers(entry),
                        entry.mapping("sign").flatMap(this::secret),
                        new OutboundReader(problems).blocks(entry)));
    }

    private Optional<Secret> secret(Node.Mapping named) {
        return named.scalar("secret").flatMap(it -> secrets.get(it.text(), it.place(), it.field(), problems));
    }

    private Optional<Secret> url(Node.Mapping entry) {
        Optional<Node.Scalar> written = entry.scalar("url");
        return written.isPresent()
                ? written.flatMap(new OutboundReader(problems)::url).map(url -> Secret.of(url.toString()))
                : entry.mapping("url").flatMap(named -> secret(named).filter(url -> isAddress(named, url)));
    }

    /** Says nothing of the value: it is a secret. */
    private boolean isAddress(Node.Mapping named, Secret url) {
        try {
            URI address = new URI(url.exposeTextInsecurely());
            String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
            boolean loopback = address.getHost() != null
                    && ListenAddress.loopback(address.getHost()).isPresent();
            if (address.getHost() != null
                    && address.getRawUserInfo() == null
                    && (scheme.equals("https") || (scheme.equals("http") && loopback))) {
                return true;
            }
        } catch (URISyntaxException e) {
            // told below, without the value
        }
        problems.error(named, "the secret is not an address as https://host/path", "https, or http to loopback");
        return false;
    }
}
