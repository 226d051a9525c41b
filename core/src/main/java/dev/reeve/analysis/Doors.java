package dev.reeve.analysis;

import dev.reeve.policy.ApiUrls;
import dev.reeve.policy.Glob;
import dev.reeve.policy.PolicySource;
import dev.reeve.policy.ServerFiles;
import dev.reeve.policy.ToolSchemas;
import dev.reeve.policy.Verbs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** All doors of an installation. What the compiled catalogue makes of any operation of an agent lies behind one of them. */
final class Doors {
    private static final Pattern PLACE = Pattern.compile("\\{arguments\\.[A-Za-z0-9_.-]+}");
    private static final String ASKED = "enforcement points";
    /** What of `mcp:` lies behind doors of its own. */
    private static final List<Glob> FILES = List.of(ServerFiles.ALL);

    private static final List<String> EVERY = List.of("read", "write", "execute");

    private final PolicySource source;
    private final Verbs verbs;
    private final List<ApiUrl> urls;
    private final List<Door> doors = new ArrayList<>();

    private Doors(PolicySource source, Verbs verbs) {
        this.source = source;
        this.verbs = verbs;
        this.urls = ApiUrls.of(source).entrySet().stream()
                .map(one -> new ApiUrl(one.getValue(), one.getKey()))
                .toList();
    }

    static List<Door> of(PolicySource source, ToolSchemas schemas, List<Asking> points, Verbs verbs) {
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
        doors.direct(schemas.upstreams());
        if (!points.isEmpty()) {
            doors.asked(points);
        }
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

    private void add(PolicySource.Tool tool, Glob subject, List<Glob> touched, long mask, Optional<String> whole) {
        Naming naming = touched.stream().map(Glob::toString).allMatch(ServerFiles::isName)
                ? new Naming.Files("*")
                : Naming.Parts.of(touched, whole, hasDots(tool));
        add(tool.pattern(), subject, touched, mask, Optional.of(tool), naming);
    }

    private void add(
            String name,
            Glob subject,
            List<Glob> touched,
            long done,
            Optional<PolicySource.Tool> entry,
            Naming naming) {
        add(new Door(name, subject, touched, done, entry, false, naming, List.of(), List.of()));
    }

    /** What lies below the URL of an API is an operation of it, whoever asks for it. */
    private void add(Door door) {
        List<Glob> elsewhere = new ArrayList<>(door.elsewhere());
        for (ApiUrl url : urls) {
            if (door.resources().stream().anyMatch(url::meets)) {
                elsewhere.addAll(url.requests());
                List<Glob> operations = door.resources().stream()
                        .filter(url::meets)
                        .flatMap(one -> url.mayMatch(one).stream())
                        .filter(one ->
                                Globs.mayMeet(List.of(one, url.operations().getFirst())))
                        .distinct()
                        .toList();
                doors.add(with(door, operations, new Naming.ByUrl(url), List.of()));
            }
        }
        doors.add(elsewhere.isEmpty() ? door : with(door, door.resources(), door.naming(), elsewhere));
    }

    private static Door with(Door door, List<Glob> resources, Naming naming, List<Glob> elsewhere) {
        return new Door(
                door.name(),
                door.subject(),
                resources,
                door.verbs(),
                door.entry(),
                door.direct(),
                naming,
                door.askers(),
                elsewhere);
    }

    private boolean hasDots(PolicySource.Tool tool) {
        return source.resources().stream()
                .filter(resource -> resource.name().equals(tool.actsOn()))
                // Of a document, the fields of its fields have names, too.
                .anyMatch(resource -> resource.documents().isPresent()
                        || resource.database()
                                .filter(database -> database.schema().tables().keySet().stream()
                                        .anyMatch(name -> name.contains(".")))
                                .isPresent());
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
        List<Glob> itself = List.of(Glob.of("tool:" + subject));
        Naming naming = Naming.Parts.of(itself, Optional.empty(), false);
        add(subject, Glob.of(subject), itself, verbs.bit("execute"), Optional.empty(), naming);
    }

    private void direct(Set<String> upstreams) {
        List<Glob> uris = List.of(Glob.of("mcp:**"));
        Naming naming = Naming.Parts.of(uris, Optional.empty(), false);
        add(direct(Door.URIS, Globs.ANYTHING, uris, verbs.bit("read"), naming, List.of(), FILES));
        if (tellsServersApart()) {
            new TreeSet<>(upstreams).forEach(one -> files(Door.URIS_OF + one, one));
        } else {
            files(Door.URIS, "*");
        }
        // Each of these has its system's name in front.
        direct("prompts of MCP servers", "*.**", List.of("prompt:**"), verbs.bit("read"));
        direct("the agent's own program", "*.**", List.of("file:**", "glob:**", "url:**"), verbs.mask(EVERY));
        direct("the agent's own program", "*.**", List.of("shell:**", "opaque:**", "tool:**"), verbs.bit("execute"));
    }

    private void files(String name, String server) {
        Naming.Files files = new Naming.Files(server);
        long read = verbs.bit("read");
        add(direct(name, Glob.of("file:///**"), List.of(files.all()), read, files, List.of(), List.of()));
    }

    /** Whether something is written about what one server has: then a file at this one is not the same as at another one. */
    private boolean tellsServersApart() {
        List<String> written = new ArrayList<>();
        source.resources().forEach(one -> written.add(one.name()));
        source.roles().forEach(one -> one.permissions().forEach(it -> written.add(it.resource())));
        source.grantables().forEach(one -> one.permissions().forEach(it -> written.add(it.resource())));
        source.rules().forEach(one -> {
            one.target().resource().ifPresent(written::add);
            one.target().except().ifPresent(written::add);
        });
        return written.stream().anyMatch(one -> one.startsWith("mcp:") && !one.startsWith("mcp:*"));
    }

    private void direct(String name, String subject, List<String> touched, long done) {
        List<Glob> resources = touched.stream().map(Glob::of).toList();
        Naming naming = Naming.Parts.of(resources, Optional.empty(), false);
        add(direct(name, Glob.of(subject), resources, done, naming, List.of(), List.of()));
    }

    private static Door direct(
            String name,
            Glob subject,
            List<Glob> resources,
            long done,
            Naming naming,
            List<Asking> askers,
            List<Glob> elsewhere) {
        return new Door(name, subject, resources, done, Optional.empty(), true, naming, askers, elsewhere);
    }

    /** An enforcement point may ask about everything that has a name, and whether anything may be done to it. */
    private void asked(List<Asking> points) {
        Set<String> tables =
                named(one -> one.database().isPresent() || one.documents().isPresent());
        Set<String> apis = named(one -> one.api().isPresent());
        Naming naming = new Naming.Asked(tables, apis);
        long every = verbs.mask(verbs.known());
        add(direct(ASKED, Globs.ANYTHING, List.of(Globs.ANYTHING), every, naming, points, FILES));
        Naming.Files files = new Naming.Files("*");
        add(direct(ASKED, Globs.ANYTHING, List.of(files.all()), every, files, points, List.of()));
    }

    private Set<String> named(Predicate<PolicySource.Resource> which) {
        return source.resources().stream()
                .filter(which)
                .map(PolicySource.Resource::name)
                .collect(Collectors.toSet());
    }
}
