package dev.reeve.control;

/** Pages for people, at the control address. */
public interface Pages {
    /** None. */
    Pages NONE = new Pages() {
        @Override
        public boolean holds(String path) {
            return false;
        }

        @Override
        public PageReply answer(PageRequest request) {
            throw new IllegalStateException("there are no pages");
        }
    };

    /** Whether a path is theirs. */
    boolean holds(String path);

    /** Never throws. */
    PageReply answer(PageRequest request);
}
