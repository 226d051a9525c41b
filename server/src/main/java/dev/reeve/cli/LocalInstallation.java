package dev.reeve.cli;

import dev.reeve.child.Bubblewrap;
import dev.reeve.config.Home;
import dev.reeve.config.Loaded;
import dev.reeve.config.ReeveConfig;
import dev.reeve.config.ReeveFile;
import dev.reeve.connect.Installation;
import dev.reeve.connect.RefusedException;
import dev.reeve.connect.Surroundings;
import dev.reeve.control.Administration;
import dev.reeve.control.NewAgent;
import dev.reeve.definitions.PinnedDefinitions;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import dev.reeve.metrics.Metrics;
import dev.reeve.packages.PackageInstall;
import dev.reeve.packages.Packages;
import dev.reeve.secrets.Secret;
import dev.reeve.upstream.McpServers;
import dev.reeve.upstream.UpstreamDownException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * What {@code reeve connect} changes beside files, done on the data folder itself under its lock. A running process has the lock and would not
 * learn of new servers, so it must be stopped first, but for withdrawing, which it does itself; each step opens and closes what it needs, so
 * that {@code serve} may start at once afterwards.
 */
final class LocalInstallation implements Installation {
    private final Surroundings around;

    LocalInstallation(Surroundings around) {
        this.around = around;
    }

    private interface OnFoundation<T> {
        T run(Foundation foundation) throws dev.reeve.control.RefusedException, UnrecordableException, RefusedException;
    }

    private <T> T with(OnFoundation<T> work) throws RefusedException {
        ReeveConfig config = config();
        if (Control.listens(config.data())) {
            throw new RefusedException("reeve runs here and would not learn of new servers before its next start; type "
                    + HomeOptions.stopping(config) + ", then this command again, and "
                    + HomeOptions.command("serve", config) + " afterwards");
        }
        try (Foundation foundation =
                Foundation.open(config, new Metrics(), incident -> Log.error("incident", incident))) {
            return work.run(foundation);
        } catch (CommandException | dev.reeve.control.RefusedException | UnrecordableException e) {
            throw new RefusedException(String.valueOf(e.getMessage()));
        }
    }

    private ReeveConfig config() throws RefusedException {
        Home home = Home.of(around.home(), Optional.empty(), around.environment());
        if (Files.exists(home.file())) {
            return read(home);
        }
        try {
            // The agent is registered before its files are written: what holds until then are the defaults.
            Path nothing = Files.createTempFile("reeve", ".yaml");
            try {
                Files.writeString(nothing, "reeve: 1\n");
                return read(new Home(home.folder(), nothing, home.keys(), home.userConfig()));
            } finally {
                Files.delete(nothing);
            }
        } catch (IOException e) {
            throw new RefusedException("no file can be written in the folder for temporary ones: " + e.getMessage());
        }
    }

    private static ReeveConfig read(Home home) throws RefusedException {
        Loaded<ReeveConfig> loaded = ReeveFile.read(home);
        return loaded.value()
                .orElseThrow(() -> new RefusedException(loaded.text().strip()));
    }

    private static String person() {
        return "local:" + System.getProperty("user.name", "?");
    }

    @Override
    public void agent(String agent, Set<String> roles) throws RefusedException {
        with(foundation -> {
            Administration administration = foundation.room().administration();
            if (foundation.room().directory().roster().agent(agent).isPresent()) {
                return administration.addRoles(person(), agent, roles);
            }
            return administration.createAgent(
                    person(), new NewAgent(agent, roles, Optional.empty(), java.util.Map.of()));
        });
    }

    @Override
    public Secret register(String agent) throws RefusedException {
        return with(foundation -> foundation
                .room()
                .administration()
                .registerConnector(person(), agent, uid())
                .text());
    }

    private int uid() throws RefusedException {
        try {
            return (int) Files.getAttribute(around.home(), "unix:uid");
        } catch (IOException e) {
            throw new RefusedException("it cannot be said whose folder " + around.home() + " is: " + e.getMessage());
        }
    }

    @Override
    public void withdraw(String agent) throws RefusedException {
        ReeveConfig config = config();
        if (Control.listens(config.data())) {
            withdraw(agent, config);
            return;
        }
        with(foundation -> foundation.room().administration().withdrawConnectors(person(), agent));
    }

    /** The running process does it at once, and cuts what is open. */
    private static void withdraw(String agent, ReeveConfig config) throws RefusedException {
        try (Control control = Control.running(config)) {
            control.call("POST", "/v1/agents/" + agent + "/connectors/withdraw", Json.Obj.EMPTY);
        } catch (CommandException e) {
            throw new RefusedException(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Optional<String> cannotConfine() {
        return switch (Bubblewrap.onThisMachine()) {
            case Bubblewrap.Found.Able ignored -> Optional.empty();
            case Bubblewrap.Found.Unable unable -> Optional.of("this machine cannot confine it: " + unable.why());
        };
    }

    @Override
    public boolean fetches(List<String> command) {
        return PackageInstall.fetches(command);
    }

    @Override
    public String install(String upstream, List<String> command) throws RefusedException {
        try {
            return PackageInstall.of(config().data(), upstream, command).run();
        } catch (IOException e) {
            throw new RefusedException(String.valueOf(e.getMessage()));
        }
    }

    /** What is pinned at a first start is recorded, as `reeve serve` does it. */
    private Packages packages(ReeveConfig config) {
        return new Packages(
                config.data(),
                config.keys(),
                config.home(),
                (who, act, upstream, difference) -> {
                    try {
                        boolean recorded = with(foundation -> {
                            foundation.recordPackage(who, act, upstream, difference);
                            return true;
                        });
                        assert recorded;
                    } catch (RefusedException e) {
                        throw new UnrecordableException(String.valueOf(e.getMessage()));
                    }
                },
                System.getenv());
    }

    @Override
    public List<Json.Obj> tools(String upstream) throws RefusedException {
        ReeveConfig config = config();
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (McpServers servers = new McpServers(
                UpstreamsFromConfig.of(
                        config.upstreams(), TlsRoom.open(config, InstantSource.system(), (listener, outcome) -> {})),
                loops,
                InstantSource.system(),
                new dev.reeve.child.Slots(8),
                System.getenv(),
                packages(config),
                AsksFromConfig.declared(config.upstreams()))) {
            return servers.offers(upstream).tools();
        } catch (UpstreamDownException | CommandException e) {
            throw new RefusedException(String.valueOf(e.getMessage()));
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    @Override
    public boolean needsSecond() throws RefusedException {
        return with(foundation -> foundation.room().administrators().areSeveral());
    }

    @Override
    public Set<String> approve(String upstream, List<Json.Obj> shown, Set<String> agreed) throws RefusedException {
        return with(foundation -> {
            PinnedDefinitions definitions = foundation.definitions();
            definitions.compare(upstream, shown, false);
            if (foundation.room().administrators().areSeveral()) {
                return Set.of();
            }
            Set<String> inForce = new TreeSet<>();
            for (Json.Obj definition : shown) {
                String name = definition.string("name").orElse("");
                if (agreed.contains(name) && inForce(definitions, upstream, name, definition)) {
                    inForce.add(name);
                }
            }
            return inForce;
        });
    }

    private static boolean inForce(PinnedDefinitions definitions, String upstream, String name, Json.Obj definition)
            throws UnrecordableException {
        String fingerprint = PinnedDefinitions.fingerprint(definition);
        boolean already = definitions
                .tool(upstream, name)
                .filter(pinned -> pinned.fingerprint().equals(fingerprint)
                        && pinned.state() == dev.reeve.definitions.Definitions.State.IN_FORCE)
                .isPresent();
        return already || definitions.approve(upstream, name, fingerprint, person());
    }
}
