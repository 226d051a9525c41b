package dev.reeve.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** One certificate for both sides of a run, its own authority, made by the JDK's keytool. */
final class BenchCertificates {
    private static final String PASSWORD = "changeit";

    private final Path certificate;
    private final Path key;
    private final KeyStore store;

    private BenchCertificates(Path certificate, Path key, KeyStore store) {
        this.certificate = certificate;
        this.key = key;
        this.store = store;
    }

    static BenchCertificates make(Path folder) throws IOException, InterruptedException {
        Path file = folder.resolve("tls.p12");
        Process keytool = new ProcessBuilder((Path.of(System.getProperty("java.home"), "bin", "keytool")
                                + " -genkeypair -alias a -keyalg EC -groupname secp256r1 -dname CN=localhost -validity 2"
                                + " -ext san=dns:localhost,ip:127.0.0.1 -ext bc:c=ca:true -storetype PKCS12 -storepass "
                                + PASSWORD + " -keystore " + file)
                        .split(" ", -1))
                .inheritIO()
                .start();
        if (keytool.waitFor() != 0) {
            throw new IllegalStateException("keytool failed");
        }
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD.toCharArray());
            Path certificate = pem(
                    folder.resolve("tls.pem"),
                    "CERTIFICATE",
                    store.getCertificate("a").getEncoded());
            Path key = pem(
                    folder.resolve("tls.key"),
                    "PRIVATE KEY",
                    store.getKey("a", PASSWORD.toCharArray()).getEncoded());
            return new BenchCertificates(certificate, key, store);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path pem(Path path, String label, byte[] der) throws IOException {
        Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        byte[] line = "\n".getBytes(StandardCharsets.US_ASCII);
        return Files.writeString(
                path,
                "-----BEGIN " + label + "-----\n"
                        + Base64.getMimeEncoder(64, line).encodeToString(der) + "\n-----END " + label + "-----\n");
    }

    /** For the upstream's process. */
    List<String> files() {
        return List.of(certificate.toString(), key.toString());
    }

    /** For reeve.yaml. */
    String listener() {
        return "{ certificate: \"" + certificate + "\", key: \"" + key + "\" }";
    }

    String upstream() {
        return "{ ca: \"" + certificate + "\" }";
    }

    /** For the load generator: it verifies as any client does. */
    SocketFactory sockets() {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            KeyStore roots = KeyStore.getInstance("PKCS12");
            roots.load(null, null);
            roots.setCertificateEntry("a", store.getCertificate("a"));
            trust.init(roots);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
