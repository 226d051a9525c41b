package dev.reeve.cli;

import dev.reeve.audit.SpentLimits;
import dev.reeve.budget.Budgets;
import dev.reeve.ledger.LedgerUnavailableException;
import dev.reeve.metrics.Metrics;
import java.time.Instant;

/** The limits of the policy in force, with what the record says was used up of them. */
final class BudgetRoom {
    private BudgetRoom() {}

    static Budgets open(Foundation foundation, PolicyRoom policy, Metrics metrics) throws CommandException {
        Budgets budgets = new Budgets(policy::limits, foundation.clock().source());
        Instant since = foundation.clock().read().now().minus(policy.limits().longest());
        try {
            if (!policy.limits().longest().isZero()) {
                SpentLimits.readBack(foundation.ledger(), since, budgets.restoring());
            }
        } catch (LedgerUnavailableException e) {
            throw new CommandException(
                    ExitCodes.FAILED,
                    "what was used up of the limits cannot be read from the record: " + e.getMessage());
        }
        metrics.gauge("reeve_limits_counted", "Subjects of limits of whom something is counted.", budgets::counted);
        return budgets;
    }
}
