package dev.reeve.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint has one spelling: what is not exactly a signed note of this log is none. */
final class CheckpointTest {
    private static final String ROOT = new Frontier().rootText();

    @TempDir
    private Path folder;

    private SigningKeys key;
    private String note;

    @BeforeEach
    void sign() throws IOException {
        key = SigningKeys.loadOrCreate(folder.resolve("key"), "example.com/log");
        note = Checkpoint.sign(7, ROOT, key.signers(), 1).note();
    }

    private Optional<Checkpoint> open(String text) {
        return Checkpoint.open(text, key.verifiers());
    }

    private String signature() {
        return note.substring(note.lastIndexOf('\u2014'));
    }

    /** Whatever this text is, with good Ed25519 and ML-DSA-44 signatures of it. */
    private String signed(String text) {
        StringBuilder signed = new StringBuilder(text).append('\n');
        KeyKind.Signable what = new KeyKind.Signable(text, "example.com/log", 7, new byte[32]);
        for (SigningKey signer : key.signers()) {
            byte[] signature = signer.sign(what, 1);
            byte[] typed = ByteBuffer.allocate(4 + signature.length)
                    .putInt(signer.verifier().id())
                    .put(signature)
                    .array();
            signed.append("\u2014 example.com/log ")
                    .append(Base64.getEncoder().encodeToString(typed))
                    .append('\n');
        }
        return signed.toString();
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
        String other = Checkpoint.sign(8, ROOT, key.signers(), 1).note();
        String wrong = other.substring(other.lastIndexOf('\u2014'));
        assertTrue(open(note + wrong).isEmpty());
        assertTrue(open(note.replace(signature(), wrong + signature())).isEmpty());
        assertTrue(open(note + signature()).isPresent(), "twice the right one");
    }

    @Test
    void whoDemandsBothSignaturesIsNotContentWithOne() {
        for (SigningKey signer : key.signers()) {
            String one = Checkpoint.sign(7, ROOT, List.of(signer), 1).note();
            assertTrue(open(one).isEmpty(), signer.verifier().algorithm());
            assertTrue(Checkpoint.open(one, signer.verifier()).isPresent());
            assertTrue(Checkpoint.open(note, signer.verifier()).isPresent(), "the other one's line is passed over");
        }
    }

    /** C2SP tlog-cosignature: the time is signed, and so is the origin; neither is taken from elsewhere. */
    @Test
    void theTimeBeforeAnMlDsaSignatureIsSigned() {
        String line = note.lines().toList().getLast();
        String base64 = line.substring(line.lastIndexOf(' ') + 1);
        byte[] typed = Base64.getDecoder().decode(base64);
        assertEquals(4 + 8 + 2420, typed.length);
        assertEquals(1, ByteBuffer.wrap(typed).getLong(4));
        for (long time : new long[] {0, 2, -1}) {
            ByteBuffer.wrap(typed).putLong(4, time);
            assertTrue(
                    open(note.replace(base64, Base64.getEncoder().encodeToString(typed)))
                            .isEmpty(),
                    "time " + time);
        }
    }

    @Test
    void aNoteHasAtMostAHundredSignatures() {
        String others = "\u2014 witness.example AAAAAAAA\n";
        assertTrue(open(note + others.repeat(98)).isPresent());
        assertTrue(open(note + others.repeat(99)).isEmpty());
    }

    @Test
    void theTextIsOriginSizeAndRoot() {
        for (String root : new String[] {"", "AAAA", ROOT.replace('=', 'A'), ROOT + "=", "nonsense"}) {
            assertTrue(open(signed("example.com/log\n7\n" + root + "\n")).isEmpty(), root);
        }
        assertTrue(open(note.replace("\n7\n", "\n07\n")).isEmpty());
        assertTrue(open(note.replace("\n\n", "\n")).isEmpty());
        assertTrue(open(note.replace("\n7\n", "\r\n7\n")).isEmpty());
        assertTrue(open("").isEmpty());
    }

    @Test
    void aMistypedKeyIsToldAsOne() {
        String vkey = key.verifiers().toString();
        for (String wrong :
                new String[] {"a+b+c", vkey.substring(0, vkey.length() - 1), "name+1a2b3c4d+B" + "A".repeat(43)}) {
            String said = String.valueOf(assertThrows(IllegalArgumentException.class, () -> VerifierKeys.parse(wrong))
                    .getMessage());
            assertTrue(said.endsWith("is neither an Ed25519 nor an ML-DSA-44 key"), said);
        }
        assertTrue(String.valueOf(assertThrows(IllegalArgumentException.class, () -> VerifierKeys.parse("a"))
                        .getMessage())
                .contains("a public key looks like"));
    }
}
