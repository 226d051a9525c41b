package dev.reeve.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SigningKeyTest {
    @TempDir
    private Path folder;

    private static final KeyKind.Signable WHAT = new KeyKind.Signable("signed\n", "example.com/log", 3, new byte[32]);

    @Test
    void areTheSameAfterLoadingAndNeverPrinted() throws IOException {
        Path file = folder.resolve("new/ledger.key");
        SigningKeys made = SigningKeys.loadOrCreate(file);
        SigningKeys loaded = SigningKeys.loadOrCreate(file);
        assertEquals(made.verifiers().toString(), loaded.verifiers().toString());
        for (SigningKey key : loaded.signers()) {
            VerifierKey read = VerifierKey.parse(key.verifier().toString());
            assertTrue(read.verifies(WHAT, key.sign(WHAT, 5)));
            assertEquals("***", key.toString());
        }
        assertEquals("***", loaded.toString());
        try (var files = Files.list(file.getParent())) {
            for (Path one : files.toList()) {
                assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(one)));
            }
        }
    }

    @Test
    void aFileThatOthersCanReadIsRefused() throws IOException {
        Path file = folder.resolve("ledger.key");
        SigningKeys.loadOrCreate(file);
        for (String name : List.of("ledger.key", "ledger-mldsa.key.next")) {
            Files.setPosixFilePermissions(folder.resolve(name), PosixFilePermissions.fromString("rw-r-----"));
            IOException refused = assertThrows(IOException.class, () -> SigningKeys.loadOrCreate(file));
            assertTrue(refused.toString().contains("chmod 600"), refused.toString());
            Files.setPosixFilePermissions(folder.resolve(name), PosixFilePermissions.fromString("rw-------"));
        }
    }

    @Test
    void aKeyThatACrashLeftUnfinishedIsMadeAgain() throws IOException {
        Path unfinished = folder.resolve("ledger.key.tmp");
        Files.writeString(unfinished, "PRIVATE+KEY+exam");
        SigningKeys made = SigningKeys.loadOrCreate(folder.resolve("ledger.key"));
        assertFalse(Files.exists(unfinished));
        assertEquals(
                made.verifiers(),
                SigningKeys.loadOrCreate(folder.resolve("ledger.key")).verifiers());
    }

    @Test
    void keysOfDifferentLogsAreRefused() throws IOException {
        SigningKeys.loadOrCreate(folder.resolve("ledger.key"), "example.com/log");
        SigningKeys.loadOrCreate(folder.resolve("other.key"), "example.com/other");
        Files.move(
                folder.resolve("other-mldsa.key.next"),
                folder.resolve("ledger-mldsa.key.next"),
                StandardCopyOption.REPLACE_EXISTING);
        IOException refused =
                assertThrows(IOException.class, () -> SigningKeys.loadOrCreate(folder.resolve("ledger.key")));
        assertTrue(refused.toString().contains("are of different logs"), refused.toString());
    }

    /** RFC 8032 section 7.1, test 1: the seed gives this public key and, over nothing, this signature. */
    @Test
    void signsAsRfc8032Does() throws IOException {
        byte[] seed = HexFormat.of().parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
        byte[] expectedKey =
                HexFormat.of().parseHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
        VerifierKey expected = new VerifierKey("example.com/log", KeyKind.ED25519, expectedKey);
        byte[] typed = new byte[33];
        typed[0] = 1;
        System.arraycopy(seed, 0, typed, 1, 32);
        Path file = folder.resolve("key");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                file,
                "PRIVATE+KEY+example.com/log+" + expected.idText() + "+"
                        + java.util.Base64.getEncoder().encodeToString(typed) + "\n");
        SigningKey key = SigningKey.load(file, KeyKind.ED25519, new SecureRandom());
        assertEquals(expected.toString(), key.verifier().toString());
        assertEquals(
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                        + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
                HexFormat.of().formatHex(key.sign(new KeyKind.Signable("", "example.com/log", 0, new byte[32]), 0)));
    }

    /** C2SP tlog-cosignature, "ML-DSA-44 signed message", field by field. */
    @Test
    void whatMlDsaSignsIsACosignedMessage() {
        byte[] root = new byte[32];
        root[31] = 9;
        assertEquals(
                "737562747265652f76310a00" // "subtree/v1\n\0"
                        + "0161" // cosigner_name
                        + "0000000000000102" // timestamp
                        + "02622f" // log_origin
                        + "0000000000000000" // start
                        + "0000000000000007" // end
                        + "00".repeat(31)
                        + "09", // hash
                HexFormat.of()
                        .formatHex(KeyKind.ML_DSA_44.message("a", new KeyKind.Signable("any", "b/", 7, root), 258)));
    }

    /** The example key of golang.org/x/mod/sumdb/note. */
    @Test
    void readsPublicKeysOfOthers() {
        String vkey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
        VerifierKey key = VerifierKey.parse(vkey);
        assertEquals(vkey, key.toString());
        assertThrows(IllegalArgumentException.class, () -> VerifierKey.parse(vkey.replace("c74f", "c74e")));
        String note = "somebody else's note\n";
        assertFalse(key.verifies(new KeyKind.Signable(note, "PeterNeumann", 0, new byte[32]), new byte[64]));
    }
}
