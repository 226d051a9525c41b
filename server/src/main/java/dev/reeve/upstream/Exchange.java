package dev.reeve.upstream;

import dev.reeve.json.Json;

/** What happens between call and answer. Implemented by the adapter that the call came from. */
public interface Exchange {
    /** {@code params} of a progress notification, without its token: tokens are the adapter's own (R13). May block for a slow reader. */
    void progress(Json.Obj params);

    /** False if nobody would see progress: then the server is not asked for any. */
    default boolean wantsProgress() {
        return true;
    }

    /** Registers what stops the call. Runs at once if the caller has gone already. */
    void onCancel(Runnable stop);

    /** For callers that want neither. */
    static Exchange silent() {
        return new Exchange() {
            @Override
            public boolean wantsProgress() {
                return false;
            }

            @Override
            public void progress(Json.Obj params) {}

            @Override
            public void onCancel(Runnable stop) {}
        };
    }
}
