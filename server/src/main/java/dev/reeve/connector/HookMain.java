package dev.reeve.connector;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/**
 * {@code reeve hook CLIENT [--home DIR] [--as AGENT]}: what a coding agent's hook starts. Takes the event from standard input to the user's
 * {@code reeve serve}, which it starts if there is none, and prints the answer. Fails closed: whatever goes wrong, it ends with 2 and a
 * sentence on standard error, which every agent served here takes for a refusal.
 *
 * <p>As the connector: the JDK only, no lambdas, no regular expressions, because half of its start is classes that it does not load.
 */
public final class HookMain {
    /** What stands before the client in the first line; no upstream's name begins so. */
    public static final String NAME = ".hook.";

    static final int REFUSED = 2;

    /** Below what agents wait by default, so that it is we who say no, and not their patience that says yes. */
    private static final long PATIENCE = 25_000_000_000L;

    private static final int LARGEST = (4 << 20) - 1;
    private static final String USAGE = """
            usage: reeve hook CLIENT [--home DIR] [--as AGENT]
              Answers one event of a coding agent's hook, read from standard input: may it be done?
              CLIENT is claude-code, codex, copilot, cursor, gemini or vscode. `reeve connect CLIENT --hook` writes such a line into the client's settings.
              Example:  reeve hook claude-code --home ~/reeve < event.json
              Exit codes: 0 answered on standard output, 2 refused, with the reason on standard error.""";

    private HookMain() {}

    public static void main(String[] arguments) {
        Thread watch = new Watch();
        watch.setDaemon(true);
        watch.start();
        Runtime.getRuntime().halt(run(arguments));
    }

    /** An answer that does not come in time is a refusal. */
    private static final class Watch extends Thread {
        Watch() {
            super(null, null, "watch", 128 << 10);
        }

        @Override
        public void run() {
            long until = System.nanoTime() + PATIENCE;
            while (System.nanoTime() - until < 0) {
                LockSupport.parkNanos(PATIENCE);
            }
            System.err.println("Reeve did not allow this: it did not answer in time. `reeve status` says how it is.");
            Runtime.getRuntime().halt(REFUSED);
        }
    }

    /** For the script, which keeps the classes of this run for the next ones: everything that an answer needs, without one. */
    private static int warm() {
        try {
            SocketChannel.open(StandardProtocolFamily.UNIX).close();
            return refuse(answerOf(event(System.in)));
        } catch (ConnectorException | IOException e) {
            return refuse(String.valueOf(e.getMessage()));
        }
    }

    private static String answerOf(byte[] line) {
        return new String(new Preamble("a", "b", Connector.instance()).line(), StandardCharsets.UTF_8)
                .concat(new String(line, StandardCharsets.UTF_8));
    }

    static int run(String[] arguments) {
        if (arguments.length == 2 && arguments[1].equals("--warm")) {
            return warm();
        }
        try {
            ConnectorPlace place = place(arguments);
            if (place == null) {
                System.out.println(USAGE);
                return 0;
            }
            byte[] event = event(System.in);
            Registration registration = place.registration();
            try (SocketChannel server = new ServerStart(place, PATIENCE).connect()) {
                Connector.let(server, new Preamble(registration.secret(), place.upstream(), Connector.instance()));
                Connector.writeAll(server, ByteBuffer.wrap(event));
                server.shutdownOutput();
                return print(answer(server));
            }
        } catch (ConnectorException e) {
            return refuse(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return refuse("the connection to `reeve serve` failed: ".concat(String.valueOf(e.getMessage())));
        }
    }

    private static @org.jspecify.annotations.Nullable ConnectorPlace place(String[] arguments)
            throws ConnectorException {
        String[] mapped = arguments.clone();
        for (int i = 0; i < mapped.length; i++) {
            if (mapped[i].equals("--help") || mapped[i].equals("-h")) {
                return null;
            }
        }
        if (mapped.length < 2 || mapped[1].startsWith("-")) {
            throw new ConnectorException(REFUSED, USAGE);
        }
        mapped[0] = "mcp";
        mapped[1] = NAME.concat(mapped[1]);
        try {
            return ConnectorPlace.of(mapped);
        } catch (ConnectorException e) {
            throw e.exit() == Connector.WRONG_ARGUMENTS ? new ConnectorException(REFUSED, USAGE) : e;
        }
    }

    /** The event as one line: a line end in JSON is only space between its parts. */
    private static byte[] event(InputStream in) throws IOException, ConnectorException {
        byte[] read = in.readNBytes(LARGEST + 1);
        if (read.length > LARGEST) {
            throw new ConnectorException(REFUSED, "the event has more than 4 MB");
        }
        byte[] line = new byte[read.length + 1];
        for (int i = 0; i < read.length; i++) {
            line[i] = read[i] == '\n' || read[i] == '\r' ? (byte) ' ' : read[i];
        }
        line[read.length] = '\n';
        return line;
    }

    private static String answer(SocketChannel server) throws IOException {
        byte[] all = new byte[1 << 16];
        int length = 0;
        ByteBuffer buffer = ByteBuffer.allocate(1 << 13);
        while (server.read(buffer) >= 0) {
            buffer.flip();
            int count = Math.min(buffer.remaining(), all.length - length);
            buffer.get(all, length, count);
            length += count;
            buffer.clear();
            if (count > 0 && all[length - 1] == '\n') {
                break;
            }
        }
        return new String(all, 0, length, StandardCharsets.UTF_8);
    }

    /** {@code 0 o TEXT} or {@code 2 e TEXT}; anything else is no answer. */
    private static int print(String answer) throws IOException {
        boolean out = answer.startsWith("0 o ");
        if (!(out || answer.startsWith("2 e ")) || !answer.endsWith("\n")) {
            return refuse("`reeve serve` gave no answer; its log says why");
        }
        String text = answer.substring(4).replace('\u0001', '\n');
        try (OutputStream stream = new FileOutputStream(out ? FileDescriptor.out : FileDescriptor.err)) {
            stream.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return out ? 0 : REFUSED;
    }

    private static int refuse(String why) {
        System.err.println("Reeve did not allow this, because it could not decide: "
                .concat(why)
                .concat("\nNothing is allowed until it can: tell your user, who finds out with `reeve doctor`."));
        return REFUSED;
    }
}
