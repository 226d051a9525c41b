package dev.reeve.workbench;

import dev.reeve.action.Action;
import dev.reeve.action.Operation;
import dev.reeve.audit.EventFilter;
import dev.reeve.audit.EventText;
import dev.reeve.gate.Journal.Ruling;
import dev.reeve.gate.RuleRef;
import dev.reeve.json.Json;
import dev.reeve.ledger.Progress;
import dev.reeve.record.Event.Stored;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Cases to begin with, from recorded actions: one for each agent, tool, verdict and rule. They say what was decided, not what should be: a
 * person reads them first. What a record hides is not in them.
 */
public final class StarterCases {
    static final int MOST = 5_000;
    private static final String HEAD = """
            # Made of recorded actions: what was decided, not what should be. Read each, then keep or mend it.
            cases:
            """;

    private final Set<String> known;
    private final Map<Key, String> cases = new LinkedHashMap<>();
    private long left;

    private StarterCases(Set<String> known) {
        this.known = known;
    }

    private record Key(String agent, String tool, String verdict, Optional<RuleRef> rule) {}

    private record Made(Key key, Optional<String> text) {}

    /**
     * @param known agents that stand in files; the roles of others are written into the case
     * @return the text of a file for the folder {@code tests}
     */
    public static String of(Path ledger, EventFilter filter, Set<String> known, int threads, Progress progress)
            throws IOException {
        StarterCases starters = new StarterCases(known);
        new DecisionLog(ledger, filter, threads).each(starters::made, starters::take, progress);
        StringBuilder all = new StringBuilder(HEAD);
        starters.cases.values().forEach(all::append);
        if (starters.left > 0) {
            all.append("# ")
                    .append(starters.left)
                    .append(" actions gave no case: what they depended on is hidden, or people or judges said it, or")
                    .append(" they were stopped before any policy, or they are more than ")
                    .append(MOST)
                    .append(".\n");
        }
        return all.toString();
    }

    private Made made(Stored stored) {
        try {
            RecordedAction recorded = Rebuilding.of(stored);
            Action action = recorded.action();
            Key key = new Key(
                    action.principal().agent(),
                    action.operation().subject(),
                    recorded.judged().verdict().toString(),
                    recorded.judged().rule());
            boolean whole = recorded.hidden().isNothing()
                    && recorded.before().isEmpty()
                    && recorded.after().isEmpty()
                    && !recorded.isRewritten()
                    && restsOnFilesAlone(recorded);
            return new Made(key, whole ? when(action.operation()).map(when -> text(recorded, when)) : Optional.empty());
        } catch (UnknownException e) {
            return new Made(new Key("", "", "", Optional.empty()), Optional.empty());
        }
    }

    /** What a person approved or gave, and what judges thought, was so at that moment: a case would say otherwise at once. */
    private static boolean restsOnFilesAlone(RecordedAction recorded) {
        return recorded.approved().isEmpty()
                && recorded.opinions().isEmpty()
                && recorded.grants().filter(List::isEmpty).isPresent();
    }

    private void take(Made made) {
        if (made.text().isEmpty() || (cases.size() >= MOST && !cases.containsKey(made.key()))) {
            left++;
        } else {
            cases.putIfAbsent(made.key(), made.text().get());
        }
    }

    private static Optional<Json.Obj> when(Operation operation) {
        return switch (operation) {
            case Operation.ToolCall call ->
                Optional.of(Json.object()
                        .put("tool", call.subject())
                        .put("arguments", call.arguments())
                        .build());
            case Operation.PromptGet get ->
                Optional.of(Json.object()
                        .put("prompt", get.subject())
                        .put("arguments", get.arguments())
                        .build());
            case Operation.ResourceRead read ->
                Optional.of(Json.object()
                        .put(
                                "read",
                                Json.object().put("upstream", read.upstream()).put("uri", read.uri()))
                        .build());
            case Operation.Completion ignored -> Optional.empty();
            case Operation.Subscription ignored -> Optional.empty();
            case Operation.Question ignored -> Optional.empty();
            case Operation.Task ignored -> Optional.empty();
            case Operation.HostCall ignored -> Optional.empty();
            case Operation.Listing ignored -> Optional.empty();
            case Operation.SkillGet ignored -> Optional.empty();
            case Operation.DirectoryRead ignored -> Optional.empty();
            case Operation.AccessEvaluation ignored -> Optional.empty();
            case Operation.ToolEvaluation ignored -> Optional.empty();
            case Operation.AccessSearch ignored -> Optional.empty();
        };
    }

    private String text(RecordedAction recorded, Json.Obj when) {
        Action action = recorded.action();
        Json.Builder given = Json.object().put("agent", action.principal().agent());
        if (!known.contains(action.principal().agent())) {
            given.put(
                    "roles", Json.Arr.ofStrings(new TreeSet<>(action.principal().roles())));
        }
        given.put("user", action.principal().user());
        if (!recorded.sessionRead().isEmpty()) {
            given.put("session_read", Json.Arr.ofStrings(new TreeSet<>(recorded.sessionRead())));
        }
        given.put("time", action.time().toString());
        if (recorded.clockDoubtful()) {
            given.put("clock_doubtful", true);
        }
        Judgement judged = recorded.judged();
        Json.Builder then = Json.object().put("verdict", judged.ruling().name().toLowerCase(Locale.ROOT));
        if (judged.ruling() != Ruling.ALLOW) {
            then.put("code", judged.code());
        }
        // A rule that is named by its place has another name as soon as a line is added above it.
        judged.rule().map(RuleRef::name).filter(name -> !name.contains(":")).ifPresent(name -> then.put("rule", name));
        return lines(recorded, List.of(line("given", given.build()), line("when", when), line("then", then.build())));
    }

    private static String line(String name, Json.Obj value) {
        return name + ": " + EventText.json(value);
    }

    private static String lines(RecordedAction recorded, List<String> lines) {
        List<String> all = new ArrayList<>();
        all.add("  - name: "
                + EventText.json(
                        new Json.Str("as recorded in " + recorded.action().id())));
        lines.forEach(line -> all.add("    " + line));
        return String.join("\n", all) + "\n";
    }
}
