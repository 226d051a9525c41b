package dev.reeve.export;

import dev.reeve.audit.AuditReader.Happened;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/**
 * Appends to a file, for this user alone. Opened anew for each delivery, so that it may be moved away and cut at any time. A line that a crash
 * left unfinished is ended first: nothing is ever glued to it.
 */
final class FileSink implements Sink {
    private final Path file;
    private final Format format;
    private final boolean values;

    FileSink(Path file, Format format, boolean values) {
        this.file = file;
        this.format = format;
        this.values = values;
    }

    @Override
    public void deliver(List<Happened> events) throws IOException {
        Set<StandardOpenOption> options =
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(
                file, options, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            long end = channel.size();
            String begin = end == 0 ? format.head() : isCut(channel, end) ? "\n" : "";
            ByteBuffer bytes = ByteBuffer.wrap((begin + format.text(events, values)).getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                end += channel.write(bytes, end);
            }
            channel.force(true);
        }
    }

    private static boolean isCut(FileChannel channel, long end) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        channel.read(last, end - 1);
        return last.get(0) != '\n';
    }

    @Override
    public void close() {}
}
