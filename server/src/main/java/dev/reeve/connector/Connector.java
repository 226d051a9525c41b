package dev.reeve.connector;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * {@code reeve mcp NAME [--home DIR] [--as AGENT]}: what an MCP client starts in place of a server. Passes lines between the client and the
 * user's {@code reeve serve}, which it starts if there is none. Holds no line, reads no policy, knows no secret but its registration.
 *
 * <p>The JDK only, no lambdas, no regular expressions, no string templates: half of its start is classes that it does not load. Exit codes:
 * 0 the client is done, 2 wrong arguments, 3 not let in, 4 no server, 5 the server went.
 */
public final class Connector {
    static final int DONE = 0;
    static final int WRONG_ARGUMENTS = 2;
    static final int NOT_LET_IN = 3;
    static final int NO_SERVER = 4;
    static final int SERVER_WENT = 5;

    private static final int BUFFER = 16 << 10;

    private Connector() {}

    public static void main(String[] arguments) {
        Runtime.getRuntime().halt(run(arguments));
    }

    /** For the command line of the whole program. Returns when the connection has ended. */
    public static int run(String[] arguments) {
        for (String argument : arguments) {
            if (argument.equals("--help") || argument.equals("-h")) {
                System.out.println(ConnectorPlace.USAGE);
                return DONE;
            }
        }
        try {
            ConnectorPlace place = ConnectorPlace.of(arguments);
            Registration registration = place.registration();
            SocketChannel server = new ServerStart(place).connect();
            let(server, new Preamble(registration.secret(), place.upstream(), instance()));
            return pass(server);
        } catch (ConnectorException e) {
            System.err.println("reeve: ".concat(String.valueOf(e.getMessage())));
            return e.exit();
        } catch (IOException e) {
            System.err.println(
                    "reeve: the connection to `reeve serve` failed: ".concat(String.valueOf(e.getMessage())));
            return SERVER_WENT;
        }
    }

    /** Unique enough to tell processes apart in a log; nothing rests on it. */
    static String instance() {
        return Long.toString(ProcessHandle.current().pid()).concat("-").concat(Long.toHexString(System.nanoTime()));
    }

    static void let(SocketChannel server, Preamble preamble) throws IOException, ConnectorException {
        writeAll(server, ByteBuffer.wrap(preamble.line()));
        ByteBuffer answer = ByteBuffer.allocate(Preamble.LONGEST);
        ByteBuffer one = ByteBuffer.allocate(1);
        // Byte by byte: what follows the line is the client's already.
        while (answer.hasRemaining()) {
            one.clear();
            if (server.read(one) < 0) {
                break;
            }
            if (one.get(0) == '\n') {
                break;
            }
            answer.put(one.get(0));
        }
        String text = new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
        if (!text.equals(Preamble.OK)) {
            throw new ConnectorException(
                    NOT_LET_IN,
                    text.startsWith(Preamble.REFUSED)
                            ? text.substring(Preamble.REFUSED.length())
                            : "the server closed the connection before it answered; its log says why");
        }
    }

    /** Both ways until one end is done. Bytes that the reader does not take are not read from the writer. */
    private static int pass(SocketChannel server) throws IOException {
        Thread in = new FromClient(server);
        in.setDaemon(true);
        in.start();
        try (FileChannel out = new FileOutputStream(FileDescriptor.out).getChannel()) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
            while (server.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
                buffer.clear();
            }
        }
        if (((FromClient) in).ended()) {
            return DONE;
        }
        System.err.println(
                "reeve: the server closed the connection (stopped, or the agent was revoked); "
                        .concat(
                                "calls that had no answer may have happened: `reeve audit tail` tells. Start this MCP server again."));
        return SERVER_WENT;
    }

    static void writeAll(SocketChannel server, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            server.write(bytes);
        }
    }

    /** Carries the client's bytes. */
    private static final class FromClient extends Thread {
        private final SocketChannel server;
        private volatile boolean ended;

        FromClient(SocketChannel server) {
            super(null, null, "from-client", 128 << 10);
            this.server = server;
        }

        boolean ended() {
            return ended;
        }

        @Override
        public void run() {
            // Not closed: standard input is the client's.
            FileChannel in = new FileInputStream(FileDescriptor.in).getChannel();
            ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
            try {
                while (in.read(buffer) >= 0) {
                    buffer.flip();
                    writeAll(server, buffer);
                    buffer.clear();
                }
                ended = true;
                // The server finishes what runs, answers it, and closes.
                server.shutdownOutput();
            } catch (IOException e) {
                // The server is gone; the other direction has seen it, and says so.
            }
        }
    }
}
