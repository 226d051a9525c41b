package dev.reeve.budget;

import dev.reeve.budget.Counts.Counted;
import dev.reeve.budget.Tally.Kept;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A tally as bytes: of each limit what it is, and what is counted of whom; then what actions hold that have no outcome yet. Whoever reads
 * knows that the bytes are ours; what is not as it was written is refused all the same.
 */
final class TallyFile {
    private static final int MOST_TEXT = 1 << 20;
    private static final int MOST_LIMITS = 10_000;
    private static final int MOST_OPEN = 10_000_000;

    private TallyFile() {}

    static void write(DataOutput out, List<Limit> limits, Counts counts, Map<String, List<Kept>> open)
            throws IOException {
        out.writeInt(limits.size());
        for (Limit limit : limits) {
            text(out, key(limit));
            out.writeLong(limit.width());
            text(out, limit.count().word());
            Map<String, Counted> subjects = counts.of(limit);
            out.writeInt(subjects.size());
            for (Map.Entry<String, Counted> one : subjects.entrySet()) {
                text(out, one.getKey());
                counted(out, one.getValue());
            }
        }
        out.writeInt(open.size());
        for (Map.Entry<String, List<Kept>> action : open.entrySet()) {
            text(out, action.getKey());
            out.writeInt(action.getValue().size());
            for (Kept one : action.getValue()) {
                kept(out, one);
            }
        }
    }

    /** The same count, whatever else changes: of failures, what is left of them depends on when who had to rest. */
    private static String key(Limit limit) {
        return limit.count() == Quantity.FAILURES
                ? limit.id() + '/' + limit.max() + '/' + Taking.rest(limit)
                : limit.id();
    }

    private static void counted(DataOutput out, Counted counted) throws IOException {
        switch (counted) {
            case Counts.Amount(Window window) -> window.write(out);
            case Counts.Resting(Breaker breaker) -> breaker.write(out);
            case Counts.Calls(SequencedMap<String, Window> windows) -> {
                out.writeInt(windows.size());
                for (Map.Entry<String, Window> one : windows.entrySet()) {
                    text(out, one.getKey());
                    one.getValue().write(out);
                }
            }
        }
    }

    private static void kept(DataOutput out, Kept one) throws IOException {
        text(out, key(one.limit()));
        text(out, one.subject());
        text(out, one.call());
        out.writeLong(one.handle());
        out.writeLong(one.amount());
    }

    /**
     * @param inForce by their ids; what others counted is passed over
     * @return those of them of which it tells
     */
    static Set<Limit> read(DataInput in, Map<String, Limit> inForce, Counts counts, Map<String, List<Kept>> open)
            throws IOException {
        Map<String, Limit> byKey = new LinkedHashMap<>();
        inForce.values().forEach(limit -> byKey.put(key(limit), limit));
        Set<Limit> told = new HashSet<>();
        int limits = number(in, MOST_LIMITS);
        for (int i = 0; i < limits; i++) {
            Limit limit = byKey.get(text(in));
            if (limit != null) {
                told.add(limit);
            }
            subjects(in, limit, counts);
        }
        int actions = number(in, MOST_OPEN);
        for (int i = 0; i < actions; i++) {
            String id = text(in);
            List<Kept> kept = kept(in, byKey, counts);
            if (!kept.isEmpty()) {
                open.put(id, kept);
            }
        }
        return told;
    }

    private static void subjects(DataInput in, @Nullable Limit limit, Counts counts) throws IOException {
        long width = in.readLong();
        Quantity count = quantity(text(in));
        if (width <= 0 || (limit != null && (limit.width() != width || limit.count() != count))) {
            throw new IOException("that is no limit");
        }
        int subjects = number(in, Counts.MOST_SUBJECTS);
        for (int i = 0; i < subjects; i++) {
            String subject = text(in);
            Counted counted = counted(in, count, width);
            if (limit != null) {
                counts.put(limit, subject, counted);
            }
        }
    }

    private static Quantity quantity(String word) throws IOException {
        for (Quantity one : Quantity.values()) {
            if (one.word().equals(word)) {
                return one;
            }
        }
        throw new IOException("that is nothing that is counted");
    }

    private static Counted counted(DataInput in, Quantity count, long width) throws IOException {
        return switch (count) {
            case CALLS, ROWS, BYTES, TOKENS, MONEY -> new Counts.Amount(Window.read(in, width));
            case FAILURES -> new Counts.Resting(Breaker.read(in, width));
            case REPEATS -> {
                SequencedMap<String, Window> windows = Counts.calls();
                int calls = number(in, Counts.MOST_CALLS);
                for (int i = 0; i < calls; i++) {
                    String call = text(in);
                    windows.put(call, Window.read(in, width));
                }
                yield new Counts.Calls(windows);
            }
            case CONCURRENT -> throw new IOException("what runs is not written down");
        };
    }

    private static List<Kept> kept(DataInput in, Map<String, Limit> byKey, Counts counts) throws IOException {
        List<Kept> kept = new ArrayList<>();
        int parts = number(in, MOST_LIMITS);
        for (int i = 0; i < parts; i++) {
            Limit limit = byKey.get(text(in));
            String subject = text(in);
            String call = text(in);
            long handle = in.readLong();
            long amount = in.readLong();
            if (limit == null) {
                continue;
            }
            Optional<Window> window = counts.window(limit, subject, call);
            if (limit.count() == Quantity.FAILURES || window.isPresent()) {
                kept.add(new Kept(limit, subject, call, window.orElse(null), handle, amount));
            }
        }
        return kept;
    }

    private static int number(DataInput in, int most) throws IOException {
        int number = in.readInt();
        if (number < 0 || number > most) {
            throw new IOException("there are at most " + most);
        }
        return number;
    }

    private static void text(DataOutput out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String text(DataInput in) throws IOException {
        byte[] bytes = new byte[number(in, MOST_TEXT)];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
