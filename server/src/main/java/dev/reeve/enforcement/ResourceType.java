package dev.reeve.enforcement;

/** Types of resources that mean something of their own; any other is a form: {@code TYPE:ID}. */
public final class ResourceType {
    /** Its id is a name of the catalogue. */
    public static final String CATALOGUE = "resource";
    /** Its id is a tool as {@code upstream.tool}. */
    public static final String TOOL = "tool";
    /** Its id is a database, a table of it, or a column. */
    public static final String DATABASE = "db";

    private ResourceType() {}
}
