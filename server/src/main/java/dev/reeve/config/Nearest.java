package dev.reeve.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** "Did you mean": the known name that somebody probably wanted to write. */
public final class Nearest {
    private static final int LONGEST = 200;

    private Nearest() {}

    /** The nearest of the known names; empty if none is near. */
    public static Optional<String> to(String written, Collection<String> known) {
        if (written.length() > LONGEST) {
            return Optional.empty();
        }
        String low = simple(written);
        return known.stream()
                .filter(name -> name.length() <= LONGEST && near(low, simple(name)))
                .min(Comparator.<String>comparingInt(name -> distance(low, simple(name)))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** {@code did you mean "actions"?}, or nothing. */
    public static String hint(String written, Collection<String> known) {
        return to(written, known).map(name -> "did you mean \"" + name + "\"?").orElse("");
    }

    private static String simple(String name) {
        return name.toLowerCase(Locale.ROOT).replace('-', '_');
    }

    private static boolean near(String written, String name) {
        return distance(written, name) <= Math.max(1, Math.min(written.length(), name.length()) / 3);
    }

    /** Edits (a swap of neighbours is one) that make one of the other: optimal string alignment. */
    static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + change);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return last[b.length()];
    }
}
