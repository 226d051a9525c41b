package dev.reeve.acceptance.attack;

/**
 * An attack and a nearly equal call that must pass. Each plays with agents of its own, so that no story leans on another.
 *
 * @param promises what the attacker does not get, as a sentence
 * @param rule the rules of SECURITY.md that it rests on
 * @param stops what stops it, for readers
 * @param twin what must pass all the same, for readers
 */
record Story(String promises, String rule, String stops, String twin, Play attack, Play honest) {
    /** Fails if something else happens than was promised. */
    @FunctionalInterface
    interface Play {
        void in(House house) throws Exception;
    }

    @Override
    public String toString() {
        return promises;
    }
}
