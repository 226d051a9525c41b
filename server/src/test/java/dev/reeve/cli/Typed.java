package dev.reeve.cli;

import dev.reeve.json.Json;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What became of a command as somebody types it, in this process. */
record Typed(int code, String out, String err) {
    /** What it printed, where that is one object. */
    Json.Obj json() throws JsonRefusedException {
        return StrictJson.readObject(out.getBytes(StandardCharsets.UTF_8), JsonLimits.ANSWER);
    }

    /** Takes the process's own outputs while it runs. */
    static Typed run(List<String> arguments) {
        PrintStream realOut = System.out;
        PrintStream realErr = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        ByteArrayOutputStream complained = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
            int code = Main.line(LedgerOffline::open).execute(arguments.toArray(String[]::new));
            System.out.flush();
            return new Typed(code, said.toString(StandardCharsets.UTF_8), complained.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(realOut);
            System.setErr(realErr);
        }
    }
}
