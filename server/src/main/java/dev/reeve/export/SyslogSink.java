package dev.reeve.export;

import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.outbound.TlsDelivery;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Syslog over TLS: RFC 5424 messages in RFC 5425 frames (a length before each). Syslog has no acknowledgement, so each delivery is a
 * connection of its own that is ended in order: the receiver's answering close comes after everything that it was sent. What was sent last comes again when the next delivery fails.
 */
final class SyslogSink implements Sink {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    /** RFC 5424, section 6.2.1: log audit. */
    private static final int FACILITY = 13;

    private static final int WARNING = 4;
    private static final int INFORMATIONAL = 6;

    private final TlsDelivery delivery;
    private final String host;
    private final Format format;
    private final boolean values;

    /** @param host of ours, as messages name it */
    SyslogSink(TlsDelivery delivery, String host, Format format, boolean values) {
        this.delivery = delivery;
        this.host = printable(host);
        this.format = format;
        this.values = values;
    }

    @Override
    public void deliver(List<Happened> events) throws IOException {
        List<byte[]> parts = new ArrayList<>();
        int length = 0;
        for (Happened event : events) {
            byte[] frame = frame(event);
            parts.add(frame);
            length += frame.length;
        }
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        delivery.send(all, PATIENCE);
    }

    private byte[] frame(Happened event) {
        Entry entry = Entry.of(event);
        int severity = entry.isRefused() ? WARNING : INFORMATIONAL;
        Instant time = entry.end().truncatedTo(ChronoUnit.MICROS);
        String text = format.text(List.of(event), values).stripTrailing();
        String message = "<" + (FACILITY * 8 + severity) + ">1 " + time + " " + host + " reeve - "
                + entry.traits().kind() + " - " + text;
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        byte[] count = (bytes.length + " ").getBytes(StandardCharsets.US_ASCII);
        byte[] frame = new byte[count.length + bytes.length];
        System.arraycopy(count, 0, frame, 0, count.length);
        System.arraycopy(bytes, 0, frame, count.length, bytes.length);
        return frame;
    }

    private static String printable(String host) {
        return host.matches("[!-~]{1,255}") ? host : "-";
    }

    /** A receiver that hangs up by itself just then looks as one that has everything. */
    @Override
    public boolean isCertain() {
        return false;
    }

    @Override
    public void close() {}
}
