package dev.reeve.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Configs that nobody would write: layouts, comments, orders and commas at random. */
final class RandomConfigsTest {
    private static final int ROUNDS = 1_000;

    @TempDir
    Path folder;

    private Random random = new Random();

    @Test
    void whateverTheLayoutOnlyTheEntriesChangeAndEveryByteCanComeBack() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        rounds(7068831764033L); // found deletions that overlap
        System.out.println("seed " + seed);
        rounds(seed);
    }

    private void rounds(long seed) throws Exception {
        random = new Random(seed);
        Desk desk = new Desk(Files.createDirectories(folder.resolve("desk" + seed)));
        Surroundings around = desk.around();
        Variables variables = new Variables(Client.VSCODE, around, new ScriptedPerson());
        ServerReader reader = new ServerReader(
                variables,
                SecretsFile.read(desk.keys.resolve("secrets.yaml"), Optional.empty()),
                "/opt/reeve/reeve",
                name -> List.of("mcp", name));
        Path path = desk.project.resolve(".vscode/mcp.json");
        for (int round = 0; round < ROUNDS; round++) {
            int servers = 1 + random.nextInt(4);
            String text = config(servers);
            try {
                check(servers, ClientConfig.read(Client.VSCODE, path, text, around), reader, around);
            } catch (RefusedException | RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + " round " + round + "\n" + text, e);
            }
        }
    }

    private static void check(int servers, ClientConfig config, ServerReader reader, Surroundings around)
            throws IOException, RefusedException {
        List<Server.Movable> movable = new ArrayList<>();
        for (Server server : config.servers(reader, SwitchedOff.read(Client.VSCODE, around), around)) {
            movable.add(assertInstanceOf(Server.Movable.class, server));
        }
        assertEquals(servers, movable.size());

        String text = config.point(movable, "/opt/reeve/reeve", name -> List.of("mcp", name));

        ClientConfig after = ClientConfig.read(Client.VSCODE, config.path(), text, around);
        for (int i = 0; i < servers; i++) {
            JsonText.Obj entry = (JsonText.Obj) Replaced.find(JsonText.read(text, true), List.of("servers", "s" + i))
                    .orElseThrow();
            assertEquals("/opt/reeve/reeve", entry.string("command").orElseThrow());
            assertTrue(entry.get("args").isPresent() && entry.get("keep").isPresent());
            assertTrue(List.of("env", "headers", "url", "cwd").stream()
                    .noneMatch(name -> entry.get(name).isPresent()));
        }
        assertFalse(config.masked().contains("TOPSECRET"), config.masked());
        assertFalse(after.masked().contains("TOPSECRET"), after.masked());
        assertEquals(
                Optional.of(config.text()), Replaced.putBack(text, config.replaced(movable, text)), "every byte back");
    }

    private String config(int servers) {
        List<String> entries = new ArrayList<>();
        for (int i = 0; i < servers; i++) {
            entries.add("\"s" + i + "\"" + space() + ":" + space() + server());
        }
        List<String> members = new ArrayList<>(List.of(
                "\"servers\":" + space() + object(entries),
                "\"inputs\": [" + space() + "{\"id\": \"TOPSECRET // no\"}]",
                "\"n\": -1.5e3"));
        Collections.shuffle(members, random);
        return space() + object(members) + space();
    }

    private String server() {
        boolean local = random.nextBoolean();
        List<String> members = new ArrayList<>(List.of("\"keep\":" + space() + "[true, {\"a\": null}]"));
        if (local) {
            members.add("\"command\":" + space() + "\"npx\"");
            maybe(members, "\"args\":" + space() + "[\"-y\"," + space() + "\"/* not a comment */\"]");
            maybe(members, "\"env\":" + space() + object(List.of("\"K\":" + space() + "\"TOPSECRET\\\"}\"")));
            maybe(members, "\"cwd\": \"sub\"");
            maybe(members, "\"type\": \"stdio\"");
        } else {
            members.add("\"url\":" + space() + "\"https://a.example.com/mcp\"");
            maybe(members, "\"headers\":" + space() + object(List.of("\"H\":" + space() + "\"Bearer TOPSECRET\"")));
            maybe(members, "\"type\": \"http\"");
        }
        Collections.shuffle(members, random);
        return object(members);
    }

    private void maybe(List<String> members, String member) {
        if (random.nextBoolean()) {
            members.add(member);
        }
    }

    private String object(List<String> members) {
        StringBuilder out = new StringBuilder("{").append(space());
        for (int i = 0; i < members.size(); i++) {
            boolean last = i == members.size() - 1;
            out.append(members.get(i))
                    .append(space())
                    .append(last && random.nextInt(3) > 0 ? "" : ",")
                    .append(space());
        }
        return out.append("}").toString();
    }

    private String space() {
        return switch (random.nextInt(9)) {
            case 0 -> " ";
            case 1 -> "\n  ";
            case 2 -> "\r\n\t";
            case 3 -> " // TOPSECRET \" { , \n";
            case 4 -> "/* TOPSECRET \" } */";
            case 5 -> "\n/* two\n lines */\n    ";
            default -> "";
        };
    }
}
