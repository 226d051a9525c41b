package dev.reeve.config;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong while files are read, so that all of it can be told at once. */
final class Problems {
    /** A file that is wrong from top to bottom need not fill a terminal (R8). */
    private static final int MOST = 1000;

    private final List<Problem> found = new ArrayList<>();
    private boolean errors;

    void error(Place place, String field, String message, String fix) {
        add(new Problem(Problem.Severity.ERROR, place, field, message, fix));
    }

    void error(Node at, String message, String fix) {
        error(at.place(), at.field(), message, fix);
    }

    void error(Node at, String message) {
        error(at, message, "");
    }

    void warning(Place place, String field, String message, String fix) {
        add(new Problem(Problem.Severity.WARNING, place, field, message, fix));
    }

    void add(Problem problem) {
        errors |= problem.isError();
        if (found.size() < MOST) {
            found.add(problem);
        }
    }

    boolean hasErrors() {
        return errors;
    }

    /** In the order of files and lines. */
    List<Problem> all() {
        return found.stream().sorted(Problem.BY_PLACE).distinct().toList();
    }
}
