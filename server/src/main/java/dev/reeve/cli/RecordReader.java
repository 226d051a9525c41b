package dev.reeve.cli;

import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.audit.EventQuery;
import dev.reeve.config.ReeveConfig;
import dev.reeve.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** How the commands read the record: through the running process, which writes it down, or from the files. */
interface RecordReader extends AutoCloseable {
    /** The newest so many that match, oldest first. */
    List<Happened> newest(EventQuery asked, int most) throws CommandException, IOException;

    /** All that match, oldest first. */
    void all(EventQuery asked, Consumer<Happened> visitor) throws CommandException, IOException;

    /**
     * Those that match and were finished from this place on, oldest first.
     *
     * @return where to go on another time
     */
    long since(EventQuery asked, long from, Consumer<Happened> visitor) throws CommandException, IOException;

    /** Gives what is finished after {@link #newest}, or from now on, until the process is stopped. */
    void follow(EventQuery asked, Consumer<Happened> visitor) throws CommandException, IOException;

    /**
     * By number, ticket, or the beginning of a ticket as {@code audit tail} shows it.
     *
     * @throws CommandException if there is none, or more than one
     */
    Happened find(String record) throws CommandException, IOException;

    @Override
    void close() throws CommandException;

    /** @param copy a folder that is read whether a process runs or not */
    static RecordReader open(HomeOptions home, Optional<Path> copy) throws CommandException {
        if (copy.isPresent()) {
            return new FileReader(copy.get());
        }
        ReeveConfig config = home.read();
        return Control.listens(config.data())
                ? new ServedReader(Control.running(config))
                : new FileReader(AuditCommand.ledger(config));
    }

    /** Has it recorded that a command reads the files itself; says so where nobody can. */
    static void declare(HomeOptions home, Optional<Path> copy, String what, String to) throws CommandException {
        if (copy.isEmpty() && Control.listens(home.read().data())) {
            try (Control control = Control.running(home.read())) {
                control.call(
                        "POST",
                        "/v1/audit/readings",
                        Json.object().put("what", what).put("to", to).build());
            }
        } else {
            FileReader.note();
        }
    }
}
