package dev.reeve.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Counts right and wrong finds in texts that are made by a seed. The figures stand in docs/content-filters.md. */
final class QualityTest {
    private static final long SEED = 20_261_126;
    private static final int OF_EACH = 400;
    private static final int ORDINARY = 20_000;

    /** Of one kind. */
    private static final class Score {
        int there;
        int right;
        int wrong;

        double precision() {
            return right + wrong == 0 ? 1 : (double) right / (right + wrong);
        }

        double recall() {
            return there == 0 ? 1 : (double) right / there;
        }
    }

    private final Map<String, Score> scores = new TreeMap<>();

    private Score score(String kind) {
        return scores.computeIfAbsent(kind, ignored -> new Score());
    }

    @Test
    void nineteenOfTwentyFindsAreRightInEachKindAndFewAreMissed() {
        Labelled labelled = new Labelled(SEED);
        Scan scan = Detectors.all().scan();
        labelled.personal(OF_EACH).forEach(sample -> judge(scan, sample));
        labelled.secrets(OF_EACH / 20).forEach(sample -> judge(scan, sample));
        Ordinary ordinary = new Ordinary(SEED);
        for (int i = 0; i < ORDINARY / 10; i++) {
            scan.feed(ordinary.next());
            scan.finish().forEach(found -> score(found.kind().id()).wrong++);
        }
        List<String> bad = new ArrayList<>();
        scores.forEach((kind, score) -> {
            String line = "%-28s there %4d right %4d wrong %3d precision %.3f recall %.3f"
                    .formatted(kind, score.there, score.right, score.wrong, score.precision(), score.recall());
            System.out.println(line);
            if (score.precision() < 0.95 || score.recall() < 0.95) {
                bad.add(line);
            }
        });
        assertEquals(List.of(), bad, "seed " + SEED);
        assertTrue(scores.size() > 80, "kinds that were tried: " + scores.size());
    }

    @Test
    void theSameHoldsForSmallLettersAndDotsBetweenGroups() {
        Scan scan = Detectors.all().scan();
        new Labelled(SEED + 4).spelled(OF_EACH).forEach(sample -> judge(scan, sample));
        Ordinary ordinary = new Ordinary(SEED + 4);
        for (int i = 0; i < ORDINARY / 10; i++) {
            scan.feed(ordinary.dotted());
            scan.finish().forEach(found -> score(found.kind().id()).wrong++);
        }
        List<String> bad = new ArrayList<>();
        scores.forEach((kind, score) -> {
            String line = "spelled %-14s there %4d right %4d wrong %3d precision %.3f recall %.3f"
                    .formatted(kind, score.there, score.right, score.wrong, score.precision(), score.recall());
            System.out.println(line);
            if (score.precision() < 0.95 || score.recall() < 0.95) {
                bad.add(line);
            }
        });
        assertEquals(List.of(), bad, "seed " + (SEED + 4));
    }

    /** Ids in small letters, large numbers with dots, versions, and what is in base 64 and no text. */
    @Test
    void ofAThousandOrdinaryResultsInSmallLettersAndWithDotsAtMostOneIsTakenForSomethingElse() {
        Ordinary ordinary = new Ordinary(SEED + 5);
        Detectors all = Detectors.all();
        int changed = 0;
        Map<String, String> what = new TreeMap<>();
        for (int i = 0; i < ORDINARY; i++) {
            String text = ordinary.dotted();
            Map<Kind, Integer> counts = Content.count(all, new Json.Str(text));
            if (!counts.isEmpty()) {
                changed++;
                what.putIfAbsent(Content.told(counts), text);
            }
        }
        System.out.println(
                "changed of " + ORDINARY + " texts with dots and small letters: " + changed + " " + what.keySet());
        assertTrue(changed <= ORDINARY / 1000, changed + " of " + ORDINARY + ", seed " + (SEED + 5) + ": " + what);
    }

    private void judge(Scan scan, Labelled.Sample sample) {
        scan.feed(sample.text());
        List<Found> found = scan.finish();
        Score own = score(sample.kind());
        own.there++;
        int start = sample.text().indexOf(sample.value());
        int end = start + sample.value().length();
        boolean seen = false;
        for (Found one : found) {
            boolean covers = one.kind().id().equals(sample.kind()) && one.start() <= start && one.end() >= end;
            if (covers && !seen) {
                own.right++;
                seen = true;
            } else {
                score(one.kind().id()).wrong++;
            }
        }
    }

    /** What tools answer is mostly JSON in a text, with texts of several lines in it: escapes are no letters there. */
    @Test
    void whatIsFoundIsFoundInLinesOfJsonInATextToo() {
        Labelled labelled = new Labelled(SEED + 2);
        List<Labelled.Sample> samples = new ArrayList<>(labelled.personal(OF_EACH / 4));
        samples.addAll(labelled.secrets(OF_EACH / 20));
        int number = 0;
        for (Labelled.Sample sample : samples) {
            nested(sample, number++ % 4);
        }
        List<String> bad = new ArrayList<>();
        scores.forEach((kind, score) -> {
            if (score.precision() < 0.95 || score.recall() < 0.95) {
                bad.add("%s there %d right %d wrong %d".formatted(kind, score.there, score.right, score.wrong));
            }
        });
        assertEquals(List.of(), bad, "seed " + (SEED + 2));
    }

    private void nested(Labelled.Sample sample, int how) {
        String lines = how == 3 ? sample.text() : "First line\n" + sample.text() + "\tand the last\n";
        String quoted = "{\"result\": {\"note\": " + new Json.Str(lines) + ", \"rows\": [1]}}";
        String text = switch (how) {
            case 1 -> "{\"body\": " + new Json.Str(quoted) + "}";
            case 2 -> quoted.substring(0, quoted.length() - 2) + ", {\"cut";
            default -> quoted;
        };
        Score own = score(sample.kind());
        own.there++;
        boolean[] seen = {false};
        Json ignored = Content.redact(Detectors.all(), new Json.Str(text), (found, name, of) -> {
            String value = of.substring(found.start(), found.end());
            if (found.kind().id().equals(sample.kind()) && value.contains(sample.value()) && !seen[0]) {
                own.right++;
                seen[0] = true;
            } else {
                score(found.kind().id()).wrong++;
            }
            return found.kind().placeholder();
        });
    }

    @Test
    void ofAThousandOrdinaryResultsInATextAtMostOneIsTakenForSomethingElse() {
        Ordinary ordinary = new Ordinary(SEED + 3);
        Detectors all = Detectors.all();
        int changed = 0;
        Map<String, String> what = new TreeMap<>();
        for (int i = 0; i < ORDINARY; i++) {
            String plain = ordinary.next();
            String text = i % 2 == 0 ? plain : "{\"output\": " + new Json.Str(plain) + "}";
            Map<Kind, Integer> counts = Content.count(all, new Json.Str(text));
            if (!counts.isEmpty()) {
                changed++;
                what.putIfAbsent(Content.told(counts), text);
            }
        }
        System.out.println("changed of " + ORDINARY + " ordinary texts: " + changed + " " + what.keySet());
        assertTrue(changed <= ORDINARY / 1000, changed + " of " + ORDINARY + ", seed " + (SEED + 3) + ": " + what);
    }

    @Test
    void ofAThousandOrdinaryResultsAtMostOneIsTakenForSomethingElse() {
        Ordinary ordinary = new Ordinary(SEED + 1);
        Scan scan = Detectors.all().scan();
        int changed = 0;
        Map<String, String> what = new TreeMap<>();
        for (int i = 0; i < ORDINARY; i++) {
            String text = ordinary.next();
            scan.feed(text);
            List<Found> found = scan.finish();
            if (!found.isEmpty()) {
                changed++;
                Found first = found.getFirst();
                what.putIfAbsent(
                        first.kind().id(),
                        text.substring(Math.max(0, first.start() - 30), Math.min(text.length(), first.end() + 30)));
            }
        }
        System.out.println("changed of " + ORDINARY + " ordinary results: " + changed + " " + what);
        assertTrue(changed <= ORDINARY / 1000, changed + " of " + ORDINARY + ", seed " + (SEED + 1) + ": " + what);
    }
}
