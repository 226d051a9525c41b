package dev.reeve.config;

import dev.reeve.policy.Place;
import dev.reeve.policy.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong while files are read, so that all of it can be told at once. */
final class Problems {
    /** A file that is wrong from top to bottom need not fill a terminal (R8). */
    private static final int MOST = 1000;

    private static final Comparator<Problem> BY_PLACE = Comparator.<Problem, String>comparing(
                    it -> it.place().file())
            .thenComparingInt(it -> it.place().line())
            .thenComparingInt(it -> it.place().column())
            .thenComparing(Problem::field)
            .thenComparing(Problem::message);

    private final List<Problem> found = new ArrayList<>();
    private boolean errors;

    void error(Place place, String field, String message, String fix) {
        add(Problem.error(place, field, message), fix);
    }

    void error(Node at, String message, String fix) {
        error(at.place(), at.field(), message, fix);
    }

    void error(Node at, String message) {
        error(at, message, "");
    }

    void warning(Place place, String field, String message, String fix) {
        add(Problem.warning(place, field, message), fix);
    }

    private void add(Problem problem, String fix) {
        add(fix.isEmpty() ? problem : problem.withFix(fix));
    }

    void add(Problem problem) {
        errors |= problem.severity() == Problem.Severity.ERROR;
        if (found.size() < MOST) {
            found.add(problem);
        }
    }

    boolean hasErrors() {
        return errors;
    }

    /** The whole file. */
    static Place file(String name) {
        return new Place(name, 0, 0);
    }

    /** In the order of files and lines. */
    List<Problem> all() {
        return found.stream().sorted(BY_PLACE).distinct().toList();
    }
}
