package dev.reeve.hook;

import dev.reeve.hook.HostTool.Kind;
import dev.reeve.hook.HostTool.Named;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the inputs of tools. A file that cannot be found in an input is one that is not known, never none. */
final class Inputs {
    private Inputs() {}

    static Kind files(Json.Obj input, String verb, String... names) {
        List<String> files = new ArrayList<>();
        for (String name : names) {
            input.get(name).ifPresent(value -> {
                switch (value) {
                    case Json.Str text -> files.add(text.value());
                    case Json.Arr array ->
                        array.items().forEach(item -> files.add(item instanceof Json.Str text ? text.value() : ""));
                    default -> files.add("");
                }
            });
        }
        return new Kind.Files(files.contains("") ? List.of() : files, verb);
    }

    static Kind search(Json.Obj input, String pattern, String... folders) {
        Optional<String> folder = Optional.empty();
        for (String name : folders) {
            folder = folder.or(() -> input.string(name).filter(text -> !text.isEmpty()));
        }
        return new Kind.Search(folder, input.string(pattern));
    }

    static Kind shell(Json.Obj input, String... folders) {
        Optional<String> folder = Optional.empty();
        for (String name : folders) {
            folder = folder.or(() -> input.string(name).filter(text -> !text.isEmpty()));
        }
        // Codex may give the words of a command in a list; as a list it is no text that a shell reads.
        return new Kind.Shell(input.string("command").orElse("("), folder);
    }

    /** {@code mcp__server__tool}, parted at each place where it could be. */
    static Optional<Kind> mcp(String tool) {
        if (!tool.startsWith("mcp__")) {
            return Optional.empty();
        }
        String rest = tool.substring("mcp__".length());
        List<Named> candidates = new ArrayList<>();
        for (int at = rest.indexOf("__", 1); at > 0 && at + 2 < rest.length(); at = rest.indexOf("__", at + 1)) {
            candidates.add(new Named(rest.substring(0, at), rest.substring(at + 2)));
        }
        return Optional.of(new Kind.Mcp(candidates));
    }

    /** The files of a patch as Codex writes it. */
    static Kind patch(Json.Obj input) {
        List<String> files = new ArrayList<>();
        String patch = input.string("command").or(() -> input.string("input")).orElse("");
        for (String line : patch.split("\n", -1)) {
            for (String mark : List.of("*** Update File: ", "*** Add File: ", "*** Delete File: ", "*** Move to: ")) {
                if (line.strip().startsWith(mark)) {
                    files.add(line.strip().substring(mark.length()).strip());
                }
            }
        }
        return new Kind.Files(files, "update");
    }
}
