package dev.reeve.notice;

import dev.reeve.outbound.AddressCheck;
import dev.reeve.secrets.Secret;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Where mail is handed in.
 *
 * @param host whose certificate is checked, always
 * @param check where the socket may go (R25)
 * @param trust whom to believe that a certificate is that of the host
 */
public record MailServer(
        String host, int port, Security security, Optional<Login> login, AddressCheck check, SSLContext trust) {
    /** How the connection is protected. */
    public enum Security {
        /** TLS is begun within the protocol (RFC 3207); a server that does not offer it is refused. */
        STARTTLS,
        /** TLS from the first byte (RFC 8314). */
        IMPLICIT,
        /** None: to an address that the operator named only. */
        NONE
    }

    /** Sent by AUTH PLAIN or LOGIN. */
    public record Login(String user, Secret password) {}
}
