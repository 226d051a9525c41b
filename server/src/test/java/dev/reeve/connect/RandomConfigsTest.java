package dev.reeve.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Configs that nobody would write: layouts, comments, orders and commas at random. */
final class RandomConfigsTest {
    private static final int ROUNDS = 400;

    @TempDir
    Path folder;

    private Random random = new Random();

    @Test
    void whateverTheLayoutOnlyTheEntriesChangeAndUndoGivesEveryByteBack() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed " + seed);
        random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            Desk desk = new Desk(Files.createDirectories(folder.resolve("r" + round)));
            int servers = 1 + random.nextInt(4);
            String text = config(servers);
            desk.write("project/.vscode/mcp.json", text);
            Map<String, String> before = desk.files();
            ScriptedPerson person = new ScriptedPerson();
            try {
                Report report = desk.run("vscode", person);
                assertEquals(servers, report.moved().size(), report.left().toString());
                JsonText.Node after = JsonText.read(desk.read("project/.vscode/mcp.json"), true);
                for (int i = 0; i < servers; i++) {
                    JsonText.Obj entry = (JsonText.Obj)
                            Replaced.find(after, List.of("servers", "s" + i)).orElseThrow();
                    assertEquals("/opt/reeve/reeve", entry.string("command").orElseThrow());
                    assertFalse(entry.get("env").isPresent()
                            || entry.get("headers").isPresent()
                            || entry.get("url").isPresent()
                            || entry.get("cwd").isPresent());
                    assertTrue(entry.get("keep").isPresent());
                }
                assertFalse(person.everything().contains("TOPSECRET"), person.everything());
                assertFalse(desk.read("home/reeve.yaml").contains("TOPSECRET"));
                desk.connect(person).undo("vscode");
            } catch (RefusedException | RuntimeException e) {
                throw new AssertionError("seed " + seed + " round " + round + "\n" + text, e);
            }
            assertEquals(before, desk.files(), "seed " + seed + " round " + round);
        }
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
