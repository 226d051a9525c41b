package dev.reeve.guard;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A choice of kinds to be found. Deterministic, in time proportional to the text, whatever it is (R8). Immutable; safe for many threads.
 *
 * <p>What it does not promise: it finds what is written as it says. What was cut, spelt out, encoded (but for orders in base 64, hexadecimal
 * or percent-encoding) or is in an image is not found; {@link Content} finds values in the usual encodings too.
 */
public final class Detectors {
    private final boolean[] wanted;
    private final Set<Kind> kinds;
    private final boolean personal;
    private final boolean signs;
    private final Vocabulary vocabulary;
    /** A scan that nobody uses: making one costs more than reading a short text. */
    private final AtomicReference<@Nullable Scan> spare = new AtomicReference<>();

    private Detectors(Set<Kind> kinds) {
        this.kinds = Set.copyOf(kinds);
        this.wanted = new boolean[Kinds.all().size()];
        kinds.forEach(kind -> wanted[kind.number()] = true);
        this.personal = any(DataClass.PERSONAL);
        this.signs = any(DataClass.INJECTION);
        this.vocabulary = personal || any(DataClass.SECRET) ? Vocabulary.ALL : Vocabulary.SIGNS;
    }

    private boolean any(DataClass one) {
        return kinds.stream().anyMatch(kind -> kind.dataClass() == one);
    }

    public static Detectors of(Set<Kind> kinds) {
        return new Detectors(kinds);
    }

    /** Everything. */
    public static Detectors all() {
        return of(Set.copyOf(Kinds.all()));
    }

    public Set<Kind> kinds() {
        return kinds;
    }

    /** For a text that comes in pieces, or for many texts one after the other. */
    public Scan scan() {
        return new Scan(vocabulary, wanted, personal, signs);
    }

    /** As {@link #scan}, for who gives it back. */
    Scan borrow() {
        Scan scan = spare.getAndSet(null);
        return scan == null ? scan() : scan;
    }

    /** @param scan of {@link #borrow}, finished */
    void giveBack(Scan scan) {
        spare.set(scan);
    }

    public List<Found> find(String text) {
        return find(Optional.empty(), text);
    }

    /** @param name of the member whose value the text is: it tells what a number is */
    public List<Found> find(Optional<String> name, String text) {
        Scan scan = borrow();
        name.ifPresent(scan::named);
        scan.feed(text);
        List<Found> found = scan.finish();
        giveBack(scan);
        return found;
    }
}
