package dev.reeve.notice;

import dev.reeve.approval.Approval;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Mail to people, handed in by SMTP: one message for a question, to all of them. Nothing that an agent wrote is in a header, and the body is ASCII
 * in lines of ours, so that nothing of it can begin a header, a part or another message.
 */
public final class SmtpPost implements Post, Announcements {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final MailServer server;
    private final String from;
    private final List<String> to;
    private final InstantSource clock;
    private final Consumer<String> incidents;

    /** @param from as {@code to}, an address without a name, its form checked */
    public SmtpPost(MailServer server, String from, List<String> to, InstantSource clock, Consumer<String> incidents) {
        this.server = server;
        this.from = from;
        this.to = List.copyOf(to);
        this.clock = clock;
        this.incidents = incidents;
    }

    @Override
    public void deliver(String id, Approval approval, Optional<String> page) throws IOException {
        String subject = "an agent " + (approval.escalated() ? "still " : "") + "waits for a person";
        send(id, subject, Message.lines(approval, page));
    }

    @Override
    public void announce(String id, String title, List<String> lines) throws IOException {
        send(id, "a finding of high severity", Message.lines(title, lines));
    }

    private void send(String id, String subject, List<String> body) throws IOException {
        List<String> lines = new ArrayList<>(headers(id, subject));
        lines.add("");
        lines.addAll(body);
        try (SmtpSession session = SmtpSession.open(server, PATIENCE)) {
            List<String> refused = session.send(from, to, lines);
            if (!refused.isEmpty()) {
                incidents.accept("the mail server does not send to " + String.join(", ", refused));
            }
        }
    }

    /** Another try of the same has the same Message-ID; programs that answer by themselves leave it alone (RFC 3834). */
    private List<String> headers(String id, String subject) {
        return List.of(
                "From: <" + from + ">",
                "To: "
                        + String.join(
                                ",\r\n ",
                                to.stream().map(one -> "<" + one + ">").toList()),
                "Subject: Reeve: " + subject,
                "Date: "
                        + DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                clock.instant().atOffset(ZoneOffset.UTC)),
                "Message-ID: <" + id + from.substring(from.indexOf('@')) + ">",
                "Auto-Submitted: auto-generated",
                "MIME-Version: 1.0",
                "Content-Type: text/plain; charset=us-ascii",
                "Content-Transfer-Encoding: 7bit");
    }
}
