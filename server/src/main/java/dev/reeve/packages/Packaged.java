package dev.reeve.packages;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A command line that would fetch a package and start it: {@code npx -y spec args}, {@code uvx spec args}. Confined it cannot fetch anything, so
 * the package is installed before, and started from there.
 *
 * @param spec of the package, as {@code @scope/name@1.2.3} or {@code name==1.2.3}
 * @param command the program in it, if the command line names one
 */
record Packaged(Kind kind, String spec, Optional<String> command, List<String> arguments) {
    enum Kind {
        NPM,
        PYPI
    }

    Packaged {
        arguments = List.copyOf(arguments);
    }

    /** Empty if this starts something that is installed already, or in a form that is not understood. */
    static Optional<Packaged> of(List<String> argv) {
        String program = argv.getFirst().replaceAll("^.*/", "").toLowerCase(Locale.ROOT);
        List<String> rest = new ArrayList<>(argv.subList(1, argv.size()));
        return switch (program) {
            case "npx" -> read(Kind.NPM, rest, List.of("-p", "--package"));
            case "uvx" -> read(Kind.PYPI, rest, List.of("--from"));
            case "uv" ->
                rest.size() > 1 && rest.subList(0, 2).equals(List.of("tool", "run"))
                        ? read(Kind.PYPI, rest.subList(2, rest.size()), List.of("--from"))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<Packaged> read(Kind kind, List<String> words, List<String> from) {
        Optional<String> named = Optional.empty();
        int at = 0;
        while (at < words.size() && words.get(at).startsWith("-")) {
            String word = words.get(at);
            int equals = word.indexOf('=');
            if (from.contains(word) && at + 1 < words.size()) {
                named = Optional.of(words.get(at + 1));
                at += 2;
            } else if (equals > 0 && from.contains(word.substring(0, equals))) {
                named = Optional.of(word.substring(equals + 1));
                at++;
            } else if (word.equals("-y") || word.equals("--yes") || word.equals("-q") || word.equals("--quiet")) {
                at++;
            } else {
                return Optional.empty();
            }
        }
        if (at == words.size()) {
            return Optional.empty();
        }
        String first = words.get(at);
        List<String> arguments = words.subList(at + 1, words.size());
        return Optional.of(
                named.isPresent()
                        ? new Packaged(kind, named.get(), Optional.of(first), arguments)
                        : new Packaged(kind, first, Optional.empty(), arguments));
    }

    /** Without its version. */
    String name() {
        if (kind == Kind.PYPI) {
            return spec.replaceAll("[\\[<>=!~@ ].*$", "");
        }
        int at = spec.lastIndexOf('@');
        return at > 0 ? spec.substring(0, at) : spec;
    }
}
