package dev.reeve.tls;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * What a certificate says, as far as operators want to know.
 *
 * @param names DNS names and addresses that it is for, lower case; {@code *.example.com} stands for one label
 * @param sha256 of its bytes, in hex
 */
public record CertificateFacts(
        String subject, String issuer, List<String> names, Instant notBefore, Instant notAfter, String sha256) {
    private static final int DNS = 2;
    private static final int ADDRESS = 7;
    private static final int MOST_NAMES = 1_000;

    public CertificateFacts {
        names = List.copyOf(names);
    }

    public static CertificateFacts of(X509Certificate certificate) {
        return new CertificateFacts(
                certificate.getSubjectX500Principal().getName(),
                certificate.getIssuerX500Principal().getName(),
                names(certificate),
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant(),
                digest(certificate));
    }

    /** Whether a client that asks for this host accepts the name (RFC 9525: the subject's own name is not looked at). */
    public boolean covers(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        int dot = name.indexOf('.');
        return names.contains(name) || (dot > 0 && names.contains("*" + name.substring(dot)));
    }

    /** Negative when it has expired. */
    public Duration left(Instant now) {
        return Duration.between(now, notAfter);
    }

    public boolean isValid(Instant now) {
        return !now.isBefore(notBefore) && !now.isAfter(notAfter);
    }

    private static List<String> names(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            for (List<?> name : all == null ? List.<List<?>>of() : all) {
                boolean wanted = name.getFirst().equals(DNS) || name.getFirst().equals(ADDRESS);
                if (wanted && names.size() < MOST_NAMES) {
                    names.add(String.valueOf(name.get(1)).toLowerCase(Locale.ROOT));
                }
            }
        } catch (CertificateParsingException e) {
            return List.of();
        }
        return names;
    }

    private static String digest(X509Certificate certificate) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has SHA-256, and what was decoded can be encoded", e);
        }
    }
}
