package dev.reeve.audit;

import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.json.Json;
import dev.reeve.record.Event.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

    private final List<List<String>> values = new ArrayList<>();
    private int room = MOST;

    private Words() {}

    /** Value by value. */
    public static List<List<String>> of(Happened happened) {
        Words words = new Words();
        Json resources = happened.record().disclosed().get("resources");
        if (resources != null) {
            words.add(resources);
        }
        words.record(happened.record());
        happened.outcome().ifPresent(words::record);
        return words.values;
    }

    private void record(Stored record) {
        members(record.leaf(), false);
        record.disclosed().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .filter(one -> !NO_TEXT.contains(one.getKey()) && !one.getKey().equals("resources"))
                .forEach(one -> add(one.getValue()));
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
        List<String> words = in(text, room);
        if (!words.isEmpty()) {
            values.add(words);
            room -= words.size();
        }
    }

    /** The words of a text, the first so many. */
    static List<String> in(String text, int most) {
        List<String> words = new ArrayList<>();
        int from = -1;
        boolean small = true;
        for (int at = 0; at <= text.length() && words.size() < most; ) {
            int c = at < text.length() ? text.codePointAt(at) : ' ';
            if (isLetterOrDigit(c)) {
                if (from < 0) {
                    from = at;
                    small = true;
                }
                small &= isSmall(c);
            } else if (from >= 0) {
                String word = text.substring(from, at);
                words.add(small ? word : word.toLowerCase(Locale.ROOT));
                from = -1;
            }
            at += Character.charCount(c);
        }
        return words;
    }

    /** What most texts consist of, without a look into the tables of Unicode. */
    private static boolean isSmall(int c) {
        return c < 0x80 && ASCII[c] == SMALL;
    }

    private static boolean isLetterOrDigit(int c) {
        return c < 0x80 ? ASCII[c] != 0 : Character.isLetterOrDigit(c);
    }
}
