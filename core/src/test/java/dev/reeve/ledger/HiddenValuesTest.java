package dev.reeve.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Hidden values that are looked at where they stand are judged as {@link Commitments} judges them. */
final class HiddenValuesTest {
    private static final long SEED = Long.getLong("reeve.seed", 11);
    private static final List<String> NAMES =
            List.of("arguments", "reasons", "record", "out_of_line", "sch\u00f6n", "a\"b", "hidden", "x");
    private static final SegmentHeader SEGMENT = new SegmentHeader(1, 42, 0, 0);

    private final Random random = new Random(SEED);
    private int held;
    private int refused;

    /** @param erased which of the hidden values are erased once they are written */
    private record Case(Entry entry, List<Boolean> erased) {}

    @Test
    void theSameIsWrongWithEachEntry() {
        FrameEncoder encoder = new FrameEncoder(LedgerSettings.of("n1"));
        for (int round = 0; round < 4_000; round++) {
            List<Case> cases = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                cases.add(made());
            }
            compare(encoder, cases);
        }
        assertTrue(held > 2_000 && refused > 2_000, () -> "seed " + SEED + ": " + held + " held, " + refused + " not");
    }

    @Test
    void moreThanAWordOfBitsHolds() {
        List<Disclosure> all = new ArrayList<>();
        Json.Builder hidden = Json.object();
        for (int i = 0; i < 200; i++) {
            Disclosure one = disclosure("n" + (1_000 + i));
            all.add(one);
            hidden.put(one.name(), Commitment.of(one));
        }
        compare(
                new FrameEncoder(LedgerSettings.of("n1")),
                List.of(new Case(entry(hidden, Optional.empty(), all), Collections.nCopies(200, false))));
        assertEquals(1, held);
    }

    private void compare(FrameEncoder encoder, List<Case> cases) {
        Frame frame = frame(encoder, cases);
        assertEquals(Optional.empty(), frame.problem());
        PreparedGroup group = PreparedGroup.of(List.of(frame), LeafCheck.none()).getFirst();
        int erased = 0;
        for (int i = 0; i < cases.size(); i++) {
            Case one = cases.get(i);
            List<Disclosure> live = new ArrayList<>();
            for (int j = 0; j < one.erased().size(); j++) {
                if (!one.erased().get(j)) {
                    live.add(one.entry().disclosures().get(j));
                }
            }
            int gone = one.erased().size() - live.size();
            erased += gone;
            Optional<String> judged = Commitments.problem(one.entry().leaf(), live, gone, new Sha256());
            assertEquals(
                    judged,
                    group.entries().get(i).hidden(),
                    () -> "seed " + SEED + ": " + new String(one.entry().leaf(), StandardCharsets.UTF_8));
            held += judged.isEmpty() ? 1 : 0;
            refused += judged.isPresent() ? 1 : 0;
        }
        assertEquals(erased, group.erased());
    }

    /** Commitments and values that fit, as a rule; then something may be taken away, doubled, altered or called otherwise. */
    private Case made() {
        List<Disclosure> values = new ArrayList<>();
        Json.Builder hidden = Json.object();
        for (String name : NAMES.subList(0, random.nextInt(NAMES.size() + 1))) {
            if (random.nextInt(3) > 0) {
                Disclosure value = disclosure(name);
                values.add(value);
                hidden.put(random.nextInt(30) == 0 ? "other" : name, commitment(value));
            }
        }
        Optional<String> beside = Optional.empty();
        if (random.nextInt(4) == 0) {
            Disclosure whole = disclosure(random.nextInt(8) == 0 ? "out_of_line" : "record");
            values.add(whole);
            beside = Optional.of(commitment(whole));
        }
        switch (random.nextInt(12)) {
            case 0 -> values.add(disclosure("arguments"));
            case 1 -> values.addAll(List.copyOf(values));
            case 2 -> {
                if (!values.isEmpty()) {
                    values.removeLast();
                }
            }
            case 3 -> Collections.shuffle(values, random);
            default -> {}
        }
        List<Boolean> erased = new ArrayList<>();
        values.forEach(value -> erased.add(random.nextInt(5) == 0));
        return new Case(entry(hidden, beside, values), erased);
    }

    private String commitment(Disclosure value) {
        String right = Commitment.of(value);
        return switch (random.nextInt(40)) {
            case 0 -> right.substring(1);
            case 1 -> "A" + right.substring(1);
            case 2 -> right + "A";
            default -> right;
        };
    }

    private Entry entry(Json.Builder hidden, Optional<String> beside, List<Disclosure> values) {
        Json.Builder body = Json.object().put("agent", random.nextInt(20) == 0 ? "j\u00f6rg" : "clerk");
        body.put("hidden", random.nextInt(30) == 0 ? Json.of("none") : hidden.build());
        beside.ifPresent(commitment -> body.put("out_of_line", commitment));
        return new Entry(JsonWriter.canonical(body.build()), values);
    }

    private Disclosure disclosure(String name) {
        byte[] salt = new byte[Disclosure.SALT_BYTES];
        random.nextBytes(salt);
        String value = random.nextBoolean() ? "[1,2]" : "\"" + "x".repeat(random.nextInt(3_000)) + "\"";
        return new Disclosure(salt, name, value.getBytes(StandardCharsets.UTF_8));
    }

    /** As it stands in a file, with what was erased in place. */
    private static Frame frame(FrameEncoder encoder, List<Case> cases) {
        ByteBuffer encoded = encoder.encode(cases.stream().map(Case::entry).toList(), SEGMENT, false, 7, 0, 0);
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        FrameHeader header = Objects.requireNonNull(FrameHeader.read(ByteBuffer.wrap(bytes), 0, SEGMENT.salt()));
        Frame frame = new Frame(header, "wal", 0, bytes, 0);
        DisclosureWalk walk = new DisclosureWalk(frame);
        for (Case one : cases) {
            walk.nextEntry();
            for (boolean erased : one.erased()) {
                assertTrue(walk.next());
                if (erased) {
                    int from = walk.salt() - FrameEncoder.DISCLOSURE_PREFIX;
                    bytes[from] = FrameEncoder.ERASED;
                    Arrays.fill(bytes, from + 12, walk.end(), (byte) 0);
                }
            }
        }
        return frame;
    }
}
