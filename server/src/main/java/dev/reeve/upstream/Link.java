package dev.reeve.upstream;

/** A way to a server on which everything is agreed: a session, a child process, or (2026-07-28 over HTTP) merely the agreement. */
interface Link {
    Agreement agreement();

    /**
     * Asks once. Blocks until the answer, a question that was offered to be answered, the call's deadline, or its cancellation.
     */
    Step call(Ask ask, Call call) throws CallFailedException;

    /**
     * Passes on what the server tells unasked, for as long as it tells.
     *
     * @return false if there is no stream for that: then nothing is to be waited for
     */
    boolean listen() throws CallFailedException;

    /**
     * Asks to be told of changes of a resource. Blocks until the server agreed.
     *
     * @param call whose permit lets the question leave
     */
    Followed follow(String uri, Call call) throws CallFailedException;

    /** False once nothing can be asked here any more. */
    boolean isOpen();

    /** Says goodbye as the revision has it. Does not wait for what runs: that is cut. */
    void close();
}
