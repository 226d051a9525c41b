package dev.reeve.policy;

import dev.reeve.policy.ResourceNames.RefusedException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Patterns of files and of what MCP servers have, in whatever is written. One that no name fits would be silent, and a prohibition by it open: it
 * is refused.
 */
final class FilePatterns {
    private static final String FILE = "file:";
    private static final String GLOB = "glob:";
    private static final String MCP = "mcp:";

    /** What a wildcard could stand for. If nothing of this makes a name, it is what stands around it that no name has. */
    private static final List<String> SEGMENT = List.of("a", "", "b", "a:", "a?");

    private static final List<String> ANY =
            List.of("a", "", "b", "a:", "a?", "/", "/a", "//", "//a", "///a", "a/", "a/a", "a/a:");

    /** Wildcards that are filled apart from each other. Each further one is as the first. */
    private static final int APART = 4;

    private FilePatterns() {}

    /** @throws IllegalArgumentException if nothing is ever named so, with what to write */
    static void check(Glob pattern) {
        HostPatterns.check(pattern);
        String prefix = pattern.prefix();
        String written = prefix.substring(0, prefix.indexOf(':') + 1);
        String form = written.toLowerCase(Locale.ROOT);
        if (!form.equals(written) && ResourceNames.FORMS.contains(form)) {
            String text = form + pattern.toString().substring(form.length());
            throw new IllegalArgumentException("nothing is named `" + pattern
                    + "`: what stands before the first colon is" + " written in small letters" + better(pattern, text));
        }
        if (List.of(FILE, GLOB, MCP).contains(form)) {
            whyDead(pattern).ifPresent(why -> {
                throw new IllegalArgumentException(
                        "nothing is named `" + pattern + "`: " + why + better(pattern, pattern.toString()));
            });
        }
    }

    /** Empty if something can be named so. */
    private static Optional<String> whyDead(Glob pattern) {
        Filling filling = new Filling(pattern.tokens());
        Optional<String> why = Optional.empty();
        do {
            try {
                check(filling.name());
                return Optional.empty();
            } catch (RefusedException e) {
                why = why.or(() -> Optional.of(String.valueOf(e.getMessage())));
            }
        } while (filling.next());
        return why;
    }

    private static void check(String name) throws RefusedException {
        if (name.startsWith(GLOB)) {
            ResourceNames.value(FILE, name.substring(GLOB.length()));
        } else {
            ResourceNames.asked(name);
        }
    }

    /** Names that a pattern matches, one after the other. */
    private static final class Filling {
        private final char[] tokens;
        private final int[] chosen = new int[APART];
        private final int[] choices = new int[APART];

        Filling(char[] tokens) {
            this.tokens = tokens;
            int wild = 0;
            for (char token : tokens) {
                if (Glob.isWild(token) && wild < APART) {
                    choices[wild++] = of(token).size();
                }
            }
        }

        private static List<String> of(char wild) {
            return Glob.takes(wild, '/') ? ANY : SEGMENT;
        }

        String name() {
            StringBuilder name = new StringBuilder();
            int wild = 0;
            for (char token : tokens) {
                if (!Glob.isWild(token)) {
                    name.append(token);
                    continue;
                }
                List<String> all = of(token);
                name.append(all.get(chosen[wild < APART ? wild : 0] % all.size()));
                wild++;
            }
            return name.toString();
        }

        /** False if there are no more. */
        boolean next() {
            for (int i = 0; i < APART; i++) {
                if (++chosen[i] < choices[i]) {
                    return true;
                }
                chosen[i] = 0;
            }
            return false;
        }
    }

    /** What its author may have meant, where that can be said. */
    private static String better(Glob written, String text) {
        String meant = meant(text);
        if (meant.equals(written.toString())
                || meant.length() > Glob.LONGEST
                || whyDead(Glob.of(meant)).isPresent()) {
            return "";
        }
        boolean folder = text.endsWith("/") && !meant.endsWith("*");
        String below = folder ? ", or `" + meant + (meant.endsWith("/") ? "**" : "/**") + "` for all below it" : "";
        return "; write `" + meant + "`" + below;
    }

    private static String meant(String text) {
        int uri = text.startsWith(MCP) ? text.indexOf('/') + 1 : 0;
        if (text.startsWith(MCP) && uri == 0) {
            return text + "/**";
        }
        int path = uri + FILE.length();
        if (!text.regionMatches(true, uri, FILE, 0, FILE.length())) {
            return text.startsWith(GLOB) ? text.substring(0, path) + path(text.substring(path)) : text;
        }
        return text.substring(0, uri) + (uri > 0 ? FILE + "//" : FILE) + path(text.substring(path));
    }

    private static String path(String written) {
        String once = written.replaceAll("/{2,}", "/");
        return once.length() > 1 && once.endsWith("/") ? once.substring(0, once.length() - 1) : once;
    }
}
