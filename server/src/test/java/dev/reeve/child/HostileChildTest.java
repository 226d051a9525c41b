package dev.reeve.child;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A child that was written to get out does not (R21). */
@Timeout(120)
final class HostileChildTest {
    @TempDir
    Path folder;

    @BeforeAll
    static void itCanBeConfinedHere() {
        Machine.confinesOrSkips();
    }

    private static Json.Builder to(String what) {
        return Json.object().put("do", what);
    }

    private static Hostile usual(Confinement.Folder... folders) throws Exception {
        return Hostile.with(Hostile.seeing(List.of(), ChildLimits.USUAL, folders));
    }

    private static Hostile within(ChildLimits limits) throws Exception {
        return Hostile.with(Hostile.seeing(List.of(), limits));
    }

    @Test
    void itSeesNothingOfReevesAndNothingOfTheUsers() throws Exception {
        Path secret = Files.writeString(
                Files.createDirectories(folder.resolve("keys")).resolve("ledger.key"), "secret");
        try (Hostile hostile = usual()) {
            assertEquals("ENOENT", hostile.does(to("read").put("path", secret.toString())));
            for (String path : List.of("/etc/shadow", "/root/.ssh", "/var/lib", "/sys/kernel", "/etc/ssl/private")) {
                assertEquals("ENOENT", hostile.does(to("list").put("path", path)), path);
            }
            List<String> seen =
                    List.of(hostile.does(to("list").put("path", "/tmp")).split(" ", -1));
            assertFalse(seen.contains(String.valueOf(folder.getFileName())), seen.toString());
        }
    }

    @Test
    void whatIsReevesIsCoveredWhereItLiesInAFolderThatIsShown() throws Exception {
        Path program = Files.createDirectories(folder.resolve("prefix/bin"));
        Files.createSymbolicLink(program.resolve("python3"), program(System.getenv("PATH"), "python3"));
        Path home = Files.createDirectories(folder.resolve("prefix/lib/reeve"));
        Files.writeString(home.resolve("reeve.yaml"), "upstreams: {}");
        Path file = Files.writeString(folder.resolve("prefix/lib/key"), "secret");
        List<String> view = FileView.of(
                new Confinement(List.of(), List.of(home, file), ChildLimits.USUAL),
                program.resolve("python3").toString(),
                Path.of("/"),
                System.getenv());
        // Around Reeve's own places only the folder of the program itself is shown.
        assertTrue(view.contains(program.toString()), view.toString());
        assertFalse(view.contains(folder.resolve("prefix").toString()), view.toString());
    }

    private static Path program(String path, String name) {
        return List.of(path.split(":")).stream()
                .map(it -> Path.of(it, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void itReachesNoNetworkAndNoneOfReevesSockets() throws Exception {
        Path path = folder.resolve("control.sock");
        try (ServerSocket tcp = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                ServerSocketChannel unix = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                Hostile hostile = usual()) {
            unix.bind(UnixDomainSocketAddress.of(path));
            assertEquals(
                    "ECONNREFUSED",
                    hostile.does(to("connect").put("host", "127.0.0.1").put("port", tcp.getLocalPort())));
            assertEquals(
                    "ENETUNREACH",
                    hostile.does(to("connect").put("host", "192.0.2.1").put("port", 80)));
            assertEquals("ENOENT", hostile.does(to("connect_unix").put("path", path.toString())));
            assertEquals("lo", hostile.does("interfaces"));
        }
    }

    @Test
    void aForkBombGetsNoFurtherThanItsLimit() throws Exception {
        Machine.countsProcessesOrSkips();
        try (Hostile hostile = within(ChildLimits.USUAL.withProcesses(40))) {
            int born = after("EAGAIN", hostile.does(to("fork_bomb").put("most", 2_000)));
            assertTrue(born <= 40, () -> born + " processes");
            assertEquals("/", hostile.does("cwd"), "it goes on living");
        }
    }

    @Test
    void itFillsNothingButItsOwnSmallPlaces() throws Exception {
        long tmp = 4 << 20;
        try (Hostile hostile = within(ChildLimits.USUAL.withTmp(tmp))) {
            for (String place : List.of("/tmp/x", "/dev/shm/x")) {
                int written = after(
                        "ENOSPC", hostile.does(to("fill").put("path", place).put("most", 1 << 30)));
                assertTrue(written <= tmp, place);
            }
            for (String place : List.of("/x", "/usr/x", "/etc/x", "/dev/x", "/run/x", "/proc/x")) {
                String refused = hostile.does(to("write").put("path", place));
                assertTrue(List.of("EROFS", "ENOENT").contains(refused), place + " " + refused);
            }
        }
    }

    @Test
    void itHasNoMoreMemoryFilesOrSizeThanItsLimits() throws Exception {
        ChildLimits limits = ChildLimits.USUAL.withMemory(256 << 20).withFileSize(1 << 20);
        try (Hostile hostile = within(limits)) {
            assertEquals("done", hostile.does(to("allocate").put("bytes", 16 << 20)));
            assertEquals("ENOMEM", hostile.does(to("allocate").put("bytes", 512 << 20)));
            assertEquals(
                    1 << 20,
                    after("EFBIG", hostile.does(to("fill").put("path", "/tmp/x").put("most", 8 << 20))));
        }
    }

    @Test
    void itWritesOnlyWhereTheOperatorSaidSo() throws Exception {
        Path read = Files.createDirectories(folder.toRealPath().resolve("read"));
        Path write = Files.createDirectories(folder.toRealPath().resolve("write"));
        Files.writeString(read.resolve("a"), "a");
        try (Hostile hostile = usual(new Confinement.Folder(read, false), new Confinement.Folder(write, true))) {
            assertEquals("a", hostile.does(to("list").put("path", read.toString())));
            assertEquals(
                    "EROFS",
                    hostile.does(to("write").put("path", read.resolve("b").toString())));
            assertEquals(
                    "done",
                    hostile.does(to("write").put("path", write.resolve("b").toString())));
            assertEquals("x", Files.readString(write.resolve("b")));
            assertEquals(
                    "read write",
                    hostile.does(to("list").put("path", folder.toRealPath().toString())));
        }
    }

    @Test
    void aFolderThatBecameALinkSinceItWasNamedIsNotShown() throws Exception {
        Path real = folder.toRealPath();
        Files.createDirectories(real.resolve("keys"));
        Path named = Files.createSymbolicLink(real.resolve("named"), real.resolve("keys"));
        IOException refused = assertThrows(
                IOException.class,
                () -> usual(new Confinement.Folder(named, true)).close());
        assertTrue(String.valueOf(refused.getMessage()).contains("leads to"), refused.getMessage());
    }

    @Test
    void itInheritsNothing() throws Exception {
        String ours = System.getenv().keySet().stream()
                .filter(name -> !name.matches("PATH|HOME|TMPDIR|PWD|OLDPWD|SHLVL|LC_.*|_|_?PYENV.*|TOKEN"))
                .findFirst()
                .orElseThrow();
        try (Hostile hostile = usual()) {
            assertEquals("pipe pipe pipe", hostile.does("descriptors").replaceAll(" and .*", ""));
            assertEquals("", hostile.does(to("environments").put("name", ours)), ours);
            assertFalse(List.of(hostile.does("environment").split(" ")).contains(ours), ours);
        }
    }

    @Test
    void itTouchesNoOtherProcess() throws Exception {
        long us = ProcessHandle.current().pid();
        try (Hostile hostile = usual()) {
            assertEquals("ESRCH", hostile.does(to("kill").put("pid", us)));
            assertEquals("ESRCH", hostile.does(to("ptrace").put("pid", us)));
            assertEquals("done", hostile.does(to("kill").put("pid", 1)), "the kernel lets nobody kill it from inside");
            assertEquals("/", hostile.does("cwd"));
        }
    }

    @Test
    void itGetsNoRightsFromTheKernel() throws Exception {
        try (Hostile hostile = usual()) {
            assertEquals("CapEff=0000000000000000 CapBnd=0000000000000000 NoNewPrivs=1", hostile.does("status"));
            assertEquals("EPERM", hostile.does("mount"));
            assertEquals("EPERM", hostile.does("remount"));
            assertEquals("EPERM", hostile.does("mknod"));
            String more = hostile.does("unshare");
            assertTrue(List.of("ENOSPC", "EPERM").contains(more), more);
            // What the kernel starts as root, unconfined, when something dumps its core.
            assertEquals(
                    "EROFS",
                    hostile.does(to("write")
                            .put("path", "/proc/sys/kernel/core_pattern")
                            .put("text", "|/x")));
        }
    }

    @Test
    void aServerThatUsesUpItsTimeIsEnded() throws Exception {
        try (Hostile hostile = within(ChildLimits.USUAL.withCpuTime(Duration.ofSeconds(1)))) {
            assertEquals("ended", hostile.does("spin"));
        }
    }

    @Test
    void itLivesLongerThanTheThreadThatAskedForIt() throws Exception {
        java.util.concurrent.CompletableFuture<Hostile> started = new java.util.concurrent.CompletableFuture<>();
        Thread brief = Thread.ofPlatform().start(() -> {
            try {
                started.complete(usual());
            } catch (Exception e) {
                started.completeExceptionally(e);
            }
        });
        try (Hostile hostile = started.get(60, TimeUnit.SECONDS)) {
            brief.join();
            assertEquals("/", hostile.does("cwd"));
            assertTrue(hostile.child.isAlive());
        }
    }

    @Test
    void nothingOfItIsLeftWhenItIsKilled() throws Exception {
        try (Hostile hostile = usual()) {
            hostile.child.kill();
            hostile.child.gone().get(30, TimeUnit.SECONDS);
            assertEquals(
                    List.of(), ProcessHandle.of(hostile.child.pid()).stream().toList());
        }
    }

    private static int after(String refusal, String answer) {
        Matcher matcher = Pattern.compile(refusal + " after ([0-9]+)").matcher(answer);
        assertTrue(matcher.matches(), answer);
        return Integer.parseInt(matcher.group(1));
    }
}
