package dev.reeve.config;

import dev.reeve.secrets.Secret;
import dev.reeve.tls.TlsFiles;
import java.nio.file.Path;
import java.util.Optional;

/** The `tls` of listeners and upstreams, its shape checked already. Opens none of the files: that is {@link TlsCheck}'s. */
final class TlsReader {
    private final Home home;
    private final SecretsFile secrets;
    private final Problems problems;

    TlsReader(Home home, SecretsFile secrets, Problems problems) {
        this.home = home;
        this.secrets = secrets;
        this.problems = problems;
    }

    /** Empty if something that must be there is not; that has been told. */
    Optional<ListenerConfig.Tls> listener(Node.Mapping tls) {
        Optional<Path> roots = path(tls, "client_ca");
        boolean required = !new Values(tls, ReeveShape.LISTENER_TLS)
                .text("client_certificates")
                .equals("optional");
        tls.get("client_certificates")
                .filter(ignored -> roots.isEmpty())
                .ifPresent(node -> problems.error(
                        node, "means nothing without `client_ca`", "name the authorities, or remove it"));
        return pair(tls)
                .map(pair -> new ListenerConfig.Tls(new TlsFiles(Optional.of(pair), roots), required, tls.place()));
    }

    UpstreamConfig.Tls upstream(Node.Mapping tls) {
        boolean certificate = tls.mentions("certificate");
        if (certificate != tls.mentions("key")) {
            problems.error(
                    tls,
                    certificate ? "has `certificate` but no `key`" : "has `key` but no `certificate`",
                    "a client certificate needs both");
        }
        if (!certificate) {
            tls.get("key_password").ifPresent(node -> problems.error(node, "means nothing without `key`", "remove it"));
        }
        TlsFiles files = new TlsFiles(certificate ? pair(tls) : Optional.empty(), path(tls, "ca"));
        return new UpstreamConfig.Tls(files, tls.text("server_name"), tls.place());
    }

    private Optional<TlsFiles.Pair> pair(Node.Mapping tls) {
        Optional<Secret> password = tls.mapping("key_password")
                .flatMap(it -> it.scalar("secret"))
                .flatMap(it -> secrets.get(it.text(), it.place(), it.field(), problems));
        return path(tls, "certificate")
                .flatMap(certificate -> path(tls, "key").map(key -> new TlsFiles.Pair(certificate, key, password)));
    }

    private Optional<Path> path(Node.Mapping tls, String key) {
        return tls.text(key).map(it -> home.folder().resolve(it).normalize());
    }
}
