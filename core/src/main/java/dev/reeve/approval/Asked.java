package dev.reeve.approval;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.action.Operation;
import dev.reeve.gate.Approvals.Hidden;
import dev.reeve.gate.Approvals.Question;
import dev.reeve.identity.Principal;
import dev.reeve.json.CanonicalDigest;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * An action as people are shown it, and as it is stored. Known secrets are masked in it wherever an agent may have put them.
 *
 * @param arguments canonical; empty once the question has ended: the record has them
 * @param labels what the asking instance had read (R11)
 * @param touches verb and name of each thing; none once the question has ended
 * @param policy the version that asked
 * @param hidden what of it is not shown as it is
 * @param found where its result waits, and not the call: kinds and counts of what was found in it
 */
public record Asked(
        String tenant,
        String agent,
        Optional<String> user,
        List<String> actors,
        Optional<String> owner,
        String upstream,
        String kind,
        String subject,
        Optional<Json.Obj> arguments,
        Optional<String> definition,
        List<String> labels,
        List<String> touches,
        String policy,
        Hidden hidden,
        Optional<String> found) {
    private static final int MOST_TOUCHES = 100;
    /** Of the subject, which may be an address of any length, once the question has ended. */
    private static final int MOST_SUBJECT = 500;

    public Asked {
        actors = List.copyOf(actors);
        labels = List.copyOf(labels);
        touches = List.copyOf(touches);
    }

    static Asked of(Question question, UnaryOperator<Json> mask) {
        Action action = question.action();
        Principal principal = action.principal();
        return new Asked(
                principal.tenant(),
                principal.agent(),
                principal.user(),
                principal.actors(),
                principal.owner(),
                action.operation().upstream(),
                action.operation().kind(),
                text(action.operation().subject(), mask),
                Optional.of((Json.Obj) mask.apply(arguments(action))),
                action.definition(),
                labels(question),
                touches(question).stream().map(one -> text(one, mask)).toList(),
                question.policy(),
                question.hidden().and(masked(action.operation(), mask)),
                Optional.empty());
    }

    /** The same about the result of a call that was made. */
    Asked aboutResult(String kinds) {
        return new Asked(
                tenant,
                agent,
                user,
                actors,
                owner,
                upstream,
                kind,
                subject,
                arguments,
                definition,
                labels,
                touches,
                policy,
                hidden,
                Optional.of(kinds));
    }

    /** Whether the call was made, and its result waits. */
    public boolean isAboutResult() {
        return found.isPresent();
    }

    private static Hidden masked(Operation operation, UnaryOperator<Json> mask) {
        return Hidden.between(
                operation,
                text(operation.subject(), mask),
                (Json.Obj) mask.apply(operation.arguments()),
                Hidden.Why.SECRET);
    }

    /** Whether this principal, with whichever key, is the one that asked. */
    boolean isBy(Principal principal) {
        return tenant.equals(principal.tenant())
                && agent.equals(principal.agent())
                && user.equals(principal.user())
                && actors.equals(principal.actors());
    }

    static String text(String text, UnaryOperator<Json> mask) {
        return mask.apply(new Json.Str(text)) instanceof Json.Str(String masked) ? masked : "";
    }

    /** How much would be kept of it. */
    static long weight(Question question) {
        return Weight.of(arguments(question.action()))
                + Weight.of(List.of(question.action().operation().subject()))
                + Weight.of(touches(question));
    }

    /** How much is kept of it. */
    long weight() {
        return arguments.map(Weight::of).orElse(0L) + Weight.of(List.of(subject)) + Weight.of(touches);
    }

    /** What is kept to be looked at once nobody can answer any more. */
    Asked ended() {
        return new Asked(
                tenant,
                agent,
                user,
                actors,
                owner,
                upstream,
                kind,
                subject.length() > MOST_SUBJECT ? subject.substring(0, MOST_SUBJECT) + "\u2026" : subject,
                Optional.empty(),
                definition,
                labels,
                List.of(),
                policy,
                hidden,
                found);
    }

    private static Json.Obj arguments(Action action) {
        Json.Obj arguments = action.operation().arguments();
        return action.operation()
                .input()
                .map(input -> Json.object()
                        .put("arguments", arguments)
                        .put("input", input.asJson())
                        .build())
                .orElse(arguments);
    }

    private static List<String> labels(Question question) {
        return List.copyOf(new TreeSet<>(question.facts().sessionRead()));
    }

    private static List<String> touches(Question question) {
        List<String> all = new ArrayList<>();
        for (Access access : question.facts().accesses()) {
            all.add(access.verb() + " " + access.narrowest());
            if (all.size() == MOST_TOUCHES) {
                break;
            }
        }
        return all;
    }

    /**
     * Over all that is bound (R17). Not the instance, which ends with its key: the labels say what it had read. Not the version of the policy,
     * which any edit changes: the rules that ask, with their terms.
     */
    static String key(Question question) {
        Action action = question.action();
        Principal principal = action.principal();
        List<Json> demands = new ArrayList<>();
        question.asks().forEach(ask -> demands.add(Demand.of(ask, json -> json).bound()));
        Json.Builder bound = Json.object();
        question.sent().ifPresent(sent -> bound.put("sent", sent));
        return CanonicalDigest.of(bound.put("tenant", principal.tenant())
                .put("agent", principal.agent())
                .put("user", principal.user())
                .put("actors", Json.Arr.ofStrings(principal.actors()))
                .put("owner", principal.owner())
                .put("upstream", action.operation().upstream())
                .put("kind", action.operation().kind())
                .put("subject", action.operation().subject())
                .put("arguments", arguments(action))
                .put("definition", action.definition())
                .put("labels", Json.Arr.ofStrings(labels(question)))
                .put("demands", new Json.Arr(demands))
                .build());
    }
}
