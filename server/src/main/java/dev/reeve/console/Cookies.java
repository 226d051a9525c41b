package dev.reeve.console;

import dev.reeve.control.PageRequest;
import dev.reeve.control.SignIns;
import dev.reeve.secrets.Secret;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The cookie of a session (RFC 6265bis). Through TLS its name begins with {@code __Host-}: browsers then hold it to this host and to TLS. On plain
 * loopback neither can be had; there it carries the port in its name, so that two installations do not overwrite each other's.
 */
final class Cookies {
    private final java.util.function.IntSupplier port;

    Cookies(java.util.function.IntSupplier port) {
        this.port = port;
    }

    private String name(PageRequest request) {
        return request.isSecure() ? "__Host-reeve" : "reeve-" + port.getAsInt();
    }

    String set(PageRequest request, Secret secret) {
        return name(request) + "=" + secret.exposeTextInsecurely() + attributes(request, SignIns.LIFE.toSeconds());
    }

    String end(PageRequest request) {
        return name(request) + "=" + attributes(request, 0);
    }

    private static String attributes(PageRequest request, long seconds) {
        return "; Path=/; Max-Age=" + seconds + "; HttpOnly; SameSite=Strict" + (request.isSecure() ? "; Secure" : "");
    }

    /** Empty if there is none, or more than one: somebody else put it there. */
    Optional<Secret> read(PageRequest request) {
        String begin = name(request) + "=";
        List<String> found = request.cookies().stream()
                .flatMap(header -> Stream.of(header.split(";", -1)))
                .map(String::strip)
                .filter(one -> one.startsWith(begin))
                .toList();
        return found.size() == 1
                ? Optional.of(Secret.of(found.getFirst().substring(begin.length())))
                : Optional.empty();
    }
}
