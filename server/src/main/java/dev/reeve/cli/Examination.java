package dev.reeve.cli;

import dev.reeve.config.Home;
import dev.reeve.config.Loaded;
import dev.reeve.config.PolicyFiles;
import dev.reeve.config.PolicySet;
import dev.reeve.config.ProblemText;
import dev.reeve.config.ReeveConfig;
import dev.reeve.config.ReeveFile;
import dev.reeve.config.TlsCheck;
import dev.reeve.control.ControlSocket;
import dev.reeve.json.Json;
import dev.reeve.policy.Problem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What can be wrong with an installation, looked at one by one; nothing is changed. */
final class Examination {
    private static final int LONGEST_SOCKET_PATH = 103;
    private static final long ENOUGH = 1L << 30;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private final List<Finding> findings = new ArrayList<>();

    enum Grade {
        OK,
        WARN,
        FAIL
    }

    /** @param fix what to do; empty if nothing */
    record Finding(Grade grade, String what, String found, String fix) {}

    static List<Finding> of(Home home) {
        Examination examination = new Examination();
        examination.java();
        Optional<ReeveConfig> config = examination.file(home);
        if (Files.exists(home.file())) {
            examination.policy(home);
        }
        config.ifPresent(examination::installation);
        return List.copyOf(examination.findings);
    }

    private void installation(ReeveConfig config) {
        boolean running = Control.listens(config.data());
        privateFolder("data folder", config.data(), false);
        privateFolder("folder of keys", config.keys(), true);
        socketPath(config.data());
        disk(config.data());
        certificates(config);
        findings.add(Confined.examined(config));
        process(config, running);
        if (!running) {
            port("agents' address", config.listen().agents().address());
            port("control address", config.listen().control().address());
        }
    }

    private void add(Grade grade, String what, String found, String fix) {
        findings.add(new Finding(grade, what, found, fix));
    }

    private void java() {
        int feature = Runtime.version().feature();
        add(
                feature >= 25 ? Grade.OK : Grade.FAIL,
                "java",
                Runtime.version().toString(),
                feature >= 25 ? "" : "install a JDK 25 or newer");
    }

    private Optional<ReeveConfig> file(Home home) {
        if (!Files.exists(home.file())) {
            add(
                    Grade.FAIL,
                    "configuration",
                    "there is no " + home.file(),
                    "name the folder with --home, or run `reeve connect`");
            return Optional.empty();
        }
        Loaded<ReeveConfig> loaded = ReeveFile.read(home);
        loaded.problems().forEach(problem -> add(grade(problem), "configuration", ProblemText.of(problem), ""));
        if (loaded.value().isPresent()) {
            add(Grade.OK, "configuration", home.file() + " is read", "");
        }
        return loaded.value();
    }

    /** The same as `reeve check` says, without what only it knows how to compile. */
    private void policy(Home home) {
        Loaded<PolicySet> loaded = PolicyFiles.read(home.folder(), PolicyRoom::schema);
        loaded.problems().forEach(problem -> add(grade(problem), "policy", ProblemText.of(problem), ""));
        if (loaded.value().isPresent()) {
            add(Grade.OK, "policy", "catalog/ and policies/ are read; `reeve check` says more", "");
        }
    }

    private static Grade grade(Problem problem) {
        return problem.severity() == Problem.Severity.ERROR ? Grade.FAIL : Grade.WARN;
    }

    private void privateFolder(String what, Path folder, boolean filesToo) {
        if (!Files.isDirectory(folder)) {
            add(Grade.OK, what, folder + " will be made at the first start", "");
            return;
        }
        try {
            List<Path> open = new ArrayList<>();
            if (!OWNER_ONLY.containsAll(Files.getPosixFilePermissions(folder))) {
                open.add(folder);
            }
            if (filesToo) {
                open.addAll(openFiles(folder));
            }
            if (open.isEmpty()) {
                add(Grade.OK, what, folder + " is for its owner only", "");
            }
            open.forEach(path -> add(Grade.FAIL, what, "other users can enter or read " + path, "chmod go= " + path));
        } catch (IOException e) {
            add(Grade.FAIL, what, folder + " cannot be looked at: " + e.getMessage(), "");
        }
    }

    private static List<Path> openFiles(Path folder) throws IOException {
        List<Path> open = new ArrayList<>();
        try (Stream<Path> tree = Files.walk(folder, 3)) {
            // Public keys are for everybody.
            for (Path path : tree.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith(".pub"))
                    .limit(1_000)
                    .toList()) {
                if (!OWNER_ONLY.containsAll(Files.getPosixFilePermissions(path))) {
                    open.add(path);
                }
            }
        }
        return open;
    }

    private void socketPath(Path data) {
        int length = data.resolve("connector.sock").toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST_SOCKET_PATH) {
            add(
                    Grade.FAIL,
                    "sockets",
                    "their paths in " + data + " have " + length + " bytes, the system allows " + LONGEST_SOCKET_PATH,
                    "choose a shorter `data` folder");
        }
    }

    private void disk(Path data) {
        Path there = data;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        try {
            long free = Files.getFileStore(there).getUsableSpace();
            boolean enough = free >= ENOUGH;
            add(
                    enough ? Grade.OK : Grade.WARN,
                    "disk",
                    (free >> 20) + " MB free for " + data,
                    enough ? "" : "without room for records nothing runs");
        } catch (IOException e) {
            add(Grade.WARN, "disk", "the room on the disk cannot be read: " + e.getMessage(), "");
        }
    }

    private void certificates(ReeveConfig config) {
        List<Problem> problems = TlsCheck.of(config, Instant.now());
        problems.forEach(problem -> add(grade(problem), "certificates", ProblemText.of(problem), ""));
        boolean any = config.listen().agents().tls().isPresent()
                || config.listen().control().tls().isPresent();
        if (any && problems.isEmpty()) {
            add(Grade.OK, "certificates", "they fit their keys, names and the next three weeks", "");
        }
    }

    private void process(ReeveConfig config, boolean running) {
        if (!running) {
            boolean left = Files.exists(config.data().resolve(ControlSocket.NAME));
            add(
                    Grade.WARN,
                    "process",
                    left ? "it does not run; its last end was not a clean one" : "it does not run",
                    "start it with `reeve serve`");
            return;
        }
        try (Control control = Control.running(config)) {
            Json.Obj status = control.get("/v1/status");
            boolean ready = status.get("ready").orElse(Json.Null.NULL) == Json.Bool.TRUE;
            add(
                    ready ? Grade.OK : Grade.FAIL,
                    "process",
                    ready ? "it runs and is ready" : "it runs but is not ready",
                    ready ? "" : "`reeve status` says why");
            status.array("upstreams").orElse(Json.Arr.EMPTY).items().forEach(one -> upstream((Json.Obj) one));
        } catch (CommandException e) {
            add(Grade.FAIL, "process", String.valueOf(e.getMessage()), "");
        }
    }

    private void upstream(Json.Obj one) {
        String name = "upstream " + one.string("name").orElse("?");
        one.string("problem")
                .ifPresentOrElse(
                        problem -> add(Grade.WARN, name, problem, "it is tried again by itself"),
                        () -> add(Grade.OK, name, one.string("state").orElse("?"), ""));
    }

    private void port(String what, InetSocketAddress address) {
        String shown = address.getHostString() + ":" + address.getPort();
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address);
            add(Grade.OK, what, shown + " is free", "");
        } catch (IOException e) {
            add(
                    Grade.FAIL,
                    what,
                    shown + " is taken by another program",
                    "choose another port under `listen:` in reeve.yaml");
        }
    }
}
