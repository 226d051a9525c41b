package dev.reeve.policy;

import static dev.reeve.policy.Written.args;
import static dev.reeve.policy.Written.call;
import static dev.reeve.policy.Written.principal;
import static dev.reeve.policy.Written.resource;
import static dev.reeve.policy.Written.tool;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Action;
import dev.reeve.action.Attempt;
import dev.reeve.action.Operation;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Recording;
import dev.reeve.gate.Recording.Detail;
import dev.reeve.gate.Rulebook.Reading;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.policy.PolicySource.Kept;
import dev.reeve.policy.PolicySource.Target;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written down of what, and R2: which outcomes may ride behind their answers. */
final class RecordingRulesTest {
    private static final Set<String> NOTHING = Set.of();
    private static final Operation READ = call("up.read", args("id", "1"));

    private static Written house() {
        return new Written()
                .catalogue("leave", NOTHING)
                .catalogue("people", Set.of("pii"))
                .maps("up.read", "leave", "read")
                .maps("up.book", "leave", "create")
                .maps("up.who", "people", "read")
                .maps("up.fetch", "url:https://example.com/a", "read");
    }

    private static Recording recording(Written written, Principal who, Operation operation) {
        CompiledPolicy policy = written.compiled();
        Reading.Touches touches = assertInstanceOf(Reading.Touches.class, policy.read(operation));
        Attempt attempt = new Attempt(who, 1, operation, "s", "test", Optional.empty());
        Action action = Action.of("id", Instant.EPOCH, attempt, operation, Optional.empty());
        return policy.recording(
                action, new Facts(touches.accesses(), touches.resultTags(), NOTHING, Instant.EPOCH, false));
    }

    private static Recording lazily(Principal who, Operation operation) {
        return recording(house().record(Kept.LAZY, tool("up.*")), who, operation);
    }

    @Test
    void whatNobodyNamesIsRecordedAsUsual() {
        assertEquals(Recording.USUAL, recording(house(), principal("r"), READ));
        Written other = house().record(Kept.LESS, tool("other.*")).record(Kept.LAZY, resource("people", ""));
        assertEquals(Recording.USUAL, recording(other, principal("r"), READ));
    }

    @Test
    void fullWinsOverLessWhateverTheOrder() {
        for (List<Kept> order : List.of(List.of(Kept.LESS, Kept.FULL), List.of(Kept.FULL, Kept.LESS))) {
            Written written = house();
            order.forEach(kept -> written.record(kept, resource("leave", "")));
            assertEquals(Detail.FULL, recording(written, principal("r"), READ).detail());
        }
        Written less = house().record(Kept.LESS, tool("up.read"));
        assertEquals(Detail.LESS, recording(less, principal("r"), READ).detail());
    }

    private static Detail inDoubt(Written written, Operation operation) {
        Attempt attempt = new Attempt(principal("r"), 1, operation, "s", "test", Optional.empty());
        Action action = Action.of("id", Instant.EPOCH, attempt, operation, Optional.empty());
        Recording recording = written.compiled().recordingInDoubt(action);
        assertFalse(recording.lazy());
        return recording.detail();
    }

    private static Target target(String tool, String resource, String agent, String role) {
        return new Target(
                Optional.of(tool).filter(text -> !text.isEmpty()),
                Optional.of(resource).filter(text -> !text.isEmpty()),
                Optional.empty(),
                Optional.of(agent).filter(text -> !text.isEmpty()),
                Optional.of(role).filter(text -> !text.isEmpty()),
                Optional.empty());
    }

    /** It was refused before anybody could say what it touches: whatever it could have touched counts. */
    @Test
    void whereNobodyKnowsWhatIsTouchedTheStrictestEntryThatCouldMatchCounts() {
        for (Target could : List.of(
                target("up.*", "", "", ""),
                target("", "people", "", ""),
                target("up.read", "people", "agent-1", ""),
                target("", "", "agent-*", "r"))) {
            assertEquals(Detail.LESS, inDoubt(house().record(Kept.LESS, could), READ), could.toString());
            assertEquals(
                    Detail.LESS,
                    inDoubt(house().record(Kept.FULL, tool("up.*")).record(Kept.LESS, could), READ),
                    could.toString());
        }
        for (Target other : List.of(
                target("other.*", "", "", ""),
                target("up.*", "", "agent-2", ""),
                target("", "people", "", "another-role"))) {
            assertEquals(Detail.USUAL, inDoubt(house().record(Kept.LESS, other), READ), other.toString());
        }
        assertEquals(Detail.USUAL, inDoubt(house().record(Kept.LAZY, tool("up.*")), READ));
        assertEquals(Detail.USUAL, inDoubt(house().record(Kept.FULL, tool("up.*")), READ));
    }

    @Test
    void aReadOfUnlabelledDataMayBeLazy() {
        assertTrue(lazily(principal("r"), READ).lazy());
    }

    @Test
    void writesLabelledDataAndWhatLeavesTheHouseAreNeverLazy() {
        assertFalse(lazily(principal("r"), call("up.book", Json.Obj.EMPTY)).lazy());
        assertFalse(lazily(principal("r"), call("up.who", Json.Obj.EMPTY)).lazy());
        assertFalse(lazily(principal("r"), call("up.fetch", Json.Obj.EMPTY)).lazy());
        assertFalse(lazily(principal("r"), call("up.unknown", Json.Obj.EMPTY)).lazy(), "nobody says that it reads");
    }

    @Test
    void whoActsForSomebodyElseIsNeverLazy() {
        Principal user = new Principal(
                "default", "agent-1", "k_1", Optional.of("ana"), List.of(), Set.of("r"), Optional.empty(), Map.of());
        Principal chain = new Principal(
                "default", "agent-1", "k_1", Optional.empty(), List.of("b"), Set.of("r"), Optional.empty(), Map.of());
        assertFalse(lazily(user, READ).lazy());
        assertFalse(lazily(chain, READ).lazy());
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret:db", "url:https://example.com/**", "host:example.com", "mail:*@example.com"})
    void aLazyEntryThatNamesWhatNeverIsIsAnErrorAtLoad(String name) {
        PolicyCompiler.Outcome outcome =
                house().record(Kept.LAZY, resource(name, "")).outcome();
        List<Problem> problems =
                assertInstanceOf(PolicyCompiler.Outcome.Refused.class, outcome).problems();
        assertTrue(problems.getFirst().message().contains("never rides behind"), problems.toString());
    }

    @Test
    void aLazyWriteAndAnUnknownActionAreErrorsAtLoad() {
        for (String action : List.of("create", "execute", "nonsense")) {
            Target target = new Target(
                    Optional.of("up.*"),
                    Optional.empty(),
                    Optional.of(action),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
            assertInstanceOf(
                    PolicyCompiler.Outcome.Refused.class,
                    house().record(Kept.LAZY, target).outcome(),
                    action);
        }
    }
}
