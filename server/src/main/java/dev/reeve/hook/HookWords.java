package dev.reeve.hook;

import dev.reeve.gate.Denial;
import java.util.Optional;

/** Words for the agent and for the person in front of it: what they may be told and no more (R10). */
final class HookWords {
    private HookWords() {}

    static String denied(Denial denial, String ticket, Optional<String> unclear) {
        StringBuilder text = new StringBuilder("Reeve did not allow this.\n");
        denial.tell().ifPresent(told -> text.append(told).append('\n'));
        unclear.ifPresent(why -> text.append("Part of it could not be read with certainty: ")
                .append(why)
                .append(". Written plainly, with programs and files spelled out, it may be decided otherwise.\n"));
        text.append(advice(denial.reasonClass())).append('\n');
        return text.append("Code: ")
                .append(denial.code())
                .append(" (")
                .append(denial.reasonClass().wire())
                .append(")\nTicket: ")
                .append(ticket)
                .append(" (`reeve policy explain` tells your operator the reason)")
                .toString();
    }

    static String asked(String ticket) {
        return "Reeve's policy lets this run only if you say so here. Ticket: " + ticket;
    }

    static String unreadable(String why) {
        return "Reeve did not allow this: its hook could not read the event: " + why
                + ". If your program was updated, Reeve may have to be.";
    }

    private static String advice(Denial.ReasonClass reason) {
        return switch (reason) {
            case POLICY ->
                "Do not try it in another way: go on without it, or tell your user what you needed and give the ticket.";
            case ARGUMENTS -> "It names something in a form that is not accepted; named plainly it may be.";
            case APPROVAL ->
                "A person must approve it first. Give the ticket to your user and go on with something else.";
            case IDENTITY -> "Your access has ended. Tell your user.";
            case LIMIT -> "It is too much at present. Wait before you ask again.";
            case UNAVAILABLE -> "Something that Reeve needs is not available now. It may work later.";
        };
    }
}
