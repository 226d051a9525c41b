package dev.reeve.tlog;

import dev.reeve.gate.UnrecordableException;
import dev.reeve.http.Handler;
import dev.reeve.http.Request;
import dev.reeve.http.Responder;
import dev.reeve.http.Response;
import dev.reeve.ledger.Checkpoint;
import dev.reeve.ledger.LogTiles;
import dev.reeve.ledger.TileName;
import dev.reeve.secrets.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * A log in the static layout of C2SP tlog-tiles: {@code /checkpoint}, {@code /tile/...} and {@code /tile/entries/...}, by GET and HEAD; and
 * beside it, as in an export, {@code /succession-NNNNNN} for whoever has older keys.
 *
 * <p>Limits: so many requests read the disk at a time, the next wait, and are refused when their patience is over. Nothing is on the path of
 * whoever writes the log.
 */
public final class LogHttp implements Handler {
    /** As refused callers are counted. */
    public static final String CHANNEL = "log";

    private static final System.Logger LOG = System.getLogger("dev.reeve.tlog");
    private static final int LONGEST_PATH = 80;
    private static final String YEAR = "max-age=31536000";
    /** A partial tile never changes either, but nobody asks for it once it is outgrown. */
    private static final String HOUR = "max-age=3600";

    private static final String BINARY = "application/octet-stream";
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final Pattern BEARER = Pattern.compile("[Bb][Ee][Aa][Rr][Ee][Rr] +([A-Za-z0-9._~+/=-]{1,512})");

    private final Published published;
    private final Optional<Readers> readers;
    private final Semaphore reading;
    private final Limits limits;
    private final Consumer<String> refused;
    private final Consumer<String> incidents;
    private final AtomicReference<String> toldLast = new AtomicReference<>("");

    /**
     * What may be seen.
     *
     * @param checkpoint served now; empty if there is none yet that may be
     * @param signed the newest signed state: tiles of it are served, so that those of the served checkpoint always are
     */
    public record Published(Supplier<Optional<Checkpoint>> checkpoint, Supplier<Checkpoint> signed, LogTiles tiles) {}

    /** People who may read, and who is told that they do. */
    public interface Readers {
        /** Whose token it is; empty if its holder may not read all of the record. */
        Optional<String> person(Secret token);

        /**
         * Entries {@code first} to {@code end - 1} are about to be shown.
         *
         * @throws UnrecordableException if that cannot be recorded: then they are not shown
         */
        void shown(String person, long first, long end) throws UnrecordableException;
    }

    /**
     * @param reading requests that read the disk at a time
     * @param patience that the next ones wait
     */
    public record Limits(int reading, Duration patience) {
        public static final Limits USUAL = new Limits(4, Duration.ofSeconds(10));
    }

    /**
     * @param readers who may read; empty: anybody who reaches the address, and nobody is told
     * @param refused takes the code of each request of somebody who may not (R15)
     * @param incidents takes what operators must know: an entry that was altered
     */
    public LogHttp(
            Published published,
            Optional<Readers> readers,
            Limits limits,
            Consumer<String> refused,
            Consumer<String> incidents) {
        this.published = published;
        this.readers = readers;
        this.limits = limits;
        this.reading = new Semaphore(limits.reading());
        this.refused = refused;
        this.incidents = incidents;
    }

    @Override
    public void handle(Request request, Responder responder) {
        responder.send(answer(request).with("x-content-type-options", "nosniff"));
    }

    private Response answer(Request request) {
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return error(405, "method_unknown", "the log is only read here").with("allow", "GET, HEAD");
        }
        Optional<String> person = person(request);
        if (readers.isPresent() && person.isEmpty()) {
            refused.accept("unauthorised");
            return error(401, "unauthorised", "a token of somebody who may read the record is needed")
                    .with("www-authenticate", "Bearer realm=\"reeve\"");
        }
        if (request.query().isPresent() || request.body().length > 0) {
            return error(400, "nothing_more_is_read", "neither a query nor a body is read here");
        }
        return request.path().equals("/checkpoint") ? checkpoint() : file(request.path(), person);
    }

    private Optional<String> person(Request request) {
        var bearer = BEARER.matcher(request.headers().only("authorization").orElse(""));
        return readers.isPresent() && bearer.matches()
                ? readers.get().person(Secret.of(bearer.group(1)))
                : Optional.empty();
    }

    private Response checkpoint() {
        Optional<Checkpoint> now = published.checkpoint().get();
        return now.map(it -> whole(it.note().getBytes(StandardCharsets.UTF_8), TEXT, "no-store"))
                .orElseGet(
                        () -> error(404, "not_cosigned_yet", "no checkpoint has the cosignatures that it needs yet"));
    }

    private Response file(String path, Optional<String> person) {
        String name = path.length() > LONGEST_PATH ? "" : path.substring(1);
        Optional<TileName> tile = TileName.parse(name);
        if (tile.isEmpty() && !LogTiles.isSuccession(name)) {
            return error(404, "path_unknown", "this is no path of tlog-tiles");
        }
        try {
            if (!reading.tryAcquire(limits.patience().toMillis(), TimeUnit.MILLISECONDS)) {
                return error(503, "busy", "too much is read at once; try again in a moment")
                        .with("retry-after", "1");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return error(503, "closing", "this server is going down");
        }
        try {
            return tile.isPresent() ? tile(tile.get(), person) : succession(name);
        } catch (IOException e) {
            tell(name + ": " + e.getMessage());
            return error(500, "damaged", "this part of the log cannot be served; the operator has been told");
        } finally {
            reading.release();
        }
    }

    private Response tile(TileName name, Optional<String> person) throws IOException {
        long size = published.signed().get().size();
        Optional<byte[]> bytes = published.tiles().read(name, size);
        if (bytes.isEmpty()) {
            return error(404, "not_there_yet", "the log is not so large yet");
        }
        if (name.level() == TileName.ENTRIES && readers.isPresent() && person.isPresent()) {
            try {
                readers.get().shown(person.get(), name.first(), name.first() + name.width());
            } catch (UnrecordableException e) {
                return error(503, "unrecordable", "it cannot be recorded that this is read, so it is not shown");
            }
        }
        return whole(bytes.get(), BINARY, caching(name));
    }

    /** Also those of states that are larger than the checkpoint that is served: its reader passes them over. */
    private Response succession(String name) throws IOException {
        return published
                .tiles()
                .succession(name)
                .map(bytes -> whole(bytes, TEXT, "no-cache"))
                .orElseGet(() -> error(404, "not_there_yet", "the keys were not followed so often"));
    }

    /** Once, while it stays the same: whoever asks again and again must not fill the operator's log. */
    private void tell(String what) {
        LOG.log(System.Logger.Level.DEBUG, what);
        if (!what.equals(toldLast.getAndSet(what))) {
            incidents.accept("log_damaged: " + what);
        }
    }

    private String caching(TileName name) {
        return (readers.isEmpty() ? "public, " : "private, ") + (name.isFull() ? YEAR + ", immutable" : HOUR);
    }

    private static Response whole(byte[] bytes, String type, String caching) {
        return new Response(200, Map.of("content-type", type, "cache-control", caching), bytes);
    }

    private static Response error(int status, String code, String message) {
        return Response.error(status, code, message).with("cache-control", "no-store");
    }
}
