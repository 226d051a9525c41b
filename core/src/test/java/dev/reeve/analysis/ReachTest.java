package dev.reeve.analysis;

import static dev.reeve.analysis.Policies.except;
import static dev.reeve.analysis.Policies.resource;
import static dev.reeve.analysis.Policies.target;
import static dev.reeve.analysis.Policies.tool;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.json.Json;
import dev.reeve.policy.Glob;
import dev.reeve.policy.PolicySource.Effect;
import dev.reeve.policy.PolicySource.Never;
import dev.reeve.policy.ToolSchemas;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ReachTest {
    private static final Actor HELPER = new Actor("helper-1", Set.of("helper"));
    private final Policies written = new Policies()
            .database("crm", Map.of("people", List.of("id", "email")), Map.of("people.email", Set.of("pii")))
            .maps("pg.run", "crm", "sql")
            .untrusted("web.fetch", "url:{arguments.url}", "read")
            .maps("mail.send", "mail:{arguments.to}", "create");

    private record NoPins(Set<String> upstreams) implements ToolSchemas {
        @Override
        public Optional<Json.Obj> inputSchema(String upstream, String tool) {
            return Optional.empty();
        }

        @Override
        public List<String> tools(String upstream) {
            return List.of();
        }
    }

    private Reach reach() {
        return reach(List.of());
    }

    private Reach reach(List<Asking> points) {
        return Reach.of(written.source(), new NoPins(Set.of("pg", "web", "mail")), points)
                .orElseThrow();
    }

    private List<String> said(Reach.Question question) {
        Reach reach = reach();
        return ReachRow.of(reach, reach.of(HELPER, question)).stream()
                .filter(row -> !row.through().contains("the agent's own program"))
                .map(row -> row.actions() + " " + row.resource() + " " + row.through() + " " + row.how())
                .toList();
    }

    private static Reach.Question about(String resource, String action) {
        return new Reach.Question(Optional.of(Glob.of(resource)), Optional.empty(), Optional.of(action));
    }

    private Optional<String> broken(String sentence) {
        return broken(sentence, List.of());
    }

    private Optional<String> broken(String sentence, List<Asking> points) {
        Never never = Invariants.parse(sentence).orElseThrow();
        Invariants invariants = new Invariants(reach(points), List.of(HELPER), List.of("helper"));
        assertEquals(Optional.empty(), invariants.unaskable(never));
        return invariants.broken(never).map(Invariants::said);
    }

    /** What people may grant for a time is what a person approves; what a role of the context allows is allowed under its condition. */
    @Test
    void whatMayBeGrantedAndWhatDependsOnContextCanBe() {
        written.role("helper").grantable("mailing", written.may("mail:**", "create"));
        assertTrue(broken("anybody create mail:a@b.example").isPresent());
        assertEquals(Optional.empty(), broken("anybody create mail:a@b.example unless approval"));
        written.role("night", written.may("crm", "delete")).assign("night", "*", "late");
        assertTrue(broken("anybody delete crm unless approval").isPresent());
        assertTrue(
                said(about("crm", "delete")).toString().contains("if late"),
                said(about("crm", "delete")).toString());
    }

    /** What its own roles let it do it does while it has the role too; what the role forbids it does not. */
    @Test
    void ofARoleOfTheContextItIsAskedForAllWhoMayHaveIt() {
        written.role("helper", written.may("crm", "delete"))
                .role("external")
                .role("other")
                .assign("external", HELPER.name().substring(0, 3) + "*", "late")
                .assign("other", "sup-*", "late");
        String said = whileOf("external").orElse("holds");
        assertTrue(
                said.startsWith("agent `" + HELPER.name() + "`, while it has the role `external`, can delete `crm`"),
                said);
        assertEquals(Optional.empty(), whileOf("other"), "it is for agents of another name");
        written.rule(Effect.DENY, Policies.target("", "crm", "", "external"), "");
        assertEquals(Optional.empty(), whileOf("external"));
    }

    private Optional<String> whileOf(String role) {
        Invariants invariants = new Invariants(reach(), List.of(HELPER), List.of("helper", "external", "other"));
        return invariants
                .broken(Invariants.parse("role " + role + " delete crm").orElseThrow())
                .map(Invariants::said);
    }

    /** What an enforcement point asks about needs no tool; of whom it may not ask, it asks nothing. */
    @Test
    void whatEnforcementPointsAskAboutCanBe() {
        written.role("helper", written.may("crm", "delete"), written.may("wiki", "purge"))
                .resource("wiki", Set.of(), Map.of(), "purge")
                .rule(Effect.ALLOW, tool("mail:*"), "");
        assertEquals(Optional.empty(), broken("agent helper-1 purge wiki"));
        List<Asking> points = List.of(new Asking("guard", List.of(Glob.of("helper-*")), Set.of(), false));
        assertEquals(
                Optional.of("agent `helper-1` can purge `wiki` through enforcement points by policies/p.yaml:6"),
                broken("agent helper-1 purge wiki", points));
        assertTrue(broken("anybody purge wiki", points).isPresent());
        assertTrue(broken("agent helper-1 delete db:crm/people", points).isPresent());
        // A rule about tools allows no point anything.
        assertEquals(Optional.empty(), broken("anybody read mail:**", points));
        List<Asking> others = List.of(new Asking("guard", List.of(Glob.of("bot-*")), Set.of("boss"), true));
        assertEquals(Optional.empty(), broken("agent helper-1 purge wiki", others));
        assertTrue(broken("role helper purge wiki", others).isPresent());
        List<Asking> itself = List.of(new Asking("helper-1", List.of(), Set.of(), true));
        assertTrue(broken("agent helper-1 purge wiki", itself).isPresent());
    }

    /** By its URL a request is decided as the operation that it is, through whichever door. */
    @Test
    void requestsBelowTheUrlOfAnApiAreItsOperations() {
        written.api("shop", "https://shop.example/v1")
                .role("helper", written.may("shop", "read"), written.may("url:https://**", "read"));
        List<Asking> points = List.of(new Asking("guard", List.of(Glob.of("*")), Set.of(), false));
        assertTrue(broken("agent helper-1 read url:https://shop.example/v1/users", points)
                .isPresent());
        assertTrue(broken("agent helper-1 read api:shop/users", points).isPresent());
        written.rule(Effect.DENY, resource("shop"), "");
        assertEquals(Optional.empty(), broken("anybody read url:https://shop.example/v1/**", points));
        assertEquals(Optional.empty(), broken("anybody read api:shop/**", points));
        assertTrue(broken("anybody read url:https://shop.example/v2", points).isPresent());
    }

    /** What denies a URL denies it with any query and with a slash at its end, and what must never be includes these. */
    @Test
    void aUrlIsOneThingWithAnyQuery() {
        written.role("helper", written.may("url:https://a.example/p?**", "read"));
        assertTrue(broken("role helper read url:https://a.example/p").isPresent());
        assertTrue(broken("role helper read url:https://a.example/*").isPresent());
        written.rule(Effect.DENY, resource("url:https://a.example/*"), "");
        assertEquals(Optional.empty(), broken("role helper read url:https://a.example/p"));
        assertEquals(List.of(), said(about("url:https://a.example/p?x=1", "read")));
    }

    @Test
    void whatIsGrantedIsShownWithItsToolAndItsCondition() {
        written.role("helper", written.may("crm", "read", "no_pii_access"), written.may("mail:*@a.example", "create"));
        assertEquals(
                List.of(
                        "[query] crm [pg.run] allowed, if no_pii_access",
                        "[create] mail:*@a.example [mail.send] allowed"),
                said(Reach.Question.EVERYTHING));
    }

    @Test
    void labelledColumnsAreOutOfReachWhereTheConditionLeavesThemOut() {
        written.role("helper", written.may("crm", "read", "no_pii_access"));
        assertEquals(List.of(), said(about("db:crm/people.email", "read")));
        assertEquals(
                List.of("[query] db:crm/people.id [pg.run] allowed, if no_pii_access"),
                said(about("db:crm/people.id", "read")));
        assertEquals(Optional.empty(), broken("role helper read db:crm/people.email"));
    }

    @Test
    void aConditionOfTheSameNameThatIsWrittenAnewIsNotBelieved() {
        written.condition("no_pii_access", "true").role("helper", written.may("crm", "read", "no_pii_access"));
        assertTrue(broken("role helper read db:crm/people.email").isPresent());
    }

    @Test
    void deniesTakeAwayAloneOrTogether() {
        written.role("helper", written.may("mail:*", "create"))
                .rule(Effect.DENY, except(resource("mail:*"), "mail:*@a.example"), "")
                .rule(Effect.DENY, resource("mail:*@a.example"), "arguments.x == 1");
        assertEquals(Optional.empty(), broken("role helper create mail:*@b.example"));
        assertEquals(
                Optional.of(
                        "agent `helper-1` can create `mail:example@a.example` through `mail.send` by policies/p.yaml:5"
                                + ", unless policies/p.yaml:7 denies it, unless policies/p.yaml:8 denies it"),
                broken("role helper create mail:**"));
        written.rule(Effect.DENY, resource("mail:**a.example"), "");
        assertEquals(Optional.empty(), broken("role helper create mail:*@a.example"));
    }

    @Test
    void whatAPersonMustApproveIsHeldAndCountsUnlessSaidOtherwise() {
        written.role("helper", written.may("mail:*", "create")).rule(Effect.REQUIRE_APPROVAL, tool("mail.*"), "");
        assertEquals(List.of("[create] mail:* [mail.send] held"), said(about("mail:**", "create")));
        assertTrue(broken("role helper create mail:**").isPresent());
        assertEquals(Optional.empty(), broken("role helper create mail:** unless approval"));
    }

    @Test
    void whatARuleForOthersAllowsIsNotReached() {
        written.role("helper")
                .rule(Effect.ALLOW, Policies.of(target("", "mail:*", "create", ""), "bot-*"), "")
                .rule(Effect.ALLOW, target("", "crm", "query", "boss"), "");
        assertEquals(List.of(), said(Reach.Question.EVERYTHING));
        assertTrue(broken("anybody create mail:**").orElse("").startsWith("an agent without a role can create"));
    }

    @Test
    void aSentenceThatCannotBeAskedSaysWhy() {
        written.role("helper");
        Invariants invariants = new Invariants(reach(), List.of(HELPER), List.of("helper"));
        assertEquals(Optional.empty(), Invariants.parse("role helper writes"));
        assertEquals(
                Optional.of("unknown action `fly`"),
                invariants.unaskable(Invariants.parse("anybody fly crm").orElseThrow()));
        assertEquals(
                Optional.of("unknown role `boss`"),
                invariants.unaskable(Invariants.parse("role boss read crm").orElseThrow()));
    }

    @Test
    void privateDataAndStrangersTextAndAWayOutAreToldTogetherWithTheRulesThatCutThem() {
        written.role(
                "helper", written.may("crm", "read"), written.may("url:**", "read"), written.may("mail:*", "create"));
        Reach reach = reach();
        Combination found = Combination.of(reach, HELPER, reach.of(HELPER, Reach.Question.EVERYTHING))
                .orElseThrow();
        assertEquals(Set.of("pii"), found.labels());
        assertEquals(List.of(), found.answered());
        assertEquals(
                List.of(
                        "- { deny: { resource: \"mail:*\", agent: \"helper-1\" }, when: \"'pii' in session.read\" }",
                        "- { deny: { resource: \"url:**\", agent: \"helper-1\" }, when: \"'pii' in session.read\" }"),
                found.cuts().get("ways out"));
        written.rule(Effect.DENY, resource("mail:**"), "'pii' in session.read")
                .rule(Effect.DENY, resource("url:**"), "'pii' in session.read");
        Reach after = reach();
        assertEquals(
                2,
                Combination.of(after, HELPER, after.of(HELPER, Reach.Question.EVERYTHING))
                        .orElseThrow()
                        .answered()
                        .size());
    }

    @Test
    void withoutOneOfTheThreeThereIsNoCombination() {
        written.role("helper", written.may("crm", "read", "no_pii_access"), written.may("url:**", "read"));
        Reach reach = reach();
        assertEquals(Optional.empty(), Combination.of(reach, HELPER, reach.of(HELPER, Reach.Question.EVERYTHING)));
    }

    @Test
    void theDrawingEscapesWhatIsWrittenAndIsWellFormed() throws Exception {
        written.role(
                "helper",
                written.may("file:/<b>&\"\u202e**", "read"),
                written.may("mail:*", "create", "x < 1 && y > 2"));
        Reach reach = reach();
        String svg = ReachDrawing.of(
                new Actor("<script>", Set.of("helper")),
                ReachRow.of(reach, reach.of(HELPER, Reach.Question.EVERYTHING)));
        javax.xml.parsers.DocumentBuilderFactory factory = javax.xml.parsers.DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        int boxes = factory.newDocumentBuilder()
                .parse(new java.io.ByteArrayInputStream(svg.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .getElementsByTagName("rect")
                .getLength();
        assertEquals(6, boxes);
        assertFalse(svg.contains("<script>"));
        assertFalse(svg.contains("\u202e"));
    }
}
