package dev.reeve.shell;

import dev.reeve.shell.ShellReader.ShellScript;
import dev.reeve.shell.ShellUse.Way;
import dev.reeve.shell.ShellUse.What;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What running a program means. Programs that run others are looked through; where that is not certain, they are opaque. */
final class Programs {
    private static final Pattern SHELL_OPTIONS = Pattern.compile("-[ceilux]+o?|[-+]o|--login|--norc|--noprofile");
    private static final Pattern SETTING = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)\\+?=.*", Pattern.DOTALL);
    private static final int DEEPEST = 12;

    private final Uses uses;
    private final ShellScript script;
    private final boolean repeated;
    private int depth;

    Programs(Uses uses, ShellScript script, boolean repeated) {
        this.uses = uses;
        this.script = script;
        this.repeated = repeated;
    }

    void run(List<Word> words) throws ShellRefusedException {
        if (++depth > DEEPEST) {
            throw new ShellRefusedException("programs run programs more than " + DEEPEST + " deep");
        }
        Optional<String> program = words.isEmpty() ? Optional.empty() : Uses.program(words.getFirst(), uses.folders());
        if (program.isEmpty()) {
            uses.opaque(What.PROGRAM, "which program runs is not written out");
        } else {
            run(program.get(), words.subList(1, words.size()));
        }
        depth--;
    }

    private void run(String program, List<Word> arguments) throws ShellRefusedException {
        switch (program) {
            case "cd", "chdir", "pushd" -> folder(program, arguments);
            case "popd" -> {
                uses.folders().lose();
                uses.runs(program, arguments);
            }
            case "sh", "bash", "dash", "ash" -> shell(program, arguments);
            case "eval" -> evaluate(arguments);
            case "env" -> environment(program, arguments);
            case "sudo", "doas" -> {
                uses.runs(program, arguments);
                through(program, arguments);
            }
            case "command",
                    "builtin",
                    "exec",
                    "nohup",
                    "time",
                    "nice",
                    "ionice",
                    "setsid",
                    "stdbuf",
                    "timeout",
                    "busybox" -> through(program, arguments);
            case "xargs" -> arguments(program, arguments);
            case "find" -> find(arguments);
            case "export", "declare", "typeset", "readonly", "local" -> declaration(program, arguments);
            case "[", "test" -> {
                Evaluations.test(program, arguments, uses);
                uses.runs(program, arguments);
            }
            case "printf" -> {
                Evaluations.printf(arguments, uses);
                uses.runs(program, arguments);
            }
            case "curl", "wget" -> {
                uses.runs(program, arguments);
                Transfers.of(program, uses).read(arguments);
            }
            default -> {
                uses.runs(program, arguments);
                new Builtins(uses, script).read(program, arguments);
                FileArguments.of(program).ifPresent(files -> files.read(arguments, uses));
            }
        }
    }

    private void folder(String program, List<Word> arguments) {
        List<Word> targets = arguments.stream().filter(word -> !word.is("--")).toList();
        if (targets.size() == 1) {
            uses.folders().change(targets.getFirst(), repeated);
        } else {
            uses.folders().lose();
        }
        uses.runs(program, arguments);
    }

    /** Only {@code sh -c TEXT} is looked through; a script in a file, or from the standard input, is what the shell was allowed to run. */
    private void shell(String program, List<Word> arguments) throws ShellRefusedException {
        int at = 0;
        boolean command = false;
        while (at < arguments.size()
                && arguments.get(at).isLiteral()
                && SHELL_OPTIONS.matcher(arguments.get(at).text()).matches()) {
            String text = arguments.get(at++).text();
            command |= text.matches("-[a-z]*c[a-z]*");
            if (text.matches("[-+][a-z]*o") && at < arguments.size() && Builtins.isHarmlessOption(arguments.get(at))) {
                at++;
            } else if (text.matches("[-+][a-z]*o")) {
                command = false;
                break;
            }
        }
        at += at < arguments.size() && arguments.get(at).is("--") ? 1 : 0;
        // One more option that is not known here, and the text would be the word behind it.
        if (command
                && at < arguments.size()
                && arguments.get(at).isLiteral()
                && !arguments.get(at).text().matches("(?s)[-+].*")) {
            script.within(arguments.get(at).text());
            return;
        }
        uses.runs(program, arguments);
        uses.opaque(What.PROGRAM, "a shell runs what is not written out here");
    }

    private void evaluate(List<Word> arguments) throws ShellRefusedException {
        StringBuilder text = new StringBuilder();
        boolean marked = !arguments.isEmpty() && arguments.getFirst().is("--");
        for (Word word : arguments.subList(marked ? 1 : 0, arguments.size())) {
            if (!word.isLiteral()) {
                uses.opaque(What.PROGRAM, "`eval` runs what is not written out");
                return;
            }
            text.append(word.text()).append(' ');
        }
        script.within(text.toString());
    }

    private void environment(String program, List<Word> arguments) throws ShellRefusedException {
        int at = 0;
        while (at < arguments.size()) {
            Word word = arguments.get(at);
            Matcher setting = SETTING.matcher(word.text());
            if (setting.matches() && word.kind() != Word.Kind.STREAM) {
                uses.sets(setting.group(1));
                if (!word.isLiteral()) {
                    uses.opaque(What.PROGRAM, "a value for `env` may become several words");
                }
            } else if (word.is("-u") || word.is("--unset")) {
                at++;
            } else if (!word.is("-i") && !word.is("-") && !word.is("--") && !word.is("--ignore-environment")) {
                break;
            }
            at++;
        }
        next(program, arguments, Math.min(at, arguments.size()));
    }

    private void through(String program, List<Word> arguments) throws ShellRefusedException {
        Wrapper wrapper = Wrapper.of(program);
        next(program, arguments, wrapper.skip(arguments));
    }

    /** What stands behind a wrapper's own arguments is run; where an option is not known, what it means is not. */
    private void next(String program, List<Word> arguments, int at) throws ShellRefusedException {
        if (at >= arguments.size()) {
            uses.runs(program, arguments);
            return;
        }
        if (arguments.get(at).text().startsWith("-")) {
            uses.runs(program, arguments);
            uses.opaque(What.PROGRAM, "an option of `" + program + "` is not known");
            return;
        }
        run(arguments.subList(at, arguments.size()));
    }

    private void arguments(String program, List<Word> arguments) throws ShellRefusedException {
        Wrapper wrapper = Wrapper.of(program);
        int at = wrapper.skip(arguments);
        List<Word> run = new ArrayList<>();
        Optional<String> mark = wrapper.mark(arguments.subList(0, at));
        for (Word word : arguments.subList(at, arguments.size())) {
            run.add(mark.isPresent() && word.text().contains(mark.get()) ? Word.unknown(word.text()) : word);
        }
        if (run.isEmpty()) {
            run.add(new Word("echo", Word.Kind.LITERAL));
        }
        if (mark.isEmpty()) {
            run.add(Word.unknown("..."));
        }
        next(program, run, 0);
    }

    private void find(List<Word> arguments) throws ShellRefusedException {
        uses.runs("find", arguments);
        boolean deletes = false;
        List<Word> starts = new ArrayList<>();
        boolean inStarts = true;
        for (int i = leading(arguments); i < arguments.size(); i++) {
            Word word = arguments.get(i);
            if (word.mayBecomeOption()) {
                uses.opaque(What.PROGRAM, "an argument of `find` is not written out");
            }
            inStarts &= !word.isLiteral()
                    || !(word.text().startsWith("-") || word.text().startsWith("(") || word.is("!"));
            if (inStarts) {
                starts.add(word);
                continue;
            }
            switch (word.isLiteral() ? word.text() : "") {
                case "-exec", "-execdir", "-ok", "-okdir" -> i = execution(arguments, i + 1);
                case "-files0-from" -> uses.opaque(What.FILE, "`find` reads its folders from a file");
                case "-delete" -> deletes = true;
                case "-fprint", "-fprint0", "-fprintf", "-fls" -> {
                    if (i + 1 < arguments.size()) {
                        uses.file(arguments.get(i + 1), Way.WRITE);
                    }
                }
                default -> {}
            }
        }
        if (starts.isEmpty()) {
            starts.add(new Word(".", Word.Kind.LITERAL));
        }
        for (Word start : starts) {
            uses.file(start, Way.READ);
            if (deletes) {
                uses.file(start, Way.DELETE);
            }
        }
    }

    /** Options that stand before the folders. */
    private static int leading(List<Word> arguments) {
        int at = 0;
        while (at < arguments.size()
                && arguments.get(at).isLiteral()
                && arguments.get(at).text().matches("-[HLP]|-O[0-9]")) {
            at++;
        }
        return at;
    }

    private int execution(List<Word> arguments, int from) throws ShellRefusedException {
        List<Word> run = new ArrayList<>();
        int at = from;
        while (at < arguments.size()
                && !arguments.get(at).is(";")
                && !arguments.get(at).is("+")) {
            Word word = arguments.get(at++);
            run.add(word.text().contains("{}") ? Word.unknown(word.text()) : word);
        }
        run(run);
        return at;
    }

    private void declaration(String program, List<Word> arguments) {
        for (Word word : arguments) {
            Matcher setting = SETTING.matcher(word.text());
            if (setting.matches()) {
                uses.sets(setting.group(1));
            } else if (!word.isLiteral() || !word.text().matches("-[xrg]+|--|-p|[A-Za-z_][A-Za-z0-9_]*")) {
                uses.opaque(What.PROGRAM, "`" + program + "` declares what is not written out");
            }
        }
    }
}
