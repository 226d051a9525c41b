package dev.reeve.console;

import dev.reeve.control.PageRequest;
import dev.reeve.control.SignIns;
import dev.reeve.secrets.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The cookies of a session, and of a browser in which somebody signed in (RFC 6265bis). Through TLS their names begin with {@code __Host-}: browsers
 * then hold them to this host and to TLS. On plain loopback neither can be had; there they carry the port in their names, so that two installations do
 * not overwrite each other's.
 */
final class Cookies {
    private static final String SESSION = "reeve";
    private static final String DEVICE = "reeve-device";

    private final java.util.function.IntSupplier port;

    Cookies(java.util.function.IntSupplier port) {
        this.port = port;
    }

    private String name(PageRequest request, String what) {
        return request.isSecure() ? "__Host-" + what : what + "-" + port.getAsInt();
    }

    String set(PageRequest request, Secret secret) {
        return set(request, SESSION, secret, SignIns.LIFE);
    }

    String setDevice(PageRequest request, Secret secret) {
        return set(request, DEVICE, secret, SignIns.DEVICE_LIFE);
    }

    private String set(PageRequest request, String what, Secret secret, Duration life) {
        return name(request, what) + "=" + secret.exposeTextInsecurely() + attributes(request, life.toSeconds());
    }

    String end(PageRequest request) {
        return name(request, SESSION) + "=" + attributes(request, 0);
    }

    private static String attributes(PageRequest request, long seconds) {
        return "; Path=/; Max-Age=" + seconds + "; HttpOnly; SameSite=Strict" + (request.isSecure() ? "; Secure" : "");
    }

    /** Empty if there is none, or more than one: somebody else put it there. */
    Optional<Secret> read(PageRequest request) {
        return read(request, SESSION);
    }

    /** As {@link #read}. */
    Optional<Secret> readDevice(PageRequest request) {
        return read(request, DEVICE);
    }

    private Optional<Secret> read(PageRequest request, String what) {
        String begin = name(request, what) + "=";
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
