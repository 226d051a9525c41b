package dev.reeve.gate;

import dev.reeve.action.Operation;
import dev.reeve.gate.Rulebook.Reading;
import java.util.ArrayList;
import java.util.List;

/**
 * What the operations of one action were read as. Reading is pure, and a text within the arguments may take long: who looks again at what runs reads
 * it again only under another rulebook. By one thread at a time.
 */
final class Readings {
    private final Rulebook rulebook;
    private final List<Read> all = new ArrayList<>(2);

    private record Read(Operation operation, Reading reading) {}

    Readings(Rulebook rulebook) {
        this.rulebook = rulebook;
    }

    /** These if they are of the rulebook, else none yet. */
    @SuppressWarnings("ReferenceEquality") // one of the same version may know other definitions
    Readings under(Rulebook other) {
        Readings same = new Readings(other);
        if (other == rulebook) {
            same.all.addAll(all);
        }
        return same;
    }

    Reading of(Operation operation) {
        for (Read read : all) {
            if (read.operation().equals(operation)) {
                return read.reading();
            }
        }
        Reading reading = rulebook.read(operation);
        all.add(new Read(operation, reading));
        return reading;
    }
}
