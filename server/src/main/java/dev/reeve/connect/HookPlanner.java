package dev.reeve.connect;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Works out what a coding agent's hook needs: an entry in its settings, and a draft of what it may do by itself. */
final class HookPlanner {
    /** Paths stand in patterns of the policy and in a line for a shell: nothing that means something there. */
    private static final Pattern PLAIN = Pattern.compile("/[A-Za-z0-9_./@+ -]*");

    private final Client client;
    private final Surroundings around;
    private final List<FileChange> files = new ArrayList<>();
    private final List<String> diffs = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    HookPlanner(Client client, Surroundings around) {
        this.client = client;
        this.around = around;
    }

    static String role(Client client) {
        return client.id() + "-host";
    }

    Plan plan() throws IOException, RefusedException {
        for (Path path : List.of(around.project(), around.home(), around.keys(), around.script())) {
            if (!PLAIN.matcher(path.toString()).matches()) {
                throw new RefusedException(path + " holds characters that mean something in a pattern or to a shell; "
                        + "use a folder with a plain name");
            }
        }
        operatorFile();
        policy();
        settings();
        return new Plan(files, diffs, List.of(), List.of(), List.of(), notes);
    }

    /** The folder of Reeve needs one, if only an empty one. */
    private void operatorFile() throws IOException, RefusedException {
        Path path = WholeFiles.real(around.home().resolve("reeve.yaml"));
        if (Planner.text(path).isEmpty()) {
            add(path, Optional.empty(), "reeve: 1\n", FileChange.SERVERS);
        }
    }

    private void policy() throws IOException, RefusedException {
        Path path = WholeFiles.real(around.home().resolve("policies/draft-" + role(client) + ".yaml"));
        Optional<String> before = Planner.text(path);
        if (before.isPresent()) {
            notes.add(path + " is there already and stays as it is");
        } else {
            add(path, before, HookDraft.text(client, role(client), around), path.toString());
        }
    }

    private void settings() throws IOException, RefusedException {
        Path path = WholeFiles.real(around.project().resolve(HookSettings.file(client)));
        Optional<String> before = Planner.text(path);
        String after;
        try {
            after = HookSettings.add(client, before.orElse(""), command());
        } catch (RefusedException e) {
            throw new RefusedException(path + ": " + e.getMessage());
        }
        add(path, before, after, "");
        if (client == Client.VSCODE) {
            notes.add(path + " names folders of this machine: keep it out of version control (.git/info/exclude)");
        }
    }

    /** Absolute, and quoted for the shell that runs it. */
    private String command() {
        return "'" + around.script() + "' hook " + client.id() + " --home '" + around.home() + "' --as " + client.id();
    }

    private void add(Path path, Optional<String> before, String after, String group) {
        FileChange change = new FileChange(path, before, after, false, group);
        if (!change.changesNothing()) {
            files.add(change);
            diffs.add(UnifiedDiff.of(path.toString(), before.isPresent(), before.orElse(""), after));
        }
    }
}
