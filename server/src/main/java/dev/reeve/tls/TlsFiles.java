package dev.reeve.tls;

import dev.reeve.secrets.Secret;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the operator keeps what one listener or one upstream needs for TLS. PEM files; all paths are absolute.
 *
 * @param pair how Reeve shows who it is; a listener has one, an outgoing connection may
 * @param roots the authorities whose certificates are accepted, and no others
 */
public record TlsFiles(Optional<Pair> pair, Optional<Path> roots) {
    /**
     * @param certificate own certificate first, then those that issued it
     * @param key private key of the first; for Reeve's user alone
     * @param password if the key is encrypted
     */
    public record Pair(Path certificate, Path key, Optional<Secret> password) {}

    List<Path> paths() {
        List<Path> paths = new ArrayList<>();
        pair.ifPresent(it -> {
            paths.add(it.certificate());
            paths.add(it.key());
        });
        roots.ifPresent(paths::add);
        return paths;
    }
}
