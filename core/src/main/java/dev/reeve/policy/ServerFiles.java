package dev.reeve.policy;

import java.util.List;
import java.util.Optional;

/**
 * Files that MCP servers have. Each has two names: {@code mcp:SERVER/file:///p} at its server, and {@code file:/p}, which it has wherever it is
 * read.
 */
public final class ServerFiles {
    /** Everything that is named so, and nothing else. */
    public static final Glob ALL = Glob.of("mcp:*/file:**");

    private static final String FORM = "mcp:";
    private static final String FILE = "file:";
    /** What stands before the path in a URI. */
    private static final String BEFORE_PATH = "file://";

    private ServerFiles() {}

    /** Whether it is the name of a server's file at its server; of a pattern, whether it spells that it is about such names. */
    public static boolean isName(String name) {
        return name.startsWith(FORM) && name.startsWith(FILE, name.indexOf('/') + 1);
    }

    /** The other name of a server's file, which does not say whose it is; of a pattern that spells it, the same for the other names. */
    public static Optional<String> bare(String name) {
        int uri = name.indexOf('/') + 1;
        return isName(name) && name.startsWith(BEFORE_PATH, uri)
                ? Optional.of(FILE + name.substring(uri + BEFORE_PATH.length()))
                : Optional.empty();
    }

    /** The name at this server of what has this name or pattern; empty if no server's file can be named so. */
    public static Optional<String> at(String server, String bare) {
        String path = bare.startsWith(FILE) ? bare.substring(FILE.length()) : "";
        return path.startsWith("/") || path.startsWith("*")
                ? Optional.of(ResourceNames.atServer(server, BEFORE_PATH + path))
                : Optional.empty();
    }

    /** Of the names of one thing the one that says most of where it is: a permission for it lets nothing else be touched. */
    public static String exact(List<String> names) {
        return isName(names.getFirst()) ? names.getFirst() : names.getLast();
    }
}
