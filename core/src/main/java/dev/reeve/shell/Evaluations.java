package dev.reeve.shell;

import dev.reeve.shell.ShellUse.What;
import java.util.List;
import java.util.Set;

/**
 * The shell's own commands that take the name of a variable: a name with a subscript is calculated, and calculating can run commands
 * ({@code test -v 'a[$(id)]'}), so such names must not come from elsewhere.
 */
final class Evaluations {
    private static final Set<String> BETWEEN =
            Set.of("=", "==", "!=", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef");

    private Evaluations() {}

    static void test(String program, List<Word> arguments, Uses uses) {
        List<Word> words = arguments;
        if (program.equals("[") && !words.isEmpty() && words.getLast().is("]")) {
            words = words.subList(0, words.size() - 1);
        }
        while (!words.isEmpty() && words.getFirst().is("!")) {
            words = words.subList(1, words.size());
        }
        boolean names = words.stream().anyMatch(word -> word.is("-v") || word.is("-R"));
        boolean certain = switch (words.size()) {
            case 0, 1 -> words.stream().allMatch(word -> word.kind() != Word.Kind.PATTERN);
            case 2 -> words.getFirst().isLiteral();
            case 3 -> words.get(1).isLiteral() && BETWEEN.contains(words.get(1).text());
            default -> words.stream().allMatch(Word::isLiteral);
        };
        boolean split = words.stream().anyMatch(Evaluations::splits);
        if (names || !certain || split) {
            uses.opaque(What.PROGRAM, "`" + program + "` may look at a variable by name");
        }
    }

    /** An expansion that is not quoted may become several words, one of them an operator. */
    static boolean splits(Word word) {
        return word.kind() == Word.Kind.PATTERN
                || (word.kind() == Word.Kind.UNKNOWN
                        && !(word.text().startsWith("\"")
                                && word.text().indexOf('"', 1) == word.text().length() - 1)
                        && !word.text().equals("$#")
                        && !word.text().equals("$?"));
    }

    static void printf(List<Word> arguments, Uses uses) {
        if (arguments.isEmpty()) {
            return;
        }
        Word first = arguments.getFirst();
        if (!first.isLiteral() || (first.text().startsWith("-") && !first.text().equals("--"))) {
            uses.opaque(What.PROGRAM, "`printf` may set a variable by name");
        }
    }
}
