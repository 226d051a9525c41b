package dev.reeve.bench;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * HAProxy in front of the same upstream, deciding on the same things: the key, the tool's name and the argument, read from the body; with
 * a line of log for each call, which nothing waits for. Two threads, as many as there are cores; connections kept alive on both sides.
 */
final class HaproxyPeer implements AutoCloseable {
    final OtherProcess process;
    final int port;

    private HaproxyPeer(OtherProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Empty, and told, where it is not installed. */
    static Optional<HaproxyPeer> start(Path folder, int upstream, String key) throws IOException {
        Optional<Path> program = Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .map(part -> Path.of(part, "haproxy"))
                .filter(Files::isExecutable)
                .findFirst();
        if (program.isEmpty()) {
            System.err.println("haproxy is not installed: no peer in this run");
            return Optional.empty();
        }
        int port = freePort();
        Path config = Files.writeString(folder.resolve("haproxy.cfg"), """
                global
                    nbthread 2
                    log stderr format raw local0
                defaults
                    mode http
                    log global
                    timeout client 60s
                    timeout server 60s
                    timeout connect 5s
                    http-reuse always
                frontend agents
                    bind 127.0.0.1:%d
                    option http-buffer-request
                    http-request set-var(txn.tool) req.body,json_query('$.params.name')
                    http-request set-var(txn.limit) req.body,json_query('$.params.arguments.limit','int')
                    acl known req.hdr(authorization) -m str "Bearer %s"
                    acl tool var(txn.tool) -m str lookup
                    acl few var(txn.limit) -m int le 100
                    http-request deny unless known tool few
                    log-format "%%t %%ST %%Tr %%B %%[var(txn.tool)] %%[var(txn.limit)]"
                    default_backend up
                backend up
                    server up 127.0.0.1:%d
                """.formatted(port, key, upstream));
        OtherProcess process = OtherProcess.start(
                List.of(program.get().toString(), "-db", "-f", config.toString()), folder.resolve("haproxy.err"));
        return Optional.of(new HaproxyPeer(process, port));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
