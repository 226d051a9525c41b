package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.json.Json;
import dev.reeve.metrics.Metrics;
import dev.reeve.tls.Renewing;
import dev.reeve.tls.TestCa;
import dev.reeve.tls.TlsFiles;
import dev.reeve.tls.TlsLibrary;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators are told of certificates while Reeve runs. */
final class CertificateWatchTest {
    @TempDir
    private Path folder;

    private final TestCa authority = new TestCa("Test CA");
    private final List<String> told = new ArrayList<>();
    private Instant now = Instant.now();

    CertificateWatchTest() throws Exception {}

    private final CertificateWatch.Told operator = new CertificateWatch.Told() {
        @Override
        public void record(String what, Json.Obj difference) {
            told.add("record " + what + " " + difference.string("subject").orElse(""));
        }

        @Override
        public void incident(String line) {
            told.add("incident " + line);
        }

        @Override
        public void info(String line) {
            told.add("info " + line);
        }
    };

    private CertificateWatch watch(TlsFiles.Pair pair) throws Exception {
        return new CertificateWatch(
                Map.of(TlsRoom.AGENTS, Renewing.listener(TestCa.files(pair), true, TlsLibrary.JDK)), () -> now);
    }

    private List<String> looks(CertificateWatch watch) {
        told.clear();
        for (int i = 0; i < 4; i++) {
            watch.look(operator);
            now = now.plusSeconds(1);
        }
        return List.copyOf(told);
    }

    @Test
    void aRenewalIsRecordedBeforeItIsTold() throws Exception {
        CertificateWatch watch = watch(TestCa.write(authority.server(), folder, "a"));
        assertEquals(List.of(), looks(watch));
        TestCa.write(authority.server(), folder, "a");
        List<String> said = looks(watch);
        assertEquals("record agents CN=localhost", said.getFirst());
        assertTrue(said.get(1).startsWith("info agents: in force for new connections, until "), said.get(1));
        assertEquals(2, said.size());
    }

    @Test
    void aRefusedPairIsAnIncidentOnceAndShownUntilItIsMended() throws Exception {
        TlsFiles.Pair pair = TestCa.write(authority.server(), folder, "a");
        CertificateWatch watch = watch(pair);
        TestCa.key(pair.key(), authority.server().getPrivateKeyPEM());
        List<String> said = looks(watch);
        assertEquals(1, said.size());
        assertTrue(said.getFirst().startsWith("incident tls_refused: agents: the key "), said.getFirst());
        assertEquals(List.of(), looks(watch));
        Metrics metrics = new Metrics();
        watch.measure(metrics);
        assertTrue(metrics.text().contains("reeve_tls_files_refused{of=\"agents\"} 1\n"), metrics.text());
        assertTrue(((Json.Obj) watch.status(TlsRoom.AGENTS))
                .string("problem")
                .orElseThrow()
                .contains("does not belong"));
    }

    @Test
    void theEndIsToldAtEachThresholdOnceAndThenKeepsTheProcessFromBeingReady() throws Exception {
        Instant end = now.plus(Duration.ofDays(30));
        CertificateWatch watch =
                watch(TestCa.write(authority.issue(TestCa.leaf("localhost").notAfter(end)), folder, "a"));
        assertEquals(List.of(), looks(watch));
        for (int days : new int[] {20, 6, 0}) {
            now = end.minus(Duration.ofDays(days)).minus(Duration.ofHours(1));
            List<String> said = looks(watch);
            assertEquals(1, said.size(), "with " + days + " days left: " + said);
            assertTrue(said.getFirst().contains("tls_expiry: the certificate of agents expires at "), said.getFirst());
            assertEquals(Optional.empty(), watch.trouble());
        }
        now = end.plusSeconds(1);
        assertTrue(looks(watch).getFirst().contains("has expired at"));
        assertTrue(watch.trouble().orElseThrow().contains("the certificate of the agents' address is valid from"));
    }

    @Test
    void theEndIsAMetric() throws Exception {
        CertificateWatch watch = watch(TestCa.write(authority.server(), folder, "a"));
        Metrics metrics = new Metrics();
        watch.measure(metrics);
        assertTrue(metrics.text().contains("reeve_tls_certificate_not_after_seconds{of=\"agents\"} "), metrics.text());
    }
}
