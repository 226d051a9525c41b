package dev.reeve.cli;

import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.audit.EventQuery;
import dev.reeve.export.Format;
import dev.reeve.export.Position;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code reeve audit export --format}: events as other systems read them. With a position, only what was finished since the last time is added;
 * the position is written when the file is forced, so that a crash repeats and loses nothing.
 */
final class FormattedExport {
    private static final int PIECE = 500;

    private final HomeOptions home;
    private final Optional<Path> copy;
    private final Format format;
    private final boolean values;
    private long written;

    FormattedExport(HomeOptions home, Optional<Path> copy, Format format, boolean values) {
        this.home = home;
        this.copy = copy;
        this.format = format;
        this.values = values;
    }

    int run(Path to, Optional<Path> position) throws CommandException, IOException {
        Optional<Position> kept = position.map(Position::new);
        long from = kept.isPresent() ? kept.get().read() : 0;
        long next;
        try (RecordReader reader = RecordReader.open(home, copy)) {
            next = to.toString().equals("-") ? standardOutput(reader, from) : file(reader, from, to);
        }
        if (kept.isPresent()) {
            kept.get().save(next);
        }
        System.err.println("reeve: " + written + " events, up to record " + next);
        return ExitCodes.OK;
    }

    private interface Sink {
        void write(byte[] bytes) throws IOException;
    }

    private long standardOutput(RecordReader reader, long from) throws CommandException, IOException {
        OutputStream out = System.out;
        long next = write(reader, from, from == 0, out::write);
        out.flush();
        if (System.out.checkError()) {
            throw new IOException("nobody takes what is written");
        }
        return next;
    }

    private long file(RecordReader reader, long from, Path to) throws CommandException, IOException {
        if (from == 0 && Files.exists(to) && Files.size(to) > 0) {
            throw new CommandException(
                    ExitCodes.FAILED,
                    "there is a file " + to + " already; name another one, or --position of this one");
        }
        Set<StandardOpenOption> options =
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        try (FileChannel channel = FileChannel.open(
                to, options, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            boolean empty = channel.size() == 0;
            long next = write(reader, from, empty, bytes -> {
                ByteBuffer rest = ByteBuffer.wrap(bytes);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
            });
            channel.force(true);
            return next;
        }
    }

    private long write(RecordReader reader, long from, boolean head, Sink sink) throws CommandException, IOException {
        List<Happened> piece = new ArrayList<>();
        try {
            if (head) {
                sink.write(format.head().getBytes(StandardCharsets.UTF_8));
            }
            long next = reader.since(EventQuery.ALL, from, event -> {
                piece.add(event);
                if (piece.size() == PIECE) {
                    flush(piece, sink);
                }
            });
            flush(piece, sink);
            return next;
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void flush(List<Happened> piece, Sink sink) {
        try {
            sink.write(format.text(piece, values).getBytes(StandardCharsets.UTF_8));
            written += piece.size();
            piece.clear();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
