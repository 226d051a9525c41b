package dev.reeve.cli;

import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code reeve approvals list --watch}: what waits for people, told again when it changes and not before. */
final class ApprovalWatch {
    private final Look look;
    private final View view;
    private Map<String, Json.Obj> shown = Map.of();

    /** How it stands now. */
    interface Look {
        /** What is listed. */
        Json.Obj list() throws CommandException;

        /** One that was listed and is no more, as it is now; empty if it is forgotten. */
        Optional<Json.Obj> one(String ticket) throws CommandException;
    }

    /** Where it is told. */
    interface View {
        /**
         * @param all what is listed, newest first
         * @param changed what is new or other than before, oldest first; what is no longer listed too
         */
        void show(List<Json.Obj> all, List<Json.Obj> changed);
    }

    /** Between two looks. */
    interface Pause {
        /** @return whether to go on */
        boolean rest();
    }

    ApprovalWatch(Look look, View view) {
        this.look = look;
        this.view = view;
    }

    /** Returns when the pause says so. The first look is told even if it is empty. */
    void run(Pause pause) throws CommandException {
        step(true);
        while (pause.rest()) {
            step(false);
        }
    }

    private void step(boolean first) throws CommandException {
        List<Json.Obj> all = look.list().array("approvals").orElse(Json.Arr.EMPTY).items().stream()
                .map(Json.Obj.class::cast)
                .toList();
        Map<String, Json.Obj> now = new LinkedHashMap<>();
        all.reversed().forEach(one -> now.put(ControlCommand.text(one, "ticket"), one));
        List<Json.Obj> changed = new ArrayList<>();
        for (String ticket : shown.keySet()) {
            if (!now.containsKey(ticket)) {
                look.one(ticket).ifPresent(changed::add);
            }
        }
        now.forEach((ticket, one) -> {
            if (!one.equals(shown.get(ticket))) {
                changed.add(one);
            }
        });
        boolean same = now.keySet().equals(shown.keySet());
        shown = now;
        if (first || !same || !changed.isEmpty()) {
            view.show(all, changed);
        }
    }

    /** For a program: each change is a line of JSON. */
    static View json(PrintWriter out) {
        return (all, changed) -> {
            changed.forEach(one -> out.println(JsonWriter.text(one)));
            out.flush();
        };
    }

    /** For a file or a pipe: each change is a line. */
    static View lines(Screen screen) {
        return (all, changed) -> changed.forEach(one -> screen.line(String.join("  ", row(one))));
    }

    /** For a person: the list in place of the one before. */
    static View drawn(Screen screen) {
        return (all, changed) -> {
            screen.home();
            screen.line(waiting(all) + " (Ctrl-C ends)");
            screen.line("");
            List<List<String>> rows = new ArrayList<>();
            rows.add(HEADING);
            all.forEach(one -> rows.add(row(one)));
            screen.table(rows);
            changed.stream()
                    .filter(one -> !all.contains(one))
                    .forEach(
                            one -> screen.line(ControlCommand.text(one, "ticket") + ": " + ApprovalText.standing(one)));
        };
    }

    private static String waiting(List<Json.Obj> all) {
        long pending = all.stream()
                .filter(one -> ControlCommand.text(one, "state").equals("pending"))
                .count();
        return pending == 1 ? "1 waits for people" : pending + " wait for people";
    }

    static final List<String> HEADING = List.of("TICKET", "STATE", "AGENT", "SUBJECT", "RULE", "UNTIL");

    /** One of them, under {@link #HEADING}. */
    static List<String> row(Json.Obj one) {
        return List.of(
                ControlCommand.text(one, "ticket"),
                ControlCommand.text(one, "state"),
                ControlCommand.text(one, "agent"),
                ControlCommand.text(one, "subject"),
                ApprovalText.rules(one),
                ControlCommand.text(one, "until"));
    }
}
