package dev.reeve.approval;

import java.util.Optional;

/** Who may answer questions now. */
public interface People {
    /** With all that it has; empty if nobody of this name holds a good token. */
    Optional<Person> person(String name);

    /** As what this answerer counts now. */
    default Optional<Person> person(Answerer who) {
        return person(who.name()).map(one -> one.as(who.roles()));
    }

    /** Whether more than one may administer: then what widens needs two of them (R27). */
    boolean several();
}
