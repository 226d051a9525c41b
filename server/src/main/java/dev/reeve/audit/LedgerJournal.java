package dev.reeve.audit;

import dev.reeve.gate.Journal;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import dev.reeve.ledger.Commitment;
import dev.reeve.ledger.Disclosure;
import dev.reeve.ledger.Entry;
import dev.reeve.ledger.Ledger;
import dev.reeve.ledger.LedgerUnavailableException;
import dev.reeve.ledger.VerifierKey;
import dev.reeve.ledger.VerifierKeys;
import dev.reeve.record.Draft;
import dev.reeve.record.Records;
import dev.reeve.secrets.KnownSecrets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Writes what the gate decided and what came of it. Each method returns when the disk has it.
 *
 * <p>Security guarantees: known secrets are masked before anything is serialised; what may be personal stands in the leaf as a salted
 * commitment only. Control records may use the ledger's reserve, so that a full disk does not stop a revocation (R14, R15).
 */
public final class LedgerJournal implements Journal {
    private final Ledger ledger;
    private final String node;
    private final Supplier<KnownSecrets> secrets;
    private final Consumer<byte[]> randomness;
    private final UnaryOperator<String> keyed;
    private final InstantSource clock;
    private final OpenIntents open;
    private final RidingOutcomes riding;

    /**
     * @param randomness fills salts
     * @param keyed a digest under a key of the installation
     */
    public LedgerJournal(
            Ledger ledger,
            String node,
            Supplier<KnownSecrets> secrets,
            Consumer<byte[]> randomness,
            UnaryOperator<String> keyed,
            InstantSource clock,
            OpenIntents open,
            Consumer<String> incidents) {
        this.ledger = ledger;
        this.node = node;
        this.secrets = secrets;
        this.randomness = randomness;
        this.keyed = keyed;
        this.clock = clock;
        this.open = open;
        this.riding = new RidingOutcomes(ledger::appendAsync, System::nanoTime, incidents);
    }

    @Override
    public String decided(Decision decision) throws UnrecordableException {
        boolean runs = decision.ruling() == Ruling.ALLOW
                && decision.action().operation().askedBy().isEmpty();
        if (runs) {
            open.begin(decision.action().id(), ledger.size());
        }
        try {
            append(Records.decided(decision));
            return decision.action().id();
        } catch (UnrecordableException e) {
            if (runs && !mayTurnUp(e)) {
                open.end(decision.action().id());
            }
            throw e;
        }
    }

    @Override
    public void completed(Completion completion) throws UnrecordableException {
        String id = completion.action().id();
        Draft outcome = Records.completed(completion, clock.instant(), keyed);
        if (completion.recording().lazy() && riding.mayBegin()) {
            riding.begin(id, entry(outcome), () -> open.end(id));
            return;
        }
        append(outcome);
        open.end(id);
    }

    /** An administrative act, before it takes effect (R27). */
    public long control(String id, String person, String act, String subject, Json.Obj difference)
            throws UnrecordableException {
        return appendControl(Records.control(id, clock.instant(), person, act, subject, difference));
    }

    /**
     * Has new keys sign the ledger from now on.
     *
     * @return the public halves
     */
    public VerifierKeys changeKeys(String id, String person) throws UnrecordableException {
        try {
            return ledger.changeKeys((before, after) ->
                    entry(Records.ledgerKeys(id, clock.instant(), person, before.name(), vkeys(before), vkeys(after))));
        } catch (LedgerUnavailableException e) {
            throw new UnrecordableException(reason(e), e);
        }
    }

    private static List<String> vkeys(VerifierKeys keys) {
        return keys.all().stream().map(VerifierKey::toString).toList();
    }

    /** Somebody read the record. Takes none of the reserve: reading is not what it is kept for. */
    public void reading(String id, String person, String act, String subject, Json.Obj difference)
            throws UnrecordableException {
        append(Records.control(id, clock.instant(), person, act, subject, difference));
    }

    public void summary(String id, Instant from, Json.Obj counts) throws UnrecordableException {
        append(Records.summary(id, from, clock.instant(), counts));
    }

    void outcomeUnknown(String id, String tenant, String agent) throws UnrecordableException {
        append(Records.outcomeUnknown(id, clock.instant(), tenant, agent));
    }

    private void append(Draft draft) throws UnrecordableException {
        try {
            ledger.append(entry(draft));
        } catch (LedgerUnavailableException e) {
            throw new UnrecordableException(reason(e), e);
        }
    }

    private long appendControl(Draft draft) throws UnrecordableException {
        try {
            return ledger.appendControl(entry(draft));
        } catch (LedgerUnavailableException e) {
            throw new UnrecordableException(reason(e), e);
        }
    }

    private static String reason(LedgerUnavailableException e) {
        return e.reason().name().toLowerCase(java.util.Locale.ROOT) + ": " + e.getMessage();
    }

    /** What may reach the disk in spite of an error is found at the next start, and reported. */
    private static boolean mayTurnUp(UnrecordableException e) {
        return !(e.getCause() instanceof LedgerUnavailableException refused)
                || refused.reason() == LedgerUnavailableException.Reason.SLOW_DISK
                || refused.reason() == LedgerUnavailableException.Reason.IO_ERROR;
    }

    private Entry entry(Draft draft) {
        KnownSecrets known = secrets.get();
        Json.Obj body = ((Json.Obj) known.mask(draft.body())).with("v", Json.of(Records.SCHEMA));
        if (draft.hidden().isEmpty()) {
            return fitting(body, List.of());
        }
        List<Disclosure> disclosures = disclosures(draft.hidden(), known);
        List<String> commitments = Commitment.of(disclosures);
        Json.Builder hidden = Json.object();
        for (int i = 0; i < commitments.size(); i++) {
            hidden.put(disclosures.get(i).name(), commitments.get(i));
        }
        return fitting(body.with("hidden", hidden.build()), disclosures);
    }

    private Entry fitting(Json.Obj body, List<Disclosure> disclosures) {
        Entry entry = Entry.stamped(node, body, disclosures);
        if (entry.fits()) {
            return entry;
        }
        byte[] salt = new byte[Disclosure.SALT_BYTES];
        randomness.accept(salt);
        return OutOfLine.entry(node, body, disclosures, salt);
    }

    private List<Disclosure> disclosures(Map<String, Json> hidden, KnownSecrets known) {
        byte[] salts = new byte[Disclosure.SALT_BYTES * hidden.size()];
        randomness.accept(salts);
        List<Disclosure> disclosures = new ArrayList<>(hidden.size());
        for (Map.Entry<String, Json> value : hidden.entrySet()) {
            int from = disclosures.size() * Disclosure.SALT_BYTES;
            byte[] salt = Arrays.copyOfRange(salts, from, from + Disclosure.SALT_BYTES);
            disclosures.add(new Disclosure(salt, value.getKey(), Records.hiddenBytes(known.mask(value.getValue()))));
        }
        return disclosures;
    }
}
