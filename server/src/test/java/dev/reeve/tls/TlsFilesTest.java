package dev.reeve.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.secrets.Secret;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.pkcs.jcajce.JcaPKCS8EncryptedPrivateKeyInfoBuilder;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEOutputEncryptorBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read of certificates and keys, and what is refused with which words. */
final class TlsFilesTest {
    @TempDir
    private Path folder;

    private final TestCa authority = new TestCa("Test CA");

    TlsFilesTest() throws Exception {}

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    private void refused(String words, TlsFiles files) {
        BadTlsException bad = assertThrows(BadTlsException.class, () -> Renewing.check(files, true));
        assertTrue(bad.line().contains(words), bad.line());
    }

    private TlsFiles.Pair pair(X509Bundle bundle) throws Exception {
        return TestCa.write(bundle, folder, "a");
    }

    @Test
    void rsaAndEcKeysAreReadInEveryUsualForm() throws Exception {
        for (boolean rsa : new boolean[] {true, false}) {
            CertificateBuilder builder = TestCa.leaf("localhost");
            X509Bundle bundle = authority.issue(rsa ? builder.rsa2048() : builder);
            TlsFiles.Pair pair = pair(bundle);
            assertTrue(Renewing.check(TestCa.files(pair), true).isPresent());
            byte[] inner = PrivateKeyInfo.getInstance(
                            bundle.getKeyPair().getPrivate().getEncoded())
                    .parsePrivateKey()
                    .toASN1Primitive()
                    .getEncoded();
            if (rsa) {
                TestCa.key(pair.key(), pem("RSA PRIVATE KEY", inner));
                assertTrue(Renewing.check(TestCa.files(pair), true).isPresent());
            }
        }
    }

    @Test
    void anEcKeyInTheFormOfOpenSslIsRead() throws Exception {
        X509Bundle bundle = authority.server();
        TlsFiles.Pair pair = pair(bundle);
        PrivateKeyInfo info =
                PrivateKeyInfo.getInstance(bundle.getKeyPair().getPrivate().getEncoded());
        var plain = org.bouncycastle.asn1.sec.ECPrivateKey.getInstance(info.parsePrivateKey());
        var named = new org.bouncycastle.asn1.sec.ECPrivateKey(
                256, plain.getKey(), info.getPrivateKeyAlgorithm().getParameters());
        TestCa.key(pair.key(), pem("EC PRIVATE KEY", named.getEncoded()));
        assertTrue(Renewing.check(TestCa.files(pair), true).isPresent());
        TestCa.key(
                pair.key(),
                pem("EC PRIVATE KEY", new org.bouncycastle.asn1.sec.ECPrivateKey(256, plain.getKey()).getEncoded()));
        refused("does not say which curve", TestCa.files(pair));
    }

    @Test
    void anEncryptedKeyNeedsItsPassword() throws Exception {
        X509Bundle bundle = authority.server();
        TlsFiles.Pair pair = pair(bundle);
        byte[] encrypted = new JcaPKCS8EncryptedPrivateKeyInfoBuilder(
                        bundle.getKeyPair().getPrivate())
                .build(new JcePKCSPBEOutputEncryptorBuilder(NISTObjectIdentifiers.id_aes256_CBC)
                        .setProvider(new BouncyCastleProvider())
                        .setPRF(new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA256, DERNull.INSTANCE))
                        .build("open sesame".toCharArray()))
                .getEncoded();
        TestCa.key(pair.key(), pem("ENCRYPTED PRIVATE KEY", encrypted));
        refused("is encrypted; write `key_password: { secret: NAME }`", TestCa.files(pair));
        refused("the password of the private key", with(pair, "wrong"));
        assertTrue(Renewing.check(with(pair, "open sesame"), true).isPresent());
    }

    private static TlsFiles with(TlsFiles.Pair pair, String password) {
        return TestCa.files(new TlsFiles.Pair(pair.certificate(), pair.key(), Optional.of(Secret.of(password))));
    }

    @Test
    void aKeyThatOthersMayReadIsRefusedWithTheFix() throws Exception {
        TlsFiles.Pair pair = pair(authority.server());
        for (String open : new String[] {"rw-r-----", "rw----r--", "rw--w----", "rwx------"}) {
            Files.setPosixFilePermissions(pair.key(), PosixFilePermissions.fromString(open));
            refused("chmod 600 " + pair.key(), TestCa.files(pair));
        }
        Files.setPosixFilePermissions(pair.key(), PosixFilePermissions.fromString("r--------"));
        assertTrue(Renewing.check(TestCa.files(pair), true).isPresent());
    }

    @Test
    void aKeyOfRootsMayBeReadByTheGroupThatAVolumeGivesIt() {
        assertTrue(FileBytes.isPrivate(PosixFilePermissions.fromString("r--r-----"), true));
        assertFalse(FileBytes.isPrivate(PosixFilePermissions.fromString("r--r--r--"), true));
        assertFalse(FileBytes.isPrivate(PosixFilePermissions.fromString("r--r-----"), false));
    }

    @Test
    void aCertificateThatEverybodyMayChangeIsRefused() throws Exception {
        TlsFiles.Pair pair = pair(authority.server());
        Files.setPosixFilePermissions(pair.certificate(), PosixFilePermissions.fromString("rw-rw-rw-"));
        refused("everybody on this machine may change", TestCa.files(pair));
    }

    @Test
    void whatIsNoPairIsRefusedWithItsReason() throws Exception {
        TlsFiles.Pair pair = pair(authority.server());
        TestCa.key(pair.key(), authority.server().getPrivateKeyPEM());
        refused("does not belong to the certificate", TestCa.files(pair));
        TestCa.key(pair.key(), "nothing\n");
        refused("holds no PEM blocks", TestCa.files(pair));
        TestCa.key(pair.key(), authority.server().getCertificatePathPEM());
        refused("holds no private key", TestCa.files(pair));
        TestCa.key(pair.key(), pem("DSA PRIVATE KEY", new byte[] {1}));
        refused("holds a DSA PRIVATE KEY, which is not read", TestCa.files(pair));
        TestCa.key(pair.key(), "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n");
        refused("encrypted in the old way", TestCa.files(pair));
        TestCa.key(pair.key(), pem("PRIVATE KEY", new byte[] {1, 2, 3}));
        refused("neither RSA nor EC", TestCa.files(pair));
        Files.delete(pair.key());
        refused("there is no file", TestCa.files(pair));
        Files.createDirectory(pair.key());
        refused("is not a file", TestCa.files(pair));
    }

    @Test
    void certificatesThatClientsWouldRefuseAreRefusedHere() throws Exception {
        refused(
                "not for servers",
                TestCa.files(pair(authority.issue(TestCa.leaf("localhost").addExtendedKeyUsageClientAuth()))));
        refused(
                "not RSA of 2048 bits or more",
                TestCa.files(pair(
                        authority.issue(TestCa.leaf("localhost").algorithm(CertificateBuilder.Algorithm.ed25519)))));
        TlsFiles.Pair pair = pair(authority.server());
        TestCa.replace(
                pair.certificate(),
                authority.server().getCertificatePEM() + authority.server().getCertificatePEM());
        refused("did not issue certificate 1", TestCa.files(pair));
    }

    @Test
    void anAuthorityMustBeOne() throws Exception {
        Path file =
                Files.writeString(folder.resolve("ca.pem"), authority.server().getCertificatePEM());
        refused("is no authority's", new TlsFiles(Optional.empty(), Optional.of(file)));
    }

    @Test
    void hugeFilesAreNotRead() throws Exception {
        TlsFiles.Pair pair = pair(authority.server());
        Files.write(pair.certificate(), new byte[FileBytes.MOST + 1]);
        refused("has more than", TestCa.files(pair));
    }

    @Test
    void aKeyOfAnyBytesIsRefusedAndNeverCrashes() throws Exception {
        TlsFiles.Pair pair = pair(authority.server());
        long seed = System.nanoTime();
        RandomGenerator random = new java.util.Random(seed);
        for (int i = 0; i < 2_000; i++) {
            byte[] der = new byte[random.nextInt(40)];
            random.nextBytes(der);
            if (der.length > 1) {
                der[0] = 0x30;
            }
            byte[] file = pem("EC PRIVATE KEY", der).getBytes(StandardCharsets.US_ASCII);
            assertThrows(
                    BadTlsException.class,
                    () -> PrivateKeys.read(pair.key(), file, Optional.empty()),
                    () -> "seed " + seed);
        }
    }

    @Test
    void namesAreComparedAsClientsDo() throws Exception {
        Instant now = Instant.now();
        CertificateFacts facts = new CertificateFacts(
                "CN=a", "CN=ca", List.of("a.example.com", "*.b.example.com", "10.1.2.3"), now, now, "");
        assertTrue(facts.covers("A.example.com"));
        assertTrue(facts.covers("x.b.example.com"));
        assertTrue(facts.covers("10.1.2.3"));
        assertFalse(facts.covers("b.example.com"));
        assertFalse(facts.covers("y.x.b.example.com"));
        assertFalse(facts.covers("a.example.com.evil.example"));
        CertificateFacts read = CertificateFacts.of(authority.server().getCertificate());
        assertEquals("CN=localhost", read.subject());
        assertEquals(List.of("localhost", "127.0.0.1"), read.names());
    }
}
