package dev.reeve.tls;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Reads certificates. What else stands in a PEM file is passed over: bundles often hold the key, too. */
final class Certificates {
    private Certificates() {}

    static List<X509Certificate> read(Path path, byte[] file) throws BadTlsException {
        List<X509Certificate> found = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Pem.Block block : Pem.blocks(path, file)) {
                if (block.label().equals("CERTIFICATE")) {
                    found.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.bytes())));
                }
            }
        } catch (CertificateException e) {
            throw new BadTlsException("`" + path + "` holds a certificate that cannot be read", "write the file anew");
        }
        if (found.isEmpty()) {
            throw new BadTlsException("`" + path + "` holds no certificate", "");
        }
        return found;
    }

    /** Authorities. */
    static List<X509Certificate> roots(Path path, byte[] file) throws BadTlsException {
        List<X509Certificate> roots = read(path, file);
        for (X509Certificate root : roots) {
            // A server's own self-signed certificate may be its only authority; one that an authority issued may not be
            // one itself.
            boolean selfSigned = root.getSubjectX500Principal().equals(root.getIssuerX500Principal());
            if (root.getBasicConstraints() < 0 && !selfSigned) {
                throw new BadTlsException(
                        "`" + path + "` holds a certificate that is no authority's",
                        "name the file with the certificate of the authority that issued it");
            }
        }
        return roots;
    }
}
