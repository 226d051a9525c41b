package dev.reeve.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Writes an operator's folder: reeve.yaml, catalog, policies. */
public final class Homes {
    private Homes() {}

    public static Path home(Path home, String upstreams) throws IOException {
        Files.createDirectories(home.resolve("catalog"));
        Files.createDirectories(home.resolve("policies"));
        Files.createDirectories(home.resolve("user-config"));
        Files.setPosixFilePermissions(home.resolve("user-config"), PosixFilePermissions.fromString("rwx------"));
        Files.writeString(home.resolve("reeve.yaml"), """
                listen: { agents: "127.0.0.1:0", control: "127.0.0.1:0" }
                data: ./reeve-data
                upstreams:
                """ + upstreams.indent(2));
        return home;
    }

    public static void file(Path home, String name, String text) throws IOException {
        Files.writeString(home.resolve(name), text);
    }
}
