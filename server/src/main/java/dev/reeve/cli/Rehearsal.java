package dev.reeve.cli;

import dev.reeve.control.PlainServer;
import dev.reeve.definitions.BodySchemas;
import dev.reeve.guard.Detectors;
import dev.reeve.json.Json;
import dev.reeve.openapi.BodySchema;
import dev.reeve.store.Sql;
import io.helidon.webserver.http1.Http1Config;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import org.sqlite.JDBC;

/**
 * What a start needs of large libraries, done once to nobody on the other core while the command line and the configuration are read.
 * It opens no file, no socket and no process of ours, and nothing waits for it: what fails here fails again where it is told.
 */
final class Rehearsal {
    private Rehearsal() {}

    static void begin() {
        // Netty would look for three other loggers first, and for what is not there every jar is opened.
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
        inTurn("rehearsal-store", Rehearsal::store);
        // In the order in which the start comes to them.
        inTurn("rehearsal", Rehearsal::signatures, Rehearsal::schemas, Rehearsal::detectors, Rehearsal::listener);
    }

    private static void inTurn(String name, Part... parts) {
        Thread.ofPlatform().daemon().name(name).start(() -> List.of(parts).forEach(Rehearsal::tried));
    }

    private interface Part {
        void run() throws SQLException, GeneralSecurityException;
    }

    private static void tried(Part part) {
        try {
            part.run();
        } catch (SQLException | GeneralSecurityException | RuntimeException | LinkageError e) {
            // The start itself meets it again and says so.
        }
    }

    private static void store() throws SQLException {
        try (Sql sql = new Sql(JDBC.createConnection("jdbc:sqlite::memory:", new Properties()))) {
            sql.execute("SELECT 1");
        }
    }

    private static void signatures() throws GeneralSecurityException {
        KeyPairGenerator.getInstance("Ed25519");
    }

    private static void schemas() {
        Json.Obj text = Json.object().put("type", "string").build();
        BodySchema ignored = BodySchemas.compile(text, Json.Obj.EMPTY);
    }

    private static void detectors() {
        Detectors ignored = Detectors.all();
    }

    private static void listener() {
        PlainServer.builder(Http1Config.builder()).build();
    }
}
