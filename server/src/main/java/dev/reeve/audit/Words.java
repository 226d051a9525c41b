package dev.reeve.audit;

import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.json.Json;
import dev.reeve.record.Event.Stored;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * The words of an event, as a search for text sees them: runs of letters and digits, in small letters, value by value. A path, a ticket or
 * an address is several words in a row. Commitments, digests, times and counters are no text. At most {@value #MOST} words of an event are
 * looked at, what it touches first.
 */
public final class Words {
    static final int MOST = 4_000;
    private static final Set<String> NO_TEXT =
            Set.of("hidden", "counter", "node", "v", "time", "from", "elapsed_us", "digest", "result_digest");

    private static final byte SMALL = 1;
    private static final byte LARGE = 2;
    private static final byte[] ASCII = new byte[0x80];

    static {
        for (int c = 0; c < ASCII.length; c++) {
            if (Character.isLetterOrDigit(c)) {
                ASCII[c] = Character.isUpperCase(c) ? LARGE : SMALL;
            }
        }
    }

    private final Sink sink;
    private int room = MOST;

    private Words(Sink sink) {
        this.sink = sink;
    }

    /** Takes the words of an event, value by value. */
    public interface Sink {
        /** @param small whether it is of small letters and digits of ASCII; else {@link #small} makes it what it is searched as */
        void word(String text, int from, int to, boolean small);

        /**
         * Offers a whole value that is of printable ASCII.
         *
         * @param words how many are in it; at least one
         * @param longest characters of the longest one
         * @return whether it was taken; else its words are told
         */
        default boolean takes(String text, int words, int longest) {
            return false;
        }

        /**
         * Asked before {@link #takes}.
         *
         * @return how many words are in this value if they need not be told again; 0 if they do
         */
        default int repeats(String text) {
            return 0;
        }

        /** The words of one value were told; there was at least one. */
        void end();
    }

    /** Tells what {@link #of} gives, without making a list of it. */
    public static void each(Happened happened, Sink sink) {
        Words words = new Words(sink);
        Json resources = happened.record().disclosed().get("resources");
        if (resources != null) {
            words.add(resources);
        }
        words.record(happened.record());
        happened.outcome().ifPresent(words::record);
    }

    /** Whether a hidden value of this name is looked at. */
    public static boolean isLookedAt(String hidden) {
        return !NO_TEXT.contains(hidden);
    }

    /** Value by value. */
    public static List<List<String>> of(Happened happened) {
        List<List<String>> values = new ArrayList<>();
        Collecting collecting = new Collecting();
        each(happened, new Sink() {
            @Override
            public void word(String text, int from, int to, boolean small) {
                collecting.word(text, from, to, small);
            }

            @Override
            public void end() {
                values.add(List.copyOf(collecting.words));
                collecting.words.clear();
            }
        });
        return values;
    }

    /** The words of a text, the first so many. */
    static List<String> in(String text, int most) {
        Collecting collecting = new Collecting();
        int ignored = tell(text, most, collecting);
        return collecting.words;
    }

    private static final class Collecting implements Sink {
        private final List<String> words = new ArrayList<>();

        @Override
        public void word(String text, int from, int to, boolean small) {
            String word = text.substring(from, to);
            words.add(small ? word : small(word));
        }

        @Override
        public void end() {}
    }

    public static String small(String word) {
        return word.toLowerCase(Locale.ROOT);
    }

    private void record(Stored record) {
        members(record.leaf(), false);
        if (record.disclosed().isEmpty()) {
            return;
        }
        String[] names = record.disclosed().keySet().toArray(String[]::new);
        Arrays.sort(names);
        for (String name : names) {
            if (isLookedAt(name) && !name.equals("resources")) {
                add(Objects.requireNonNull(record.disclosed().get(name)));
            }
        }
    }

    /** Names of a record's own members are the same in all of them; those of hidden values are somebody's. */
    private void members(Json.Obj object, boolean names) {
        object.members().forEach((name, value) -> {
            if (!names && NO_TEXT.contains(name)) {
                return;
            }
            if (names) {
                text(name);
            }
            if (value instanceof Json.Obj nested) {
                members(nested, names);
            } else {
                add(value);
            }
        });
    }

    private void add(Json value) {
        if (room == 0) {
            return;
        }
        switch (value) {
            case Json.Str text -> text(text.value());
            case Json.Num number -> text(number.text());
            case Json.Arr array -> array.items().forEach(this::add);
            case Json.Obj object -> members(object, true);
            case Json.Bool ignored -> {}
            case Json.Null ignored -> {}
        }
    }

    private void text(String text) {
        if (takes(text)) {
            return;
        }
        int told = tell(text, room, sink);
        if (told > 0) {
            sink.end();
            room -= told;
        }
    }

    /** Whether it is done with: taken as a whole, or without any word. */
    private boolean takes(String text) {
        int again = sink.repeats(text);
        if (again > 0 && again <= room) {
            room -= again;
            return true;
        }
        int words = 0;
        int longest = 0;
        int length = 0;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c < ' ' || c >= 0x7f) {
                return false;
            }
            if (ASCII[c] != 0) {
                length++;
            } else if (length > 0) {
                words++;
                longest = Math.max(longest, length);
                length = 0;
            }
        }
        if (length > 0) {
            words++;
            longest = Math.max(longest, length);
        }
        if (words == 0) {
            return true;
        }
        if (words > room || !sink.takes(text, words, longest)) {
            return false;
        }
        room -= words;
        return true;
    }

    /** @return how many words were told */
    private static int tell(String text, int most, Sink sink) {
        int told = 0;
        int from = -1;
        boolean small = true;
        for (int at = 0; at <= text.length() && told < most; ) {
            int c = at < text.length() ? text.codePointAt(at) : ' ';
            if (isLetterOrDigit(c)) {
                if (from < 0) {
                    from = at;
                    small = true;
                }
                small &= isSmall(c);
            } else if (from >= 0) {
                sink.word(text, from, at, small);
                told++;
                from = -1;
            }
            at += Character.charCount(c);
        }
        return told;
    }

    /** What most texts consist of, without a look into the tables of Unicode. */
    private static boolean isSmall(int c) {
        return c < 0x80 && ASCII[c] == SMALL;
    }

    private static boolean isLetterOrDigit(int c) {
        return c < 0x80 ? ASCII[c] != 0 : Character.isLetterOrDigit(c);
    }
}
