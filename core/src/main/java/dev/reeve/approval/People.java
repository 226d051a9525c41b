package dev.reeve.approval;

import java.util.Optional;

/** Who may answer questions now. */
public interface People {
    /** Empty if nobody of this name holds a good token. */
    Optional<Person> person(String name);

    /** Whether more than one may administer: then what widens needs two of them (R27). */
    boolean several();
}
