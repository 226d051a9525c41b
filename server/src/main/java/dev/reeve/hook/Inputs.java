package dev.reeve.hook;

import dev.reeve.hook.HostTool.Kind;
import dev.reeve.hook.HostTool.Named;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the inputs of tools. A file that cannot be found in an input is one that is not known, never none. */
final class Inputs {
    private static final String[] PATCHES = {"command", "input", "patch"};

    /** Names of a command's folder, of all agents. */
    private static final List<String> FOLDERS =
            List.of("cwd", "workdir", "dir_path", "directory", "working_directory", "workingDirectory");

    private static final List<String> DECIDING = List.of("env", "environment", "shell", "cmd", "args", "argv", "stdin");

    private Inputs() {}

    /** Every file that one of the names holds: which of them the tool heeds is not always known. */
    static Kind files(Json.Obj input, String verb, String... names) {
        return new Kind.Files(known(texts(input, names)), verb);
    }

    /** None if one of them is not known. */
    static List<String> known(List<String> files) {
        return files.contains("") ? List.of() : files;
    }

    /** Texts and lists of texts; an empty one stands for what is neither. */
    static List<String> texts(Json.Obj input, String... names) {
        List<String> texts = new ArrayList<>();
        for (String name : names) {
            input.get(name).ifPresent(value -> {
                switch (value) {
                    case Json.Str text -> texts.add(text.value());
                    case Json.Arr array ->
                        array.items().forEach(item -> texts.add(item instanceof Json.Str text ? text.value() : ""));
                    default -> texts.add("");
                }
            });
        }
        return texts;
    }

    /** Where one of several names may hold the folder, the event's own counts too: a version of the agent may know only the other. */
    static Kind search(Json.Obj input, List<String> patterns, String... folders) {
        List<String> in = new ArrayList<>();
        for (String name : folders) {
            Json value = input.get(name).orElse(Json.Null.NULL);
            if (value instanceof Json.Str text) {
                in.add(text.value());
            } else if (value != Json.Null.NULL) {
                return new Kind.Unclear("file", "the folder is not named");
            }
        }
        if (in.isEmpty() || folders.length > 1) {
            in.add("");
        }
        return new Kind.Search(in, texts(input, patterns.toArray(String[]::new)));
    }

    /** In whatever folder one of the names holds, and in the event's: a model can add members that the tool does not heed. */
    static Kind shell(Json.Obj input) {
        if (DECIDING.stream().anyMatch(input::has)) {
            return new Kind.Unclear("shell", "beside the command there is something that may decide what runs");
        }
        List<String> folders = new ArrayList<>();
        for (String name : FOLDERS) {
            Json value = input.get(name).orElse(Json.Null.NULL);
            if (value instanceof Json.Str text) {
                folders.add(text.value());
            } else if (value != Json.Null.NULL) {
                return new Kind.Unclear("shell", "the folder is not named");
            }
        }
        // Codex may give the words of a command in a list; as a list it is no text that a shell reads.
        return input.string("command")
                .<Kind>map(command -> new Kind.Shell(command, folders))
                .orElseGet(() -> new Kind.Unclear("shell", "the command is no text"));
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

    /**
     * The files of a patch as Codex writes it, in every member that may hold it, and those that are named beside it. Where one of these texts names no file, none
     * is known.
     */
    static Kind patch(Json.Obj input, String... names) {
        List<String> files = texts(input, names);
        List<String> texts = texts(input, PATCHES);
        for (String text : texts.isEmpty() ? List.of("") : texts) {
            List<String> patched = patched(text);
            files.addAll(patched.isEmpty() ? List.of("") : patched);
        }
        return new Kind.Files(known(files), "update");
    }

    /** The same of a tool that does not take patches, or not only: its files count, and whatever looks like a patch. */
    static Kind edit(Json.Obj input, String... names) {
        List<String> files = texts(input, names);
        texts(input, PATCHES).forEach(text -> files.addAll(patched(text)));
        return new Kind.Files(known(files), "update");
    }

    private static List<String> patched(String patch) {
        List<String> files = new ArrayList<>();
        for (String line : patch.split("\n", -1)) {
            for (String mark : List.of("*** Update File: ", "*** Add File: ", "*** Delete File: ", "*** Move to: ")) {
                if (line.strip().startsWith(mark)) {
                    files.add(line.strip().substring(mark.length()).strip());
                }
            }
        }
        return files;
    }
}
