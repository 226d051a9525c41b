package dev.reeve.tls;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** An authority for one test, and what it issues. */
public final class TestCa {
    private final X509Bundle root;

    public TestCa(String name) throws Exception {
        this.root = new CertificateBuilder()
                .ecp256()
                .subject("CN=" + name)
                .setIsCertificateAuthority(true)
                .notBefore(Instant.now().minus(Duration.ofDays(365)))
                .notAfter(Instant.now().plus(Duration.ofDays(365)))
                .buildSelfSigned();
    }

    /** With all usual properties; altered by the caller before it is issued. */
    public static CertificateBuilder leaf(String... names) {
        CertificateBuilder builder = new CertificateBuilder()
                .ecp256()
                .subject("CN=" + names[0])
                .notBefore(Instant.now().minus(Duration.ofDays(1)))
                .notAfter(Instant.now().plus(Duration.ofDays(90)));
        for (String name : names) {
            if (name.matches("[0-9.]+")) {
                builder.addSanIpAddress(name);
            } else {
                builder.addSanDnsName(name);
            }
        }
        return builder;
    }

    public X509Bundle issue(CertificateBuilder builder) throws Exception {
        return builder.buildIssuedBy(root);
    }

    /** For localhost and 127.0.0.1. */
    public X509Bundle server() throws Exception {
        return issue(leaf("localhost", "127.0.0.1").addExtendedKeyUsageServerAuth());
    }

    public X509Bundle client(String name) throws Exception {
        return issue(leaf(name).addExtendedKeyUsageClientAuth());
    }

    public X509Bundle root() {
        return root;
    }

    public Path rootFile(Path folder) throws IOException {
        return Files.writeString(folder.resolve("ca.pem"), root.getRootCertificatePEM());
    }

    /** {@code NAME.pem} and {@code NAME.key}. */
    public static TlsFiles.Pair write(X509Bundle bundle, Path folder, String name) throws IOException {
        TlsFiles.Pair pair =
                new TlsFiles.Pair(folder.resolve(name + ".pem"), folder.resolve(name + ".key"), Optional.empty());
        replace(pair.certificate(), bundle.getCertificatePathPEM());
        key(pair.key(), bundle.getPrivateKeyPEM());
        return pair;
    }

    public static void key(Path path, String pem) throws IOException {
        replace(path, pem);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    }

    /** In one step, as a careful program does. */
    public static void replace(Path path, String text) throws IOException {
        Path beside = path.resolveSibling(path.getFileName() + ".new");
        Files.writeString(beside, text);
        Files.setPosixFilePermissions(beside, PosixFilePermissions.fromString("rw-------"));
        Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    public static TlsFiles files(TlsFiles.Pair pair) {
        return new TlsFiles(Optional.of(pair), Optional.empty());
    }
}
