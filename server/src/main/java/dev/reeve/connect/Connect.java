package dev.reeve.connect;

import dev.reeve.connector.Registration;
import dev.reeve.secrets.Secret;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * Puts a client behind Reeve, in two steps that each show their whole difference and ask: the files; then, with the servers named, what their
 * tools are and a draft of who may call them. Nothing is written, registered or started before the person said yes.
 */
public final class Connect {
    private static final String CONFINED =
            "These servers are installed now and start confined: each sees what its `folders` name and has no network. One that needs the "
                    + "network does not work so: --unconfined, or `confine: none` in its entry, lets it do whatever you can do.";

    private static final String UNCONFINED =
            "These servers will be started by Reeve with `confine: none`: each can read and change "
                    + "whatever you can, and use the network, as it could when your client started it. Reeve governs the calls that go through it, "
                    + "not what the program does by itself.";

    private final Surroundings around;
    private final Person person;
    private final Installation installation;
    private final InstantSource clock;
    /** Servers that this run has installed. */
    private final Set<String> installed = new HashSet<>();

    public Connect(Surroundings around, Person person, Installation installation, InstantSource clock) {
        this.around = around;
        this.person = person;
        this.installation = installation;
        this.clock = clock;
    }

    /**
     * @param config only this file; otherwise everywhere the client looks
     * @param dryRun show the difference and stop
     * @throws RefusedException if nothing was changed, with the reason
     * @throws IOException if the disk failed; what was begun is rolled back, at the latest by the next run
     */
    public Report connect(String clientName, Optional<Path> config, boolean dryRun)
            throws IOException, RefusedException {
        return connect(clientName, config, dryRun, false);
    }

    /** @param unconfined no server is to start confined */
    public Report connect(String clientName, Optional<Path> config, boolean dryRun, boolean unconfined)
            throws IOException, RefusedException {
        Client client = client(clientName);
        try (var _ = lock()) {
            ChangeJournal journal = journal(client);
            recover(journal);
            return connect(client, journal, config, dryRun, unconfined, Map.of());
        }
    }

    /** @param failed servers that could not be installed, with the reason: they are asked about again, unconfined */
    private Report connect(
            Client client,
            ChangeJournal journal,
            Optional<Path> config,
            boolean dryRun,
            boolean unconfined,
            Map<String, String> failed)
            throws IOException, RefusedException {
        Plan plan = new Planner(client, around, person, new Confining(around, installation, unconfined, failed))
                .plan(config);
        tell(plan);
        Path registration = Registration.file(around.keys(), around.home(), client.id());
        boolean register = !(plan.moved().isEmpty() && plan.ours().isEmpty())
                && Registration.read(registration).isEmpty();
        if (plan.files().isEmpty() && !register) {
            person.say("Nothing to do.");
            return Report.of(client, plan, List.of(), List.of());
        }
        show(plan, register ? Optional.of(registration) : Optional.empty());
        if (dryRun) {
            person.say(
                    "Nothing was written (--dry-run). After your yes, the servers are asked for their tools, and a draft of a policy is shown.");
            return Report.of(client, plan, List.of(), List.of());
        }
        confirm(plan);
        Map<String, String> cannot = install(plan);
        if (!cannot.isEmpty()) {
            Map<String, String> all = new TreeMap<>(failed);
            all.putAll(cannot);
            return connect(client, journal, config, false, unconfined, all);
        }
        String run = client.id() + "-" + clock.instant();
        List<FileChange> written =
                write(client, plan, register ? Optional.of(registration) : Optional.empty(), journal, run);
        return Report.of(client, plan, written, draft(client, plan, journal, run));
    }

    /** What could not be installed, with the reason. Nothing has been written yet. */
    private Map<String, String> install(Plan plan) {
        Map<String, String> failed = new TreeMap<>();
        for (Upstream upstream : plan.confined()) {
            if (!installed.add(upstream.name())) {
                continue;
            }
            try {
                person.say("installed for " + upstream.name() + ": "
                        + Terminal.escape(installation.install(upstream.name(), upstream.command())));
            } catch (RefusedException e) {
                String why = "it cannot be installed: " + e.getMessage();
                person.say(upstream.name() + ": " + Terminal.escape(why));
                failed.put(upstream.name(), why);
            }
        }
        return failed;
    }

    /** By now the client is connected: what goes wrong is told, and the rest stands. */
    private List<FileChange> draft(Client client, Plan plan, ChangeJournal journal, String run) throws IOException {
        try {
            return new Drafts(client.id(), around.home(), person, installation, journal, run).all(plan.moved());
        } catch (RefusedException e) {
            person.say("The servers are behind Reeve, but not all of their tools are pinned or drafted: "
                    + Terminal.escape(String.valueOf(e.getMessage())));
            return List.of();
        }
    }

    /**
     * Lets Reeve decide what a coding agent does by itself in this project: its hook, and a draft of what it may. One difference, one question.
     *
     * @throws RefusedException if nothing was changed, with the reason
     */
    public Report hook(String clientName, boolean dryRun) throws IOException, RefusedException {
        Client client = client(clientName);
        try (var _ = lock()) {
            ChangeJournal journal = journal(client);
            recover(journal);
            Plan plan = new HookPlanner(client, around).plan();
            tell(plan);
            Path registration = Registration.file(around.keys(), around.home(), client.id());
            boolean register = Registration.read(registration).isEmpty();
            if (plan.files().isEmpty() && !register) {
                person.say("Nothing to do.");
                return Report.of(client, plan, List.of(), List.of());
            }
            show(plan, register ? Optional.of(registration) : Optional.empty());
            if (dryRun) {
                person.say("Nothing was written (--dry-run).");
                return Report.of(client, plan, List.of(), List.of());
            }
            confirm(plan);
            installation.agent(client.id(), Set.of(HookPlanner.role(client)));
            List<FileChange> written = write(
                    client,
                    plan,
                    register ? Optional.of(registration) : Optional.empty(),
                    journal,
                    client.id() + "-hook-" + clock.instant());
            return Report.of(client, plan, written, List.of());
        }
    }

    /**
     * Puts back, byte for byte, what the last run for this client replaced, and withdraws the registration. Of {@code reeve.yaml} and the values of
     * servers that were changed since, what was added goes where it is as it was written; drafts that were changed stay.
     *
     * @throws RefusedException if the client's config was changed since; then none is touched
     */
    public Report undo(String clientName) throws IOException, RefusedException {
        Client client = client(clientName);
        try (var _ = lock()) {
            ChangeJournal journal = journal(client);
            recover(journal);
            List<Path> undoable = journal.undoable();
            if (undoable.isEmpty()) {
                person.say("There is nothing to undo for " + client.title() + " and " + around.home() + ".");
                return Report.undone(client, ChangeJournal.Undone.NOTHING);
            }
            // First, and once more if the next step fails: a registration that nobody knows of must not stay good.
            if (undoable.contains(Registration.file(around.keys(), around.home(), client.id()))) {
                installation.withdraw(client.id());
            }
            ChangeJournal.Undone undone = journal.undo();
            undone.restored().forEach(path -> person.say("put back: " + Terminal.escape(path.toString())));
            undone.partly().forEach(this::tell);
            undone.left()
                    .forEach(path -> person.say("left as it is, since it, or what belongs to it, was changed: "
                            + Terminal.escape(path.toString())));
            undone.kept()
                    .forEach(folder -> person.say("what was there before is kept in "
                            + Terminal.escape(folder.toString()) + " (0600): take out what nobody needs any more"));
            return Report.undone(client, undone);
        }
    }

    private static Client client(String name) throws RefusedException {
        return Client.find(name)
                .orElseThrow(() -> new RefusedException("no such client: `" + Terminal.escape(name)
                        + "`; there are claude-code (or claude), cursor, vscode"));
    }

    private FileChannel lock() throws IOException, RefusedException {
        return WholeFiles.lock(around.keys().resolve("connect").resolve("lock"));
    }

    private void tell(ChangeJournal.Partly partly) {
        String path = Terminal.escape(partly.path().toString());
        if (!partly.taken().isEmpty()) {
            person.say("taken out of " + path + ", which was changed since: "
                    + Terminal.escape(String.join(", ", partly.taken())));
        }
        partly.stays().forEach(one -> person.say("stays in " + path + ": " + Terminal.escape(one)));
    }

    private ChangeJournal journal(Client client) {
        return new ChangeJournal(journalFolder(client), () -> {
            Set<String> servers = new HashSet<>();
            for (Client other : Client.values()) {
                if (other != client) {
                    servers.addAll(new ChangeJournal(journalFolder(other)).servers());
                }
            }
            return servers;
        });
    }

    private Path journalFolder(Client client) {
        CRC32 sum = new CRC32();
        sum.update(around.home().toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return around.keys().resolve("connect").resolve(client.id() + "-" + Long.toHexString(sum.getValue()));
    }

    private void recover(ChangeJournal journal) throws IOException, RefusedException {
        for (Path path : journal.recover()) {
            person.say("an earlier run was cut short; put back: " + Terminal.escape(path.toString()));
        }
    }

    private void tell(Plan plan) {
        plan.ours().forEach(name -> person.say("already behind Reeve: " + Terminal.escape(name)));
        plan.left()
                .forEach(server -> person.say("left as it is, NOT governed: " + Terminal.escape(server.name()) + ": "
                        + Terminal.escape(server.reason())));
        if (around.home().startsWith(around.project())) {
            person.say("note: " + Terminal.escape(around.home().toString())
                    + " lies in the folder that the agent works in, which may change files there, "
                    + "policies too: give --home another folder, unless you only try this out");
        }
        plan.notes().forEach(note -> person.say("note: " + Terminal.escape(note)));
    }

    private void show(Plan plan, Optional<Path> registration) {
        registration.ifPresent(path ->
                person.say(UnifiedDiff.of(path.toString(), false, "", "home " + around.home() + "\nsecret ***\n")));
        plan.diffs().forEach(person::say);
    }

    private void confirm(Plan plan) throws RefusedException {
        if (!plan.confined().isEmpty()) {
            person.say(CONFINED);
            plan.confined().forEach(upstream -> person.say("  " + upstream.name()));
        }
        if (!plan.unconfined().isEmpty()) {
            person.say(UNCONFINED);
            plan.unconfined()
                    .forEach(upstream -> person.say("  " + upstream.name() + ": " + Terminal.escape(why(upstream))));
            if (!person.confirms("Start these servers unconfined?")) {
                throw new RefusedException("nothing was written");
            }
        }
        if (!person.confirms("Write these files?")) {
            throw new RefusedException("nothing was written");
        }
    }

    private static String why(Upstream upstream) {
        return switch (upstream.start()) {
            case Upstream.Start.Unconfined(String why) -> why;
            case Upstream.Start.Confined ignored -> "";
        };
    }

    private List<FileChange> write(
            Client client, Plan plan, Optional<Path> registration, ChangeJournal journal, String run)
            throws IOException, RefusedException {
        TreeSet<String> roles = new TreeSet<>();
        plan.moved().forEach(upstream -> roles.add(DraftPolicy.role(client.id(), upstream.name())));
        installation.agent(client.id(), roles);
        List<FileChange> changes = new ArrayList<>();
        if (registration.isPresent()) {
            Secret secret = installation.register(client.id());
            String text = new Registration(around.home(), client.id(), secret.exposeTextInsecurely()).text();
            changes.add(new FileChange(registration.get(), Planner.text(registration.get()), text, true));
        }
        changes.addAll(plan.files());
        boolean applied = false;
        try {
            journal.apply(run, changes);
            applied = true;
        } finally {
            if (!applied && registration.isPresent()) {
                installation.withdraw(client.id());
            }
            if (!applied) {
                journal.recover();
            }
        }
        changes.forEach(
                change -> person.say("written: " + Terminal.escape(change.path().toString())));
        return changes;
    }

    /** The sentences at the end of a run, for the command line. */
    static Stream<String> next(Client client, boolean moved) {
        return moved
                ? Stream.of("Restart " + client.title()
                        + " (or reload its MCP servers). The same command with --undo puts everything back.")
                : Stream.empty();
    }
}
