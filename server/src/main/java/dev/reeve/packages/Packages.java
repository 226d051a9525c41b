package dev.reeve.packages;

import dev.reeve.child.Command;
import dev.reeve.child.Confinement;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.secrets.Secret;
import dev.reeve.upstream.LaunchRefusedException;
import dev.reeve.upstream.Launching;
import dev.reeve.upstream.UpstreamSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The packages that servers are started from. The first time one is started its files are pinned, as the operator installed them; from then on it
 * starts only while they are the same, and a difference waits for a person. What is pinned is read again whenever a file was touched.
 */
public final class Packages implements Launching {
    /** Caches that Python writes beside its modules could hold other code than these; it is made not to look at them. */
    private static final Map<String, Secret> NO_CACHES = Map.of(
            "PYTHONPYCACHEPREFIX", Secret.of("/tmp/pycache"),
            "PYTHONDONTWRITEBYTECODE", Secret.of("1"));

    private final Path servers;
    private final PinFiles pins;
    private final PackageActs acts;
    private final Map<String, String> ours;
    private final Map<String, String> verified = new ConcurrentHashMap<>();
    private final Map<String, PackageDrift> drifts = new ConcurrentHashMap<>();

    /**
     * @param data of the installation; packages that Reeve installs are in its folder {@code servers}
     * @param ours Reeve's own environment, for PATH
     */
    public Packages(Path data, Path keys, Path home, PackageActs acts, Map<String, String> ours) {
        this.servers = servers(data);
        this.pins = new PinFiles(keys, home);
        this.acts = acts;
        this.ours = Map.copyOf(ours);
    }

    static Path servers(Path data) {
        return data.resolve("servers");
    }

    @Override
    public Command of(UpstreamSettings.Stdio settings) throws IOException {
        Command command = command(settings);
        Optional<Installed> installed = Installed.of(command.argv(), command.folder(), ours);
        if (installed.isEmpty()) {
            return command;
        }
        verify(settings.name(), installed.get());
        Map<String, Secret> environment = new HashMap<>(NO_CACHES);
        environment.putAll(command.environment());
        return new Command(command.argv(), command.folder(), environment, command.confinement());
    }

    /** Of what would be fetched at its start: the same, installed before. Unconfined it may fetch what it likes, as the operator wrote. */
    private Command command(UpstreamSettings.Stdio settings) throws IOException {
        Optional<Packaged> packaged =
                settings.confinement().isEmpty() ? Optional.empty() : Packaged.of(settings.argv());
        if (packaged.isEmpty()) {
            return Launching.AS_WRITTEN.of(settings);
        }
        Path folder = servers.resolve(settings.name());
        if (!Files.isDirectory(folder)) {
            throw new LaunchRefusedException("`" + settings.argv().getFirst()
                    + "` would fetch it from the network, which a confined program does not have; install it with `reeve upstreams install "
                    + settings.name() + "`, or write `confine: none` if the server may do whatever you can do");
        }
        folder = folder.toRealPath();
        List<String> argv = new ArrayList<>(PackageProgram.of(packaged.get(), folder));
        argv.addAll(packaged.get().arguments());
        return new Command(
                argv,
                settings.folder(),
                settings.environment(),
                Optional.of(seeing(settings.confinement().get(), folder)));
    }

    private static Confinement seeing(Confinement confinement, Path folder) {
        List<Confinement.Folder> folders = new ArrayList<>(confinement.folders());
        folders.add(new Confinement.Folder(folder, false));
        return new Confinement(folders, confinement.hidden(), confinement.limits());
    }

    private synchronized void verify(String upstream, Installed installed) throws IOException {
        String signature = installed.folder() + " " + Contents.signature(installed.folder());
        if (signature.equals(verified.get(upstream))) {
            return;
        }
        Contents now = Contents.of(installed.folder());
        Optional<PackagePin> pin = pins.read(upstream);
        if (pin.isEmpty()) {
            put(
                    upstream,
                    new PackagePin(installed.name(), installed.version(), now),
                    "reeve",
                    Optional.empty(),
                    "package_pinned");
        } else if (!pin.get().contents().equals(now)) {
            PackageDrift drift = drift(upstream, pin.get(), installed, now);
            drifts.put(upstream, drift);
            throw new LaunchRefusedException(drift.summary());
        }
        drifts.remove(upstream);
        verified.put(upstream, signature);
    }

    private static PackageDrift drift(String upstream, PackagePin pin, Installed installed, Contents now) {
        return new PackageDrift(
                upstream,
                installed.name(),
                pin.version(),
                installed.version(),
                now.digest(),
                now.since(pin.contents()));
    }

    private void put(String upstream, PackagePin pin, String person, Optional<String> second, String act)
            throws IOException {
        try {
            acts.record(
                    person,
                    act,
                    upstream,
                    pin.summary().put("seconded_by", second).build());
        } catch (UnrecordableException e) {
            throw new LaunchRefusedException(
                    "its package cannot be pinned, because that cannot be recorded: " + e.getMessage());
        }
        pins.write(upstream, pin);
    }

    /** Compares what is pinned with what is there, without starting it; {@link #waiting} then says what differs. */
    public void look(UpstreamSettings.Stdio settings) {
        try {
            if (pins.read(settings.name()).isPresent()) {
                Command ignored = of(settings);
            }
        } catch (IOException e) {
            // A difference is in `waiting` by now; whatever else there is will be said when it is to start.
        }
    }

    /** What waits for approval, as it was last seen. */
    public List<PackageDrift> waiting() {
        return drifts.values().stream()
                .sorted(java.util.Comparator.comparing(PackageDrift::upstream))
                .toList();
    }

    /** The difference with this digest, if it waits. */
    public Optional<PackageDrift> waiting(String upstream, String digest) {
        return Optional.ofNullable(drifts.get(upstream))
                .filter(drift -> drift.digest().equals(digest));
    }

    /**
     * Puts what waits in force, recorded before.
     *
     * @param digest of what the person saw
     * @param second who agreed, where one asked and another had to agree (R27)
     * @return false if that does not wait, or is not what is there by now
     */
    public synchronized boolean approve(
            UpstreamSettings.Stdio settings, String digest, String person, Optional<String> second) throws IOException {
        if (waiting(settings.name(), digest).isEmpty()) {
            return false;
        }
        Command command = command(settings);
        Optional<Installed> installed = Installed.of(command.argv(), command.folder(), ours);
        if (installed.isEmpty()) {
            return false;
        }
        Contents now = Contents.of(installed.get().folder());
        if (!now.digest().equals(digest)) {
            return false;
        }
        put(
                settings.name(),
                new PackagePin(installed.get().name(), installed.get().version(), now),
                person,
                second,
                "package_approved");
        drifts.remove(settings.name());
        return true;
    }
}
