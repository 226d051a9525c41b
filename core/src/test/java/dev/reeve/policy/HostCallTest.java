package dev.reeve.policy;

import static dev.reeve.policy.Written.decide;
import static dev.reeve.policy.Written.principal;
import static dev.reeve.policy.Written.resource;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Operation;
import dev.reeve.action.Touch;
import dev.reeve.gate.Finding;
import dev.reeve.gate.Obligation;
import dev.reeve.gate.Rulebook.Reading;
import dev.reeve.json.Json;
import dev.reeve.policy.PolicySource.Effect;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What coding agents do by themselves: the least allowed part decides, and between an allow and a question the closer one counts. */
final class HostCallTest {
    private static Operation.HostCall call(String... names) {
        List<Touch> touches = new java.util.ArrayList<>();
        for (String name : names) {
            touches.add(new Touch(List.of(name.split("\\|", -1)), "execute", Optional.empty()));
        }
        return new Operation.HostCall("claude-code", "Bash", Json.Obj.EMPTY, touches);
    }

    private static String verdict(CompiledPolicy policy, Operation operation) {
        List<Finding> found = decide(policy, principal("host"), operation, Set.of());
        if (found.stream().anyMatch(Finding.Stop.class::isInstance)) {
            return "deny";
        }
        return found.stream()
                        .anyMatch(one -> one instanceof Finding.Oblige oblige
                                && oblige.obligation().name().equals(Obligation.CLIENT_ASKS))
                ? "ask"
                : "allow";
    }

    private static CompiledPolicy policy() {
        Written written = new Written();
        return written.role(
                        "host",
                        written.permission("shell:ls", "execute"),
                        written.permission("shell:git", "execute"),
                        written.permission("shell:npm test", "execute"))
                .asks(resource("shell:**", ""))
                .asks(resource("shell:git push", ""))
                .rule(Effect.DENY, resource("shell:sudo", ""), "", false)
                .compiled();
    }

    @ParameterizedTest
    @CsvSource({
        "shell:ls, allow",
        "shell:git|shell:git status, allow",
        "shell:git|shell:git push, ask",
        "shell:npm|shell:npm test, allow",
        "shell:npm|shell:npm install, ask",
        "shell:sudo, deny",
        "opaque:shell, deny",
    })
    void betweenAnAllowAndAQuestionTheCloserOneCounts(String names, String expected) {
        assertEquals(expected, verdict(policy(), call(names)));
    }

    @Test
    void theLeastAllowedPartDecides() {
        assertEquals("allow", verdict(policy(), call("shell:ls", "shell:git")));
        assertEquals("ask", verdict(policy(), call("shell:ls", "shell:make")));
        assertEquals("deny", verdict(policy(), call("shell:make", "shell:sudo")));
        assertEquals("deny", verdict(policy(), call("shell:ls", "opaque:file")));
        assertEquals("deny", verdict(policy(), call()));
    }

    @Test
    void whatReeveDoesItselfHasNobodyToAsk() {
        CompiledPolicy policy = new Written().asks(resource("tool:**", "")).compiled();
        assertEquals("deny", verdict(policy, Written.call("up.tool", Json.Obj.EMPTY)));
    }

    @ParameterizedTest
    @CsvSource({"file:/a/../b", "file:/a%2fb", "file:/a//b", "glob:/a/../*", "url:ftp://x", "shell:a\u200bb"})
    void aNameThatCouldMeanSomethingElseIsNoName(String name) {
        Reading reading = policy().read(call(name.replace("\\u200b", "\u200b")));
        assertTrue(reading instanceof Reading.Unreadable, name);
    }
}
