package dev.reeve.config;

import java.util.ArrayList;
import java.util.List;

/** The keys of a shape as a page to read. Kept in the repository by {@link PublishedTest}. */
final class Reference {
    private static final String HEAD = """
            # Configuration
            Written from the code by `PublishedTest`; `./mvnw -pl server -am test -Dtest=PublishedTest -Dreeve.publish=true` writes it again.
            Paths are relative to the folder of the file. A key that is not here is an error with the nearest key that is.
            """;

    private Reference() {}

    static String of(String title, String intro, Shape.Struct shape) {
        List<String> rows = new ArrayList<>();
        rows(shape, "", rows);
        return "\n## " + title + "\n" + intro
                + "\n\n| key | what may stand there | if it is not there | what it means |\n|---|---|---|---|\n"
                + String.join("\n", rows) + "\n";
    }

    static String head() {
        return HEAD;
    }

    private static void rows(Shape.Struct struct, String above, List<String> rows) {
        for (Shape.Field field : struct.fields()) {
            String path = above + field.name();
            String fallback =
                    field.required() ? "required" : field.fallback().isEmpty() ? "" : "`" + field.fallback() + "`";
            rows.add("| `" + path + "` | " + form(field.shape()) + " | " + fallback + " | " + field.about() + " |");
            below(field.shape(), path, rows);
        }
    }

    private static void below(Shape shape, String path, List<String> rows) {
        switch (shape) {
            case Shape.Struct struct -> rows(struct, path + ".", rows);
            case Shape.MapOf map -> below(map.value(), path + ".NAME", rows);
            case Shape.ListOf list -> below(list.item(), path + "[]", rows);
            case Shape.Either either -> either.shapes().forEach(it -> below(it, path, rows));
            case Shape.Text ignored -> {}
            case Shape.Whole ignored -> {}
            case Shape.Flag ignored -> {}
            case Shape.Free ignored -> {}
            case Shape.Time ignored -> {}
            case Shape.Size ignored -> {}
            case Shape.Choice ignored -> {}
        }
    }

    private static String form(Shape shape) {
        return switch (shape) {
            case Shape.Text text -> text.form();
            case Shape.Whole whole -> "a whole number from " + whole.least() + " to " + whole.most();
            case Shape.Flag ignored -> "`true` or `false`";
            case Shape.Free ignored -> "any value";
            case Shape.Time time -> "a time from " + Units.text(time.least()) + " to " + Units.text(time.most());
            case Shape.Size size -> "a size from " + Units.text(size.least()) + " to " + Units.text(size.most());
            case Shape.Choice choice -> "`" + String.join("`, `", choice.values()) + "`";
            case Shape.ListOf list ->
                (list.alone() ? form(list.item()) + ", or a list: " : "a list: ") + form(list.item());
            case Shape.MapOf map -> "names (" + map.of() + ") with values";
            case Shape.Struct ignored -> "the keys below";
            case Shape.Either either ->
                String.join(
                        "; or ", either.shapes().stream().map(Reference::form).toList());
        };
    }
}
