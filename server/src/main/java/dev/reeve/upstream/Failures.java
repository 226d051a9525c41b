package dev.reeve.upstream;

import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import dev.reeve.outbound.HttpCallException;
import dev.reeve.upstream.CallFailedException.Kind;

/** The words for what goes wrong with one upstream. Reasons are for operators and name it; what agents are told names no address. */
final class Failures {
    private final String upstream;
    private final String where;

    /** @param where the URL or the program, as the operator wrote it */
    Failures(String upstream, String where) {
        this.upstream = upstream;
        this.where = where;
    }

    CallFailedException down(String problem) {
        return new CallFailedException(
                Kind.DOWN,
                Denial.of("upstream_down", ReasonClass.UNAVAILABLE, "`" + upstream + "` cannot be used: " + problem)
                        .withTell("the server `" + upstream + "` is down; nothing was done; try again later")
                        .withHelp("check that " + where + " runs and answers; Reeve keeps trying and needs no restart"),
                problem);
    }

    CallFailedException lost(String problem) {
        return unusable("outcome_unknown", problem);
    }

    /** Answered, but not in a way that can be passed on: what was done was done. */
    CallFailedException unusable(String code, String problem) {
        return new CallFailedException(
                Kind.LOST,
                Denial.of(
                                code,
                                ReasonClass.UNAVAILABLE,
                                "`" + upstream + "`: " + problem + "; what it did is not known")
                        .withTell("the server `" + upstream
                                + "` was asked and its answer is missing; it may have acted; do not simply repeat")
                        .withHelp("look at " + where + " for what happened; it is never sent again by Reeve"),
                problem);
    }

    /** Some byte of the call had left, so nobody can say that nothing was done, whatever came after it (R3). */
    CallFailedException afterLeaving(CallFailedException e) {
        return switch (e.kind()) {
            case NOT_SENT, DOWN, ENDED -> lost(e.problem());
            case FORGOTTEN, STALE, REFUSED, LOST -> e;
        };
    }

    CallFailedException forgotten(String problem) {
        return claimed(Kind.FORGOTTEN, problem);
    }

    CallFailedException stale(String problem) {
        return claimed(Kind.STALE, problem);
    }

    private CallFailedException claimed(Kind kind, String problem) {
        CallFailedException lost = lost("it does not keep the session: " + problem);
        return new CallFailedException(kind, lost.why(), lost.problem());
    }

    CallFailedException ended(String problem) {
        return new CallFailedException(
                Kind.ENDED,
                Denial.of(
                                "upstream_session_lost",
                                ReasonClass.UNAVAILABLE,
                                "`" + upstream + "` does not keep the session: " + problem)
                        .withTell("the server `" + upstream + "` lost the session; nothing was done; try again"),
                problem);
    }

    CallFailedException notSent(Denial why) {
        return new CallFailedException(Kind.NOT_SENT, why, why.reason());
    }

    CallFailedException crowded(String problem) {
        return notSent(Denial.of("upstream_busy", ReasonClass.LIMIT, "`" + upstream + "`: " + problem)
                .withTell("the server `" + upstream + "` is busy; nothing was done; try again later"));
    }

    CallFailedException unfollowable(String problem) {
        return new CallFailedException(
                Kind.REFUSED,
                Denial.of(
                                "subscription_refused",
                                ReasonClass.UNAVAILABLE,
                                "`" + upstream + "` does not tell of changes: " + problem)
                        .withTell("the server does not tell of changes of this resource"),
                problem);
    }

    /** A child that crashes at every start rests; others of the same upstream may be well. */
    CallFailedException resting(String problem) {
        return notSent(down(problem).why());
    }

    CallFailedException cancelled(boolean sent) {
        return sent
                ? lost("the caller went away or the time was over before it answered")
                : notSent(Denial.of("cancelled", ReasonClass.UNAVAILABLE, "the caller went away before it was sent"));
    }

    CallFailedException of(HttpCallException e, Call call) {
        return switch (e.kind()) {
            case HELD_BACK -> notSent(call.heldBack());
            case CROWDED -> crowded(e.reason());
            case UNREACHABLE, HANDSHAKE -> down(e.reason());
            case CANCELLED -> cancelled(e.sent());
            case TOO_LARGE -> unusable("answer_too_large", e.reason());
            case TIMED_OUT, BROKEN -> e.sent() ? lost(e.reason()) : down(e.reason());
        };
    }

    String upstream() {
        return upstream;
    }

    /** 2026-07-28 has no words for a server whose question about the model or the folders is refused: its request ends here. */
    CallFailedException questionRefused() {
        return notSent(Denial.of(
                        "question_refused",
                        ReasonClass.POLICY,
                        "`" + upstream + "` asked the client what was refused, so its request was not finished")
                .withTell("the server asked your client something that was refused; the call was not finished"));
    }
}
