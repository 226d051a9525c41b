package dev.reeve.workbench;

import dev.reeve.policy.Condition;
import dev.reeve.policy.ConditionException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers for conditions that would have to look at what is hidden: the policy is asked again with each answer that such a condition could
 * give, so that nothing is guessed. A condition that cannot be evaluated needs no answer of its own: it counts as true in what denies and as
 * false in what allows. Each thread has its own.
 */
final class Assumptions implements WatchedConditions.Watch {
    /** Six conditions with two answers each; with more, nothing is said. */
    static final int MOST_RUNS = 64;

    private static final ThreadLocal<@Nullable Trial> TRIALS = new ThreadLocal<>();

    /**
     * What can come out.
     *
     * @param all false if there are more answers than are tried
     * @param missing what would have to be known; empty if no condition needed what is hidden
     */
    record Possible<T>(Set<T> results, boolean all, Set<String> missing) {}

    <T> Possible<T> possible(Hidden hidden, Supplier<T> judge) {
        Trial trial = new Trial(hidden);
        Set<T> results = new LinkedHashSet<>();
        TRIALS.set(trial);
        try {
            int runs = 0;
            do {
                trial.begin();
                results.add(judge.get());
                runs++;
            } while (runs < MOST_RUNS && trial.next());
            return new Possible<>(results, trial.isDone(), trial.missing);
        } finally {
            TRIALS.remove();
        }
    }

    @Override
    public boolean test(WatchedConditions.Watched condition, Condition.Input input) throws ConditionException {
        Trial trial = TRIALS.get();
        if (trial != null) {
            List<String> missing = trial.hidden.missing(condition.needs());
            if (!missing.isEmpty()) {
                return trial.answer(
                        new Question(condition.text(), input.access().names()), missing);
            }
        }
        return condition.real().test(input);
    }

    /** The same condition on the same thing has one answer. */
    private record Question(String text, List<String> names) {}

    /** A path through the answers, taken depth first. */
    private static final class Trial {
        private final Hidden hidden;
        private final List<Boolean> path = new ArrayList<>();
        private final Map<Question, Integer> asked = new HashMap<>();
        private final Set<String> missing = new LinkedHashSet<>();

        Trial(Hidden hidden) {
            this.hidden = hidden;
        }

        void begin() {
            asked.clear();
        }

        boolean answer(Question question, List<String> why) {
            missing.addAll(why);
            int at = asked.computeIfAbsent(question, ignored -> asked.size());
            if (at == path.size()) {
                path.add(false);
            }
            return path.get(at);
        }

        /** Turns to the next path; false if there is none. */
        boolean next() {
            while (!path.isEmpty() && path.getLast()) {
                path.removeLast();
            }
            if (path.isEmpty()) {
                return false;
            }
            path.set(path.size() - 1, true);
            return true;
        }

        boolean isDone() {
            return path.stream().allMatch(answer -> answer);
        }
    }
}
