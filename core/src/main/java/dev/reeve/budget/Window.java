package dev.reeve.budget;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * What was used up in the last so-and-so long, for one limit and one subject. In no stretch of time of that length (half open, by the
 * moments given here) is it ever more than was let in.
 *
 * <p>Up to {@value #EXACT} entries are kept one by one, and then the answer is exact. Beyond that, what falls into the same
 * {@value #EXACT}th part of the window shares an entry, which counts until its last part has left: so it may be counted longer than it
 * should by a {@value #EXACT}th of the window, and never shorter. At most {@code 2 * EXACT + 2} entries of 16 bytes.
 *
 * <p>Times are in nanoseconds; one that is less than the last one counts as the last one (R7). Its owner locks.
 */
final class Window {
    static final int EXACT = 64;
    /** Of entries. */
    private static final int MOST = 2 * EXACT + 2;
    /** For what counts as long as it runs. */
    static final long FOREVER = Long.MAX_VALUE;

    private final long width;
    private long[] times = new long[4];
    private long[] amounts = new long[4];
    private int head;
    private int size;
    /** The handle of the entry at the head. */
    private long first;

    private long total;
    private long last = Long.MIN_VALUE;

    Window(long width) {
        if (width <= 0) {
            throw new IllegalArgumentException("a window has a length");
        }
        this.width = width;
    }

    /** What counts at this moment. */
    long used(long now) {
        long at = advance(now);
        while (size > 0 && (amounts[head] == 0 || hasLeft(times[head], at))) {
            total -= amounts[head];
            head = (head + 1) % times.length;
            first++;
            size--;
        }
        return total;
    }

    /** Counts an amount from now on. The handle is for {@link #reduce}. */
    long add(long now, long amount) {
        used(now);
        total = Math.addExact(total, amount);
        if (size >= EXACT && slot(times[at(size - 1)]) == slot(last)) {
            times[at(size - 1)] = last;
            amounts[at(size - 1)] += amount;
        } else {
            grow();
            size++;
            times[at(size - 1)] = last;
            amounts[at(size - 1)] = amount;
        }
        return first + size - 1;
    }

    /** It came to less. Nothing happens if it has left the window by now. */
    void reduce(long handle, long by) {
        long index = handle - first;
        if (index < 0 || by <= 0) {
            return;
        }
        int place = at((int) index);
        long less = Math.min(by, amounts[place]);
        amounts[place] -= less;
        total -= less;
    }

    /** From when on an amount fits under a ceiling, if nothing else comes; {@link #FOREVER} if time does not make room for it. */
    long freeAt(long now, long amount, long ceiling) {
        long left = used(now);
        long when = last;
        for (int i = 0; i < size && left > ceiling - amount; i++) {
            left -= amounts[at(i)];
            when = width == FOREVER ? FOREVER : times[at(i)] + width;
        }
        return left > ceiling - amount ? FOREVER : when;
    }

    boolean isEmpty(long now) {
        used(now);
        return size == 0;
    }

    void clear() {
        first += size;
        size = 0;
        total = 0;
    }

    /** Whether something can still be given back of what was added. */
    boolean has(long handle) {
        return handle >= first && handle - first < size;
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(first);
        out.writeLong(last);
        out.writeInt(size);
        for (int i = 0; i < size; i++) {
            out.writeLong(times[at(i)]);
            out.writeLong(amounts[at(i)]);
        }
    }

    /** @throws IOException if that is none */
    static Window read(DataInput in, long width) throws IOException {
        Window window = new Window(width);
        window.first = in.readLong();
        window.last = in.readLong();
        int size = in.readInt();
        if (window.first < 0 || size < 0 || size > MOST) {
            throw new IOException("a window has at most " + MOST + " entries");
        }
        long before = Long.MIN_VALUE;
        for (int i = 0; i < size; i++) {
            long time = in.readLong();
            long amount = in.readLong();
            if (time < before || time > window.last || amount < 0 || amount > Limit.MOST) {
                throw new IOException("the entries of a window are in order");
            }
            before = time;
            window.grow();
            window.size++;
            window.times[i] = time;
            window.amounts[i] = amount;
            window.total = Math.addExact(window.total, amount);
        }
        return window;
    }

    private long advance(long now) {
        last = Math.max(last, now);
        return last;
    }

    private boolean hasLeft(long time, long now) {
        return now - time >= width;
    }

    private long slot(long time) {
        return Math.floorDiv(time, Math.max(1, width / EXACT));
    }

    private int at(int index) {
        return (head + index) % times.length;
    }

    private void grow() {
        if (size < times.length) {
            return;
        }
        long[] moreTimes = new long[times.length * 2];
        long[] moreAmounts = new long[times.length * 2];
        for (int i = 0; i < size; i++) {
            moreTimes[i] = times[at(i)];
            moreAmounts[i] = amounts[at(i)];
        }
        times = moreTimes;
        amounts = moreAmounts;
        head = 0;
    }
}
