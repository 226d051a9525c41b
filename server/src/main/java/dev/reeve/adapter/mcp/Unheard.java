package dev.reeve.adapter.mcp;

import dev.reeve.json.Json;

/** The way back of a call that runs as a task: nobody listens, and what came of it is fetched. Questions of servers can be asked all the same, as part of it. */
final class Unheard implements Replies {
    @Override
    public boolean maySpeak() {
        return true;
    }

    @Override
    public boolean event(Json.Obj message) {
        return false;
    }

    @Override
    public void respond(int status, Json.Obj response) {
        throw new IllegalStateException("a task answers nobody");
    }

    @Override
    public void cancelled(int status, Json.Obj response) {
        throw new IllegalStateException("a task answers nobody");
    }

    @Override
    public Sink keepOpen() {
        throw new IllegalStateException("a task has no stream");
    }

    @Override
    public void onGone(Runnable action) {}
}
