package dev.reeve.child;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The part of the machine that every program needs and that holds nobody's data; all of it read-only. */
final class SystemView {
    private static final List<String> FOLDERS =
            List.of("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store");

    /** Not the whole of {@code /etc}: there are private keys, and passwords of services, in it. */
    private static final List<String> ETC = List.of(
            "alternatives",
            "ca-certificates",
            "crypto-policies",
            "group",
            "hosts",
            "ld.so.cache",
            "ld.so.conf",
            "ld.so.conf.d",
            "localtime",
            "mime.types",
            "nsswitch.conf",
            "passwd",
            "pki/ca-trust/extracted",
            "pki/tls/certs",
            "protocols",
            "services",
            "ssl/certs",
            "ssl/openssl.cnf",
            "timezone");

    private SystemView() {}

    static boolean shows(Path path) {
        return FOLDERS.stream().anyMatch(path::startsWith);
    }

    static List<String> arguments() throws IOException {
        List<String> arguments = new ArrayList<>();
        for (String folder : FOLDERS) {
            Path path = Path.of(folder);
            if (Files.isSymbolicLink(path)) {
                arguments.addAll(
                        List.of("--symlink", Files.readSymbolicLink(path).toString(), folder));
            } else if (Files.isDirectory(path)) {
                arguments.addAll(List.of("--ro-bind", folder, folder));
            }
        }
        for (String name : ETC) {
            show(arguments, "/etc/" + name);
        }
        // Debian's Java reads its settings there.
        if (Files.isDirectory(Path.of("/etc"))) {
            try (DirectoryStream<Path> java = Files.newDirectoryStream(Path.of("/etc"), "java-*")) {
                java.forEach(path -> show(arguments, path.toString()));
            }
        }
        return arguments;
    }

    private static void show(List<String> arguments, String path) {
        arguments.addAll(List.of("--ro-bind-try", path, path));
    }
}
