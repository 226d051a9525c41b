package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.json.Json;
import dev.reeve.ledger.Checkpoint;
import dev.reeve.ledger.CosigningKey;
import dev.reeve.ledger.Ledger;
import dev.reeve.ledger.LedgerSettings;
import dev.reeve.ledger.LedgerVerifier;
import dev.reeve.ledger.SigningKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator types to give the record to an outsider, and what the outsider types. */
final class AuditProofCommandsTest {
    @TempDir
    private Path folder;

    private Path home;
    private Path out;

    @BeforeEach
    void recordSomething() throws IOException {
        home = Files.createDirectory(folder.resolve("home"));
        out = folder.resolve("out");
        Files.writeString(
                home.resolve("reeve.yaml"), "listen: { agents: \"127.0.0.1:0\", control: \"127.0.0.1:0\" }\n");
        for (String agent : List.of("ana", "ben")) {
            assertEquals(0, reeve("agent", "create", agent, "--role", "reader").code());
        }
    }

    private Typed reeve(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "--home", home.toString(), "--keys", home.resolve("keys").toString()));
        return bare(all.toArray(String[]::new));
    }

    /** As somebody who has no installation. */
    private static Typed bare(String... arguments) {
        return Typed.run(List.of(arguments));
    }

    private String key() {
        return reeve("audit", "key").out().strip();
    }

    private Path proof(String record) {
        Path file = folder.resolve("record.tlog-proof");
        Typed made = reeve("audit", "prove", record, "--out", file.toString());
        assertEquals(0, made.code(), made.err());
        return file;
    }

    @Test
    void theKeysAreTwoLinesThatEverybodyMayHave() throws Exception {
        Typed said = reeve("audit", "key");
        assertEquals(0, said.code(), said.err());
        String named = "reeve\\.local/[0-9a-f]{8}\\+[0-9a-f]{8}\\+";
        assertTrue(said.out().matches(named + "[A-Za-z0-9+/]{44}\n" + named + "[A-Za-z0-9+/=]{1752}\n"), said.out());
        List<String> lines = said.out().lines().toList();
        assertEquals(
                List.of("Ed25519", lines.get(0), "ML-DSA-44", lines.get(1)),
                reeve("audit", "key", "--json").json().array("keys").orElseThrow().items().stream()
                        .map(Json.Obj.class::cast)
                        .flatMap(key -> Stream.of(
                                key.string("algorithm").orElseThrow(),
                                key.string("key").orElseThrow()))
                        .toList());
        assertEquals(
                lines.get(1),
                reeve("audit", "key", "--algorithm", "ml-dsa-44").out().strip());
        assertEquals(2, reeve("audit", "key", "--algorithm", "rsa").code());
        Files.delete(home.resolve("keys/ledger.pub"));
        Typed none = reeve("audit", "key");
        assertEquals(1, none.code());
        assertTrue(none.err().contains("there is no key yet"), none.err());
    }

    /** New keys by a command: what was recorded before and after is verified by whoever has the old ones, or the new ones. */
    @Test
    void theOldKeysAndTheNewOnesVerifyWhatCameBeforeAndAfter() throws Exception {
        String old = key();
        Typed rotated = reeve("audit", "key", "rotate");
        assertEquals(0, rotated.code(), rotated.err());
        String fresh = rotated.out().strip();
        assertFalse(fresh.contains(old.lines().toList().getFirst()), fresh);
        assertEquals(fresh, key());
        assertEquals(0, reeve("agent", "create", "cem", "--role", "reader").code());
        reeve("audit", "export", out.toString(), "--key", old);
        for (String key : new String[] {old, fresh}) {
            for (Typed holds : List.of(
                    reeve("audit", "verify", "--key", key),
                    bare("audit", "verify", "--exported", out.toString(), "--key", key))) {
                assertEquals(0, holds.code(), holds.out() + holds.err());
                assertEquals(key.equals(old), holds.out().contains("named in record 2 under Ed25519"), holds.out());
            }
        }
        assertTrue(
                reeve("audit", "search", "--kind", "control").out().contains("ledger_keys"),
                reeve("audit", "search", "--kind", "control").out());
        assertEquals(0, reeve("audit", "show", "2").code());
        assertEquals(0, reeve("audit", "key", "rotate", "--json").code());
        assertEquals(0, reeve("audit", "verify", "--key", old).code());
    }

    /** A proof is given to somebody who got the keys years ago. */
    @Test
    void aProofUnderNewKeysIsCheckedWithTheOldOnesAndTheStepsBetween() throws Exception {
        String old = key();
        assertEquals(0, reeve("audit", "key", "rotate").code());
        assertEquals(0, reeve("audit", "key", "rotate").code());
        String proof = proof("1").toString();
        assertEquals(1, bare("audit", "check-proof", proof, "--key", old).code());
        reeve("audit", "export", out.toString());
        Typed holds = bare("audit", "check-proof", proof, "--key", old, "--successions", out.toString());
        assertEquals(0, holds.code(), holds.out() + holds.err());
        assertTrue(holds.out().contains("named in record 2 under Ed25519"), holds.out());
        assertTrue(holds.out().contains("named in record 3 under Ed25519"), holds.out());
        // One of the two steps does not lead there.
        String first = out.resolve("succession-000001").toString();
        assertEquals(
                1,
                bare("audit", "check-proof", proof, "--key", old, "--successions", first)
                        .code());
        Files.delete(out.resolve("succession-000001"));
        Typed torn = bare("audit", "check-proof", proof, "--key", old, "--successions", out.toString());
        assertEquals(1, torn.code());
        assertTrue(torn.err().contains("succession-000001"), torn.err());
        assertEquals(
                2,
                bare("audit", "check-proof", proof, "--key", old, "--successions", "nowhere")
                        .code());
    }

    /** Another installation's ledger would be signed by keys that are gone. */
    @Test
    void keysThatSeveralInstallationsHaveAreNotChanged() throws Exception {
        String before = key();
        Files.write(home.resolve("keys/store-00000000.key"), new byte[32]);
        Typed refused = reeve("audit", "key", "rotate");
        assertEquals(1, refused.code());
        assertTrue(refused.err().contains("more than one installation signs with"), refused.err());
        assertEquals(before, key());
        assertEquals(0, reeve("audit", "verify").code());
    }

    /** A visitor keeps a checkpoint, and reads only what is newer the next time. */
    @Test
    void whatIsNewerThanAKeptCheckpointIsVerifiedAlone() throws Exception {
        Path kept = folder.resolve("kept");
        Files.writeString(kept, reeve("audit", "checkpoint").out());
        assertEquals(0, reeve("agent", "create", "cem", "--role", "reader").code());
        Typed holds = reeve("audit", "verify", "--from", kept.toString());
        assertEquals(0, holds.code(), holds.out() + holds.err());
        assertEquals(LedgerVerifier.UNWITNESSED, holds.out().lines().toList().getFirst());
        assertTrue(holds.out().contains("warning: 2 entries before the kept checkpoint were not read"), holds.out());
        assertTrue(reeve("audit", "verify", "--from", kept.toString(), "--json")
                .json()
                .array("warnings")
                .orElseThrow()
                .items()
                .contains(new Json.Str("2 entries before the kept checkpoint were not read")));
        Files.writeString(kept, Files.readString(kept).replace("\n2\n", "\n1\n"));
        Typed forged = reeve("audit", "verify", "--from", kept.toString());
        assertEquals(1, forged.code());
        assertTrue(forged.out().contains("the kept checkpoint is not signed by the keys"), forged.out());
        assertEquals(2, reeve("audit", "verify", "--from", "nowhere").code());
    }

    @Test
    void anExportIsVerifiedByAStrangerWithTheKey() throws Exception {
        Typed exported = reeve("audit", "export", out.toString());
        assertEquals(0, exported.code(), exported.err());
        assertTrue(exported.out().matches("exported: ([0-9]+) records, \\1 of them new, root \\S+\n"), exported.out());
        Typed verified = bare("audit", "verify", "--exported", out.toString(), "--key", key());
        assertEquals(0, verified.code(), verified.out() + verified.err());
        assertEquals(
                LedgerVerifier.UNWITNESSED, verified.out().lines().findFirst().orElseThrow());
        assertTrue(verified.out().contains("\nholds: "), verified.out());
    }

    @Test
    void aSecondExportAddsWhatIsNewAndAKeptCheckpointStillHolds() throws Exception {
        Json.Obj first = reeve("audit", "export", out.toString(), "--json").json();
        Path kept = folder.resolve("kept");
        Files.copy(out.resolve("checkpoint"), kept);
        assertEquals(0, reeve("agent", "create", "cem", "--role", "reader").code());
        Json.Obj second = reeve("audit", "export", out.toString(), "--json").json();
        assertEquals(Json.of(1), second.get("new").orElseThrow(), second.toString());
        assertFalse(first.get("root").equals(second.get("root")));
        String[] verify = {
            "audit", "verify", "--exported", out.toString(), "--key", key(), "--kept", kept.toString(), "--json"
        };
        assertEquals(0, bare(verify).code());
        Path newest = folder.resolve("newest");
        Files.copy(out.resolve("checkpoint"), newest);
        Path older = folder.resolve("older");
        assertEquals(0, reeve("audit", "export", older.toString()).code());
        Files.copy(kept, older.resolve("checkpoint"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Typed refused =
                bare("audit", "verify", "--exported", older.toString(), "--key", key(), "--kept", newest.toString());
        assertEquals(1, refused.code(), refused.out());
        assertTrue(refused.out().contains("DOES NOT HOLD: record "), refused.out());
    }

    private CosigningKey witness(String name) throws IOException {
        return CosigningKey.loadOrCreate(folder.resolve("witnesses/" + name), "witness.example.com/" + name);
    }

    private void cosign(List<CosigningKey> witnesses, Instant when) throws Exception {
        SigningKeys key = SigningKeys.loadOrCreate(home.resolve("keys/ledger.key"));
        try (Ledger ledger =
                Ledger.open(home.resolve("reeve-data/ledger"), LedgerSettings.of("n1"), key, InstantSource.system())) {
            Checkpoint now = ledger.checkpoint();
            ledger.storeCosigned(now.with(
                    witnesses.stream().map(one -> one.cosign(now, when)).toList()));
        }
    }

    @Test
    void theWitnessesThatAreNamedMustHaveCosignedAndTheFirstLineSaysWhatThatProves() throws Exception {
        CosigningKey one = witness("one");
        CosigningKey two = witness("two");
        cosign(List.of(one, two), Instant.parse("2026-11-24T10:00:00Z"));
        long cosigned = Long.parseLong(reeve("audit", "verify", "--json")
                .json()
                .get("signed")
                .orElseThrow()
                .toString());
        assertEquals(0, reeve("agent", "create", "cem", "--role", "reader").code());
        String first = one.verifier().toString();
        Path second = Files.writeString(folder.resolve("two.pub"), two.verifier() + "\n");
        Typed both = reeve("audit", "verify", "--witness", first, "--witness", second.toString());
        assertEquals(0, both.code(), both.out() + both.err());
        assertTrue(
                both.out().startsWith("2 of 2 witnesses (witness.example.com/one at 2026-11-24T10:00:00Z, "),
                both.out());
        assertTrue(both.out().contains(" have cosigned the first " + cosigned + " entries"), both.out());
        assertFalse(both.out().contains(LedgerVerifier.UNWITNESSED), both.out());
        // The record goes on behind what is cosigned; an export ends with it.
        assertEquals(
                Json.of(cosigned + 1),
                reeve("audit", "verify", "--json").json().get("signed").orElseThrow());
        Json.Obj exported = reeve("audit", "export", out.toString(), "--json").json();
        assertEquals(Json.of(cosigned), exported.get("signed").orElseThrow());
        String three = witness("three").verifier().toString();
        String[] stranger = {
            "audit", "verify", "--exported", out.toString(), "--key", key(), "--witness", first, "--witness", three
        };
        Typed one2 = bare(with(stranger, "--quorum", "1"));
        assertEquals(0, one2.code(), one2.out() + one2.err());
        Typed few = bare(stranger);
        assertEquals(1, few.code());
        assertTrue(few.out().startsWith("only 1 of 2 witnesses"), few.out());
        assertTrue(few.out().contains("DOES NOT HOLD: the entries hold, but only 1 of 2"), few.out());
        Typed json = bare(with(stranger, "--json"));
        assertEquals(Json.of(false), json.json().get("holds").orElseThrow());
        Typed proof = bare("audit", "check-proof", proof("0").toString(), "--key", key(), "--witness", first);
        assertEquals(0, proof.code(), proof.out() + proof.err());
        assertTrue(proof.out().startsWith("1 of 1 witnesses"), proof.out());
        assertEquals(
                1,
                bare("audit", "check-proof", proof("0").toString(), "--key", key(), "--witness", three)
                        .code());
        assertEquals(
                Json.of(cosigned + 1),
                reeve(with(new String[] {"audit", "export", out.toString(), "--json"}, "--unwitnessed"))
                        .json()
                        .get("signed")
                        .orElseThrow());
        Typed back = reeve("audit", "export", out.toString());
        assertEquals(1, back.code());
        assertTrue(back.err().contains("wait for them, or name --unwitnessed"), back.err());
    }

    private static String[] with(String[] arguments, String... more) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Test
    void aQuorumOfNobodyOrOfOneKeyTwiceIsUsage() throws Exception {
        String one = witness("one").verifier().toString();
        assertEquals(2, reeve("audit", "verify", "--quorum", "1").code());
        assertEquals(
                2, reeve("audit", "verify", "--witness", one, "--quorum", "2").code());
        assertEquals(
                2, reeve("audit", "verify", "--witness", one, "--witness", one).code());
        assertEquals(2, reeve("audit", "verify", "--witness", key()).code());
    }

    @Test
    void whatHasItsPlaceWrongIsUsage() {
        Typed inside = reeve(
                "audit",
                "export",
                out.toString(),
                "--disclosures",
                out.resolve("hidden").toString());
        assertEquals(2, inside.code());
        assertTrue(inside.err().contains("the hidden values do not go into DIR"), inside.err());
        Typed kept = reeve("audit", "verify", "--kept", "checkpoint");
        assertEquals(2, kept.code());
        assertTrue(kept.err().contains("--kept goes with --exported"), kept.err());
        assertEquals(2, reeve("audit", "prove", "0", "--outcome").code());
        assertEquals(
                2, reeve("audit", "export", out.toString(), "--key", "nonsense").code());
    }

    @Test
    void aForeignFolderIsRefused() throws IOException {
        Files.writeString(Files.createDirectory(out).resolve("thesis.txt"), "mine");
        Typed refused = reeve("audit", "export", out.toString());
        assertEquals(1, refused.code());
        assertTrue(refused.err().contains("it is left alone"), refused.err());
    }

    @Test
    void hiddenValuesGoIntoAFileForTheirOwnerAlone() throws IOException {
        Path file = folder.resolve("hidden");
        Typed exported = reeve("audit", "export", out.toString(), "--disclosures", file.toString());
        assertEquals(0, exported.code(), exported.err());
        assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(file));
        assertTrue(exported.out().contains(" hidden values in "), exported.out());
        for (String line : Files.readAllLines(file)) {
            assertTrue(line.matches("[0-9]+ [A-Za-z0-9_-]+"), line);
        }
    }

    @Test
    void aProofIsCheckedWithNothingButTheKey() throws Exception {
        Path proof = proof("1");
        Typed checked = bare("audit", "check-proof", proof.toString(), "--key", key());
        assertEquals(0, checked.code(), checked.out() + checked.err());
        List<String> lines = checked.out().lines().toList();
        assertEquals(LedgerVerifier.UNWITNESSED, lines.get(0));
        assertTrue(lines.get(1).startsWith("holds: record 1 of "), lines.get(1));
        assertTrue(lines.get(3).startsWith("record: {\"act\":"), lines.get(2));
        Json.Obj json = bare("audit", "check-proof", proof.toString(), "--key", key(), "--json")
                .json();
        assertEquals(Json.of(1), json.get("record").orElseThrow());
        Path entry = folder.resolve("entry");
        Files.writeString(entry, json.string("entry").orElseThrow());
        assertEquals(
                0,
                bare("audit", "check-proof", proof.toString(), "--key", key(), "--entry", entry.toString())
                        .code());
        Files.writeString(entry, "{}");
        assertEquals(
                1,
                bare("audit", "check-proof", proof.toString(), "--key", key(), "--entry", entry.toString())
                        .code());
    }

    @Test
    void aRecordIsFoundByItsId() throws Exception {
        String id = bare("audit", "check-proof", proof("1").toString(), "--key", key(), "--json")
                .json()
                .string("entry")
                .orElseThrow()
                .replaceAll(".*\"id\":\"([^\"]+)\".*", "$1");
        assertTrue(reeve("audit", "prove", id).out().contains("\nindex 1\n"));
        Typed unknown = reeve("audit", "prove", "rv_nobody");
        assertEquals(1, unknown.code());
        assertTrue(unknown.err().contains("no record has this ticket"), unknown.err());
        Typed beyond = reeve("audit", "prove", "4711");
        assertEquals(1, beyond.code());
        assertTrue(beyond.err().contains("there is no entry 4711"), beyond.err());
        Typed none = reeve("audit", "prove", id, "--outcome");
        assertEquals(1, none.code());
        assertTrue(none.err().contains("has no outcome"), none.err());
    }

    @Test
    void aForgedProofAndAWrongQuestionEndDifferently() throws IOException {
        Path proof = proof("1");
        String text = Files.readString(proof);
        Files.writeString(proof, text.replace("index 1", "index 0"));
        Typed refused = bare("audit", "check-proof", proof.toString(), "--key", key());
        assertEquals(1, refused.code());
        assertTrue(refused.out().contains("DOES NOT HOLD: entry 0 does not lead to the signed root"), refused.out());
        Typed json = bare("audit", "check-proof", proof.toString(), "--key", key(), "--json");
        assertEquals(1, json.code());
        assertTrue(json.out().contains("\"holds\":false"), json.out());

        assertEquals(2, bare("audit", "check-proof", proof.toString()).code());
        assertEquals(2, bare("audit", "check-proof", "nowhere", "--key", key()).code());
        assertEquals(
                2,
                bare("audit", "check-proof", proof.toString(), "--key", "a+b+c").code());
    }
}
