package dev.reeve.analysis;

import static dev.reeve.analysis.Policies.except;
import static dev.reeve.analysis.Policies.resource;
import static dev.reeve.analysis.Policies.target;
import static dev.reeve.analysis.Policies.tool;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.json.Json;
import dev.reeve.policy.PolicySource.Effect;
import dev.reeve.policy.PolicySource.Mode;
import dev.reeve.policy.Problem;
import dev.reeve.policy.Problem.Severity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

final class LintTest {
    private final Policies written = new Policies();

    @Test
    void aPolicyWithoutOdditiesHasNoFindings() {
        written.role("clerk", written.may("crm", "read"), written.may("mail:*@example.com", "create"))
                .agent("a", "clerk")
                .maps("crm.get", "crm", "read")
                .rule(Effect.DENY, tool("crm.*"), "'pii' in session.read")
                .rule(Effect.REQUIRE_APPROVAL, target("", "mail:*@example.com", "create", ""), "");
        assertEquals(List.of(), written.lint());
    }

    @Test
    void aPermissionThatADenyCoversWholeNeverTakesEffect() {
        written.role("clerk", written.may("db:crm/people.email", "read"), written.may("db:hr/people", "read"))
                .agent("a", "clerk")
                .rule(Effect.DENY, resource("crm"), "");
        assertEquals(List.of("1 shadowed"), written.lint());
    }

    @Test
    void aDenyThatIsInShadowOrForOthersOrLeavesSomethingOutCoversNothingWhole() {
        written.role("clerk", written.may("file:/a/*", "read"))
                .agent("a", "clerk")
                .rule(Effect.DENY, resource("file:/**"), "", List.of(), new Mode.Shadow(Optional.empty()))
                .rule(Effect.DENY, target("", "file:/**", "", "guest"), "")
                .rule(Effect.DENY, except(resource("file:/**"), "file:/a/b"), "");
        assertEquals(List.of(), written.lint());
    }

    @Test
    void aRuleIsShadowedByADenyUnderTheSameCondition() {
        written.rule(Effect.ALLOW, target("a.b*", "", "read", ""), "arguments.x == 1")
                .rule(Effect.DENY, tool("a.*"), "arguments.x == 1");
        assertEquals(List.of("1 shadowed"), written.lint());
    }

    @Test
    void whatSaysNothingThatAWiderOneDoesNotSayIsNeedless() {
        written.role(
                        "clerk",
                        written.may("file:/a/**", "read,write"),
                        written.may("file:/a/b/*", "update", "business_hours"))
                .agent("a", "clerk")
                .rule(Effect.DENY, tool("x.*"), "")
                .rule(Effect.DENY, tool("x.y"), "arguments.z == 1");
        assertEquals(List.of("2 redundant", "6 redundant"), written.lint());
    }

    @Test
    void ofTwoThatSayTheSameOneIsNeedless() {
        written.role("clerk", written.may("file:/a/*", "read"), written.may("file:/a/*", "read"))
                .agent("a", "clerk");
        assertEquals(List.of("2 redundant"), written.lint());
    }

    @Test
    void whereAClientIsAskedTheCloserOneCountsAndNothingIsNeedless() {
        written.role("clerk", written.may("file:/a/**", "read"), written.may("file:/a/b/*", "read"))
                .agent("a", "clerk")
                .rule(Effect.ALLOW, target("", "file:/a/b/**", "read", ""), "", List.of("client"), new Mode.Enforce());
        assertEquals(List.of(), written.lint());
    }

    @Test
    void rulesOfOppositeEffectThatMeetAreToldWithAnExample() {
        written.rule(Effect.ALLOW, target("pg.read_*", "", "query", ""), "")
                .rule(Effect.DENY, target("pg.*_secret", "", "", ""), "");
        Problem found =
                Lint.of(written.source(), Optional.of(Set.of()), Set.of()).getFirst();
        assertEquals(List.of("1 conflicting"), written.lint());
        assertEquals(
                "the deny at policies/p.yaml:2 is about some of the same (as `pg.read_secret`), and neither is the narrower one; the deny wins",
                found.message());
    }

    @Test
    void aNarrowerDenyOrOneThatLeavesTheAllowedOutIsNoConflict() {
        written.rule(Effect.ALLOW, target("pg.*", "", "query", ""), "")
                .rule(Effect.DENY, target("pg.drop", "", "query", ""), "")
                .rule(Effect.ALLOW, target("", "mail:*@example.com", "create", ""), "")
                .rule(Effect.DENY, except(resource("mail:*@*"), "mail:*@example.com"), "");
        assertEquals(List.of(), written.lint());
    }

    @Test
    void whatIsAllowedTooWidelyIsTold() {
        written.resource("crm", Set.of(), Map.of("people.email", Set.of("pii")))
                .role(
                        "clerk",
                        written.may("**", "read"),
                        written.may("db:crm/people", "write"),
                        written.may("url:https://**", "read"),
                        written.may("db:crm/people", "delete", "business_hours"))
                .agent("a", "clerk")
                .rule(Effect.ALLOW, resource("file:/x"), "");
        assertEquals(
                List.of(
                        "2 allows-everything",
                        "3 writes-labelled",
                        "4 open-way-out",
                        "4 redundant",
                        "5 redundant",
                        "8 allows-every-action"),
                written.lint());
    }

    @Test
    void anActionThatNoToolDoesIsTold() {
        written.maps("crm.get", "crm", "read")
                .maps("db.run", "sales", "sql")
                .role("clerk", written.may("crm", "read,delete"), written.may("sales", "read,write"))
                .agent("a", "clerk");
        assertEquals(List.of("3 action-never-happens"), written.lint());
    }

    @Test
    void rolesAndConditionsOfWhatIsAssignedOrMayBeGrantedAreUsed() {
        written.role("night", written.may("file:/x", "read"))
                .condition("late", "true")
                .assign("night", "*", "late")
                .condition("small", "true")
                .grantable("mailing", written.may("file:/y", "read", "small"));
        assertEquals(List.of(), written.lint());
    }

    @Test
    void rolesThatNobodyHasAndConditionsThatNobodyNamesAreTold() {
        written.role("clerk", written.may("file:/x", "read", "used"))
                .condition("used", "true")
                .condition("other", "true");
        assertEquals(List.of("2 unused-role", "4 unused-condition"), written.lint());
        Problem unsure = Lint.of(written.source(), Optional.empty(), Set.of()).getFirst();
        assertEquals(Severity.NOTE, unsure.severity(), "agents of the store could not be asked for");
        assertEquals(
                List.of("4 unused-condition"),
                Policies.told(Lint.of(written.source(), Optional.of(Set.of("clerk")), Set.of())));
    }

    @Test
    void whatIsIgnoredWithAReasonIsKeptApartAndWhatIgnoresNothingIsAFinding() {
        written.role(
                        "clerk",
                        written.may("file:/a/**", "read"),
                        written.ignore("redundant", "goes with the next release")
                                .may("file:/a/b", "read"),
                        written.ignore("shadowed", "was true once").may("file:/c", "read"),
                        written.ignore("shadwed", "misspelt").may("file:/d", "read"))
                .agent("a", "clerk");
        Suppressions.Sorted sorted =
                Suppressions.apply(written.source(), Lint.of(written.source(), Optional.of(Set.of()), Set.of()));
        assertEquals(List.of("3 ignore-unused", "4 ignore-unused"), Policies.told(sorted.kept()));
        assertEquals(
                "goes with the next release", sorted.suppressed().getFirst().reason());
        assertEquals(
                "redundant", sorted.suppressed().getFirst().problem().rule().id());
    }

    @Test
    void anErrorIsNeverIgnored() {
        written.ignore("never-matches", "please").rule(Effect.DENY, tool("x.y"), "");
        Problem error = Problem.error(written.source().rules().getFirst().place(), "rules.r0", "can never match")
                .by(dev.reeve.policy.LintRule.NEVER_MATCHES);
        assertEquals(
                List.of("1 ignore-unused", "1 never-matches"),
                Policies.told(
                        Suppressions.apply(written.source(), List.of(error)).kept()));
    }

    @Test
    void sarifNamesPlacesAndReasons() {
        Problem problem = written.role("x").source().roles().isEmpty()
                ? Assertions.fail()
                : Lint.of(written.source(), Optional.of(Set.of()), Set.of()).getFirst();
        Json.Obj log = Sarif.of(List.of(problem), List.of(new Suppressions.Suppressed(problem, "known")), "1.0");
        String text = log.toString();
        assertTrue(text.contains("\"uri\":\"policies/p.yaml\""), text);
        assertTrue(text.contains("\"startLine\":1,\"startColumn\":3"), text);
        assertTrue(text.contains("\"justification\":\"known\""), text);
    }

    /** Generous, since machines differ: what compares each with each takes minutes. */
    @Test
    void fiveThousandRulesAndPermissionsAreLookedAtInSeconds() {
        for (int i = 0; i < 2_500; i++) {
            written.role(
                            "role" + i % 100,
                            written.may("file:/" + i + "/**/x*y", "read"),
                            written.may("res" + i, "write"))
                    .rule(Effect.ALLOW, target("up.t" + i + "_*", "", "read", ""), "")
                    .rule(Effect.DENY, target("up.t*_" + i, "", "", ""), "arguments.x == 1");
        }
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(60), () -> Lint.of(written.source(), Optional.of(Set.of()), Set.of()));
    }
}
