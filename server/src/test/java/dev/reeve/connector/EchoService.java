package dev.reeve.connector;

import dev.reeve.identity.Identification;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Answers each line with itself, {@code big N} with N bytes, {@code quit} by ending the process, {@code hang} never. Knows one upstream. */
final class EchoService implements ConnectorService {
    final List<String> sessions = new CopyOnWriteArrayList<>();
    final CountDownLatch gone = new CountDownLatch(1);
    final CountDownLatch finished = new CountDownLatch(1);

    @Override
    public Optional<Talk> open(Identification.Known who, String upstream, String session, Answers answers) {
        if (!upstream.equals("echo")) {
            return Optional.empty();
        }
        sessions.add(who.principal().agent() + " " + session);
        return Optional.of(new Echo(answers));
    }

    private final class Echo implements Talk {
        private final Answers answers;

        Echo(Answers answers) {
            this.answers = answers;
        }

        @Override
        public void line(byte[] line) {
            String text = new String(line, StandardCharsets.UTF_8);
            if (text.startsWith("big ")) {
                answers.send("x".repeat(Integer.parseInt(text.substring(4))).getBytes(StandardCharsets.UTF_8));
            } else if (text.equals("quit")) {
                Runtime.getRuntime().halt(9);
            } else if (text.equals("end")) {
                answers.end();
            } else if (!text.equals("hang")) {
                answers.send(line);
            }
        }

        @Override
        public void gone() {
            gone.countDown();
        }

        @Override
        public void finished() {
            finished.countDown();
        }
    }
}
