package dev.reeve.connect;

import dev.reeve.definitions.checks.Severity;
import dev.reeve.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The second step: what the tools of the moved servers are, what the draft would allow, and the pins of what was shown. */
final class Drafts {
    private final String agent;
    private final Path home;
    private final Person person;
    private final Installation installation;
    private final ChangeJournal journal;
    private final String run;

    private record Draft(
            String upstream, List<Json.Obj> shown, List<DraftPolicy.Tool> tools, Optional<FileChange> file) {}

    Drafts(String agent, Path home, Person person, Installation installation, ChangeJournal journal, String run) {
        this.agent = agent;
        this.home = home;
        this.person = person;
        this.installation = installation;
        this.journal = journal;
        this.run = run;
    }

    /** @return the files that were written */
    List<FileChange> all(List<Upstream> upstreams) throws IOException, RefusedException {
        List<Draft> drafts = new ArrayList<>();
        for (Upstream upstream : upstreams) {
            drafted(upstream.name()).ifPresent(drafts::add);
        }
        List<FileChange> files =
                drafts.stream().flatMap(draft -> draft.file().stream()).toList();
        if (drafts.isEmpty()) {
            return List.of();
        }
        if (!person.confirms(
                "Pin these tools as they are shown" + (files.isEmpty() ? "?" : ", and put the draft in force?"))) {
            person.say(
                    "Nothing is allowed yet: the agent sees no tool of these servers. `reeve tools approve` and a policy of yours change that.");
            return List.of();
        }
        journal.apply(run, files);
        files.forEach(
                file -> person.say("written: " + Terminal.escape(file.path().toString())));
        for (Draft draft : drafts) {
            pin(draft);
        }
        person.say("What else these servers say (instructions, prompts, resources) is held until you read it:"
                + " `reeve tools diff`, then `reeve tools approve`");
        return files;
    }

    private Optional<Draft> drafted(String upstream) throws IOException, RefusedException {
        List<Json.Obj> definitions;
        try {
            definitions = installation.tools(upstream);
        } catch (RefusedException e) {
            person.say(upstream + " does not answer: " + Terminal.escape(String.valueOf(e.getMessage()))
                    + ". Nothing of it is allowed yet; when it does, `reeve tools list` shows its tools");
            return Optional.empty();
        }
        List<DraftPolicy.Tool> tools = DraftPolicy.tools(definitions);
        person.say(upstream + " offers " + tools.size() + " tools:");
        tools.forEach(tool -> person.say("  " + tool.name() + " (" + tool.hints() + "; "
                + tool.fingerprint()
                        .substring(0, Math.min(12, tool.fingerprint().length())) + ")"
                + (tool.description().isEmpty() ? "" : ": " + tool.description())));
        tools.forEach(tool -> tool.findings().stream()
                .filter(one -> one.check().severity() != Severity.LOW)
                .forEach(one -> person.say("  ! " + tool.name() + ": "
                        + one.check().id() + " at " + one.pointer() + ": " + one.reason() + ": " + one.excerpt())));
        return Optional.of(new Draft(upstream, definitions, tools, file(upstream, tools)));
    }

    private Optional<FileChange> file(String upstream, List<DraftPolicy.Tool> tools)
            throws IOException, RefusedException {
        String text = DraftPolicy.text(agent, upstream, tools);
        Path folder = home.resolve("policies");
        for (String name : List.of("draft-" + upstream + ".yaml", "draft-" + upstream + "-" + agent + ".yaml")) {
            Path path = WholeFiles.real(folder.resolve(name));
            Optional<String> before = Planner.text(path);
            if (before.isEmpty()) {
                person.say(UnifiedDiff.of(path.toString(), false, "", text));
                return Optional.of(new FileChange(path, before, text, false, path.toString()));
            }
            if (before.get().contains(DraftPolicy.role(agent, upstream) + ":")) {
                person.say(Terminal.escape(path.toString()) + " is there already and stays as it is");
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private void pin(Draft draft) throws RefusedException {
        Set<String> agreed = new TreeSet<>();
        for (DraftPolicy.Tool tool : draft.tools()) {
            if (tool.held()) {
                person.say(draft.upstream() + "." + tool.name()
                        + " is not pinned: checks found something; read it with `reeve tools diff " + draft.upstream()
                        + "`");
            } else {
                agreed.add(tool.name());
            }
        }
        Set<String> pinned = installation.approve(draft.upstream(), draft.shown(), agreed);
        if (installation.needsSecond()) {
            person.say(pinned.size() + " of " + draft.tools().size() + " tools of " + draft.upstream()
                    + " are pinned: several people administer this installation, so a second one must agree. While it runs,"
                    + " `reeve tools approve " + draft.upstream() + " --all` asks for it");
            return;
        }
        agreed.stream()
                .filter(name -> !pinned.contains(name))
                .forEach(name -> person.say(draft.upstream() + "." + name
                        + " is held: checks found something beside the other servers' tools; read it with `reeve tools diff "
                        + draft.upstream() + "`"));
        person.say("pinned " + pinned.size() + " of " + draft.tools().size() + " tools of " + draft.upstream());
    }
}
