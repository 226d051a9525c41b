package dev.reeve.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.ssl.SslContext;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that change while they are in use. */
final class RenewingTest {
    private static final Renewing.Announcement FINE = (facts, version) -> {};

    @TempDir
    private Path folder;

    private final TestCa authority = new TestCa("Test CA");
    private Instant now = Instant.now();

    RenewingTest() throws Exception {}

    private Renewing<SslContext> listener(TlsFiles.Pair pair) throws BadTlsException {
        return Renewing.listener(TestCa.files(pair), false, TlsLibrary.JDK);
    }

    /** Looks until the quiet time is over. */
    private List<Renewing.News> looks(Renewing<?> one) {
        List<Renewing.News> news = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            one.look(now, FINE).ifPresent(news::add);
            now = now.plus(Renewing.QUIET);
        }
        return news;
    }

    @Test
    void aReplacedPairComesIntoForceOnce() throws Exception {
        TlsFiles.Pair pair = TestCa.write(authority.server(), folder, "a");
        Renewing<SslContext> one = listener(pair);
        SslContext before = one.current();
        assertEquals(List.of(), looks(one));
        X509Bundle next = authority.server();
        TestCa.write(next, folder, "a");
        List<Renewing.News> news = looks(one);
        assertEquals(1, news.size());
        assertInstanceOf(Renewing.News.Renewed.class, news.getFirst());
        assertNotSame(before, one.current());
        assertEquals(CertificateFacts.of(next.getCertificate()), one.facts().orElseThrow());
        assertEquals(List.of(), looks(one));
    }

    @Test
    void aSwappedFolderLinkIsSeen() throws Exception {
        Path first = Files.createDirectory(folder.resolve("..1"));
        Path second = Files.createDirectory(folder.resolve("..2"));
        TestCa.write(authority.server(), first, "tls");
        X509Bundle next = authority.server();
        TestCa.write(next, second, "tls");
        Path data = Files.createSymbolicLink(folder.resolve("..data"), first);
        Files.createSymbolicLink(folder.resolve("tls.pem"), Path.of("..data", "tls.pem"));
        Files.createSymbolicLink(folder.resolve("tls.key"), Path.of("..data", "tls.key"));
        Renewing<SslContext> one =
                listener(new TlsFiles.Pair(folder.resolve("tls.pem"), folder.resolve("tls.key"), Optional.empty()));
        Path beside = Files.createSymbolicLink(folder.resolve("..data_tmp"), second);
        Files.move(beside, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        assertEquals(1, looks(one).size());
        assertEquals(CertificateFacts.of(next.getCertificate()), one.facts().orElseThrow());
    }

    @Test
    void aPairThatIsHalfThereIsRefusedWholeAndTakenWhenItIsComplete() throws Exception {
        TlsFiles.Pair pair = TestCa.write(authority.server(), folder, "a");
        Renewing<SslContext> one = listener(pair);
        SslContext before = one.current();
        X509Bundle next = authority.server();
        TestCa.replace(pair.certificate(), next.getCertificatePathPEM());
        List<Renewing.News> news = looks(one);
        assertEquals(1, news.size());
        assertTrue(((Renewing.News.Refused) news.getFirst()).why().problem().contains("does not belong to"));
        assertSame(before, one.current());
        assertTrue(one.trouble().orElseThrow().contains("does not belong to"));
        TestCa.key(pair.key(), next.getPrivateKeyPEM());
        assertInstanceOf(Renewing.News.Renewed.class, looks(one).getFirst());
        assertEquals(Optional.empty(), one.trouble());
        assertEquals(CertificateFacts.of(next.getCertificate()), one.facts().orElseThrow());
    }

    @Test
    void aFileThatIsBeingWrittenIsNotTaken() throws Exception {
        TlsFiles.Pair pair = TestCa.write(authority.server(), folder, "a");
        Renewing<SslContext> one = listener(pair);
        String whole = authority.server().getCertificatePathPEM();
        for (int length = 10; length < 200; length += 40) {
            Files.writeString(pair.certificate(), whole.substring(0, length));
            assertEquals(Optional.empty(), one.look(now, FINE));
            now = now.plus(Renewing.QUIET.dividedBy(2));
        }
        List<Renewing.News> news = looks(one);
        assertEquals(1, news.size());
        assertTrue(((Renewing.News.Refused) news.getFirst()).why().line().contains("in the middle of a PEM block"));
    }

    @Test
    void filesThatAreAsBeforeAgainEndTheTrouble() throws Exception {
        X509Bundle bundle = authority.server();
        TlsFiles.Pair pair = TestCa.write(bundle, folder, "a");
        Renewing<SslContext> one = listener(pair);
        Files.delete(pair.key());
        assertTrue(
                ((Renewing.News.Refused) looks(one).getFirst()).why().problem().contains("there is no file"));
        TestCa.key(pair.key(), bundle.getPrivateKeyPEM());
        assertEquals(1, looks(one).size());
        assertEquals(Optional.empty(), one.trouble());
    }

    @Test
    void aCertificateThatHasExpiredDoesNotReplaceOneThatHasNot() throws Exception {
        TlsFiles.Pair pair = TestCa.write(authority.server(), folder, "a");
        Renewing<SslContext> one = listener(pair);
        SslContext before = one.current();
        TestCa.write(authority.issue(TestCa.leaf("localhost").notAfter(now.minus(Duration.ofHours(1)))), folder, "a");
        assertInstanceOf(Renewing.News.Refused.class, looks(one).getFirst());
        assertSame(before, one.current());
    }

    @Test
    void whatCannotBeRecordedDoesNotComeIntoForceAndIsTriedAgain() throws Exception {
        TlsFiles.Pair pair = TestCa.write(authority.server(), folder, "a");
        Renewing<SslContext> one = listener(pair);
        SslContext before = one.current();
        TestCa.write(authority.server(), folder, "a");
        Renewing.Announcement full = (facts, version) -> {
            throw BadTlsException.unrecorded();
        };
        for (int i = 0; i < 3; i++) {
            Optional<Renewing.News> ignored = one.look(now, full);
            now = now.plus(Renewing.QUIET);
        }
        assertSame(before, one.current());
        assertInstanceOf(Renewing.News.Renewed.class, looks(one).getFirst());
        assertNotSame(before, one.current());
    }

    @Test
    void authoritiesAreRenewedToo() throws Exception {
        TlsFiles.Pair pair = TestCa.write(authority.server(), folder, "a");
        Path roots = authority.rootFile(folder);
        Renewing<SslContext> one =
                Renewing.listener(new TlsFiles(Optional.of(pair), Optional.of(roots)), true, TlsLibrary.best());
        SslContext before = one.current();
        TestCa.replace(roots, new TestCa("Other").root().getRootCertificatePEM());
        assertEquals(1, looks(one).size());
        assertNotSame(before, one.current());
    }

    @Test
    void nothingOfAKeyIsPrinted() throws IOException, Exception {
        X509Bundle bundle = authority.server();
        TlsFiles.Pair pair = TestCa.write(bundle, folder, "a");
        Material.Bytes bytes = Material.Bytes.read(TestCa.files(pair));
        String printed = bytes + " " + Material.of(TestCa.files(pair), bytes, Identity.Purpose.SERVER);
        String body = bundle.getPrivateKeyPEM().lines().toList().get(1);
        assertFalse(printed.contains(body) || printed.contains("BEGIN"), printed);
        BadTlsException bad = assertThrows(
                BadTlsException.class,
                () -> PrivateKeys.read(
                        pair.key(),
                        ("-----BEGIN PRIVATE KEY-----\n" + body + "\n")
                                .getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                        Optional.empty()));
        assertFalse(bad.line().contains(body), bad.line());
    }
}
