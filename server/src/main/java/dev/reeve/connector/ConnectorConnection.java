package dev.reeve.connector;

import dev.reeve.connector.ConnectorService.Talk;
import dev.reeve.identity.Claim;
import dev.reeve.identity.Identification;
import dev.reeve.secrets.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;

/** One connector, from its first line to its end. */
final class ConnectorConnection {
    private static final System.Logger LOG = System.getLogger("dev.reeve.connector");
    private static final byte[] TOO_LONG = ("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,"
                    + "\"message\":\"Invalid Request: the message is too long, or too many long ones are under way\"}}")
            .getBytes(StandardCharsets.UTF_8);

    private final SocketChannel channel;
    private final long number;
    private final ConnectorListener listener;
    private volatile Optional<Identification.Known> who = Optional.empty();

    /** Ends the connection with a reason for the person at the connector's standard error. */
    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1;
        private final String code;

        Refusal(String code, String text) {
            super(text, null, false, false);
            this.code = code;
        }
    }

    ConnectorConnection(SocketChannel channel, long number, ConnectorListener listener) {
        this.channel = channel;
        this.number = number;
        this.listener = listener;
    }

    Optional<Identification.Known> who() {
        return who;
    }

    void cut() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a connector did not close: " + e.getMessage());
        }
    }

    void run() {
        LineReader reader = new LineReader(channel, listener.longLines());
        try (channel) {
            serveOrRefuse(reader);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a connector went: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            reader.drop();
        }
    }

    private void serveOrRefuse(LineReader reader) throws IOException, InterruptedException {
        try {
            checkPeer();
            serve(reader, preamble(reader));
        } catch (Refusal e) {
            refuse(channel, e.code, String.valueOf(e.getMessage()));
        }
    }

    /** The file's mode keeps others out; the kernel's word is for the day when somebody changed the mode. */
    private void checkPeer() throws IOException, Refusal {
        if (!channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().equals(listener.owner())) {
            throw new Refusal("other_user", "this server belongs to another user");
        }
    }

    private Preamble preamble(LineReader reader) throws IOException, Refusal {
        CountDownLatch said = new CountDownLatch(1);
        Thread.ofVirtual().start(() -> cutUnless(said));
        try {
            return switch (reader.next(Preamble.LONGEST)) {
                case LineReader.Read.Line(byte[] bytes) -> Preamble.parse(bytes);
                case LineReader.Read.TooLong() -> throw new Refusal("malformed", "the first line is not a connector's");
                case LineReader.Read.End() -> throw new IOException("ended before its first line");
            };
        } catch (IllegalArgumentException e) {
            throw new Refusal("malformed", String.valueOf(e.getMessage()));
        } finally {
            said.countDown();
        }
    }

    private void cutUnless(CountDownLatch said) {
        try {
            if (!said.await(listener.limits().preamble().toMillis(), TimeUnit.MILLISECONDS)) {
                cut();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Identification.Known identify(Preamble preamble) throws Refusal {
        Claim claim = new Claim.Connector(listener.uid(), Secret.of(preamble.secret()));
        return switch (listener.authenticator().identify(claim)) {
            case Identification.Known known -> known;
            case Identification.Unknown unknown ->
                throw new Refusal(
                        unknown.code(),
                        "the registration is not valid (any more): run `reeve connect` again, or ask who runs Reeve");
        };
    }

    private void serve(LineReader reader, Preamble preamble) throws IOException, Refusal, InterruptedException {
        who = Optional.of(identify(preamble));
        // Again: whoever was revoked before it stood there was cut by nobody.
        Identification.Known known = identify(preamble);
        LineWriter writer = new LineWriter(channel, listener.limits().waitingLines(), "connector-out-" + number);
        String session = "connector-" + number + "-" + preamble.instance();
        try {
            Optional<Talk> talk = listener.service().open(known, preamble.upstream(), session, writer);
            if (talk.isEmpty()) {
                throw new Refusal("no_upstream", "reeve.yaml has no upstream `" + preamble.upstream() + "`");
            }
            writer.send(Preamble.OK.getBytes(StandardCharsets.US_ASCII));
            converse(reader, talk.get(), writer);
        } finally {
            writer.end();
            writer.join();
        }
    }

    private void converse(LineReader reader, Talk talk, LineWriter writer) {
        boolean ended = false;
        try {
            while (!ended) {
                switch (reader.next(listener.limits().lineBytes())) {
                    case LineReader.Read.Line(byte[] bytes) -> talk.line(bytes);
                    case LineReader.Read.TooLong() -> writer.send(TOO_LONG);
                    case LineReader.Read.End() -> ended = true;
                }
            }
            talk.finished();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a connector went: " + e.getMessage());
        } finally {
            talk.gone();
        }
    }

    static void refuse(SocketChannel client, String code, String text) {
        try (client) {
            ByteBuffer line =
                    ByteBuffer.wrap((Preamble.REFUSED + code + " " + text + "\n").getBytes(StandardCharsets.UTF_8));
            while (line.hasRemaining()) {
                client.write(line);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a connector did not wait for its refusal: " + e.getMessage());
        }
    }
}
