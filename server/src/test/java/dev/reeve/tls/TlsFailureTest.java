package dev.reeve.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

/** Codes of failures that no server of the other tests can be made to cause. */
final class TlsFailureTest {
    private static String code(Throwable cause) {
        SSLHandshakeException top = new SSLHandshakeException("General engine problem");
        top.initCause(cause);
        return TlsFailure.of(top).orElseThrow().code();
    }

    @Test
    void reasonsOfAPathAreToldApart() {
        Map<BasicReason, String> codes = Map.of(
                BasicReason.REVOKED, "tls_revoked",
                BasicReason.UNDETERMINED_REVOCATION_STATUS, "tls_revocation_unknown",
                BasicReason.ALGORITHM_CONSTRAINED, "tls_weak",
                BasicReason.EXPIRED, "tls_expired",
                BasicReason.NOT_YET_VALID, "tls_not_yet_valid",
                BasicReason.INVALID_SIGNATURE, "tls_bad_certificate");
        codes.forEach((reason, code) -> assertEquals(
                code, code(new CertificateException(new CertPathValidatorException("x", null, null, -1, reason)))));
    }

    @Test
    void alertsOfThePeerAreToldApart() {
        for (String said : List.of(
                "Received fatal alert: certificate_required",
                "error:10000412:SSL routines:OPENSSL_internal:SSLV3_ALERT_BAD_CERTIFICATE",
                "error:10000418:SSL routines:OPENSSL_internal:TLSV1_ALERT_UNKNOWN_CA")) {
            assertEquals("tls_client_certificate", code(new SSLHandshakeException(said)));
        }
        assertEquals("tls_no_agreement", code(new SSLHandshakeException("Received fatal alert: handshake_failure")));
        assertEquals("tls_failed", code(new SSLHandshakeException("something else")));
    }

    @Test
    void whatThePeerSaysIsNotRepeated() {
        TlsFailure failure = TlsFailure.of(new SSLHandshakeException("alert certificate_unknown; rm -rf /"))
                .orElseThrow();
        assertFalse(failure.toString().contains("rm"));
    }

    @Test
    void otherTroubleIsNotTls() {
        assertEquals(Optional.empty(), TlsFailure.of(new IOException("reset")));
    }
}
