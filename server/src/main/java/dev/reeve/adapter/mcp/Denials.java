package dev.reeve.adapter.mcp;

import dev.reeve.adapter.mcp.Governed.How;
import dev.reeve.adapter.mcp.Governed.Outcome.NotAllowed;
import dev.reeve.gate.Denial;
import dev.reeve.json.Json;
import java.util.List;
import java.util.Optional;

/**
 * Words a denial for the agent: what it may be told and no more (R10), so that it stops or asks instead of trying tricks. Clients
 * show the text to the model, and programs read {@code _meta}.
 */
final class Denials {
    static final String KEY = "dev.reeve/denial";

    private Denials() {}

    /** An ordinary tool result that says that the tool failed. */
    static Json.Obj toolResult(NotAllowed not) {
        Json.Obj text = Json.object().put("type", "text").put("text", text(not)).build();
        return Json.object()
                .put("content", new Json.Arr(List.of(text)))
                .put("isError", true)
                .put("_meta", data(not))
                .build();
    }

    /** For requests whose results cannot say that they failed. */
    static RpcError error(NotAllowed not) {
        return RpcError.of(RpcError.NOT_ALLOWED, text(not), data(not));
    }

    /** For a task that waits for a person. */
    static String waiting(NotAllowed not) {
        StringBuilder text = new StringBuilder(256);
        boolean ran = not.how() == How.RESULT_HELD;
        text.append(
                ran
                        ? "The call was made, and its result waits for a person."
                        : "A person must approve this call first.");
        text.append(" Give the ticket to your user and go on with something else.\n");
        not.denial().tell().ifPresent(told -> text.append(told).append('\n'));
        text.append(
                ran
                        ? "Once it is released this task has it; the call is not made again.\n"
                        : "Once it is approved the call runs by itself, once; this task then has its result.\n");
        return text.append(ticket(not)).toString();
    }

    /** In a line or two. */
    static String brief(NotAllowed not) {
        return not.denial().tell().map(told -> opening(not.how()) + " " + told).orElse(opening(not.how()));
    }

    static Json.Obj data(NotAllowed not) {
        Denial denial = not.denial();
        return Json.object()
                .put(
                        KEY,
                        Json.object()
                                .put("code", denial.code())
                                .put("class", denial.reasonClass().wire())
                                .put("ticket", Optional.of(not.ticket()).filter(ticket -> !ticket.isEmpty()))
                                .put("url", not.page())
                                .put("retry", mayRetry(not)))
                .build();
    }

    private static boolean mayRetry(NotAllowed not) {
        return not.how() != How.UNKNOWN
                && not.how() != How.WITHHELD
                && not.denial().reasonClass().retryMayHelp();
    }

    private static String text(NotAllowed not) {
        Denial denial = not.denial();
        StringBuilder text = new StringBuilder(256);
        text.append(opening(not.how())).append('\n');
        denial.tell().ifPresent(told -> text.append(told).append('\n'));
        text.append(advice(not)).append('\n');
        text.append("Code: ").append(denial.code());
        text.append(" (").append(denial.reasonClass().wire()).append(")\n");
        return text.append(ticket(not)).toString();
    }

    /** What could not be recorded has none: an operator would look for it in vain. */
    private static String ticket(NotAllowed not) {
        if (not.page().isPresent()) {
            return "Ticket: " + not.ticket() + "\nPage for the person who approves: "
                    + not.page().get();
        }
        return not.ticket().isEmpty()
                ? "Ticket: none (it could not be recorded; your operator sees that in Reeve's status)"
                : "Ticket: " + not.ticket() + " (your operator finds the reason under it)";
    }

    static String opening(How how) {
        return switch (how) {
            case DENIED, HELD, HELD_ELSEWHERE -> "Reeve did not allow this call.";
            case NOT_SENT -> "Reeve did not make this call: nothing was sent and nothing has changed.";
            case WITHHELD -> "Reeve made this call, but its result is withheld.";
            case RESULT_HELD -> "Reeve made this call, and its result waits for a person.";
            case UNKNOWN -> "Reeve made this call, but does not know whether it took effect.";
        };
    }

    private static String advice(NotAllowed not) {
        return switch (not.how()) {
            case HELD ->
                "A person must approve it first. Give the ticket to your user and go on with something else. Once it is"
                        + " approved, make exactly the same call again: it then runs, once. With other arguments it is"
                        + " another question.";
            case RESULT_HELD ->
                "Give the ticket to your user and go on with something else. Once a person released it, make exactly the"
                        + " same call again: it is not made a second time, and you get the result, once.";
            case HELD_ELSEWHERE ->
                "A person must approve it first. Give the ticket to your user and go on with something else.";
            case UNKNOWN -> "Do not simply repeat it: it may have been done already. Find out first, or ask your user.";
            case WITHHELD -> "Do not repeat it: it was done, and asking again does not show the result.";
            case DENIED, NOT_SENT -> advice(not.denial().reasonClass());
        };
    }

    private static String advice(Denial.ReasonClass reason) {
        return switch (reason) {
            case POLICY ->
                "Asking again, or in other words, does not help. Go on without it, or tell your user what you needed.";
            case ARGUMENTS -> "The arguments are not accepted; with other arguments it may be.";
            case APPROVAL -> "A person must approve it first. Give the ticket to your user.";
            case IDENTITY -> "Your access has ended. Asking again does not help; tell your user.";
            case LIMIT -> "It is too much at present. Wait before you ask again, and ask for less.";
            case UNAVAILABLE -> "Something that it needs is not available now. It may work later.";
        };
    }
}
