package dev.reeve.ledger;

import java.util.List;

/** Completes futures away from the writer: what their owners do then must not delay a force. */
final class Futures {
    private Futures() {}

    static void complete(List<Ticket> tickets) {
        for (Ticket ticket : tickets) {
            if (ticket.isAsync()) {
                Thread.startVirtualThread(() -> tickets.forEach(Ticket::completeFuture));
                return;
            }
        }
    }
}
