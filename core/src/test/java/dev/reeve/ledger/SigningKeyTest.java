package dev.reeve.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SigningKeyTest {
    @TempDir
    private Path folder;

    @Test
    void isTheSameAfterLoadingAndNeverPrinted() throws IOException {
        Path file = folder.resolve("new/ledger.key");
        SigningKey made = SigningKey.loadOrCreate(file);
        SigningKey loaded = SigningKey.loadOrCreate(file);
        byte[] text = "signed\n".getBytes(StandardCharsets.UTF_8);
        assertEquals(made.verifier().toString(), loaded.verifier().toString());
        assertTrue(VerifierKey.parse(made.verifier().toString()).verifies(text, loaded.sign(text)));
        assertEquals("***", loaded.toString());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void aFileThatOthersCanReadIsRefused() throws IOException {
        Path file = folder.resolve("key");
        SigningKey.loadOrCreate(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        IOException refused = assertThrows(IOException.class, () -> SigningKey.loadOrCreate(file));
        assertTrue(refused.toString().contains("chmod 600"), refused.toString());
    }

    /** RFC 8032 section 7.1, test 1: the seed gives this public key and, over nothing, this signature. */
    @Test
    void signsAsRfc8032Does() throws IOException {
        byte[] seed = HexFormat.of().parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
        byte[] expectedKey =
                HexFormat.of().parseHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
        VerifierKey expected = new VerifierKey("example.com/log", expectedKey);
        byte[] typed = new byte[33];
        typed[0] = 1;
        System.arraycopy(seed, 0, typed, 1, 32);
        Path file = folder.resolve("key");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                file,
                "PRIVATE+KEY+example.com/log+" + expected.idText() + "+"
                        + java.util.Base64.getEncoder().encodeToString(typed) + "\n");
        SigningKey key = SigningKey.loadOrCreate(file);
        assertEquals(expected.toString(), key.verifier().toString());
        assertEquals(
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                        + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
                HexFormat.of().formatHex(key.sign(new byte[0])));
    }

    /** The example key of golang.org/x/mod/sumdb/note. */
    @Test
    void readsPublicKeysOfOthers() {
        String vkey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
        VerifierKey key = VerifierKey.parse(vkey);
        assertEquals(vkey, key.toString());
        assertThrows(IllegalArgumentException.class, () -> VerifierKey.parse(vkey.replace("c74f", "c74e")));
        String note = "somebody else's note\n";
        assertFalse(key.verifies(note.getBytes(StandardCharsets.UTF_8), new byte[64]));
    }
}
