package dev.reeve.connect;

import picocli.CommandLine;

/** {@code reeve connect} as a process of its own, with an installation in memory. */
final class ConnectMain {
    private ConnectMain() {}

    @SuppressWarnings("SystemExitOutsideMain")
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new ConnectCommand(around -> new FakeInstallation())).execute(arguments));
    }
}
