package dev.reeve.connect;

import dev.reeve.secrets.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads everything that is there and works out what would be written. Writes nothing itself. */
final class Planner {
    private final Client client;
    private final Surroundings around;
    private final Person person;
    private final Confining confining;

    private final List<FileChange> files = new ArrayList<>();
    private final List<String> diffs = new ArrayList<>();
    private final List<String> ours = new ArrayList<>();
    private final List<Server.Left> left = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private record Found(ClientConfig config, List<Server.Movable> movable) {}

    Planner(Client client, Surroundings around, Person person, Confining confining) {
        this.confining = confining;
        this.client = client;
        this.around = around;
        this.person = person;
    }

    /**
     * @param config only this file; otherwise all places where the client looks
     * @throws RefusedException if something is not understood, with file, line and column
     */
    Plan plan(Optional<Path> config) throws IOException, RefusedException {
        Path secretsPath = WholeFiles.real(around.keys().resolve("secrets.yaml"));
        Optional<String> secretsText = text(secretsPath);
        SecretsFile secrets = in(secretsPath, () -> SecretsFile.read(secretsPath, secretsText));
        ServerReader reader = new ServerReader(
                new Variables(client, around, person), secrets, around.script().toString(), this::arguments);
        SwitchedOff off = SwitchedOff.read(client, around);
        List<Found> found = new ArrayList<>();
        for (Path path : places(config)) {
            found.add(read(path, reader, off));
        }
        Map<String, Upstream> upstreams = upstreams(found);
        planSecrets(secrets, secretsText, upstreams);
        planOperatorFile(upstreams);
        for (Found one : found) {
            planClient(one);
        }
        return new Plan(files, diffs, List.copyOf(upstreams.values()), ours, left, notes);
    }

    private List<Path> places(Optional<Path> config) throws IOException, RefusedException {
        if (config.isPresent()) {
            Path path = around.project().resolve(config.get());
            if (!Files.isRegularFile(path)) {
                throw new RefusedException(path + " is not there");
            }
            return List.of(WholeFiles.real(path));
        }
        List<Path> places = new ArrayList<>();
        for (Path path : client.files(around)) {
            if (Files.isRegularFile(path) && !places.contains(WholeFiles.real(path))) {
                places.add(WholeFiles.real(path));
            }
        }
        if (places.isEmpty()) {
            throw new RefusedException(client.title() + " has no config here: looked for " + client.files(around)
                    + "; name another one with --config");
        }
        return places;
    }

    private Found read(Path path, ServerReader reader, SwitchedOff off) throws IOException, RefusedException {
        ClientConfig config = ClientConfig.read(client, path, text(path).orElse(""), around);
        List<Server.Movable> movable = new ArrayList<>();
        for (Server server : config.servers(reader, off, around)) {
            switch (server) {
                case Server.Movable one -> movable.add(one);
                case Server.Ours one -> ours.add(one.name());
                case Server.Left one -> left.add(one);
            }
        }
        return new Found(config, movable);
    }

    private Map<String, Upstream> upstreams(List<Found> found) throws RefusedException {
        Map<String, Upstream> upstreams = new LinkedHashMap<>();
        for (Found one : found) {
            for (Server.Movable server : one.movable()) {
                Upstream upstream = confining.decided(server.upstream());
                Upstream other = upstreams.putIfAbsent(upstream.name(), upstream);
                if (other != null && !other.equals(upstream)) {
                    throw new RefusedException("two different servers would be `" + upstream.name()
                            + "`; rename one of them, or name one file with --config");
                }
                if (!server.name().equals(upstream.name())) {
                    notes.add("`" + server.name() + "` is called `" + upstream.name() + "` in reeve.yaml");
                }
            }
        }
        return upstreams;
    }

    private void planSecrets(SecretsFile secrets, Optional<String> before, Map<String, Upstream> upstreams)
            throws RefusedException {
        Map<String, Secret> added = new LinkedHashMap<>();
        upstreams
                .values()
                .forEach(upstream -> upstream.values()
                        .forEach((name, value) -> added.put(Upstream.secretName(upstream.name(), name), value)));
        List<List<String>> missing = new ArrayList<>();
        added.keySet().stream()
                .filter(name -> secrets.get(name).isEmpty())
                .sorted()
                .forEach(name -> missing.add(List.of(name)));
        String after = secrets.add(added);
        if (!added.isEmpty()) {
            if (before.isEmpty()) {
                missing.add(List.of());
            }
            add(
                    FileChange.ofServers(secrets.path(), before, after, true, Added.of(after, missing)),
                    SecretsFile.masked(before),
                    SecretsFile.masked(Optional.of(after)));
        }
    }

    private void planOperatorFile(Map<String, Upstream> upstreams) throws IOException, RefusedException {
        if (upstreams.isEmpty()) {
            return;
        }
        Path path = WholeFiles.real(around.home().resolve("reeve.yaml"));
        Optional<String> before = text(path);
        String after = in(path, () -> OperatorFile.add(before, List.copyOf(upstreams.values())));
        List<Added> added = Added.of(after, OperatorFile.missing(before, List.copyOf(upstreams.values())));
        add(FileChange.ofServers(path, before, after, false, added), before.orElse(""), after);
    }

    private void planClient(Found found) throws RefusedException {
        if (found.movable().isEmpty()) {
            return;
        }
        ClientConfig config = found.config();
        String after = config.point(found.movable(), around.script().toString(), this::arguments);
        ClientConfig changed = ClientConfig.read(client, config.path(), after, around);
        if (config.path().startsWith(around.project())) {
            notes.add(config.path() + " names folders of this machine afterwards: keep that out of version control");
        }
        add(
                new FileChange(
                        config.path(),
                        Optional.of(config.text()),
                        after,
                        false,
                        config.replaced(found.movable(), after)),
                config.masked(),
                changed.masked());
    }

    /** Absolute, so that the folder in which the client starts it does not matter. */
    List<String> arguments(String upstream) {
        return List.of("mcp", upstream, "--home", around.home().toString(), "--as", client.id());
    }

    private void add(FileChange change, String shownBefore, String shownAfter) {
        if (!change.changesNothing()) {
            files.add(change);
            diffs.add(UnifiedDiff.of(change.path().toString(), change.before().isPresent(), shownBefore, shownAfter));
        }
    }

    static Optional<String> text(Path path) throws IOException, RefusedException {
        Optional<byte[]> bytes = WholeFiles.read(path);
        try {
            return bytes.isEmpty()
                    ? Optional.empty()
                    : Optional.of(StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes.get()))
                            .toString());
        } catch (CharacterCodingException e) {
            throw new RefusedException(path + " is not UTF-8");
        }
    }

    private interface Reading<T> {
        T get() throws RefusedException;
    }

    private static <T> T in(Path path, Reading<T> reading) throws RefusedException {
        try {
            return reading.get();
        } catch (RefusedException e) {
            String message = String.valueOf(e.getMessage());
            throw message.startsWith("line ") || message.startsWith("it ")
                    ? new RefusedException(path + ": " + message)
                    : e;
        }
    }
}
