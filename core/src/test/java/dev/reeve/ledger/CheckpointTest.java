package dev.reeve.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint has one spelling: what is not exactly a signed note of this log is none. */
final class CheckpointTest {
    private static final String ROOT = new Frontier().rootText();

    @TempDir
    private Path folder;

    private SigningKey key;
    private String note;

    @BeforeEach
    void sign() throws IOException {
        key = SigningKey.loadOrCreate(folder.resolve("key"), "example.com/log");
        note = Checkpoint.sign(7, ROOT, key).note();
    }

    private Optional<Checkpoint> open(String text) {
        return Checkpoint.open(text, key.verifier());
    }

    private String signature() {
        return note.substring(note.lastIndexOf('\u2014'));
    }

    @Test
    void whatIsSignedOpens() {
        assertEquals(Optional.of(new Checkpoint("example.com/log", 7, ROOT, note)), open(note));
    }

    @Test
    void wholeSignaturesOfOthersArePassedOver() {
        assertTrue(open(note + "\u2014 witness.example AAAAAAAAAAAA\n").isPresent());
        // The same name with another key: another key.
        assertTrue(open(note + "\u2014 example.com/log AAAAAAAAAAAA\n").isPresent());
    }

    @Test
    void everyLineBehindTheTextIsASignature() {
        for (String line : new String[] {
            "x",
            "\u2014 witness.example",
            "\u2014 witness.example AAAA",
            "\u2014 witness.example AAAAAAB=",
            "- a AAAAAAAA"
        }) {
            assertTrue(open(note + line + "\n").isEmpty(), line);
        }
        assertTrue(open(note + "\u2014 witness.example AAAAAAAA").isEmpty(), "no end of the last line");
    }

    @Test
    void oneWrongSignatureOfTheKeyIsTooMany() {
        String other = Checkpoint.sign(8, ROOT, key).note();
        String wrong = other.substring(other.lastIndexOf('\u2014'));
        assertTrue(open(note + wrong).isEmpty());
        assertTrue(open(note.replace(signature(), wrong + signature())).isEmpty());
        assertTrue(open(note + signature()).isPresent(), "twice the right one");
    }

    @Test
    void aNoteHasAtMostAHundredSignatures() {
        String others = "\u2014 witness.example AAAAAAAA\n";
        assertTrue(open(note + others.repeat(99)).isPresent());
        assertTrue(open(note + others.repeat(100)).isEmpty());
    }

    @Test
    void theTextIsOriginSizeAndRoot() {
        for (String root : new String[] {"", "AAAA", ROOT.replace('=', 'A'), ROOT + "=", "nonsense"}) {
            assertTrue(open(Checkpoint.sign(7, root, key).note()).isEmpty(), root);
        }
        assertTrue(open(note.replace("\n7\n", "\n07\n")).isEmpty());
        assertTrue(open(note.replace("\n\n", "\n")).isEmpty());
        assertTrue(open(note.replace("\n7\n", "\r\n7\n")).isEmpty());
        assertTrue(open("").isEmpty());
    }

    @Test
    void aMistypedKeyIsToldAsOne() {
        String vkey = key.verifier().toString();
        for (String wrong :
                new String[] {"a+b+c", vkey.substring(0, vkey.length() - 1), "name+1a2b3c4d+B" + "A".repeat(43)}) {
            String said = String.valueOf(assertThrows(IllegalArgumentException.class, () -> VerifierKey.parse(wrong))
                    .getMessage());
            assertTrue(said.endsWith("is not an Ed25519 key"), said);
        }
        assertTrue(String.valueOf(assertThrows(IllegalArgumentException.class, () -> VerifierKey.parse("a"))
                        .getMessage())
                .contains("a public key looks like"));
    }
}
