package dev.reeve.review;

import dev.reeve.json.Json;
import java.util.List;

/**
 * One thing to look at: everything of one check about one subject.
 *
 * @param id the same in every review, whatever its range
 * @param about whom and what, in words of the record: foreign text
 * @param says figures, in words: no names, since it is told in chat and mail
 * @param times how many records it rests on
 * @param first and {@code last}: times as recorded
 * @param records a few of them, the first ones
 */
public record Finding(
        String id,
        Check check,
        Severity severity,
        List<String> about,
        String says,
        long times,
        String first,
        String last,
        List<Evidence> records) {
    /** A record that a finding rests on. */
    public record Evidence(long index, String id) {}

    public Finding {
        about = List.copyOf(about);
        records = List.copyOf(records);
    }

    /** For a person; foreign text in it is not escaped. */
    public String headline() {
        return severity.wire() + "  " + check.title() + "  [" + check.wire() + " " + id + "]";
    }

    /** For a person, like {@link #headline}. */
    public List<String> details() {
        String whom = about.isEmpty() ? "" : String.join(", ", about) + ": ";
        return List.of("    " + whom + says + when(), "    " + check.advice());
    }

    private String when() {
        if (records.isEmpty()) {
            return "";
        }
        List<String> indexes =
                records.stream().map(record -> String.valueOf(record.index())).toList();
        return " (" + times + (times == 1 ? " record, " : " records, ")
                + (first.equals(last) ? first : first + " to " + last) + "; " + String.join(", ", indexes)
                + (times > indexes.size() ? ", ..." : "") + ")";
    }

    public Json.Obj json() {
        Json.Builder object = Json.object()
                .put("id", id)
                .put("check", check.wire())
                .put("severity", severity.wire())
                .put("about", Json.Arr.ofStrings(about))
                .put("title", check.title())
                .put("says", says)
                .put("advice", check.advice())
                .put("times", times);
        if (!first.isEmpty()) {
            object.put("first", first).put("last", last);
        }
        return object.put(
                        "records",
                        new Json.Arr(records.stream()
                                .<Json>map(one -> Json.object()
                                        .put("index", one.index())
                                        .put("id", one.id())
                                        .build())
                                .toList()))
                .build();
    }
}
