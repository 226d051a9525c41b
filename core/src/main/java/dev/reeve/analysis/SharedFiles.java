package dev.reeve.analysis;

import dev.reeve.policy.Glob;
import dev.reeve.policy.LintRule;
import dev.reeve.policy.NameSearch;
import dev.reeve.policy.PolicySource.Effect;
import dev.reeve.policy.Problem;
import dev.reeve.policy.Scope;
import dev.reeve.policy.ServerFiles;
import dev.reeve.policy.Verbs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Files that are allowed by their bare names: {@code file:/srv/**} is good at every server, and who wrote it may have thought of one, or of a tool
 * or an agent's own program only.
 */
final class SharedFiles {
    private static final int TOLD = 3;

    private final Set<String> servers;
    private final long reading;
    private final List<Scope> denies;

    private SharedFiles(List<Statement> statements, Set<String> servers, Verbs verbs) {
        this.servers = new TreeSet<>(servers);
        this.reading = verbs.bit("read");
        this.denies = statements.stream()
                .filter(one -> one.effect() == Effect.DENY
                        && one.isEnforced()
                        && one.conditions().isEmpty())
                .map(Statement::scope)
                .filter(this::isForAll)
                .toList();
    }

    /** @param servers names of the operator's file */
    static List<Problem> of(List<Statement> statements, Set<String> servers, Verbs verbs) {
        SharedFiles files = new SharedFiles(statements, servers, verbs);
        List<Problem> problems = new ArrayList<>();
        for (Statement one : statements) {
            files.problem(one).ifPresent(problems::add);
        }
        return problems;
    }

    private boolean isForAll(Scope scope) {
        return (scope.verbs() & reading) != 0
                && scope.resource().isPresent()
                && scope.tool().isEmpty()
                && scope.except().isEmpty()
                && scope.agent().isEmpty()
                && scope.role().isEmpty();
    }

    private Optional<Problem> problem(Statement one) {
        boolean allows = one.allows()
                && !one.asksClient()
                && one.isEnforced()
                && one.scope().tool().isEmpty()
                && (one.scope().verbs() & reading) != 0;
        String bare = one.scope().resource().map(Glob::toString).orElse("");
        if (!allows || !bare.startsWith("file:")) {
            return Optional.empty();
        }
        List<String> good =
                servers.stream().filter(server -> isGood(server, bare)).toList();
        if (good.size() < 2) {
            return Optional.empty();
        }
        String more = good.size() > TOLD ? " and " + (good.size() - TOLD) + " more" : "";
        String exact = ServerFiles.at(good.getFirst(), bare).orElseThrow();
        return Optional.of(Lint.warning(
                        LintRule.FILE_AT_ANY_SERVER,
                        one,
                        "`" + bare + "` is allowed at every server that has such a file: "
                                + String.join(", ", good.stream().limit(TOLD).toList()) + more)
                .withFix("write `" + exact
                        + "` for those of one server, or deny `mcp:*/file:**` if none is to be read from a server"));
    }

    /** Whether no deny takes it all away there. */
    private boolean isGood(String server, String bare) {
        return ServerFiles.at(server, bare)
                .filter(name -> name.length() <= Glob.LONGEST)
                .map(Glob::of)
                .filter(name -> denies.stream()
                        .noneMatch(deny -> NameSearch.covers(deny.resource().orElseThrow(), name)))
                .isPresent();
    }
}
