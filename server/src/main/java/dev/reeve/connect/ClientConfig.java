package dev.reeve.connect;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One config file of a client, read with the place of every part. */
final class ClientConfig {
    /** Members of an entry that may be shown; everything else of an entry may hold a secret. */
    private static final Set<String> SHOWN = Set.of("command", "args", "type", "cwd");

    private final Client client;
    private final Path path;
    private final String text;
    private final JsonText.Obj root;
    private final List<Section> sections;

    /** @param pointer the names that lead to it */
    private record Section(List<String> pointer, JsonText.Obj servers) {}

    private ClientConfig(Client client, Path path, String text, JsonText.Obj root, List<Section> sections) {
        this.client = client;
        this.path = path;
        this.text = text;
        this.root = root;
        this.sections = sections;
    }

    static ClientConfig read(Client client, Path path, String text, Surroundings around) throws RefusedException {
        try {
            if (JsonText.read(text, client.comments()) instanceof JsonText.Obj root) {
                List<Section> sections = new ArrayList<>();
                for (List<String> pointer : client.sections(around)) {
                    if (Replaced.find(root, pointer).orElse(null) instanceof JsonText.Obj servers) {
                        sections.add(new Section(pointer, servers));
                    }
                }
                return new ClientConfig(client, path, text, root, sections);
            }
        } catch (RefusedException e) {
            throw new RefusedException(path + ": " + e.getMessage());
        }
        throw new RefusedException(path + ": an object is expected");
    }

    Path path() {
        return path;
    }

    String text() {
        return text;
    }

    List<Server> servers(ServerReader reader, SwitchedOff off, Surroundings around) {
        // A config of the person, not of the project, says nothing about a folder; there it is the person's own.
        boolean ofProject = path.startsWith(around.project());
        Path folder = ofProject ? around.project() : around.userHome();
        List<Server> servers = new ArrayList<>();
        for (Section section : sections) {
            boolean ofOneProject = section.pointer().contains("projects");
            for (JsonText.Member member : section.servers().members()) {
                servers.add(reader.read(
                        member.name(),
                        member.value(),
                        ofOneProject ? around.project() : folder,
                        off.reason(path, member.name(), member.value())));
            }
        }
        return servers;
    }

    /**
     * @return the text in which these servers start the connector
     * @throws RefusedException if what came out is not what was meant; nothing of it may reach the file then
     */
    String point(
            List<Server.Movable> servers, String script, java.util.function.Function<String, List<String>> arguments)
            throws RefusedException {
        TextEdits edits = new TextEdits();
        for (Server.Movable server : servers) {
            EntryEdit.point(
                    text,
                    server.entry(),
                    script,
                    arguments.apply(server.upstream().name()),
                    edits);
        }
        String after = edits.apply(text);
        verify(after, servers, script);
        if (!Replaced.putBack(after, replaced(servers, after)).equals(Optional.of(text))) {
            throw new RefusedException(path + " has a form that cannot be edited safely");
        }
        return after;
    }

    /** The entries of these servers, as they are here and as they are in {@code after}. */
    List<Replaced> replaced(List<Server.Movable> servers, String after) throws RefusedException {
        JsonText.Node changed = JsonText.read(after, client.comments());
        List<Replaced> entries = new ArrayList<>();
        for (Section section : sections) {
            for (JsonText.Member member : section.servers().members()) {
                if (servers.stream()
                        .anyMatch(server ->
                                server.entry().start() == member.value().start())) {
                    List<String> pointer = new ArrayList<>(section.pointer());
                    pointer.add(member.name());
                    JsonText.Node now = Replaced.find(changed, pointer).orElseThrow();
                    entries.add(new Replaced(
                            pointer,
                            text.substring(
                                    member.value().start(), member.value().end()),
                            after.substring(now.start(), now.end())));
                }
            }
        }
        return entries;
    }

    private void verify(String after, List<Server.Movable> servers, String script) throws RefusedException {
        JsonText.Node node = JsonText.read(after, client.comments());
        List<JsonText.Obj> entries = new ArrayList<>();
        collect(node, entries);
        long pointing = entries.stream()
                .filter(entry -> entry.string("command").filter(script::equals).isPresent()
                        && entry.get("args").isPresent()
                        && entry.get("env").isEmpty()
                        && entry.get("headers").isEmpty())
                .count();
        boolean members = node instanceof JsonText.Obj object && names(object).equals(names(root));
        if (pointing < servers.size() || !members) {
            throw new RefusedException(path + " has a form that cannot be edited safely");
        }
    }

    private static List<String> names(JsonText.Obj object) {
        return object.members().stream().map(JsonText.Member::name).toList();
    }

    private static void collect(JsonText.Node node, List<JsonText.Obj> objects) {
        switch (node) {
            case JsonText.Obj object -> {
                objects.add(object);
                object.members().forEach(member -> collect(member.value(), objects));
            }
            case JsonText.Arr array -> array.items().forEach(item -> collect(item, objects));
            case JsonText.Str ignored -> {}
            case JsonText.Plain ignored -> {}
        }
    }

    /**
     * The text as it may be shown: of every string only those that say how a server is started, of comments nothing. A config of a client
     * holds more secrets than those of its servers.
     */
    String masked() {
        Set<Integer> shown = new HashSet<>();
        for (Section section : sections) {
            for (JsonText.Member server : section.servers().members()) {
                if (server.value() instanceof JsonText.Obj entry) {
                    entry.members().stream()
                            .filter(member -> SHOWN.contains(member.name()))
                            .forEach(member -> show(member.value(), shown));
                    entry.get("url")
                            .filter(url -> url instanceof JsonText.Str string && !SecretLooks.inUrl(string.value()))
                            .ifPresent(url -> shown.add(url.start()));
                }
            }
        }
        return new Mask(text, shown).apply(root);
    }

    private static void show(JsonText.Node node, Set<Integer> shown) {
        if (node instanceof JsonText.Arr array) {
            boolean secret = false;
            List<String> items = new ArrayList<>();
            for (JsonText.Node item : array.items()) {
                items.add(item instanceof JsonText.Str string ? string.value() : "");
                secret |= SecretLooks.inCommand(items).isPresent();
            }
            if (!secret) {
                array.items().forEach(item -> shown.add(item.start()));
            }
        } else if (node instanceof JsonText.Str string && !SecretLooks.isOne(string.value())) {
            shown.add(string.start());
        }
    }
}
