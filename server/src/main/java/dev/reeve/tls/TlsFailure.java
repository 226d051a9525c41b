package dev.reeve.tls;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateRevokedException;
import java.security.cert.PKIXReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * Why a handshake with a server failed, in our own words: what a library or a peer says may hold foreign text (R9).
 *
 * @param code stable, for operators' searches and alerts
 */
public record TlsFailure(String code, String words) {
    private static final int DEEPEST = 12;

    private static final TlsFailure EXPIRED = new TlsFailure("tls_expired", "a certificate of its has expired");
    private static final TlsFailure NOT_YET =
            new TlsFailure("tls_not_yet_valid", "a certificate of its is not valid yet; compare the clocks");
    private static final TlsFailure REVOKED = new TlsFailure("tls_revoked", "a certificate of its was revoked");
    private static final TlsFailure REVOCATION_UNKNOWN =
            new TlsFailure("tls_revocation_unknown", "whether its certificate was revoked could not be found out");
    private static final TlsFailure UNKNOWN_AUTHORITY = new TlsFailure(
            "tls_unknown_authority",
            "its certificate is not from an authority that is trusted here; name the authority's file under `tls: { ca: FILE }`");
    private static final TlsFailure WRONG_HOST = new TlsFailure(
            "tls_wrong_host",
            "its certificate is for another host; use the name that it is for, or name that under `tls: { server_name: NAME }`");
    private static final TlsFailure WEAK =
            new TlsFailure("tls_weak", "its certificate uses a key or a signature that is too weak");
    private static final TlsFailure BAD_CERTIFICATE =
            new TlsFailure("tls_bad_certificate", "its certificate cannot be accepted");
    private static final TlsFailure CLIENT_CERTIFICATE = new TlsFailure(
            "tls_client_certificate",
            "it wants a client certificate, or does not accept ours; see `tls: { certificate: FILE, key: FILE }`");
    private static final TlsFailure NO_AGREEMENT =
            new TlsFailure("tls_no_agreement", "it speaks neither TLS 1.3 nor 1.2 with a safe cipher");
    private static final TlsFailure NOT_TLS =
            new TlsFailure("tls_not_spoken", "what answers there does not speak TLS; is the port that of http?");
    private static final TlsFailure FAILED = new TlsFailure("tls_failed", "the TLS handshake failed");

    /** Empty if TLS is not the reason. */
    public static Optional<TlsFailure> of(Throwable top) {
        List<Throwable> causes = causes(top);
        if (causes.stream().noneMatch(it -> it instanceof SSLException || it instanceof CertificateException)) {
            return Optional.empty();
        }
        // The deepest cause says most.
        for (Throwable cause : causes.reversed()) {
            Optional<TlsFailure> found = ofOne(cause);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.of(causes.stream().anyMatch(CertificateException.class::isInstance) ? BAD_CERTIFICATE : FAILED);
    }

    /**
     * Whether the server said that it ended the handshake because of our certificate. With TLS 1.3 that comes after we took the handshake
     * for done and sent a request; the server has handed none of it to whoever would act on it.
     */
    public boolean isAboutUs() {
        return this.equals(CLIENT_CERTIFICATE);
    }

    private static List<Throwable> causes(Throwable top) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable cause = top; cause != null && causes.size() < DEEPEST; cause = cause.getCause()) {
            causes.add(cause);
        }
        return causes;
    }

    private static Optional<TlsFailure> ofOne(Throwable cause) {
        return switch (cause) {
            case CertificateExpiredException ignored -> Optional.of(EXPIRED);
            case CertificateNotYetValidException ignored -> Optional.of(NOT_YET);
            case CertificateRevokedException ignored -> Optional.of(REVOKED);
            case CertPathValidatorException path -> ofPath(path);
            case CertPathBuilderException ignored -> Optional.of(UNKNOWN_AUTHORITY);
            // The JDK looks at the name last, and says so with the bare exception.
            case CertificateException bare
            when bare.getClass() == CertificateException.class && bare.getCause() == null -> Optional.of(WRONG_HOST);
            case SSLException tls -> ofAlert(tls);
            default -> Optional.empty();
        };
    }

    private static Optional<TlsFailure> ofPath(CertPathValidatorException path) {
        if (path.getReason() == PKIXReason.NO_TRUST_ANCHOR) {
            return Optional.of(UNKNOWN_AUTHORITY);
        }
        if (!(path.getReason() instanceof BasicReason reason)) {
            return Optional.empty();
        }
        return switch (reason) {
            case EXPIRED -> Optional.of(EXPIRED);
            case NOT_YET_VALID -> Optional.of(NOT_YET);
            case REVOKED -> Optional.of(REVOKED);
            case UNDETERMINED_REVOCATION_STATUS -> Optional.of(REVOCATION_UNKNOWN);
            case ALGORITHM_CONSTRAINED -> Optional.of(WEAK);
            case INVALID_SIGNATURE, UNSPECIFIED -> Optional.empty();
        };
    }

    /** What the peer's alert was, both libraries only say in words. */
    private static Optional<TlsFailure> ofAlert(SSLException tls) {
        String said = String.valueOf(tls.getMessage()).toLowerCase(Locale.ROOT).replace(' ', '_');
        if (tls.getClass().getSimpleName().equals("NotSslRecordException")
                || said.contains("unsupported_or_unrecognized")
                || said.contains("wrong_version_number")
                || said.contains("http_request")) {
            return Optional.of(NOT_TLS);
        }
        boolean alert = said.contains("alert");
        if (alert && (said.contains("certificate") || said.contains("unknown_ca") || said.contains("access_denied"))) {
            return Optional.of(CLIENT_CERTIFICATE);
        }
        if (said.contains("protocol_version")
                || said.contains("unsupported_protocol")
                || said.contains("handshake_failure")
                || said.contains("no_shared_cipher")) {
            return Optional.of(NO_AGREEMENT);
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return code + ": " + words;
    }
}
