package dev.reeve.gate;

import dev.reeve.action.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Several reservations as one: all of them or none. */
final class AllOf implements Reservations {
    private final List<Reservations> parts;

    AllOf(List<Reservations> parts) {
        this.parts = List.copyOf(parts);
    }

    @Override
    public Reserved reserve(Action action, Facts facts) {
        List<Settlement> taken = new ArrayList<>(parts.size());
        for (Reservations part : parts) {
            Reserved one;
            try {
                one = part.reserve(action, facts);
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                settle(taken, new Effect.NotSent(Crash.denial("reserve", e)));
                throw e;
            }
            switch (one) {
                case Reserved.Taken(Settlement settlement) -> taken.add(settlement);
                case Reserved.Refused(Denial denial) -> {
                    settle(taken, new Effect.NotSent(denial));
                    return one;
                }
            }
        }
        return new Reserved.Taken(taken.size() == 1 ? taken.getFirst() : new Together(taken));
    }

    /** What was taken last is given back first, and one that fails keeps no other from it. */
    private static void settle(List<Settlement> taken, Effect effect) {
        RuntimeException failed = null;
        for (Settlement settlement : taken.reversed()) {
            try {
                settlement.settle(effect);
            } catch (RuntimeException e) {
                failed = e;
            }
        }
        if (failed != null) {
            throw failed;
        }
    }

    /** Settled together. */
    private record Together(List<Settlement> taken) implements Settlement {
        @Override
        public void settle(Effect effect) {
            AllOf.settle(taken, effect);
        }

        @Override
        public List<Spending> reserved() {
            List<Spending> reserved = new ArrayList<>();
            for (Settlement one : taken) {
                reserved.addAll(one.reserved());
            }
            return reserved;
        }

        @Override
        public Usage usage(Effect effect, Release release) {
            List<Spending> spent = new ArrayList<>();
            Optional<Denial> excess = Optional.empty();
            for (Settlement one : taken) {
                Usage usage = one.usage(effect, release);
                spent.addAll(usage.spent());
                excess = excess.or(usage::excess);
            }
            return new Usage(spent, excess);
        }
    }
}
