package dev.reeve.cli;

import dev.reeve.config.ReeveConfig;
import dev.reeve.control.AdminRecords;
import dev.reeve.control.Caller;
import dev.reeve.control.ControlCalls;
import dev.reeve.control.ControlReply;
import dev.reeve.control.ControlRoom;
import dev.reeve.control.ControlSocket;
import dev.reeve.json.Json;
import dev.reeve.metrics.Metrics;
import dev.reeve.store.DataLock;
import dev.reeve.store.StoreException;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** The way of a command to administration: the running process if there is one, else the store itself, under the lock. */
final class Control implements AutoCloseable {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    /** What was asked is wrong in itself, whoever asks and whenever. */
    private static final int MALFORMED = 400;

    private final ControlCalls calls;
    private final List<AutoCloseable> opened;

    private Control(ControlCalls calls, List<AutoCloseable> opened) {
        this.calls = calls;
        this.opened = opened;
    }

    /** @throws CommandException with 3 if a process has the data folder but does not answer */
    static Control open(ReeveConfig config, OfflineRecords records, PrintWriter err) throws CommandException {
        if (listens(config.data())) {
            return new Control(ControlCalls.over(config.data()), List.of());
        }
        try {
            Optional<DataLock> lock = lock(config.data());
            if (lock.isEmpty()) {
                if (listens(config.data())) {
                    return new Control(ControlCalls.over(config.data()), List.of());
                }
                throw new CommandException(
                        ExitCodes.UNREACHABLE,
                        "a process has " + config.data() + " but does not answer at " + ControlSocket.NAME
                                + "; `reeve doctor` says more");
            }
            return offline(config, lock.get(), records, err);
        } catch (IOException e) {
            throw new CommandException(ExitCodes.FAILED, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Takes the folder. A command that has it is waited for, since it ends soon; so is a process that has just started, until it listens.
     *
     * @return empty if a process has it that listens, or that neither ended nor listened in time
     */
    static Optional<DataLock> lock(Path data) throws StoreException {
        Patience patience = new Patience(System.nanoTime());
        Optional<DataLock> lock = DataLock.take(data);
        while (lock.isEmpty() && !listens(data) && patience.lasts(System.nanoTime(), DataLock.holder(data))) {
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            lock = DataLock.take(data);
        }
        return lock;
    }

    /** Only the running process. */
    static Control running(ReeveConfig config) throws CommandException {
        if (!listens(config.data())) {
            throw new CommandException(
                    ExitCodes.UNREACHABLE,
                    "reeve is not running here (" + config.data() + "); start it with `reeve serve`");
        }
        return new Control(ControlCalls.over(config.data()), List.of());
    }

    /** Whether somebody accepts at the socket; a file that a killed process left accepts nothing. */
    static boolean listens(Path data) {
        try {
            return Files.exists(data.resolve(ControlSocket.NAME))
                    && ControlCalls.over(data)
                                    .call("GET", "/healthz", Optional.empty())
                                    .status()
                            == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private static Control offline(ReeveConfig config, DataLock lock, OfflineRecords records, PrintWriter err)
            throws IOException {
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        opened.push(lock);
        try {
            OfflineRecords.Opened record = records.open(config);
            opened.push(record);
            ControlRoom room = room(config, record, err);
            opened.push(room);
            ControlCalls calls = ControlCalls.direct(room.routes(List.of()), caller(config.data()));
            return new Control(calls, List.copyOf(opened));
        } catch (IOException e) {
            closeAll(opened);
            throw e;
        }
    }

    private static ControlRoom room(ReeveConfig config, AdminRecords record, PrintWriter err) throws IOException {
        return ControlRoom.open(new ControlRoom.Settings(
                config.data(),
                config.keys(),
                Foundation.NODE,
                record,
                InstantSource.system(),
                new SecureRandom(),
                new Metrics(),
                line -> err.println("reeve: incident: " + Screen.escape(line))));
    }

    /** Whoever can write the store is who it belongs to, or root. */
    private static Caller.Local caller(Path data) throws IOException {
        Path store = data.resolve("store.db");
        return new Caller.Local(System.getProperty("user.name", "?"), (int) Files.getAttribute(store, "unix:uid"));
    }

    /** The answer's object. A refusal is one line with what to do. */
    Json.Obj call(String method, String target, Json.Obj body) throws CommandException {
        return object(reply(method, target, Optional.of(body)));
    }

    Json.Obj get(String target) throws CommandException {
        return object(reply("GET", target, Optional.empty()));
    }

    /** As {@link #get}; empty if it is refused with this code. */
    Optional<Json.Obj> find(String target, String unknown) throws CommandException {
        ControlReply reply = reply("GET", target, Optional.empty());
        boolean none = reply.status() == 404
                && parsed(reply.text())
                        .object("error")
                        .flatMap(error -> error.string("code"))
                        .filter(unknown::equals)
                        .isPresent();
        return none ? Optional.empty() : Optional.of(object(reply));
    }

    private ControlReply reply(String method, String target, Optional<Json.Obj> body) throws CommandException {
        try {
            return calls.call(method, target, body);
        } catch (IOException e) {
            throw new CommandException(ExitCodes.UNREACHABLE, "the process does not answer: " + e.getMessage());
        }
    }

    private static Json.Obj object(ControlReply reply) throws CommandException {
        Json.Obj object = parsed(reply.text());
        Optional<Json.Obj> error = object.object("error");
        if (reply.status() >= 400 && error.isPresent()) {
            String fix = error.get().string("fix").map(text -> "; " + text).orElse("");
            throw new CommandException(
                    reply.status() == MALFORMED ? ExitCodes.USAGE : ExitCodes.FAILED,
                    error.get().string("message").orElse("refused") + fix);
        }
        return object;
    }

    private static Json.Obj parsed(String text) throws CommandException {
        try {
            return StrictJson.readObject(text.getBytes(StandardCharsets.UTF_8), JsonLimits.ANSWER);
        } catch (JsonRefusedException e) {
            throw new CommandException(ExitCodes.UNREACHABLE, "what answers is not Reeve: " + e.getMessage());
        }
    }

    @Override
    public void close() throws CommandException {
        try {
            closeAll(opened);
        } catch (IOException e) {
            throw new CommandException(ExitCodes.FAILED, String.valueOf(e.getMessage()));
        }
    }

    private static void closeAll(Iterable<AutoCloseable> opened) throws IOException {
        for (AutoCloseable one : opened) {
            try {
                one.close();
            } catch (IOException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException(e.getMessage(), e);
            }
        }
    }
}
