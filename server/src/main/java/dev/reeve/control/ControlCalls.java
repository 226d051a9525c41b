package dev.reeve.control;

import dev.reeve.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** Calls the routes: those of the running process over its socket, or those of this process. */
@FunctionalInterface
public interface ControlCalls {
    /**
     * @param target path and query
     * @throws IOException if nobody answers
     */
    ControlReply call(String method, String target, Optional<Json.Obj> body) throws IOException;

    /** @param data whose process listens; each call is a connection of its own */
    static ControlCalls over(Path data) {
        return (method, target, body) -> {
            UnixDomainSocketAddress address =
                    UnixDomainSocketAddress.of(data.toAbsolutePath().resolve(ControlSocket.NAME));
            try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                channel.connect(address);
                OutputStream out = Channels.newOutputStream(channel);
                out.write(SocketText.bytes(method, target, body));
                out.flush();
                return reply(SocketText.answer(Channels.newInputStream(channel)));
            }
        };
    }

    private static ControlReply reply(SocketText.Message answer) throws IOException {
        String[] start = answer.startLine().split(" ", -1);
        if (start.length < 2 || !start[1].matches("[1-5][0-9]{2}")) {
            throw new IOException("what answers at the socket is not Reeve");
        }
        return new ControlReply(Integer.parseInt(start[1]), "application/json", answer.body());
    }

    /** Within this process, which holds the lock of the data folder. */
    static ControlCalls direct(ControlRoutes routes, Caller.Local caller) {
        return (method, target, body) -> {
            Target read = Target.read(target).orElseThrow(() -> new IOException("there is no such path"));
            byte[] bytes = body.map(object -> object.toString().getBytes(StandardCharsets.UTF_8))
                    .orElseGet(() -> new byte[0]);
            return routes.handle(ControlRequest.of(method, read.path(), read.query(), bytes, caller));
        };
    }
}
