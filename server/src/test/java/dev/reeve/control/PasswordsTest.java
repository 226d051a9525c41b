package dev.reeve.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.secrets.Secret;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PasswordsTest {
    private static final Secret PASSWORD = Secret.of("a long walk beside the river");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void aHashIsArgon2idHoldsForItsPasswordAndIsBoundToTheKeyOfTheStore() throws Exception {
        try (ControlRoom room = new ControlHouse(folder).open()) {
            Passwords passwords = new Passwords(room.store().key("passwords"), new SecureRandom());
            String hash = passwords.hash(PASSWORD);
            assertTrue(
                    hash.matches("\\$argon2id\\$v=19\\$m=19456,t=2,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}"), hash);
            assertNotEquals(hash, passwords.hash(PASSWORD), "each has its salt");
            assertTrue(passwords.matches(Optional.of(hash), PASSWORD));
            assertFalse(passwords.matches(Optional.of(hash), Secret.of("a long walk beside the sea")));
            assertFalse(passwords.matches(Optional.empty(), PASSWORD));
            assertFalse(passwords.matches(Optional.of("$argon2id$v=19$m=8,t=1,p=1$AAAA$AAAA"), PASSWORD), "not ours");
            Passwords elsewhere = new Passwords(room.store().key("another purpose"), new SecureRandom());
            assertFalse(elsewhere.matches(Optional.of(hash), PASSWORD));
        }
    }

    @Test
    void lettersThatAreComposedInTwoWaysAreOnePassword() throws Exception {
        try (ControlRoom room = new ControlHouse(folder).open()) {
            Passwords passwords = new Passwords(room.store().key("passwords"), new SecureRandom());
            String hash = passwords.hash(Secret.of("ein sch\u00f6ner langer Weg"));
            assertTrue(passwords.matches(Optional.of(hash), Secret.of("ein scho\u0308ner langer Weg")));
        }
    }

    @Test
    void whatIsShortAllAlikeOrTheNameIsNoPassword() {
        assertEquals(Optional.empty(), Passwords.trouble(PASSWORD, "ana"));
        assertTrue(Passwords.trouble(Secret.of("fourteen chars"), "ana").isPresent());
        assertTrue(Passwords.trouble(Secret.of("x".repeat(201)), "ana").isPresent());
        assertTrue(Passwords.trouble(Secret.of("abababababababababab"), "ana").isPresent());
        assertTrue(Passwords.trouble(Secret.of("Ana of the long river"), "ana of the long river")
                .isPresent());
    }
}
