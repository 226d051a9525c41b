package dev.reeve.http;

import io.netty.handler.ssl.SslHandler;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * The client certificate of a connection, verified against the listener's authorities. It names somebody; it is no permission.
 *
 * @param subject as RFC 2253 writes it
 * @param sha256 of the certificate, in hex
 */
public record TlsPeer(String subject, String sha256) {
    /** Empty if the client showed none. */
    static Optional<TlsPeer> of(SslHandler handler) {
        try {
            if (handler.engine().getSession().getPeerCertificates()[0] instanceof X509Certificate certificate) {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
                return Optional.of(new TlsPeer(
                        certificate.getSubjectX500Principal().getName(),
                        HexFormat.of().formatHex(digest)));
            }
            return Optional.empty();
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has SHA-256, and what was decoded can be encoded", e);
        }
    }
}
