package dev.reeve.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.reeve.policy.PolicySource.Effect;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class NamedToolsTest {
    /** Everywhere that a policy can name something, and nowhere by a pattern. */
    @Test
    void whatIsWrittenOutIsNamedAndAPatternNamesNothing() {
        Written written = new Written();
        written.role(
                        "a",
                        written.permission("tool:claude-code.Bash", "execute"),
                        written.permission("tool:mail.*", "*"))
                .rule(Effect.DENY, Written.tool("cursor.shell"), "", false)
                .rule(Effect.DENY, Written.resource("url:https://example.com/x", "tool:never.named"), "", false)
                .maps("pg.query", "sales", "read")
                .maps("crm.*", "crm", "read")
                .record(PolicySource.Kept.FULL, Written.tool("web.fetch"))
                .soft(Written.tool("web.post"), "embedded", Optional.empty(), false)
                .grantable("g", written.permission("tool:bank.pay", "execute"));
        assertEquals(
                Set.of(
                        "claude-code.Bash",
                        "cursor.shell",
                        "url:https://example.com/x",
                        "pg.query",
                        "web.fetch",
                        "web.post",
                        "bank.pay"),
                NamedTools.of(written.source()));
    }
}
