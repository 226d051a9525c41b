package dev.reeve.cli;

import dev.reeve.audit.AuditReader;
import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.audit.EventFilter;
import dev.reeve.audit.EventQuery;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads the files as they are: without a process, without an index, and without a record of the reading. */
final class FileReader implements RecordReader {
    private static final long POLL_NANOS = 300_000_000;
    /** What began a while ago may end from now on. */
    private static final long BEGUN_BEFORE = 10_000;

    private static final Pattern INDEX = Pattern.compile("[0-9]{1,18}");
    private static final int SHORTEST = 8;
    private static final String NONE =
            "no record has this ticket; of an agent with very many denials some are only counted,"
                    + " and their ticket is that of the summary, which is written each minute: `reeve audit search --kind summary`";

    private final AuditReader reader;
    /** How many records the newest were the newest of; following goes on from there. */
    private long seen = -1;

    FileReader(Path ledger) {
        this.reader = new AuditReader(ledger);
        note();
    }

    static void note() {
        System.err.println("reeve: read from the files, so this reading is not in the record");
    }

    @Override
    public List<Happened> newest(EventQuery asked, int most) throws IOException {
        seen = reader.size();
        return reader.last(most, EventFilter.of(asked), seen);
    }

    @Override
    public void all(EventQuery asked, Consumer<Happened> visitor) throws IOException {
        EventFilter filter = EventFilter.of(asked);
        reader.read(0, happened -> {
            if (filter.matches(happened)) {
                visitor.accept(happened);
            }
            return true;
        });
    }

    @Override
    public long since(EventQuery asked, long from, Consumer<Happened> visitor) throws IOException {
        EventFilter filter = EventFilter.of(asked);
        long end = reader.size();
        reader.read(0, happened -> {
            boolean finished =
                    happened.outcome().isPresent() || !happened.record().kind().equals("intent");
            if (finished && happened.finished() >= from && happened.finished() < end && filter.matches(happened)) {
                visitor.accept(happened);
            }
            return true;
        });
        return Math.max(from, end);
    }

    @Override
    public void follow(EventQuery asked, Consumer<Happened> visitor) throws IOException {
        EventFilter filter = EventFilter.of(asked);
        long end = seen >= 0 ? seen : reader.size();
        AuditReader.Following following = reader.follow(Math.max(0, end - BEGUN_BEFORE), happened -> {
            if (happened.finished() >= end && filter.matches(happened)) {
                visitor.accept(happened);
            }
            return true;
        });
        while (!Thread.currentThread().isInterrupted()) {
            following.advance();
            java.util.concurrent.locks.LockSupport.parkNanos(POLL_NANOS);
        }
    }

    @Override
    public Happened find(String record) throws CommandException, IOException {
        return find(reader, record);
    }

    static Happened find(AuditReader reader, String record) throws CommandException, IOException {
        if (INDEX.matcher(record).matches()) {
            return reader.at(Long.parseLong(record))
                    .orElseThrow(() -> new CommandException(ExitCodes.FAILED, noIndex(reader, record)));
        }
        checkTicket(record);
        List<Happened> found = reader.find(record);
        if (found.size() > 1) {
            throw new CommandException(
                    ExitCodes.FAILED, "more than one ticket begins so; write more of it: " + ids(found));
        }
        if (found.isEmpty()) {
            throw new CommandException(ExitCodes.FAILED, NONE);
        }
        return found.getFirst();
    }

    static boolean isIndex(String record) {
        return INDEX.matcher(record).matches();
    }

    static void checkTicket(String record) throws CommandException {
        if (record.length() < SHORTEST) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "name a record by its number or at least " + SHORTEST + " characters of its ticket");
        }
    }

    static CommandException noTicket() {
        return new CommandException(ExitCodes.FAILED, NONE);
    }

    private static String ids(List<Happened> found) {
        return found.stream().map(happened -> happened.record().id()).collect(Collectors.joining(", "));
    }

    private static String noIndex(AuditReader reader, String record) {
        try {
            return noIndex(record, reader.size());
        } catch (IOException e) {
            return "there is no record " + record;
        }
    }

    static String noIndex(String record, long size) {
        return "there is no record " + record
                + (size == 0 ? ": nothing was recorded yet" : "; the newest is " + (size - 1));
    }

    @Override
    public void close() {}
}
