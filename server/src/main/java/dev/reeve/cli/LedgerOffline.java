package dev.reeve.cli;

import dev.reeve.audit.LedgerJournal;
import dev.reeve.audit.OpenIntents;
import dev.reeve.config.ReeveConfig;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import dev.reeve.ledger.Ledger;
import dev.reeve.ledger.LedgerSettings;
import dev.reeve.ledger.LedgerUnavailableException;
import dev.reeve.ledger.SigningKeys;
import dev.reeve.ledger.VerifierKeys;
import dev.reeve.secrets.KnownSecrets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;

/** The ledger for one command, while nothing is served: what it does is recorded like anything else. */
final class LedgerOffline implements OfflineRecords.Opened {
    private final Ledger ledger;
    private final LedgerJournal journal;
    private final Ids ids;
    private final ReeveConfig config;

    private LedgerOffline(Ledger ledger, LedgerJournal journal, Ids ids, ReeveConfig config) {
        this.ledger = ledger;
        this.journal = journal;
        this.ids = ids;
        this.config = config;
    }

    static LedgerOffline open(ReeveConfig config) throws IOException {
        try {
            SigningKeys keys = LedgerKeys.of(config);
            Ledger ledger = Ledger.open(
                    config.data().resolve("ledger"), LedgerSettings.of(Foundation.NODE), keys, InstantSource.system());
            publish(config, keys.verifiers());
            SecureRandom random = new SecureRandom();
            KnownSecrets secrets = KnownSecrets.of(config.secrets());
            LedgerJournal journal = new LedgerJournal(
                    ledger,
                    Foundation.NODE,
                    () -> secrets,
                    random::nextBytes,
                    LedgerOffline::keyless,
                    InstantSource.system(),
                    new OpenIntents(config.data().resolve("open-intents")),
                    incident -> Log.error("incident", incident));
            return new LedgerOffline(ledger, journal, new Ids(random), config);
        } catch (LedgerUnavailableException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** The store, whose key it would be, is not open. No action runs here, so there is no result. */
    private static String keyless(String digest) {
        throw new IllegalStateException("a result in a command that runs no action");
    }

    /** What {@code audit verify} wants, where a person finds it. Written only where it is not: the folder may be one that is only read. */
    static void publish(ReeveConfig config, VerifierKeys keys) throws IOException {
        Path file = config.keys().resolve(LedgerKeyOption.FILE);
        byte[] text = (keys + "\n").getBytes(StandardCharsets.UTF_8);
        if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), text)) {
            return;
        }
        try {
            Files.write(file, text);
        } catch (IOException e) {
            throw new IOException("the folder of keys must be writable at the first start: " + e.getMessage(), e);
        }
    }

    @Override
    public void record(String person, String act, String subject, Json.Obj difference) throws UnrecordableException {
        journal.control(ids.next("c_"), person, act, subject, difference);
    }

    /** New keys sign from now on; the old ones are gone. */
    VerifierKeys changeKeys(String person) throws IOException, UnrecordableException {
        VerifierKeys keys = journal.changeKeys(ids.next("c_"), person);
        publish(config, keys);
        return keys;
    }

    @Override
    public void close() throws IOException {
        try {
            ledger.close();
        } catch (LedgerUnavailableException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
