package dev.reeve.config;

import dev.reeve.policy.Problem;
import java.util.List;
import java.util.Optional;

/**
 * What came of reading files.
 *
 * @param value present exactly if no problem is an error: nothing comes into force in part
 * @param problems by file and line, warnings included
 */
public record Loaded<T>(Optional<T> value, List<Problem> problems) {
    public Loaded {
        problems = List.copyOf(problems);
        if (value.isPresent() == problems.stream().anyMatch(it -> it.severity() == Problem.Severity.ERROR)) {
            throw new IllegalArgumentException("a value exactly if there are no errors");
        }
    }

    static <T> Loaded<T> of(T value, Problems problems) {
        return new Loaded<>(problems.hasErrors() ? Optional.empty() : Optional.of(value), problems.all());
    }

    static <T> Loaded<T> nothing(Problems problems) {
        return new Loaded<>(Optional.empty(), problems.all());
    }

    public String text() {
        StringBuilder text = new StringBuilder();
        problems.forEach(problem -> text.append(ProblemText.of(problem)).append('\n'));
        return text.toString();
    }
}
