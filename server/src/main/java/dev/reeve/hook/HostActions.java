package dev.reeve.hook;

import dev.reeve.action.Operation;
import dev.reeve.action.Touch;
import dev.reeve.hook.HookEvent.UnreadableException;
import dev.reeve.hook.HostTool.Kind;
import dev.reeve.hook.HostTool.Named;
import dev.reeve.json.Json;
import dev.reeve.openapi.SentRequest;
import dev.reeve.shell.ShellLimits;
import dev.reeve.shell.ShellReader;
import dev.reeve.shell.ShellRefusedException;
import dev.reeve.shell.ShellUse;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;

/** From what an agent's program is about to do to the one action that is decided, with everything that it touches. */
final class HostActions {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,128}");
    /** Braces and brackets of a pattern may hold a path from the root. */
    private static final Pattern LEADS_OUT = Pattern.compile("\\.\\.|[{,(|][/~]");

    private static final Set<String> STREAMS = Set.of("/dev/null", "/dev/stdin", "/dev/stdout", "/dev/stderr");

    private final String home;
    private final BiPredicate<String, String> offered;

    /**
     * @param home of the user as whom the agent runs
     * @param offered whether an upstream of ours offers a tool
     */
    HostActions(String home, BiPredicate<String, String> offered) {
        this.home = home;
        this.offered = offered;
    }

    /**
     * @param operation what is decided
     * @param unclear what could not be known of it, in words for the agent: they are about its own text, and say nothing of the policy
     */
    record Read(Operation operation, Optional<String> unclear) {}

    Read read(String client, HookEvent.Before event) throws UnreadableException {
        HostTool tool = event.tool();
        if (!NAME.matcher(tool.name()).matches()) {
            throw new UnreadableException("the tool has a name that is not read");
        }
        if (!event.folder().startsWith("/")) {
            throw new UnreadableException("the event's folder is not absolute");
        }
        if (tool.kind() instanceof Kind.Mcp mcp) {
            for (Named named : mcp.candidates()) {
                if (offered.test(named.server(), named.tool())) {
                    return new Read(
                            new Operation.ToolCall(named.server(), named.tool(), tool.input()), Optional.empty());
                }
            }
        }
        Reading reading = new Reading(event.folder());
        reading.read(client, tool);
        Json.Obj arguments =
                tool.input().has("cwd") ? tool.input() : tool.input().with("cwd", new Json.Str(event.folder()));
        return new Read(
                new Operation.HostCall(client, tool.name(), arguments, List.copyOf(reading.touches)), reading.unclear);
    }

    /** One call. */
    private final class Reading {
        private final String folder;
        private final Set<Touch> touches = new LinkedHashSet<>();
        private Optional<String> unclear = Optional.empty();

        Reading(String folder) {
            this.folder = folder;
        }

        void read(String client, HostTool tool) {
            switch (tool.kind()) {
                case Kind.Shell shell -> shell(shell);
                case Kind.Files files -> files(files);
                case Kind.Search search -> search(search);
                case Kind.Unclear unknown -> opaque(unknown.what(), unknown.why());
                case Kind.Fetch fetch -> fetch.urls().forEach(url -> touch("url:" + url, "read"));
                case Kind.Mcp ignored -> touch("tool:" + client + "." + tool.name(), "execute");
                case Kind.Plain ignored -> touch("tool:" + client + "." + tool.name(), "execute");
            }
        }

        private void touch(String name, String verb) {
            touches.add(new Touch(List.of(name), verb, Optional.empty()));
        }

        private void opaque(String what, String why) {
            unclear = unclear.or(() -> Optional.of(why));
            touches.add(new Touch(
                    List.of("opaque:" + what),
                    "execute",
                    Optional.of(Json.object().put("why", why).build())));
        }

        private void files(Kind.Files files) {
            if (files.files().isEmpty()) {
                opaque("file", "the file is not named");
            }
            files.files().forEach(file -> touch("file:" + absolute(file), files.verb()));
        }

        private void search(Kind.Search search) {
            for (String pattern : search.patterns()) {
                if (pattern.startsWith("/") || pattern.startsWith("~")) {
                    touch("glob:" + absolute(pattern), "read");
                } else if (LEADS_OUT.matcher(pattern).find()) {
                    opaque("file", "a pattern leads out of its folder");
                }
            }
            for (String written : search.folders()) {
                String in = written.isEmpty() ? folder : absolute(written);
                touch("glob:" + (in.equals("/") ? "" : in) + "/**", "read");
            }
        }

        private String absolute(String path) {
            if (path.equals("~") || path.startsWith("~/")) {
                return home + path.substring(1);
            }
            return tidy(path.startsWith("/") ? path : folder + "/" + path);
        }

        /** {@code .} and needless slashes mean nothing; {@code ..} stays, and is refused as a name. */
        private static String tidy(String path) {
            StringBuilder out = new StringBuilder();
            for (String segment : path.split("/", -1)) {
                if (!segment.isEmpty() && !segment.equals(".")) {
                    out.append('/').append(segment);
                }
            }
            return out.isEmpty() ? "/" : out.toString();
        }

        private void shell(Kind.Shell shell) {
            try {
                Set<String> in = new LinkedHashSet<>();
                in.add(tidy(folder));
                shell.folders().forEach(named -> in.add(absolute(named)));
                List<ShellUse> uses = ShellReader.read(shell.command(), in, home, ShellLimits.DEFAULT);
                uses.forEach(this::use);
                if (uses.isEmpty()) {
                    touches.add(new Touch(List.of("shell::"), "execute", Optional.empty()));
                }
            } catch (ShellRefusedException e) {
                opaque("shell", String.valueOf(e.getMessage()));
            }
        }

        private void use(ShellUse use) {
            switch (use) {
                case ShellUse.Runs runs -> runs(runs);
                case ShellUse.Touches file -> {
                    if (!STREAMS.contains(file.path())) {
                        touch("file:" + file.path(), verb(file.way()));
                    }
                }
                case ShellUse.Matches files -> touch("glob:" + files.path(), verb(files.way()));
                case ShellUse.Fetches fetch -> fetches(fetch);
                case ShellUse.Sets sets -> touch("shell:" + sets.variable() + "=", "execute");
                case ShellUse.Opaque opaque ->
                    opaque(
                            switch (opaque.what()) {
                                case PROGRAM -> "shell";
                                case FILE -> "file";
                            },
                            opaque.why());
            }
        }

        private void fetches(ShellUse.Fetches fetch) {
            String verb = fetch.request()
                    .flatMap(request -> SentRequest.verb(request.method()))
                    .orElse("read");
            touches.add(new Touch(List.of("url:" + fetch.url()), verb, Optional.empty(), fetch.request()));
        }

        private void runs(ShellUse.Runs runs) {
            List<String> names = new ArrayList<>();
            runs.names().forEach(name -> names.add("shell:" + name));
            Json.Obj arguments = Json.object()
                    .put("program", runs.names().getFirst())
                    .put("args", Json.Arr.ofStrings(runs.arguments()))
                    .put("literal", runs.literal())
                    .put("folders", Json.Arr.ofStrings(runs.folders()))
                    .build();
            touches.add(new Touch(names, "execute", Optional.of(arguments)));
        }

        private static String verb(ShellUse.Way way) {
            return switch (way) {
                case READ -> "read";
                case WRITE -> "update";
                case DELETE -> "delete";
            };
        }
    }
}
