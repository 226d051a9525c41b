package dev.reeve.judge;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.gate.Facts;
import dev.reeve.json.Json;
import dev.reeve.judge.Habits.Doing;
import dev.reeve.policy.ServerFiles;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The same thing as habits know it, whether it is about to be done or stands in the record. */
final class Doings {
    private Doings() {}

    static Doing of(Action action, Facts facts) {
        List<Access> accesses = facts.accesses();
        List<String> resources = new ArrayList<>(accesses.size());
        for (Access access : accesses) {
            resources.add(known(access.names()));
        }
        return doing(action.operation().subject(), resources, action.operation().arguments(), facts.now());
    }

    /** A file is known by its name, whoever has it, as it always was; a column by its database. */
    private static String known(List<String> names) {
        return ServerFiles.isName(names.getFirst()) ? names.getLast() : names.getFirst();
    }

    /** Empty for what was not allowed, and for what is no action. */
    static Optional<Doing> of(Happened happened) {
        Json.Obj leaf = happened.record().leaf();
        if (!happened.record().kind().equals("intent")) {
            return Optional.empty();
        }
        List<String> resources = new ArrayList<>();
        if (happened.record().disclosed().get("resources") instanceof Json.Arr all) {
            for (Json names : all.items()) {
                if (names instanceof Json.Arr one
                        && one.items().stream().allMatch(Json.Str.class::isInstance)
                        && !one.items().isEmpty()) {
                    resources.add(known(one.items().stream()
                            .map(name -> ((Json.Str) name).value())
                            .toList()));
                }
            }
        }
        Json.Obj arguments =
                happened.record().disclosed().get("arguments") instanceof Json.Obj obj ? obj : Json.Obj.EMPTY;
        try {
            return Optional.of(doing(
                    happened.record().subject(),
                    resources,
                    arguments,
                    Instant.parse(leaf.string("time").orElse(""))));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Doing doing(String subject, List<String> resources, Json.Obj arguments, Instant when) {
        return new Doing(subject, resources, Likeness.of(subject, arguments), when);
    }
}
