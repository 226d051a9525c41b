package dev.reeve.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.gate.UnrecordableException;
import dev.reeve.token.Token;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens in the store: there after a restart, unreadable in the file, ignored when somebody changed them. */
final class StoredTokensTest {
    private static final String MAIL = "grete.holm@holm.example";
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    @TempDir
    Path folder;

    private static Token token(String id, Optional<String> user) {
        return new Token(
                id,
                new Token.Scope("default", "clerk", "k_1", user),
                "email",
                new Token.Value(MAIL),
                List.of("owner", "user:bo"),
                Optional.of("olga"),
                NOW,
                NOW.plus(Duration.ofHours(1)),
                true);
    }

    private static StoredTokens tokens(Store store) {
        return new StoredTokens(store, new SecureRandom());
    }

    private String files() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }

    @Test
    void theyAreThereAfterARestartAndNoFileHoldsTheValue() throws StoreException, UnrecordableException, IOException {
        StoreHouse house = new StoreHouse(folder);
        List<Token> written = List.of(token("t_1", Optional.empty()), token("t_2", Optional.of("bob")));
        try (Store store = house.open()) {
            tokens(store).put(written);
        }
        assertFalse(files().contains("holm"), "the value is encrypted");
        try (Store store = house.open()) {
            assertEquals(written, tokens(store).tokens());
        }
    }

    @Test
    void whatIsRemovedIsGoneFromTheFile() throws StoreException, UnrecordableException, IOException {
        StoreHouse house = new StoreHouse(folder);
        try (Store store = house.open()) {
            tokens(store).put(List.of(token("t_first", Optional.empty()), token("t_second", Optional.empty())));
        }
        assertTrue(files().contains("t_first"));
        try (Store store = house.open()) {
            tokens(store).remove(List.of(token("t_first", Optional.empty())));
            assertEquals(1, tokens(store).tokens().size());
        }
        assertFalse(files().contains("t_first"), "the row is overwritten");
    }

    @Test
    void aValueIsNotMovedToAnotherToken() throws StoreException, UnrecordableException, SQLException {
        StoreHouse house = new StoreHouse(folder);
        try (Store store = house.open()) {
            tokens(store).put(new ArrayList<>(List.of(token("t_1", Optional.empty()), token("t_2", Optional.empty()))));
        }
        house.tamper("UPDATE tokens SET body = (SELECT body FROM tokens WHERE id = 't_1') WHERE id = 't_2'");
        try (Store store = house.open()) {
            assertEquals(
                    List.of("t_1"),
                    tokens(store).tokens().stream().map(Token::id).toList());
            assertTrue(house.incidents.toString().contains("row_altered"), house.incidents.toString());
        }
    }
}
