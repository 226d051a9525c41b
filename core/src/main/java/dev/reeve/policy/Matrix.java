package dev.reeve.policy;

import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/**
 * A table as lists: {@code {"columns": ["id", "email"], "rows": [[1, "a@example.com"]]}}. Names are texts, or objects that say their name;
 * they and the rows stand in one object and are equally long.
 *
 * @param namesAt the member with the names
 * @param rowsAt the member with the rows
 */
record Matrix(Json.Obj holder, String namesAt, String rowsAt, List<String> names) {
    /** Whether only a place in a list says what a value is. */
    static boolean isListOfLists(Json value) {
        return value instanceof Json.Arr list && list.items().stream().anyMatch(Json.Arr.class::isInstance);
    }

    /** Empty if there is none, or more than one way to read it. */
    static Optional<Matrix> in(Json.Obj holder) {
        List<Matrix> found = new ArrayList<>();
        holder.members().forEach((rowsAt, rows) -> {
            if (isListOfLists(rows)) {
                holder.members()
                        .forEach((namesAt, names) -> names(names)
                                .filter(one -> fit(one.size(), (Json.Arr) rows))
                                .ifPresent(one -> found.add(new Matrix(holder, namesAt, rowsAt, one))));
            }
        });
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    private static Optional<List<String>> names(Json value) {
        if (!(value instanceof Json.Arr list) || list.items().isEmpty()) {
            return Optional.empty();
        }
        List<String> names = new ArrayList<>();
        for (Json item : list.items()) {
            switch (item) {
                case Json.Str text -> names.add(text.value());
                case Json.Obj object
                when object.string("name").isPresent() ->
                    names.add(object.string("name").get());
                default -> {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(names);
    }

    private static boolean fit(int width, Json.Arr rows) {
        return rows.items().stream()
                .allMatch(row -> row instanceof Json.Arr cells && cells.items().size() == width);
    }

    List<Json> rows() {
        return ((Json.Arr) holder.members().getOrDefault(rowsAt, Json.Arr.EMPTY)).items();
    }

    /** The columns whose names are kept, and nothing else of the object. */
    Json.Obj only(Predicate<String> kept) {
        Json.Arr written = (Json.Arr) holder.members().getOrDefault(namesAt, Json.Arr.EMPTY);
        return Json.object()
                .put(namesAt, chosen(written, kept))
                .put(
                        rowsAt,
                        new Json.Arr(rows().stream()
                                .<Json>map(row -> chosen((Json.Arr) row, kept))
                                .toList()))
                .build();
    }

    private Json.Arr chosen(Json.Arr cells, Predicate<String> kept) {
        List<Json> chosen = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (kept.test(names.get(i))) {
                chosen.add(cells.items().get(i));
            }
        }
        return new Json.Arr(chosen);
    }

    /** The rows with another value in each place, by the name of its column. */
    Json.Arr mapped(BiFunction<String, Json, Json> cell) {
        List<Json> mapped = new ArrayList<>();
        for (Json row : rows()) {
            List<Json> cells = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                cells.add(cell.apply(names.get(i), ((Json.Arr) row).items().get(i)));
            }
            mapped.add(new Json.Arr(cells));
        }
        return new Json.Arr(mapped);
    }

    /** The names and these rows, and nothing else of the object. */
    Json.Obj with(List<Json> rows) {
        return only(ignored -> true).with(rowsAt, new Json.Arr(rows));
    }
}
