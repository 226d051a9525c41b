package dev.reeve.search;

import dev.reeve.audit.Traits;
import java.util.Locale;

/** The columns of the index that hold a name. */
enum Field {
    /** Empty for actions. */
    KIND(0),
    AGENT(1),
    USER(2),
    SESSION(3),
    SUBJECT(4),
    UPSTREAM(5),
    /** Empty for success. */
    STATUS(6),
    RULE(7),
    PERSON(8);

    private final int code;

    /** @param code as the index has it; never changes */
    Field(int code) {
        this.code = code;
    }

    String of(Traits traits) {
        return switch (this) {
            case KIND -> traits.kind().equals("action") ? "" : traits.kind();
            case AGENT -> traits.agent();
            case USER -> traits.user();
            case SESSION -> traits.session();
            case SUBJECT -> traits.subject();
            case UPSTREAM -> traits.upstream();
            case STATUS -> traits.status().equals("success") ? "" : traits.status();
            case RULE -> traits.rule();
            case PERSON -> traits.person();
        };
    }

    /** Whether events can be found by it, in their order. There are few upstreams, each in many events: an index would not be used. */
    boolean isDriving() {
        return this != UPSTREAM;
    }

    int code() {
        return code;
    }

    String column() {
        return name().toLowerCase(Locale.ROOT);
    }
}
