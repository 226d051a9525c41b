package dev.reeve.shell;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The folders in which a command may run. After {@code cd} it is there or, if that failed or was in a subshell, still where it was: so they
 * only become more, and a relative path is in each of them.
 */
final class Folders {
    private static final int MOST = 6;

    private final Set<String> possible = new LinkedHashSet<>();
    private boolean known = true;
    private boolean changed;
    private boolean settled;

    Folders(Set<String> first) {
        possible.addAll(first);
    }

    /** Where a path may lead; empty if that cannot be said. */
    Optional<Set<String>> paths(String written) {
        if (written.startsWith("/")) {
            return Optional.of(Set.of(tidy(written)));
        }
        if (!known) {
            return Optional.empty();
        }
        Set<String> paths = new LinkedHashSet<>();
        possible.forEach(folder -> paths.add(tidy(folder + "/" + written)));
        return Optional.of(paths);
    }

    /** All of them; empty if that cannot be said. */
    List<String> all() {
        return known ? List.copyOf(possible) : List.of();
    }

    boolean changed() {
        return changed;
    }

    /** From now on they are what they are: the text is read once more, for what runs after it was written. */
    void settle() {
        settled = true;
    }

    void change(Word target, boolean repeated) {
        if (settled) {
            return;
        }
        changed = true;
        boolean plain =
                target.isLiteral() && !target.text().isEmpty() && !target.text().startsWith("-");
        boolean relative = !target.text().startsWith("/");
        if (!plain || (relative && repeated)) {
            known = false;
            return;
        }
        paths(target.text()).ifPresent(possible::addAll);
        if (possible.size() > MOST) {
            known = false;
        }
    }

    void lose() {
        if (!settled) {
            changed = true;
            known = false;
        }
    }

    /** Without {@code .} segments and needless slashes, which mean nothing. {@code ..} stays: what it means depends on links. */
    static String tidy(String path) {
        StringBuilder out = new StringBuilder();
        for (String segment : path.split("/", -1)) {
            if (!segment.isEmpty() && !segment.equals(".")) {
                out.append('/').append(segment);
            }
        }
        return out.isEmpty() ? "/" : out.toString();
    }
}
