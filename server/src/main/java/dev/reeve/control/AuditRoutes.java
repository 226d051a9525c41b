package dev.reeve.control;

import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.audit.EventQuery;
import dev.reeve.audit.EventQuery.BadQueryException;
import dev.reeve.audit.EventQuery.Part;
import dev.reeve.control.Route.Access;
import dev.reeve.json.Json;
import dev.reeve.ledger.LogProof;
import dev.reeve.search.Cursor;
import dev.reeve.search.EventSearch;
import dev.reeve.search.Page;
import dev.reeve.search.SearchUnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Reading the record: searching, one event whole, live tails. For auditors within their scope, for administrators and for the local user.
 *
 * <p>Security guarantees: nothing outside of the caller's scope is shown, and that it exists is not told; each answer is recorded before it
 * leaves, with who, what was asked and how much was shown.
 */
public final class AuditRoutes {
    private static final int USUAL = 100;
    private static final int MOST = 500;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(25);
    private static final String INDEX = "[0-9]{1,18}";
    private static final int SHORTEST_TICKET = 8;
    private static final Set<String> SEARCH = known("limit", "cursor", "from", "count");
    private static final Set<String> POLL = Set.of("from", "limit", "wait");

    private final EventSearch search;
    private final Readings readings;
    private final Tails tails;
    private final InstantSource clock;
    private final Proving proving;

    /** Proves that a record stands in the log. */
    @FunctionalInterface
    public interface Proving {
        /** @throws IOException with a text for the user, if it cannot be proven now */
        LogProof of(long index) throws IOException;
    }

    private AuditRoutes(EventSearch search, Readings readings, Tails tails, InstantSource clock, Proving proving) {
        this.search = search;
        this.readings = readings;
        this.tails = tails;
        this.clock = clock;
        this.proving = proving;
    }

    /** The routes, and what is to be done now and then and at the end. */
    public record Opened(List<Route> routes, Runnable tick, Runnable end) {
        public Opened {
            routes = List.copyOf(routes);
        }
    }

    /** @param ids of tails: not to be guessed */
    public static Opened open(
            EventSearch search, Readings readings, InstantSource clock, Supplier<String> ids, Proving proving) {
        Tails tails = new Tails(readings, clock, ids);
        AuditRoutes routes = new AuditRoutes(search, readings, tails, clock, proving);
        return new Opened(
                List.of(
                        new Route("GET", "/v1/audit/events", Access.AUDITOR, routes::events),
                        new Route("GET", "/v1/audit/events/{record}", Access.AUDITOR, routes::event),
                        new Route("GET", "/v1/audit/events/{record}/proof", Access.AUDITOR, routes::proof),
                        new Route("POST", "/v1/audit/tails", Access.AUDITOR, routes::openTail),
                        new Route("GET", "/v1/audit/tails/{id}", Access.AUDITOR, routes::poll),
                        new Route("POST", "/v1/audit/tails/{id}/end", Access.AUDITOR, routes::endTail),
                        new Route("POST", "/v1/audit/readings", Access.LOCAL, routes::declare)),
                tails::endIdle,
                tails::endAll);
    }

    private static Set<String> known(String... more) {
        Set<String> known = new HashSet<>(Set.of(more));
        for (Part part : Part.values()) {
            known.add(part.wire());
        }
        return Set.copyOf(known);
    }

    private ControlReply events(ControlRequest request) throws RefusedException {
        EventQuery asked = asked(part -> request.query(part.wire(), SEARCH));
        int limit = limit(request.query("limit", SEARCH));
        Optional<String> from = request.query("from", SEARCH);
        boolean counts = request.query("count", SEARCH).filter("true"::equals).isPresent();
        long recorded = recorded();
        try {
            if (from.isPresent()) {
                search.hurry();
            }
            Page page = from.isPresent()
                    ? search.following(asked, request.caller().scope(), position(from.get()), limit)
                    : search.page(asked, request.caller().scope(), cursor(request), limit);
            Json.Builder answer = page(page, recorded, from.isPresent());
            Json.Builder told = Json.object().put("shown", page.events().size());
            page.events().stream().mapToLong(Happened::finished).min().ifPresent(first -> told.put("from", first));
            page.events().stream().mapToLong(Happened::finished).max().ifPresent(last -> told.put("to", last));
            if (counts) {
                EventSearch.Count count = search.count(asked, request.caller().scope());
                answer.put("count", count.value()).put("count_exact", count.exact());
                told.put("counted", count.value());
            }
            readings.record(
                    request.caller(),
                    new Readings.Reading("search", asked, request.caller().scope(), told.build()));
            return ControlReply.json(answer.build());
        } catch (SearchUnavailableException e) {
            throw unavailable(e);
        }
    }

    private static RefusedException unavailable(SearchUnavailableException e) {
        return RefusedException.unavailable("search_down", "the record cannot be searched now: " + e.getMessage());
    }

    private static Optional<Cursor> cursor(ControlRequest request) throws RefusedException {
        Optional<String> text = request.query("cursor", SEARCH);
        Optional<Cursor> cursor = text.flatMap(Cursor::of);
        if (text.isPresent() && cursor.isEmpty()) {
            throw RefusedException.invalid("the cursor is not one of ours", "send `next` of the page before");
        }
        return cursor;
    }

    private long recorded() {
        return search.indexed() + search.lag();
    }

    /** @param recorded how many records there were when it was asked */
    private Json.Builder page(Page page, long recorded, boolean following) {
        List<Json> events = new ArrayList<>();
        page.events().forEach(event -> events.add(event.json()));
        Json.Builder answer = Json.object()
                .put("events", new Json.Arr(events))
                .put("indexed", page.indexed())
                .put("records", recorded);
        page.next().ifPresent(next -> {
            if (following) {
                answer.put("next", next.before());
            } else {
                answer.put("next", next.toString());
            }
        });
        return answer;
    }

    private interface Parts {
        Optional<String> get(Part part) throws RefusedException;
    }

    private static EventQuery asked(Parts parts) throws RefusedException {
        Map<Part, String> asked = new EnumMap<>(Part.class);
        for (Part part : Part.values()) {
            Optional<String> value = parts.get(part);
            if (value.isPresent()) {
                asked.put(part, value.get());
            }
        }
        try {
            return EventQuery.of(asked);
        } catch (BadQueryException e) {
            throw RefusedException.invalid(String.valueOf(e.getMessage()), "");
        }
    }

    private static int limit(Optional<String> text) throws RefusedException {
        if (text.isEmpty()) {
            return USUAL;
        }
        if (!text.get().matches("[0-9]{1,3}")
                || Integer.parseInt(text.get()) < 1
                || Integer.parseInt(text.get()) > MOST) {
            throw RefusedException.invalid("`limit` is from 1 to " + MOST, "");
        }
        return Integer.parseInt(text.get());
    }

    private static long position(String text) throws RefusedException {
        if (!text.matches(INDEX)) {
            throw RefusedException.invalid("`from` is the number of a record", "send `next` of the answer before");
        }
        return Long.parseLong(text);
    }

    /** What is outside of the scope answers as what does not exist. */
    private ControlReply event(ControlRequest request) throws RefusedException {
        String record = request.variable("record");
        Caller caller = request.caller();
        try {
            List<Happened> found;
            if (record.matches(INDEX)) {
                found = search.at(Long.parseLong(record), caller.scope()).stream()
                        .toList();
            } else if (record.length() < SHORTEST_TICKET) {
                throw RefusedException.invalid(
                        "name a record by its number or at least " + SHORTEST_TICKET + " characters of its ticket", "");
            } else {
                found = search.find(record, caller.scope());
            }
            Json.Obj told = Json.object()
                    .put("record", record)
                    .put("shown", found.size() == 1 ? 1 : 0)
                    .build();
            readings.record(caller, new Readings.Reading("show", EventQuery.ALL, caller.scope(), told));
            return one(record, found);
        } catch (SearchUnavailableException e) {
            throw unavailable(e);
        }
    }

    private static ControlReply one(String record, List<Happened> found) throws RefusedException {
        if (found.isEmpty()) {
            throw RefusedException.unknown("record_unknown", "there is no record `" + record + "`");
        }
        Optional<Happened> whole =
                found.stream().filter(one -> one.record().id().equals(record)).findFirst();
        if (found.size() > 1 && whole.isEmpty()) {
            throw RefusedException.conflict(
                    "ticket_ambiguous",
                    "more than one ticket begins so: "
                            + String.join(
                                    ", ",
                                    found.stream().map(one -> one.record().id()).toList()),
                    "write more of it");
        }
        return ControlReply.json(whole.orElse(found.getFirst()).json());
    }

    /** That a record stands under the last checkpoint, as a tlog-proof: what is given out was checked as its reader will. */
    private ControlReply proof(ControlRequest request) throws RefusedException {
        String record = request.variable("record");
        Caller caller = request.caller();
        try {
            if (search.at(position(record), caller.scope()).isEmpty()) {
                throw RefusedException.unknown("record_unknown", "there is no record `" + record + "`");
            }
            LogProof proof = proving.of(position(record));
            Json.Obj told = Json.object().put("record", record).build();
            readings.record(caller, new Readings.Reading("prove", EventQuery.ALL, caller.scope(), told));
            return ControlReply.json(Json.object()
                    .put("record", proof.index())
                    .put("signed", signed(proof))
                    .put("proof", proof.text())
                    .build());
        } catch (SearchUnavailableException e) {
            throw unavailable(e);
        } catch (IOException e) {
            throw RefusedException.conflict("not_proven", String.valueOf(e.getMessage()), "");
        }
    }

    /** The second line of a checkpoint's note is the size of the tree (tlog-checkpoint, "Note text"). */
    private static long signed(LogProof proof) {
        return Long.parseLong(proof.note().lines().skip(1).findFirst().orElseThrow());
    }

    private ControlReply openTail(ControlRequest request) throws RefusedException {
        List<String> members = new ArrayList<>(List.of("from"));
        for (Part part : Part.values()) {
            members.add(part.wire());
        }
        ControlRequest.Body body = request.body(members.toArray(String[]::new));
        EventQuery asked = asked(part -> body.optionalText(part.wire()));
        Optional<Json> given = body.object().get("from");
        long from = given.isPresent() ? number(given.get()) : recorded();
        String id = tails.open(request.caller(), asked, request.caller().scope(), from);
        return ControlReply.json(
                201, Json.object().put("tail", id).put("next", from).build());
    }

    private static long number(Json value) throws RefusedException {
        return Optional.of(value)
                .filter(Json.Num.class::isInstance)
                .flatMap(number -> ((Json.Num) number).whole())
                .filter(number -> number >= 0)
                .orElseThrow(() -> RefusedException.invalid("`from` is the number of a record", ""));
    }

    /** Waits a little for something new. Says where to go on: nothing is lost between two answers, and nothing comes twice. */
    private ControlReply poll(ControlRequest request) throws RefusedException {
        Tails.Tail tail = tails.get(request.caller(), request.variable("id"));
        long from = position(request.query("from", POLL)
                .orElseThrow(() -> RefusedException.invalid("`from` is missing", "send `next` of the answer before")));
        int limit = limit(request.query("limit", POLL));
        Optional<String> wait = request.query("wait", POLL);
        Duration patience = wait.isEmpty()
                ? Duration.ZERO
                : Span.read(wait.get())
                        .filter(it -> it.compareTo(LONGEST_WAIT) <= 0)
                        .orElseThrow(() -> RefusedException.invalid("`wait` is from 0s to 25s", ""));
        long recorded = recorded();
        try {
            search.await(from, patience);
            request.mustStillBe();
            Page page = search.following(tail.asked(), request.caller().scope(), from, limit);
            tail.gave(page.events().size(), page.next().map(Cursor::before).orElse(from), clock.instant());
            return ControlReply.json(page(page, recorded, true).build());
        } catch (SearchUnavailableException e) {
            throw unavailable(e);
        }
    }

    private ControlReply endTail(ControlRequest request) throws RefusedException {
        request.body();
        tails.end(request.caller(), request.variable("id"));
        return ControlReply.json(Json.object().put("ended", true).build());
    }

    /** A command on the machine says that it is about to read the files: an export, a replay, a proof. */
    private ControlReply declare(ControlRequest request) throws RefusedException {
        ControlRequest.Body body = request.body("what", "to");
        String what = body.text("what");
        if (!Set.of("export", "prove", "replay").contains(what)) {
            throw RefusedException.invalid("what is read is an `export`, a `replay` or what one would `prove`", "");
        }
        Json.Obj told =
                Json.object().put("to", body.optionalText("to").orElse("")).build();
        readings.record(
                request.caller(),
                new Readings.Reading(what, EventQuery.ALL, request.caller().scope(), told));
        return ControlReply.json(Json.object().put("recorded", true).build());
    }
}
