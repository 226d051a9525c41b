package dev.reeve.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Set;

/** A certificate with what issued it, and its private key. Prints without the key. */
final class Identity {
    private static final int LEAST_RSA = 2048;
    /** P-256 and P-384: what both TLS libraries and all clients know. */
    private static final Set<Integer> CURVES = Set.of(256, 384);

    private static final int MOST_CERTIFICATES = 10;
    private static final String ANY_PURPOSE = "2.5.29.37.0";

    /** What it is shown for; the extended key usage of RFC 5280, 4.2.1.12. */
    enum Purpose {
        SERVER("1.3.6.1.5.5.7.3.1", "servers"),
        CLIENT("1.3.6.1.5.5.7.3.2", "clients");

        private final String usage;
        private final String words;

        Purpose(String usage, String words) {
            this.usage = usage;
            this.words = words;
        }
    }

    private final List<X509Certificate> chain;
    private final PrivateKey key;

    private Identity(List<X509Certificate> chain, PrivateKey key) {
        this.chain = List.copyOf(chain);
        this.key = key;
    }

    /** @throws BadTlsException unless the two belong together and every usual client takes them; whether they are in time is not asked */
    static Identity of(TlsFiles.Pair files, byte[] certificate, byte[] key, Purpose purpose) throws BadTlsException {
        List<X509Certificate> chain = Certificates.read(files.certificate(), certificate);
        ordered(files.certificate(), chain);
        strong(files.certificate(), chain.getFirst().getPublicKey());
        meantFor(files.certificate(), chain.getFirst(), purpose);
        PrivateKey secret = PrivateKeys.read(files.key(), key, files.password());
        if (!belong(chain.getFirst().getPublicKey(), secret)) {
            throw new BadTlsException(
                    "the key `" + files.key() + "` does not belong to the certificate `" + files.certificate() + "`",
                    "put the pair there that was made together");
        }
        return new Identity(chain, secret);
    }

    private static void ordered(Path path, List<X509Certificate> chain) throws BadTlsException {
        if (chain.size() > MOST_CERTIFICATES) {
            throw new BadTlsException("`" + path + "` holds more than " + MOST_CERTIFICATES + " certificates", "");
        }
        for (int i = 1; i < chain.size(); i++) {
            if (!chain.get(i - 1).getIssuerX500Principal().equals(chain.get(i).getSubjectX500Principal())) {
                throw new BadTlsException(
                        "in `" + path + "` certificate " + (i + 1) + " did not issue certificate " + i,
                        "order them: own first, then each one that issued the one before");
            }
        }
    }

    private static void strong(Path path, PublicKey key) throws BadTlsException {
        boolean strong = switch (key) {
            case RSAPublicKey rsa -> rsa.getModulus().bitLength() >= LEAST_RSA;
            case ECPublicKey ec ->
                CURVES.contains(ec.getParams().getCurve().getField().getFieldSize());
            default -> false;
        };
        if (!strong) {
            throw new BadTlsException(
                    "the certificate `" + path
                            + "` has a key that is not RSA of 2048 bits or more, or EC on P-256 or P-384",
                    "have one issued for such a key");
        }
    }

    private static void meantFor(Path path, X509Certificate own, Purpose purpose) throws BadTlsException {
        try {
            List<String> usages = own.getExtendedKeyUsage();
            if (usages != null && !usages.contains(purpose.usage) && !usages.contains(ANY_PURPOSE)) {
                throw new BadTlsException(
                        "the certificate `" + path + "` is not for " + purpose.words + " (extended key usage)",
                        "have one issued that is");
            }
        } catch (CertificateParsingException e) {
            throw new BadTlsException("`" + path + "` holds a certificate that cannot be read", "");
        }
    }

    private static boolean belong(PublicKey open, PrivateKey secret) {
        if (!open.getAlgorithm().equals(secret.getAlgorithm())) {
            return false;
        }
        try {
            byte[] text = {1, 2, 3};
            Signature signature =
                    Signature.getInstance(open.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA");
            signature.initSign(secret);
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(open);
            signature.update(text);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    CertificateFacts facts() {
        return CertificateFacts.of(chain.getFirst());
    }

    X509Certificate[] chain() {
        return chain.toArray(X509Certificate[]::new);
    }

    PrivateKey key() {
        return key;
    }

    @Override
    public String toString() {
        return "Identity[" + chain.getFirst().getSubjectX500Principal() + "]";
    }
}
