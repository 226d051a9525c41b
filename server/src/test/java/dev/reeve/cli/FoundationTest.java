package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.agents.Credential.ApiKey;
import dev.reeve.config.Home;
import dev.reeve.config.ReeveConfig;
import dev.reeve.config.ReeveFile;
import dev.reeve.control.Administration;
import dev.reeve.control.Administration.Shown;
import dev.reeve.control.NewAgent;
import dev.reeve.control.RefusedException;
import dev.reeve.identity.Claim;
import dev.reeve.identity.Identification;
import dev.reeve.metrics.Metrics;
import dev.reeve.secrets.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one start makes of what the last one left, or of what somebody put in its place. */
final class FoundationTest {
    private static final String ANA = "local:ana";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private ReeveConfig config;

    private final List<String> incidents = new ArrayList<>();

    @BeforeEach
    void configure() throws IOException {
        Files.writeString(folder.resolve("reeve.yaml"), "keys: ./keys\n");
        Home home = Home.of(folder, Optional.empty(), Map.of());
        config = ReeveFile.read(home).value().orElseThrow();
    }

    @Test
    void theFileThatIsRecordedAtTheStartIsTheOneThatWasRead() throws Exception {
        Path other = Files.writeString(folder.resolve("other.yaml"), "keys: ./keys\nlisten: { agents: 127.0.0.1:0 }\n");
        config = ReeveFile.read(Home.ofFile(other, Optional.empty(), Map.of()))
                .value()
                .orElseThrow();
        List<String> recorded = new ArrayList<>();
        try (Foundation foundation = open()) {
            foundation.recordStart();
            foundation.ledger().read(0, (index, leaf, hidden) -> {
                hidden.forEach(one -> recorded.add(new String(one.value(), StandardCharsets.UTF_8)));
                return true;
            });
        }
        assertTrue(recorded.stream().anyMatch(text -> text.contains("other.yaml")), recorded.toString());
    }

    private Foundation open() throws CommandException {
        return Foundation.open(config, new Metrics(), incidents::add);
    }

    private static Shown<ApiKey> key(Foundation foundation) throws RefusedException {
        Administration administration = foundation.room().administration();
        administration.createAgent(ANA, new NewAgent("clerk", Set.of(), Optional.empty(), Map.of()));
        return administration.createKey(ANA, "clerk", Duration.ofDays(1));
    }

    private static String answer(Foundation foundation, Secret key) {
        return switch (foundation.room().authenticator().identify(new Claim.ApiKey(key))) {
            case Identification.Known ignored -> "known";
            case Identification.Unknown unknown -> unknown.code();
        };
    }

    private void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private void delete(Path tree) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private void removeMark() throws IOException {
        try (Stream<Path> files = Files.list(config.keys())) {
            for (Path file :
                    files.filter(one -> one.toString().endsWith(".mark")).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void aRestoredStoreDoesNotMakeARevokedKeyGoodAgain() throws Exception {
        Shown<ApiKey> key;
        try (Foundation foundation = open()) {
            key = key(foundation);
        }
        Path store = config.data().resolve("store.db");
        Path backup = folder.resolve("backup.db");
        Files.copy(store, backup);
        try (Foundation foundation = open()) {
            foundation.room().administration().revokeKey(ANA, key.credential().id());
            foundation.flush();
        }
        Files.copy(backup, store, StandardCopyOption.REPLACE_EXISTING);
        String refused =
                String.valueOf(assertThrows(CommandException.class, this::open).getMessage());
        assertTrue(refused.contains("the store is older than what was seen of it"), refused);

        removeMark();
        try (Foundation foundation = open()) {
            assertEquals("key_revoked", answer(foundation, key.text()));
            assertTrue(incidents.stream().anyMatch(line -> line.startsWith("store_behind: ")), incidents::toString);
        }
        incidents.clear();
        try (Foundation foundation = open()) {
            assertEquals("key_revoked", answer(foundation, key.text()));
            assertEquals(List.of(), incidents, "told once");
        }
    }

    @Test
    void aLedgerThatIsOlderThanWhatTheStoreSawIsRefused() throws Exception {
        Path ledger = config.data().resolve("ledger");
        try (Foundation foundation = open()) {
            key(foundation);
        }
        copy(ledger, folder.resolve("backup"));
        try (Foundation foundation = open()) {
            foundation.room().administration().suspend(ANA, "clerk");
            foundation.flush();
        }
        delete(ledger);
        String gone =
                String.valueOf(assertThrows(CommandException.class, this::open).getMessage());
        assertTrue(gone.startsWith("the ledger is older than what the store saw of it (it has 0 records, "), gone);
        delete(ledger);
        copy(folder.resolve("backup"), ledger);
        String older =
                String.valueOf(assertThrows(CommandException.class, this::open).getMessage());
        assertTrue(older.contains("put back the newest copy"), older);
    }

    @Test
    void timeThatTheLedgerSawIsNotForgottenWithTheStore() throws Exception {
        try (Foundation foundation = open()) {
            key(foundation);
            java.time.Instant later = foundation.clock().read().now().plusSeconds(3_600);
            foundation.clock().notBefore(later);
            assertTrue(foundation.clock().read().doubtful());
            assertTrue(!foundation.clock().read().now().isBefore(later));
        }
    }

    @Test
    void anActOfThePersonThatAgentsRunAsIsMarked() throws Exception {
        try (Foundation foundation = open()) {
            key(foundation);
            assertEquals(false, foundation.agentsRunHere());
            long user = (int) Files.getAttribute(config.data(), "unix:uid");
            foundation.room().administration().registerConnector(ANA, "clerk", user + 1);
            assertEquals(false, foundation.agentsRunHere());
            foundation.room().administration().registerConnector(ANA, "clerk", user);
            assertEquals(true, foundation.agentsRunHere());
            foundation.room().administration().withdrawConnectors(ANA, "clerk");
            assertEquals(false, foundation.agentsRunHere());
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsSaidInOneLine() throws Exception {
        open().close();
        Path data = config.data();
        delete(data);
        Files.writeString(data, "a file stands where the folder should be");
        String refused =
                String.valueOf(assertThrows(CommandException.class, this::open).getMessage());
        assertTrue(refused.contains(data.toString()), refused);
        assertEquals(1, refused.lines().count(), refused);
    }
}
