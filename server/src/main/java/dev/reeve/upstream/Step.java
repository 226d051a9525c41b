package dev.reeve.upstream;

import dev.reeve.json.Json;

/** How far a request came: to its answer, or to a question of the server that must be answered first. */
sealed interface Step {
    record Done(Answer answer) implements Step {}

    /** @param rest what goes on once the question is answered */
    record Asked(String method, Json.Obj params, Dialogue rest) implements Step {}

    /** A request that waits for the answer to its question. Nobody reads from the server meanwhile. Used by one thread at a time. */
    interface Dialogue {
        /**
         * Answers, and goes on waiting.
         *
         * @param call whose permit lets the answer leave, and who is told of progress from now on
         */
        Step answer(Json.Obj response, Call call) throws CallFailedException;

        /** Nobody will answer: the server is told, and the request is given up. */
        void abandon();
    }
}
