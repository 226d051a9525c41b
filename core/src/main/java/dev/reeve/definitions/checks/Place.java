package dev.reeve.definitions.checks;

/**
 * One text of a definition.
 *
 * @param pointer JSON pointer to it; for a name of a member, to that member
 */
record Place(String pointer, Role role, String text) {
    enum Role {
        /** What the thing itself is called. */
        NAME,
        /** An argument's name. */
        ARGUMENT,
        /** Another member's name: what the protocol calls it, or what a server made up. */
        KEY,
        /** The address of an icon. */
        ICON,
        /** Anything else that a model may read. */
        TEXT
    }

    Place {
        pointer = Excerpt.ascii(pointer);
    }

    Finding finding(Check check, int from, int to, String reason) {
        return new Finding(check, pointer, Excerpt.around(text, from, to), reason);
    }

    Finding finding(Check check, String reason) {
        return finding(check, 0, Math.min(text.length(), 60), reason);
    }
}
