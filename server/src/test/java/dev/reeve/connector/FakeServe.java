package dev.reeve.connector;

import dev.reeve.identity.Authenticator;
import dev.reeve.identity.Claim;
import dev.reeve.identity.Identification;
import dev.reeve.identity.Principal;
import dev.reeve.secrets.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A server that only has the connectors' socket. As a program: {@code serve --home DIR}, for a minute at most. */
final class FakeServe {
    static final String SECRET = "reeve_goodRegistration";

    private FakeServe() {}

    static Authenticator authenticator() {
        Principal principal = new Principal(
                Principal.DEFAULT_TENANT,
                "tester",
                "key-1",
                Optional.empty(),
                List.of(),
                Set.of(),
                Optional.empty(),
                Map.of());
        return claim -> claim instanceof Claim.Connector(int uid, Secret registration)
                        && uid >= 0
                        && registration.equals(Secret.of(SECRET))
                ? new Identification.Known(principal, 7)
                : new Identification.Unknown("registration_unknown", "no such registration");
    }

    @SuppressWarnings("SystemExitOutsideMain")
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path home = Path.of(arguments[2]);
        Path data = Files.createDirectories(home.resolve("reeve-data"));
        ConnectorListener listener = ConnectorListener.open(
                data.resolve("connector.sock"), authenticator(), new EchoService(), ConnectorLimits.DEFAULT);
        System.out.println("listening, connectors: " + listener.size());
        // So that the test can end what its connectors started in the background.
        Files.writeString(home.resolve("pid-" + ProcessHandle.current().pid()), "");
        new CountDownLatch(1).await(60, TimeUnit.SECONDS);
        System.exit(0);
    }
}
