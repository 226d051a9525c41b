package dev.reeve.cli;

import picocli.CommandLine.Command;

/** {@code reeve policy}: why something was decided as it was, what another policy would say, and which one was in force when. */
@Command(
        name = "policy",
        mixinStandardHelpOptions = true,
        description = "Explains decisions, tries policies before they are in force, and shows and undoes changes.",
        footer = {"", "Example:  reeve policy explain rv_f0yqzm6k8c2n4t7w1x3v5b9d0h"},
        subcommands = {
            PolicyExplain.class,
            PolicyTest.class,
            PolicyReplay.class,
            PolicyReach.class,
            PolicyLearn.class,
            PolicyDiff.class,
            PolicyHistory.class,
            PolicyApprove.class,
            PolicyRollback.class
        })
final class PolicyCommand {}
