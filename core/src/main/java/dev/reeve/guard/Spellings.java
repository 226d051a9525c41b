package dev.reeve.guard;

import dev.reeve.guard.Content.Place;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * Joins what was found in a text as it is written with what was found in it when it was decoded. Each list is in order and apart; the work is in
 * proportion to both (R8).
 */
final class Spellings {
    private final List<Place> written;
    private int from;

    private Spellings(List<Place> written) {
        this.written = written;
    }

    /** Those that are no other spelling of what is known. */
    static List<Place> others(List<Place> written, List<Place> decoded) {
        Spellings spellings = new Spellings(written);
        List<Place> others = new ArrayList<>();
        for (Place one : decoded) {
            boolean known = false;
            for (int i = spellings.first(one.start());
                    i < written.size() && written.get(i).start() < one.end();
                    i++) {
                known |= written.get(i).found().kind().equals(one.found().kind());
            }
            if (!known) {
                others.add(one);
            }
        }
        return others;
    }

    /** All of them, in order and apart. Where two overlap, the one that was decoded stays if nothing of the other is left over by that. */
    static List<Place> together(List<Place> written, List<Place> decoded) {
        Spellings spellings = new Spellings(written);
        BitSet gone = new BitSet(written.size());
        List<Place> all = new ArrayList<>(written.size() + decoded.size());
        for (Place one : decoded) {
            int first = spellings.first(one.start());
            int end = first;
            boolean better = true;
            while (end < written.size() && written.get(end).start() < one.end()) {
                better &= gone.get(end) || isBetter(one, written.get(end));
                end++;
            }
            if (better) {
                gone.set(first, end);
                all.add(one);
            }
        }
        for (int i = gone.nextClearBit(0); i < written.size(); i = gone.nextClearBit(i + 1)) {
            all.add(written.get(i));
        }
        all.sort(Comparator.comparingInt(Place::start));
        return all;
    }

    /** Those that overlap none of these. */
    static List<Packed> apart(List<Packed> packed, List<Place> written) {
        Spellings spellings = new Spellings(written);
        return packed.stream()
                .filter(one -> {
                    int first = spellings.first(one.start());
                    return first == written.size() || written.get(first).start() >= one.end();
                })
                .toList();
    }

    /** The first that ends behind this place, which is never before the last one that was asked about. */
    private int first(int start) {
        while (from < written.size() && written.get(from).end() <= start) {
            from++;
        }
        return from;
    }

    /** A part of an escape is no part of the value behind it; of a secret nothing may be left. */
    private static boolean isBetter(Place decoded, Place written) {
        boolean same = decoded.found().kind().equals(written.found().kind());
        boolean covers = decoded.start() <= written.start() && decoded.end() >= written.end();
        boolean longer = decoded.end() - decoded.start() > written.end() - written.start();
        return (same && decoded.found().kind().dataClass() == DataClass.PERSONAL) || (covers && (longer || !same));
    }
}
