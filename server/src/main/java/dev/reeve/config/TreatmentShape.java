package dev.reeve.config;

import static dev.reeve.config.Shape.may;
import static dev.reeve.config.Shape.struct;
import static dev.reeve.config.Shape.text;

/** What a permission or an allowing rule says of results. */
final class TreatmentShape {
    /** More rows than these are no limit for an agent. */
    private static final int MOST_ROWS = 1_000_000;

    private static final Shape.ListOf NAMES = new Shape.ListOf(
            text(
                    "the name of a column or field, or `table.column`",
                    "[A-Za-z_][A-Za-z0-9_$-]{0,127}(\\.[A-Za-z_][A-Za-z0-9_$-]{0,127}){0,7}"),
            1,
            true);

    static final Shape.Field COLUMNS =
            may("columns", NAMES, "Only these columns or fields of results get through. SQL may touch no others.");

    static final Shape.Field REDACT = may(
            "redact",
            struct(
                    may("fields", NAMES, "Columns or fields that are masked, as `[email]`."),
                    may(
                            "tags",
                            new Shape.ListOf(text(), 1, true),
                            "The same for columns that carry one of these tags in the catalogue."),
                    may(
                            "find",
                            new Shape.ListOf(text(), 1, true),
                            "What is looked for in results and masked: `personal`, `secrets`, or kinds of docs/reference/content-kinds.md.")),
            "What is masked in results. All of it.");

    static final Shape.Field LIMIT = may("limit", new Shape.Whole(1, MOST_ROWS), "Rows of a result at most.");

    static final Shape.Field WARN =
            may("warn", text(), "What the agent reads beside the result, and operators in the record.");

    private TreatmentShape() {}
}
