package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code reeve serve} reads its plain options itself: it must not read them differently from picocli. */
class HomeOptionsTest {
    @CommandLine.Command
    private static final class Probe {
        @CommandLine.Mixin
        private HomeOptions home = new HomeOptions();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--home /srv/reeve",
                "--config a.yaml",
                "--keys ../k --home .",
                "--home . --config x --keys k/k"
            })
    void plainOptionsAreReadAsPicocliReadsThem(String line) {
        List<String> words = line.isEmpty() ? List.of() : List.of(line.split(" "));
        assertEquals(
                Optional.of(byPicocli(words).orElseThrow()),
                HomeOptions.plain(words).map(HomeOptions::toString));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "--home",
                "--home=/srv",
                "--home . --home x",
                "--home . extra",
                "--home @file",
                "--home --config",
                "--home . --help",
                "--nonsense x",
                "--home ${x} --keys k",
                "--home \"x\" --keys k"
            })
    void allElseIsLeftToPicocli(String line) {
        assertTrue(HomeOptions.plain(List.of(line.split(" "))).isEmpty());
    }

    @Test
    void whateverIsTypedItIsReadAsPicocliReadsItOrLeftToIt() {
        Random random = new Random(5);
        List<String> parts = List.of(
                "--home",
                "--config",
                "--keys",
                "--help",
                "-h",
                "a",
                "b/c",
                "..",
                "-",
                "--",
                "a b",
                "@a",
                "'a'",
                "",
                "--home=a");
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            List<String> words = new ArrayList<>();
            for (int left = random.nextInt(7); left > 0; left--) {
                words.add(parts.get(random.nextInt(parts.size())));
            }
            Optional<String> plain = HomeOptions.plain(words).map(HomeOptions::toString);
            if (plain.isPresent()) {
                read++;
                assertEquals(byPicocli(words), plain, () -> words.toString());
            }
        }
        assertTrue(read > 1_000, "only " + read);
    }

    private static Optional<String> byPicocli(List<String> words) {
        Probe probe = new Probe();
        try {
            new CommandLine(probe).parseArgs(words.toArray(String[]::new));
            return Optional.of(probe.home.toString());
        } catch (CommandLine.ParameterException e) {
            return Optional.empty();
        }
    }
}
