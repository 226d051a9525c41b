package dev.reeve.cli;

import dev.reeve.config.ReeveConfig;
import dev.reeve.json.Json;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;

/** {@code reeve status}. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Says how the running process is. Ends with 0 if it is ready, 1 if not, 3 if there is none.",
        footer = {"", "Example:  reeve status --home my-company"})
final class StatusCommand extends ControlCommand {
    @Override
    Control open(ReeveConfig config) throws CommandException {
        return Control.running(config);
    }

    @Override
    int run(Control control, Screen screen) throws CommandException {
        Json.Obj status = control.get("/v1/status");
        boolean ready = status.get("ready").orElse(Json.Null.NULL) == Json.Bool.TRUE;
        if (json) {
            printed(status);
            return ready ? ExitCodes.OK : ExitCodes.FAILED;
        }
        if (ready) {
            screen.good("ready");
        } else {
            screen.bad("not ready");
        }
        for (Json item : status.array("reasons").orElse(Json.Arr.EMPTY).items()) {
            Json.Obj reason = (Json.Obj) item;
            screen.line("  " + text(reason, "part") + ": " + text(reason, "reason"));
        }
        status.without("ready")
                .without("reasons")
                .without("upstreams")
                .without("tls")
                .without("search")
                .without("exports")
                .without("witnesses")
                .without("policy_waiting")
                .without("second_person_cut_off")
                .without("stopped")
                .without("approvals")
                .without("grants")
                .without("judges")
                .without("approvals_untold")
                .members()
                .forEach((name, value) -> screen.line(
                        name.replace('_', ' ') + ": " + (value instanceof Json.Str text ? text.value() : value)));
        status.array("stopped")
                .orElse(Json.Arr.EMPTY)
                .items()
                .forEach(item -> screen.warning("stopped: " + KillCommand.line((Json.Obj) item)));
        status.array("second_person_cut_off")
                .orElse(Json.Arr.EMPTY)
                .items()
                .forEach(item -> screen.warning("second person: " + ((Json.Str) item).value()));
        status.string("policy_waiting").ifPresent(waits -> screen.warning("policy: " + waits));
        status.object("approvals").ifPresent(approvals -> approvals(approvals, screen));
        status.string("approvals_untold")
                .filter(why -> !why.isEmpty())
                .ifPresent(why -> screen.warning("  people are not told of what waits: " + why));
        judges(status, screen);
        status.object("grants")
                .ifPresent(grants -> screen.line("grants: " + number(grants, "given") + " in force"
                        + count(grants, "proposed", " wait for others to agree")));
        status.object("tls").ifPresent(tls -> certificates(tls, screen));
        status.object("search").ifPresent(search -> search(search, screen));
        exports(status, screen);
        status.object("witnesses").ifPresent(witnesses -> witnesses(witnesses, screen));
        upstreams(status, screen);
        return ready ? ExitCodes.OK : ExitCodes.FAILED;
    }

    private static void approvals(Json.Obj approvals, Screen screen) {
        screen.line("approvals: " + number(approvals, "pending") + " wait for people");
        approvals
                .array("break_glass")
                .orElse(Json.Arr.EMPTY)
                .items()
                .forEach(one -> screen.warning("  ALARM: the glass was broken: " + ((Json.Str) one).value()));
    }

    private static void judges(Json.Obj status, Screen screen) {
        for (Json item : status.array("judges").orElse(Json.Arr.EMPTY).items()) {
            Json.Obj one = (Json.Obj) item;
            String line = "judge " + text(one, "name") + ": heard " + number(one, "heard") + " times"
                    + count(one, "cached", " from before") + count(one, "down", " not heard");
            one.string("trouble")
                    .filter(trouble -> !trouble.isEmpty())
                    .ifPresentOrElse(
                            trouble -> screen.warning(line + "; the last time: " + trouble), () -> screen.line(line));
        }
    }

    private static void search(Json.Obj search, Screen screen) {
        screen.line("search: " + number(search, "indexed") + " records indexed" + count(search, "behind", " behind"));
        search.string("trouble").ifPresent(trouble -> screen.warning("  the index does not go on: " + trouble));
    }

    /** A line each. One that takes nothing does not make Reeve unready: it gets everything when it comes back. */
    private static void exports(Json.Obj status, Screen screen) {
        for (Json item : status.array("exports").orElse(Json.Arr.EMPTY).items()) {
            Json.Obj one = (Json.Obj) item;
            String line = "export %s (%s): up to record %s%s"
                    .formatted(
                            text(one, "name"),
                            text(one, "kind"),
                            number(one, "next"),
                            count(one, "behind", " records behind"));
            one.string("trouble")
                    .ifPresentOrElse(
                            trouble -> screen.warning(line + "; it takes nothing: " + trouble),
                            () -> screen.line(line));
        }
    }

    private static String number(Json.Obj one, String member) {
        return one.get(member).map(Json::toString).orElse("0");
    }

    private static String count(Json.Obj one, String member, String what) {
        String count = one.get(member).map(Json::toString).orElse("0");
        return count.equals("0") ? "" : ", " + count + what;
    }

    /** A line each, and a second one for what is not in force. */
    private static void certificates(Json.Obj tls, Screen screen) {
        if (tls.members().isEmpty()) {
            screen.line("tls: not spoken");
            return;
        }
        screen.line("tls: " + text(tls, "library"));
        tls.without("library").members().forEach((name, value) -> {
            Json.Obj one = (Json.Obj) value;
            screen.line("  %-12s %s"
                    .formatted(
                            name,
                            one.string("not_after")
                                    .map(end -> text(one, "subject") + ", until " + end)
                                    .orElse("own authorities")));
            one.string("problem").ifPresent(problem -> screen.warning("    not in force: " + problem));
        });
    }

    private static void witnesses(Json.Obj witnesses, Screen screen) {
        screen.line("witnesses: " + number(witnesses, "cosigned") + " of " + number(witnesses, "signed")
                + " signed records cosigned by " + number(witnesses, "quorum") + " or more");
        witnesses.object("witnesses").orElse(Json.Obj.EMPTY).members().forEach((name, value) -> {
            Json.Obj one = (Json.Obj) value;
            screen.line("  %-12s %s"
                    .formatted(
                            name,
                            one.string("when")
                                    .map(when -> number(one, "cosigned") + " records at " + when)
                                    .orElse("has cosigned nothing yet")));
            one.string("problem").ifPresent(problem -> screen.warning("    " + problem));
        });
    }

    /** A line each. One that is down does not make Reeve unready: it is tried again whenever somebody wants it. */
    private static void upstreams(Json.Obj status, Screen screen) {
        List<Json> all = status.array("upstreams").orElse(Json.Arr.EMPTY).items();
        screen.line("upstreams: " + (all.isEmpty() ? "none" : String.valueOf(all.size())));
        for (Json item : all) {
            Json.Obj one = (Json.Obj) item;
            String tools = one.get("tools").map(Json::toString).orElse("0");
            String line = "  %-12s %-14s %s tools".formatted(text(one, "name"), text(one, "state"), tools);
            line += count(one, "definitions_held", " held") + count(one, "definitions_grave", " with grave findings");
            line += one.string("confined")
                    .filter("no"::equals)
                    .map(ignored -> ", unconfined")
                    .orElse("");
            Optional<String> problem = one.string("problem");
            if (problem.isPresent()) {
                screen.warning(line + "; " + problem.get());
            } else {
                screen.line(line);
            }
        }
    }
}
