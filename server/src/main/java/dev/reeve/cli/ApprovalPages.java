package dev.reeve.cli;

import dev.reeve.config.ReeveConfig;
import java.util.Optional;
import java.util.function.Supplier;

/** What the running process does for approvals beside deciding. */
final class ApprovalPages {
    private ApprovalPages() {}

    /**
     * Where people see what waits under a ticket. The link holds nothing secret: the page demands that they sign in.
     *
     * @param control the address of the control listener, as this process knows it
     */
    static Optional<String> page(ReeveConfig config, Supplier<String> control, String ticket) {
        return Optional.of(config.approvals().address().orElseGet(control) + "/approvals/" + ticket);
    }
}
