package dev.reeve.analysis;

import dev.reeve.policy.Glob;
import dev.reeve.policy.PolicySource;
import dev.reeve.policy.ToolSchemas;
import dev.reeve.policy.Verbs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** All doors of an installation. What the compiled catalogue makes of any operation of an agent lies behind one of them. */
final class Doors {
    private static final Pattern PLACE = Pattern.compile("\\{arguments\\.[A-Za-z0-9_.-]+}");
    private static final List<String> EVERY = List.of("read", "write", "execute");

    private final PolicySource source;
    private final Verbs verbs;
    private final List<Door> doors = new ArrayList<>();

    private Doors(PolicySource source, Verbs verbs) {
        this.source = source;
        this.verbs = verbs;
    }

    static List<Door> of(PolicySource source, ToolSchemas schemas, Verbs verbs) {
        Doors doors = new Doors(source, verbs);
        List<Glob> mapped = new ArrayList<>();
        for (PolicySource.Tool tool : source.tools()) {
            try {
                doors.catalogued(tool);
                mapped.add(Glob.of(tool.pattern()));
            } catch (IllegalArgumentException e) {
                // The compiler tells of it, and nothing loads.
            }
        }
        for (String upstream : schemas.upstreams()) {
            doors.unmapped(upstream, schemas.tools(upstream), mapped);
        }
        doors.direct();
        return doors.doors;
    }

    private void catalogued(PolicySource.Tool tool) {
        Glob subject = Glob.of(tool.pattern());
        if (tool.isRead()) {
            List<Glob> within = List.of(Glob.of(tool.actsOn()), Glob.of(tool.below() + "**"));
            add(tool, subject, within, verbs.mask(tool.actions()), Optional.of(tool.actsOn()));
            return;
        }
        // Values of other places than a path's or a URL's never hold a slash.
        String any = tool.actsOn().startsWith("file:") || tool.actsOn().startsWith("url:") ? "**" : "*";
        Glob touched = Glob.of(PLACE.matcher(tool.actsOn()).replaceAll(any));
        add(tool, subject, List.of(touched), verbs.bit(tool.action().orElse("execute")), database(touched));
    }

    private static Optional<String> database(Glob touched) {
        String prefix = touched.prefix();
        int slash = prefix.startsWith("db:") ? prefix.indexOf('/') : -1;
        return slash < 0 ? Optional.empty() : Optional.of(prefix.substring("db:".length(), slash));
    }

    private void add(PolicySource.Tool tool, Glob subject, List<Glob> touched, long mask, Optional<String> database) {
        doors.add(new Door(tool.pattern(), subject, touched, mask, Optional.of(tool), database, false, hasDots(tool)));
    }

    private boolean hasDots(PolicySource.Tool tool) {
        return source.resources().stream()
                .filter(resource -> resource.name().equals(tool.actsOn()))
                .flatMap(resource -> resource.database().stream())
                .anyMatch(
                        database -> database.schema().tables().keySet().stream().anyMatch(name -> name.contains(".")));
    }

    /** A server that was never seen may offer anything. */
    private void unmapped(String upstream, List<String> offered, List<Glob> mapped) {
        if (offered.isEmpty()) {
            plain(upstream + ".**");
        }
        for (String tool : offered) {
            String subject = upstream + "." + tool;
            if (mapped.stream().noneMatch(glob -> glob.matches(subject))) {
                plain(subject);
            }
        }
    }

    private void plain(String subject) {
        doors.add(new Door(
                subject,
                Glob.of(subject),
                List.of(Glob.of("tool:" + subject)),
                verbs.bit("execute"),
                Optional.empty(),
                Optional.empty(),
                false,
                false));
    }

    private void direct() {
        direct("resources of MCP servers", "**", List.of("mcp:**"), verbs.bit("read"));
        direct("resources of MCP servers", "**:///**", List.of("file:**"), verbs.bit("read"));
        direct("prompts of MCP servers", "**", List.of("prompt:**"), verbs.bit("read"));
        direct("the agent's own program", "**", List.of("file:**", "glob:**", "url:**"), verbs.mask(EVERY));
        direct("the agent's own program", "**", List.of("shell:**", "opaque:**", "tool:**"), verbs.bit("execute"));
    }

    private void direct(String name, String subject, List<String> touched, long done) {
        doors.add(new Door(
                name,
                Glob.of(subject),
                touched.stream().map(Glob::of).toList(),
                done,
                Optional.empty(),
                Optional.empty(),
                true,
                false));
    }
}
