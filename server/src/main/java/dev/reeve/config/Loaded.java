package dev.reeve.config;

import dev.reeve.policy.Problem;
import java.util.List;
import java.util.Optional;

/**
 * What came of reading files.
 *
 * @param value present exactly if no problem is an error: nothing comes into force in part
 * @param problems by file and line, warnings included
 * @param draft what could be read beside the errors; to find more of them, never to be in force
 */
public record Loaded<T>(Optional<T> value, List<Problem> problems, Optional<T> draft) {
    public Loaded {
        problems = List.copyOf(problems);
        if (value.isPresent() == problems.stream().anyMatch(it -> it.severity() == Problem.Severity.ERROR)) {
            throw new IllegalArgumentException("a value exactly if there are no errors");
        }
    }

    static <T> Loaded<T> of(T value, Problems problems) {
        return of(value, problems, true);
    }

    /** @param whole whether so much could be read that more mistakes can be told apart from what follows of these */
    static <T> Loaded<T> of(T value, Problems problems, boolean whole) {
        Optional<T> some = Optional.of(value);
        return new Loaded<>(
                problems.hasErrors() ? Optional.empty() : some, problems.all(), whole ? some : Optional.empty());
    }

    static <T> Loaded<T> nothing(Problems problems) {
        return new Loaded<>(Optional.empty(), problems.all(), Optional.empty());
    }

    public String text() {
        StringBuilder text = new StringBuilder();
        problems.forEach(problem -> text.append(ProblemText.of(problem)).append('\n'));
        return text.toString();
    }
}
