package dev.reeve.cli;

import java.util.Optional;

/**
 * A trouble that is looked for again and again, such as a full disk: told when it comes or changes, then at every sixtieth look, and once
 * more when it is over. A log that says it at each look fills the disk that is full. Not safe for use by several threads.
 */
final class Lasting {
    static final int LOOKS = 60;

    private Optional<String> told = Optional.empty();
    private int since;

    /** What to say at this look. */
    sealed interface Saying {
        record Nothing() implements Saying {}

        record Trouble(String why) implements Saying {}

        record Over() implements Saying {}
    }

    /** @param now what is wrong at this look */
    Saying look(Optional<String> now) {
        since++;
        if (now.equals(told) && (now.isEmpty() || since < LOOKS)) {
            return new Saying.Nothing();
        }
        told = now;
        since = 0;
        return now.<Saying>map(Saying.Trouble::new).orElseGet(Saying.Over::new);
    }
}
