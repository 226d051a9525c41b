package dev.reeve.agents;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.gate.GateClock;
import dev.reeve.identity.Claim;
import dev.reeve.identity.Identification.Known;
import dev.reeve.secrets.Secret;
import dev.reeve.store.Store;
import dev.reeve.store.StoreException;
import dev.reeve.store.StoreHouse;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A key that was shown exists, whatever happens to the process the moment after. */
final class KillTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    /** The victim: four threads make keys, and print each once it exists. */
    public static final class Victim {
        private Victim() {}

        @SuppressWarnings("SystemOut")
        public static void main(String[] arguments) throws Exception {
            StoreHouse house = new StoreHouse(Path.of(arguments[0]));
            Store store = house.open();
            AgentDirectory directory = AgentDirectory.open(store);
            StoredAuthenticator authenticator = authenticator(house, store, directory);
            directory.grant(new Agent(
                    "default",
                    "clerk",
                    Set.of(),
                    Optional.empty(),
                    Map.of(),
                    Agent.State.ACTIVE,
                    house.now(),
                    house.now(),
                    Agent.STORE));
            for (int i = 0; i < 4; i++) {
                Thread.ofPlatform().start(() -> makeKeys(house, directory, authenticator));
            }
        }

        private static void makeKeys(StoreHouse house, AgentDirectory directory, StoredAuthenticator authenticator) {
            SecureRandom random = new SecureRandom();
            for (int i = 0; i < 100_000; i++) {
                Secret secret = KeyText.AGENT.fresh(random);
                try {
                    directory.grant(List.of(new Credential.ApiKey(
                            "k_" + UUID.randomUUID(),
                            "default",
                            "clerk",
                            authenticator.hash(secret),
                            house.now(),
                            house.now().plus(Duration.ofDays(1)),
                            Optional.empty(),
                            Optional.empty())));
                } catch (StoreException e) {
                    throw new IllegalStateException(e);
                }
                System.out.println(secret.exposeTextInsecurely());
            }
        }
    }

    private static StoredAuthenticator authenticator(StoreHouse house, Store store, AgentDirectory directory)
            throws StoreException {
        GateClock clock = () -> new GateClock.Reading(house.now(), false);
        return new StoredAuthenticator(
                directory, store.key(StoredAuthenticator.purpose()), clock, Activity.open(store));
    }

    @Test
    void aShownKeySurvivesKillNine() throws IOException, InterruptedException {
        List<String> shown = new ArrayList<>();
        for (int round = 1; round <= 2; round++) {
            Process victim = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Victim.class.getName(),
                            folder.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (BufferedReader out = victim.inputReader(StandardCharsets.UTF_8)) {
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    if (KeyText.AGENT.wellFormed(Secret.of(line))) {
                        shown.add(line);
                    }
                    if (shown.size() == round * 40) {
                        // Process.destroyForcibly would close the pipe, and with it lose what was shown.
                        victim.toHandle().destroyForcibly();
                    }
                }
            }
            victim.waitFor();
            allAreBelieved(shown, round * 40);
        }
    }

    private void allAreBelieved(List<String> shown, int atLeast) throws StoreException {
        assertTrue(shown.size() >= atLeast, "the victim made " + shown.size() + " keys");
        StoreHouse house = new StoreHouse(folder);
        try (Store store = house.open()) {
            StoredAuthenticator authenticator = authenticator(house, store, AgentDirectory.open(store));
            for (String key : shown) {
                assertInstanceOf(Known.class, authenticator.identify(new Claim.ApiKey(Secret.of(key))));
            }
        }
    }
}
