package dev.reeve.judge;

import dev.reeve.action.Action;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Judges;
import dev.reeve.gate.Opinion;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** All judges by name, and how each has done since the start. */
public final class JudgeDesk implements Judges {
    /** The judge that is always there. */
    public static final String EMBEDDED = "embedded";

    private final Map<String, Seat> seats = new TreeMap<>();

    /** @param judges by the names that policies use */
    public JudgeDesk(Map<String, Judge> judges) {
        judges.forEach((name, judge) -> seats.put(name, new Seat(judge)));
    }

    /** A judge and its tally. */
    private record Seat(
            Judge judge, AtomicLong heard, AtomicLong cached, AtomicLong down, AtomicReference<String> trouble) {
        Seat(Judge judge) {
            this(judge, new AtomicLong(), new AtomicLong(), new AtomicLong(), new AtomicReference<>(""));
        }
    }

    @Override
    public Opinion ask(String name, Action action, Facts facts) {
        Seat seat = seats.get(name);
        if (seat == null) {
            return new Opinion.Down(name, "`judges` of reeve.yaml has no such name");
        }
        try {
            Opinion.Given given = seat.judge().ask(action, facts);
            seat.heard().incrementAndGet();
            if (given.cached()) {
                seat.cached().incrementAndGet();
            }
            seat.trouble().set("");
            return given;
        } catch (JudgeException e) {
            String why = String.valueOf(e.getMessage());
            seat.down().incrementAndGet();
            seat.trouble().set(why);
            return new Opinion.Down(name, why, e.isUnasked());
        }
    }

    /** For {@code reeve status}: of each judge how often it was heard, and what is wrong with it now. */
    public Json status() {
        List<Json> all = new ArrayList<>();
        seats.forEach((name, seat) -> all.add(Json.object()
                .put("cached", seat.cached().get())
                .put("down", seat.down().get())
                .put("heard", seat.heard().get())
                .put("name", name)
                .put("trouble", seat.trouble().get())
                .build()));
        return new Json.Arr(all);
    }
}
