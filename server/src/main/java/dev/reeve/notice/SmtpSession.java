package dev.reeve.notice;

import dev.reeve.audit.EventText;
import dev.reeve.notice.MailServer.Security;
import dev.reeve.outbound.AddressRefusedException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * One conversation with a mail server, as the side that hands in (RFC 5321). Only what that needs: one message, plain ASCII. Every answer is
 * bounded in lines, bytes and time; what came before TLS began is not believed (RFC 3207, section 4.2).
 */
final class SmtpSession implements AutoCloseable {
    /** Lines of one answer, and bytes of one line; RFC 5321 knows 512. */
    private static final int MOST_LINES = 100;

    private static final int LONGEST_LINE = 2_000;
    private static final int LONGEST_SAID = 200;

    private final MailServer server;
    private final long deadline;
    private Socket socket;
    private InputStream in;
    private Set<String> offers = Set.of();

    /** @param code three digits */
    private record Reply(int code, List<String> lines) {
        boolean isGood() {
            return code / 100 == 2 || code / 100 == 3;
        }
    }

    private SmtpSession(MailServer server, long deadline, Socket socket) throws IOException {
        this.server = server;
        this.deadline = deadline;
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /**
     * Connects, begins TLS as wanted, and signs in.
     *
     * @param patience for the whole conversation
     */
    static SmtpSession open(MailServer server, Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        SmtpSession session = new SmtpSession(server, deadline, connect(server, patience));
        try {
            session.greet();
            return session;
        } catch (IOException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private static Socket connect(MailServer server, Duration patience) throws IOException {
        InetAddress address;
        try {
            address = server.check().check(server.host()).getFirst();
        } catch (AddressRefusedException e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        }
        if (server.security() == Security.NONE && !server.check().isNamed(address)) {
            throw new IOException("without TLS mail goes only to an address that reeve.yaml names");
        }
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(address, server.port()), Math.toIntExact(patience.toMillis()));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private void greet() throws IOException {
        if (server.security() == Security.IMPLICIT) {
            beginTls();
        }
        good(reply(), "the greeting");
        hello();
        if (server.security() == Security.STARTTLS) {
            if (!offers.contains("STARTTLS")) {
                throw new IOException("the mail server does not offer STARTTLS");
            }
            says("STARTTLS");
            if (in.available() > 0) {
                throw new IOException("the mail server said more before TLS began; nothing of that is believed");
            }
            beginTls();
            hello();
        }
        if (server.login().isPresent()) {
            signIn(server.login().get());
        }
    }

    private void beginTls() throws IOException {
        socket.setSoTimeout(left());
        SSLSocket safe =
                (SSLSocket) server.trust().getSocketFactory().createSocket(socket, server.host(), server.port(), true);
        SSLParameters parameters = safe.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        safe.setSSLParameters(parameters);
        safe.startHandshake();
        socket = safe;
        in = new BufferedInputStream(safe.getInputStream());
    }

    private void hello() throws IOException {
        Reply reply = good(command("EHLO [127.0.0.1]"), "EHLO");
        Set<String> found = new HashSet<>();
        reply.lines().forEach(line -> found.add(line.toUpperCase(Locale.ROOT)));
        offers = found;
    }

    private boolean offersLogin(String way) {
        return offers.stream()
                .filter(line -> line.startsWith("AUTH ") || line.startsWith("AUTH="))
                .anyMatch(line ->
                        List.of(line.substring("AUTH ".length()).split(" ")).contains(way));
    }

    private void signIn(MailServer.Login login) throws IOException {
        String password = login.password().exposeTextInsecurely();
        if (offersLogin("PLAIN")) {
            accepted(command("AUTH PLAIN " + encoded("\0" + login.user() + "\0" + password)));
        } else if (offersLogin("LOGIN")) {
            accepted(command("AUTH LOGIN"));
            accepted(command(encoded(login.user())));
            accepted(command(encoded(password)));
        } else {
            throw new IOException("the mail server takes no AUTH PLAIN and no AUTH LOGIN");
        }
    }

    /** What the server says of a login is not repeated: it may be the login. */
    private static void accepted(Reply reply) throws IOException {
        if (!reply.isGood()) {
            throw new IOException("the mail server refuses the login: " + reply.code());
        }
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Hands in one message.
     *
     * @param lines ASCII, without ends of lines, each of at most 998 characters
     * @return to whom the server does not send it
     * @throws IOException if nobody gets it
     */
    List<String> send(String from, List<String> to, List<String> lines) throws IOException {
        says("MAIL FROM:<" + from + ">");
        List<String> refused = new ArrayList<>();
        Optional<Reply> last = Optional.empty();
        for (String one : to) {
            Reply reply = command("RCPT TO:<" + one + ">");
            if (!reply.isGood()) {
                refused.add(one);
                last = Optional.of(reply);
            }
        }
        if (refused.size() == to.size()) {
            throw refused(last.orElseThrow(), "every recipient");
        }
        says("DATA");
        StringBuilder message = new StringBuilder();
        for (String line : lines) {
            // RFC 5321, 4.5.2: a dot at the beginning is doubled, so that none ends the message.
            message.append(line.startsWith(".") ? "." : "").append(line).append("\r\n");
        }
        good(command(message + "."), "the message");
        return refused;
    }

    private void says(String command) throws IOException {
        good(command(command), command.split(" ", 2)[0]);
    }

    private static Reply good(Reply reply, String what) throws IOException {
        if (!reply.isGood()) {
            throw refused(reply, what);
        }
        return reply;
    }

    private static IOException refused(Reply reply, String what) {
        String said =
                EventText.escape(reply.lines().isEmpty() ? "" : reply.lines().getFirst());
        return new IOException("the mail server refuses " + what + ": " + reply.code() + " "
                + said.substring(0, Math.min(said.length(), LONGEST_SAID)));
    }

    private Reply command(String text) throws IOException {
        socket.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return reply();
    }

    /** {@code 250-first}, {@code 250 last}. */
    private Reply reply() throws IOException {
        List<String> lines = new ArrayList<>();
        while (lines.size() < MOST_LINES) {
            String line = line();
            if (!line.matches("[2-5][0-9]{2}([ -].*)?")) {
                throw new IOException("the mail server says what is no answer");
            }
            lines.add(line.length() > 4 ? line.substring(4) : "");
            if (line.length() == 3 || line.charAt(3) == ' ') {
                return new Reply(Integer.parseInt(line.substring(0, 3)), lines);
            }
        }
        throw new IOException("the mail server says too much");
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.length() < LONGEST_LINE) {
            socket.setSoTimeout(left());
            int next = in.read();
            if (next < 0) {
                throw new IOException("the mail server has hung up");
            }
            if (next == '\n') {
                return line.toString();
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        throw new IOException("the mail server says a line that is too long");
    }

    private int left() throws SocketTimeoutException {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (millis <= 0) {
            throw new SocketTimeoutException("the mail server takes too long");
        }
        return Math.toIntExact(millis);
    }

    /** Takes leave, if that is heard. */
    @Override
    public void close() {
        try (Socket ending = socket) {
            ending.getOutputStream().write("QUIT\r\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            // It is over either way.
        }
    }
}
