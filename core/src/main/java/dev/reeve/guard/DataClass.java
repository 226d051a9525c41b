package dev.reeve.guard;

/** What kinds of finds have in common, as rules and the memory of an instance name it. */
public enum DataClass {
    /** Says something about a person. */
    PERSONAL("personal", "pii"),
    /** Gives a right to whoever has it. */
    SECRET("secrets", "secret"),
    /** A sign that a text wants to steer a model, or to carry data out. A risk, not a proof. */
    INJECTION("injection", "injection");

    private final String group;
    private final String tag;

    DataClass(String group, String tag) {
        this.group = group;
        this.tag = tag;
    }

    /** All its kinds, in {@code find} of a rule. */
    public String group() {
        return group;
    }

    /** What an instance that received some has read ({@code session.read}). */
    public String tag() {
        return tag;
    }
}
