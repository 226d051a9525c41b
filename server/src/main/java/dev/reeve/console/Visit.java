package dev.reeve.console;

import dev.reeve.control.PageRequest;
import dev.reeve.control.Role;
import dev.reeve.control.SignIns;

/** A request of somebody who is signed in. */
record Visit(PageRequest request, SignIns.Present present) {
    boolean may(Role role) {
        return present.caller().roles().contains(role);
    }

    String csrf() {
        return present.session().csrf();
    }
}
