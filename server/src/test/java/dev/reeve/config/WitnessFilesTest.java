package dev.reeve.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.ledger.CosigningKey;
import dev.reeve.ledger.SigningKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator writes about the record in the open: listen.log, witnesses, and the file of a witness. */
final class WitnessFilesTest {
    @TempDir
    private Path folder;

    private String one;
    private String two;
    private String log;

    @BeforeEach
    void keys() throws IOException {
        one = CosigningKey.loadOrCreate(folder.resolve("k/one"), "w.example.com/one")
                .verifier()
                .toString();
        two = CosigningKey.loadOrCreate(folder.resolve("k/two"), "w.example.com/two")
                .verifier()
                .toString();
        log = SigningKeys.loadOrCreate(folder.resolve("k/log"), "example.com/log")
                .verifiers()
                .all()
                .getFirst()
                .toString();
    }

    private Path home() throws IOException {
        return Files.createDirectories(folder.resolve("home"));
    }

    private Map<String, String> environment() {
        return Map.of("XDG_CONFIG_HOME", folder.resolve("cfg").toString());
    }

    private Loaded<ReeveConfig> reeve(String text) throws IOException {
        Files.writeString(home().resolve("reeve.yaml"), text);
        return ReeveFile.read(Home.of(home(), Optional.empty(), environment()));
    }

    private Loaded<WitnessConfig> witness(String text) throws IOException {
        Path file = Files.writeString(home().resolve("witness.yaml"), text);
        return WitnessFile.read(Home.ofFile(file, Optional.empty(), environment()));
    }

    private static void assertWrong(Loaded<?> loaded, String... lines) {
        assertTrue(loaded.value().isEmpty(), loaded.text());
        assertEquals(
                List.of(lines), loaded.problems().stream().map(ProblemText::of).toList());
    }

    @Test
    void theRecordIsServedOnlyWhereItIsConfiguredAndToAdministratorsUnlessItSaysAnybody() throws IOException {
        assertEquals(Optional.empty(), reeve("").value().orElseThrow().listen().log());
        ReeveConfig.LogListener alone = reeve("listen: { log: 127.0.0.1:7072 }")
                .value()
                .orElseThrow()
                .listen()
                .log()
                .orElseThrow();
        assertEquals(7072, alone.listener().address().getPort());
        assertFalse(alone.anybody());
        ReeveConfig.LogListener open = reeve("listen: { log: { address: 127.0.0.1:0, readers: anybody } }")
                .value()
                .orElseThrow()
                .listen()
                .log()
                .orElseThrow();
        assertTrue(open.anybody());
        assertWrong(
                reeve("listen: { log: { readers: anybody } }"),
                "reeve.yaml:1: listen.log: has no `address`; write it: `{ address: HOST:PORT, ... }`");
        assertTrue(reeve("listen: { log: 0.0.0.0:7072 }").text().contains("is not loopback and needs TLS"));
        assertTrue(reeve("listen: { agents: 127.0.0.1:7072, log: 127.0.0.1:7072 }")
                .text()
                .contains("two listeners have the same port"));
    }

    @Test
    void witnessesAreReadWithTheirQuorum() throws IOException {
        WitnessesConfig config =
                reeve("""
                        witnesses:
                          quorum: 1
                          alarm_after: 1h
                          ask:
                            one: { url: "https://w.example.com/one", key: "%s", allow_addresses: [10.1.0.0/16] }
                            two: { url: "http://127.0.0.1:7080/", key: "%s" }
                        """.formatted(one, two)).value().orElseThrow().witnesses().orElseThrow();
        assertEquals(
                List.of("one", "two"),
                config.ask().stream().map(WitnessesConfig.Witness::name).toList());
        assertEquals(1, config.quorum());
        assertEquals(Duration.ofSeconds(10), config.every());
        assertEquals(Duration.ofHours(1), config.alarmAfter());
        assertEquals(1, config.ask().getFirst().allowAddresses().size());
        assertEquals(Optional.empty(), reeve("").value().orElseThrow().witnesses());
    }

    @Test
    void aQuorumThatCannotBeHadAndAKeyThatIsNoWitnesssAreRefused() throws IOException {
        String ask = "  ask: { one: { url: \"https://w.example.com\", key: \"%s\" } }\n";
        assertWrong(
                reeve("witnesses:\n  quorum: 2\n" + ask.formatted(one)),
                "reeve.yaml:2: witnesses: a quorum of 2 cannot be had of 1 witnesses");
        assertWrong(
                reeve("witnesses:\n" + ask.formatted(one)),
                "reeve.yaml:2: witnesses: \"quorum\" is missing; How many of them must have cosigned a checkpoint.");
        assertTrue(
                reeve("witnesses:\n  quorum: 1\n" + ask.formatted(log)).text().contains("a log's own"));
        assertTrue(reeve("witnesses:\n  quorum: 1\n"
                        + ask.formatted(one.replace("+AA", "+AB").replace("/one", "/onf")))
                .text()
                .contains("does not fit its own hash"));
        assertTrue(reeve("witnesses:\n  quorum: 1\n"
                        + "  ask: { one: { url: \"http://w.example.com\", key: \"%s\" } }\n".formatted(one))
                .text()
                .contains("http goes to loopback only"));
        assertTrue(reeve("witnesses:\n  quorum: 2\n"
                        + ("  ask: { one: { url: \"https://w.example.com\", key: \"%s\" },"
                                        + " same: { url: \"https://v.example.com\", key: \"%s\" } }\n")
                                .formatted(one, one))
                .text()
                .contains("have the same key: it counts once"));
    }

    @Test
    void theFileOfAWitnessHasItsNameAndTheLogsThatItKnows() throws IOException {
        WitnessConfig config = witness("""
                        name: w.example.com/one
                        logs:
                          example.com/log: "%s"
                          "go.sum database tree": ["%s"]
                        """.formatted(log, log)).value().orElseThrow();
        assertEquals("w.example.com/one", config.name());
        assertEquals(7080, config.listen().address().getPort());
        assertEquals(home().resolve("witness-state"), config.state());
        assertEquals(folder.resolve("cfg/reeve/witness.key"), config.key());
        assertEquals(
                List.of("example.com/log", "go.sum database tree"),
                List.copyOf(config.logs().keySet()));
        String rest = "\nlogs: { example.com/log: \"" + log + "\" }\n";
        assertWrong(
                witness("name: w\nstate: s\nkey: s/witness.key" + rest),
                "witness.yaml:3: key: the key lies in the folder of the state; keep it elsewhere: a copy of the state"
                        + " must not give away the key");
        assertTrue(witness("name: w\nlisten: 0.0.0.0:7080" + rest).text().contains("needs TLS"));
        assertTrue(witness("name: \"a b\"" + rest).value().isEmpty());
        assertTrue(witness("name: w\n").text().contains("\"logs\" is missing"));
        assertTrue(witness("name: w\nlogs: { x: \"" + one + "\" }\n")
                .text()
                .contains("is neither an Ed25519 nor an ML-DSA-44 key"));
    }
}
