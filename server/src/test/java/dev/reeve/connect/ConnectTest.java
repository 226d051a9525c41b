package dev.reeve.connect;

import static dev.reeve.connect.FakeInstallation.tool;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.connector.Registration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person can rely on when connecting a client. */
final class ConnectTest {
    private static final String ONE = """
            { "mcpServers": { "github": { "command": "npx", "args": ["-y", "server-github"], "env": { "TOKEN": "s3cr3t" } } } }
            """;

    @TempDir
    Path folder;

    private Desk desk;

    @BeforeEach
    void sitDown() throws IOException {
        desk = new Desk(folder);
    }

    @Test
    void aNoChangesNothingAndRegistersNobody() throws Exception {
        desk.write("project/.mcp.json", ONE);
        Map<String, String> before = desk.files();
        for (ScriptedPerson person : List.of(new ScriptedPerson(false), new ScriptedPerson(true, false))) {
            assertThrows(RefusedException.class, () -> desk.run("claude", person));
            assertEquals(before, desk.files());
        }
        assertEquals(Map.of(), desk.installation.agents);
        assertEquals(List.of(), desk.installation.registered);
    }

    @Test
    void programsRunUnconfinedOnlyAfterAPersonSaidYesToExactlyThat() throws Exception {
        desk.write("project/.mcp.json", ONE);
        ScriptedPerson person = new ScriptedPerson(false);
        assertThrows(RefusedException.class, () -> desk.run("claude", person));
        assertEquals(List.of("Start these servers unconfined?"), person.asked);
        assertTrue(person.everything().contains("+    confine: none"));
        assertTrue(person.everything().contains("each can read and change whatever you can"));
    }

    @Test
    void aDryRunShowsEverythingAndWritesNothing() throws Exception {
        desk.write("project/.mcp.json", ONE);
        Map<String, String> before = desk.files();
        ScriptedPerson person = new ScriptedPerson();
        Report report = desk.connect(person).connect("claude", Optional.empty(), true);
        assertEquals(before, desk.files());
        assertEquals(List.of("github"), report.moved());
        assertEquals(List.of(), report.written());
        assertEquals(List.of(), person.asked);
        assertTrue(person.everything().contains("+github.TOKEN: ***"));
        assertFalse(person.everything().contains("s3cr3t"));
    }

    @Test
    void secretsAreOnlyInTheirFileWhichOnlyTheOwnerCanRead() throws Exception {
        desk.write("project/.mcp.json", ONE);
        desk.run("claude", new ScriptedPerson());
        desk.files()
                .forEach((name, text) -> assertEquals(name.equals("keys/secrets.yaml"), text.contains("s3cr3t"), name));
        assertEquals("rw-------", desk.mode(desk.keys.resolve("secrets.yaml")));
        Path registration = Registration.file(desk.keys, desk.home, "claude-code");
        assertEquals("rw-------", desk.mode(registration));
        assertEquals(
                FakeInstallation.REGISTRATION,
                Registration.read(registration).orElseThrow().secret());
    }

    @Test
    void copiesForUndoAreOnlyForTheOwner() throws Exception {
        desk.write("project/.mcp.json", ONE);
        desk.run("claude", new ScriptedPerson());
        try (var tree = Files.walk(desk.keys.resolve("connect"))) {
            for (Path path : tree.toList()) {
                assertEquals(Files.isDirectory(path) ? "rwx------" : "rw-------", desk.mode(path), path.toString());
            }
        }
    }

    @Test
    void aConfigKeepsItsModeAndStaysALink() throws Exception {
        Path real = desk.write("dotfiles/claude.json", ONE);
        Files.setPosixFilePermissions(real, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r-----"));
        Files.createSymbolicLink(desk.userHome.resolve(".claude.json"), real);
        desk.run("claude", new ScriptedPerson());
        assertTrue(Files.isSymbolicLink(desk.userHome.resolve(".claude.json")));
        assertTrue(Files.readString(real).contains("/opt/reeve/reeve"));
        assertEquals("rw-r-----", desk.mode(real));
    }

    private static final String TWO = """
            { "mcpServers": {
              "github": { "command": "npx", "args": ["-y", "server-github"], "env": { "TOKEN": "s3cr3t" } },
              "mail": { "command": "/opt/mail", "args": [], "env": { "LOGIN": "l0g1n" } } } }
            """;

    @Test
    void undoTakesWhatItAddedOutOfFilesThatTheOperatorChanged() throws Exception {
        String before = "# where\nlisten: {}\n\nupstreams:\n  mine: { url: \"https://mine.example.com\" }\n";
        desk.write("home/reeve.yaml", before);
        desk.write("keys/secrets.yaml", "mine.KEY: k\n");
        desk.write("project/.mcp.json", TWO);
        desk.run("claude", new ScriptedPerson());
        desk.write(
                "home/reeve.yaml",
                desk.read("home/reeve.yaml")
                        .replace("listen: {}", "listen: {} # all")
                        .replace("  mail:", "  # between\n  other: { url: \"https://other.example.com\" }\n  mail:"));
        desk.write("keys/secrets.yaml", "other.KEY: o\n" + desk.read("keys/secrets.yaml") + "last.KEY: l\n");
        ScriptedPerson person = new ScriptedPerson();

        Report report = desk.connect(person).undo("claude");

        assertEquals(TWO, desk.read("project/.mcp.json"));
        assertEquals(
                before.replace("listen: {}", "listen: {} # all")
                        + "  # between\n  other: { url: \"https://other.example.com\" }\n",
                desk.read("home/reeve.yaml"));
        assertEquals("other.KEY: o\nmine.KEY: k\nlast.KEY: l\n", desk.read("keys/secrets.yaml"));
        assertEquals("rw-------", desk.mode(desk.keys.resolve("secrets.yaml")));
        assertTrue(
                person.everything().contains("reeve.yaml, which was changed since: github, mail"), person.everything());
        assertTrue(person.everything().contains("secrets.yaml, which was changed since: github.TOKEN, mail.LOGIN"));
        assertEquals(List.of(), report.changed());
        assertTrue(report.restored().contains(desk.home.resolve("reeve.yaml")), report.toString());
        assertEquals(List.of("claude-code"), desk.installation.withdrawn);
        assertFalse(String.join("", keptByTheJournal()).contains("s3cr3t"), "a secret that is no longer needed");
    }

    private List<String> keptByTheJournal() throws IOException {
        List<String> texts = new java.util.ArrayList<>();
        try (var tree = Files.walk(desk.keys.resolve("connect"))) {
            for (Path path : tree.filter(Files::isRegularFile).toList()) {
                texts.add(Files.readString(path));
            }
        }
        return texts;
    }

    @Test
    void undoLeavesAServerThatTheOperatorChangedWithItsValuesAndSaysWhy() throws Exception {
        desk.write("project/.mcp.json", TWO);
        desk.run("claude", new ScriptedPerson());
        String yaml = desk.read("home/reeve.yaml");
        int mail = yaml.indexOf("  mail:");
        desk.write(
                "home/reeve.yaml",
                yaml.substring(0, mail)
                        + yaml.substring(mail).replace("definitions: hold", "definitions: trust-first-use"));
        ScriptedPerson person = new ScriptedPerson();

        Report report = desk.connect(person).undo("claude");

        String left = desk.read("home/reeve.yaml");
        assertTrue(left.contains("  mail:") && !left.contains("github"), left);
        assertTrue(desk.read("keys/secrets.yaml").contains("mail.LOGIN: \"l0g1n\""));
        assertFalse(desk.read("keys/secrets.yaml").contains("github"));
        assertTrue(person.everything().contains("reeve.yaml: `mail`, since it was changed"), person.everything());
        assertTrue(
                person.everything().contains("secrets.yaml: `mail.LOGIN`, since its server stays"),
                person.everything());
        assertTrue(report.changed().contains(desk.home.resolve("reeve.yaml")), report.toString());
        YamlText.read(left);
    }

    @Test
    void undoLeavesNothingOfFilesThatItMadeWhereTheOperatorOnlyTookAServerAway() throws Exception {
        desk.write("project/.mcp.json", TWO);
        desk.run("claude", new ScriptedPerson());
        String yaml = desk.read("home/reeve.yaml");
        desk.write("home/reeve.yaml", yaml.substring(0, yaml.indexOf("  mail:")));
        desk.connect(new ScriptedPerson()).undo("claude");
        assertFalse(Files.exists(desk.home.resolve("reeve.yaml")));
        assertFalse(Files.exists(desk.keys.resolve("secrets.yaml")));
    }

    @Test
    void undoLeavesWhatAnotherClientGoesTo() throws Exception {
        desk.write("project/.mcp.json", TWO);
        desk.write("project/.cursor/mcp.json", ONE);
        desk.run("claude", new ScriptedPerson());
        desk.run("cursor", new ScriptedPerson());
        ScriptedPerson person = new ScriptedPerson();
        desk.connect(person).undo("claude");
        String left = desk.read("home/reeve.yaml");
        assertTrue(left.contains("  github:") && !left.contains("mail"), left);
        assertTrue(desk.read("keys/secrets.yaml").contains("github.TOKEN: \"s3cr3t\""));
        assertTrue(
                person.everything().contains("`github`, since another client goes to that server"),
                person.everything());
        assertTrue(desk.read("project/.cursor/mcp.json").contains("/opt/reeve/reeve"));
    }

    @Test
    void undoLeavesFilesAloneThatNobodyUnderstandsAnyMore() throws Exception {
        desk.write("project/.mcp.json", TWO);
        desk.run("claude", new ScriptedPerson());
        String broken = desk.read("home/reeve.yaml") + "a: [\n";
        desk.write("home/reeve.yaml", broken);
        String secrets = desk.read("keys/secrets.yaml");
        Report report = desk.connect(new ScriptedPerson()).undo("claude");
        assertEquals(TWO, desk.read("project/.mcp.json"));
        assertEquals(broken, desk.read("home/reeve.yaml"));
        assertEquals(secrets, desk.read("keys/secrets.yaml"), "its servers may be in force again");
        assertTrue(report.changed().contains(desk.home.resolve("reeve.yaml")), report.toString());
    }

    @Test
    void undoPutsTheServersBackInAConfigThatTheClientChangedElsewhere() throws Exception {
        desk.write(
                "user/.claude.json",
                "{\n  \"numStartups\": 1,\n  \"mcpServers\": {\n    \"a\": {\"command\": \"x\", \"args\": [ \"1\" ], \"env\": {\"K\": \"v-secret\"}}\n  }\n}\n");
        desk.run("claude", new ScriptedPerson());
        // As the client does: its own layout, its own counters.
        String args = desk.filled("[\n \"mcp\", \"a\", \"--home\", \"HOME\", \"--as\", \"claude-code\"]");
        desk.write(
                "user/.claude.json",
                "{\"mcpServers\": {\"a\": {\"args\": " + args
                        + ", \"command\": \"/opt/reeve/reeve\"}, \"b\": {}}, \"numStartups\": 2}");
        desk.connect(new ScriptedPerson()).undo("claude");
        assertEquals(
                "{\"mcpServers\": {\"a\": {\"command\": \"x\", \"args\": [ \"1\" ], \"env\": {\"K\": \"v-secret\"}}, \"b\": {}}, \"numStartups\": 2}",
                desk.read("user/.claude.json"));
        try (var tree = Files.walk(desk.keys.resolve("connect"))) {
            for (Path path : tree.filter(Files::isRegularFile).toList()) {
                assertFalse(
                        Files.readString(path).contains("v-secret"), path + " keeps a secret that is no longer needed");
            }
        }
    }

    @Test
    void undoRefusesAnEntryThatSomebodyChanged() throws Exception {
        desk.write("project/.mcp.json", ONE);
        desk.run("claude", new ScriptedPerson());
        desk.write("project/.mcp.json", desk.read("project/.mcp.json").replace("/opt/reeve/reeve", "/other/reeve"));
        Map<String, String> before = desk.files();
        assertThrows(
                RefusedException.class, () -> desk.connect(new ScriptedPerson()).undo("claude"));
        assertEquals(before, desk.files());
    }

    @Test
    void undoWithdrawsTheRegistrationAndASecondUndoDoesNothing() throws Exception {
        desk.write("project/.mcp.json", ONE);
        desk.run("claude", new ScriptedPerson());
        desk.connect(new ScriptedPerson()).undo("claude");
        assertEquals(List.of("claude-code"), desk.installation.withdrawn);
        assertEquals(
                List.of(), desk.connect(new ScriptedPerson()).undo("claude").restored());
        assertEquals(List.of("claude-code"), desk.installation.withdrawn);
    }

    @Test
    void theDraftAllowsOnlyWhatSaysThatItReadsAndPinsWhatWasShown() throws Exception {
        desk.write("project/.mcp.json", ONE);
        desk.installation.tools.put(
                "github",
                List.of(
                        tool("get_issue", "Reads\nan issue", true),
                        tool("get_all", "Reads\n\u001b[31mall", true),
                        tool("delete_repo", "Deletes", false),
                        tool("evil\nname", "x", true)));
        ScriptedPerson person = new ScriptedPerson();
        desk.run("claude", person);
        String draft = desk.read("home/policies/draft-github.yaml");
        assertTrue(draft.contains("\n      - { resource: \"tool:github.get_issue\", actions: [execute] }\n"));
        assertTrue(draft.contains("\n      # - { resource: \"tool:github.delete_repo\", actions: [execute] }\n"));
        assertTrue(draft.contains("\n      # - { resource: \"tool:github.get_all\", actions: [execute] }\n"));
        assertTrue(person.everything().contains("! get_all: control-characters at /description"));
        assertFalse(draft.contains("evil"));
        assertEquals(List.of("github.delete_repo", "github.get_issue"), desk.installation.pinned);
        assertEquals(Map.of("claude-code", Set.of("claude-code-github")), desk.installation.agents);
        assertFalse(person.everything().contains("\u001b"));
        YamlText.read(draft);
    }

    /** R27: a second one agrees while Reeve runs. */
    @Test
    void whereSeveralPeopleAdministerNothingIsInForceByOne() throws Exception {
        desk.write("project/.mcp.json", ONE);
        desk.installation.several = true;
        desk.installation.tools.put("github", List.of(tool("get_issue", "Reads", true)));
        ScriptedPerson person = new ScriptedPerson();
        desk.run("claude", person);
        assertEquals(List.of(), desk.installation.pinned);
        assertTrue(person.everything().contains("`reeve tools approve github --all` asks for it"), person.everything());
        assertFalse(person.everything().contains("checks found something"), person.everything());
    }

    @Test
    void withoutAYesToTheDraftNothingIsAllowedOrPinned() throws Exception {
        desk.write("project/.mcp.json", ONE);
        desk.installation.tools.put("github", List.of(tool("get_issue", "Reads", true)));
        desk.run("claude", new ScriptedPerson(true, true, false));
        assertFalse(Files.exists(desk.home.resolve("policies")));
        assertEquals(List.of(), desk.installation.pinned);
    }

    @Test
    void undoTakesTheDraftAwayToo() throws Exception {
        desk.write("project/.mcp.json", ONE);
        Map<String, String> before = desk.files();
        desk.installation.tools.put("github", List.of(tool("get_issue", "Reads", true)));
        desk.run("claude", new ScriptedPerson());
        desk.connect(new ScriptedPerson()).undo("claude");
        assertEquals(before, desk.files());
    }

    @Test
    void aSecondClientSharesTheServerAndGetsADraftOfItsOwn() throws Exception {
        desk.write("project/.mcp.json", ONE);
        desk.write("project/.cursor/mcp.json", ONE);
        desk.installation.tools.put("github", List.of(tool("get_issue", "Reads", true)));
        desk.run("claude", new ScriptedPerson());
        String operator = desk.read("home/reeve.yaml");
        desk.run("cursor", new ScriptedPerson());
        assertEquals(operator, desk.read("home/reeve.yaml"));
        assertTrue(desk.read("home/policies/draft-github-cursor.yaml").contains("cursor-github:"));
        assertTrue(desk.read("project/.cursor/mcp.json").contains("\"--as\", \"cursor\""));
    }

    @Test
    void aNameThatStandsForSomethingElseIsRefused() throws Exception {
        desk.write("project/.mcp.json", ONE);
        desk.write("home/reeve.yaml", "upstreams:\n  github: { url: \"https://other.example.com/mcp\" }\n");
        Map<String, String> before = desk.files();
        RefusedException refused = assertThrows(RefusedException.class, () -> desk.run("claude", new ScriptedPerson()));
        assertTrue(String.valueOf(refused.getMessage()).contains("another server by the name `github`"));
        assertEquals(before, desk.files());
    }

    @Test
    void twoConfigsWithDifferentServersOfOneNameAreRefused() throws Exception {
        desk.write("project/.mcp.json", ONE);
        desk.write("user/.claude.json", ONE.replace("server-github", "server-other"));
        RefusedException refused = assertThrows(RefusedException.class, () -> desk.run("claude", new ScriptedPerson()));
        assertTrue(String.valueOf(refused.getMessage()).contains("two different servers would be `github`"));
    }

    @Test
    void anotherValueForTheSameSecretIsRefused() throws Exception {
        desk.write("project/.mcp.json", ONE);
        desk.write("keys/secrets.yaml", "github.TOKEN: other\n");
        RefusedException refused = assertThrows(RefusedException.class, () -> desk.run("claude", new ScriptedPerson()));
        assertTrue(String.valueOf(refused.getMessage()).contains("another value for `github.TOKEN`"));
    }

    @Test
    void aRunThatIsRefusedByTheInstallationWritesNothing() throws Exception {
        desk.write("project/.mcp.json", ONE);
        Map<String, String> before = desk.files();
        Installation refusing = new Refusing();
        Connect connect = new Connect(desk.around(), new ScriptedPerson(), refusing, java.time.InstantSource.system());
        assertThrows(RefusedException.class, () -> connect.connect("claude", Optional.empty(), false));
        assertEquals(before, desk.files());
    }

    @Test
    void aServerOfThisMachineIsNamedWithItsAddress() throws Exception {
        desk.write(
                "project/.mcp.json",
                "{\"mcpServers\": {\"dev\": {\"type\": \"http\", \"url\": \"http://localhost:3000/mcp\"}}}");
        desk.run("claude", new ScriptedPerson());
        assertTrue(desk.read("home/reeve.yaml").contains("allow_addresses: [\"127.0.0.1/32\", \"::1/128\"]"));
    }

    @Test
    void aHomeInTheProjectIsWarnedOf() throws Exception {
        desk.write("project/.mcp.json", ONE);
        ScriptedPerson person = new ScriptedPerson();
        Surroundings inside = new Surroundings(
                desk.project,
                desk.userHome,
                desk.project.resolve("reeve"),
                desk.keys,
                Path.of("/opt/reeve/reeve"),
                Map.of());
        new Connect(inside, person, desk.installation, java.time.InstantSource.system())
                .connect("claude", Optional.empty(), true);
        assertTrue(person.everything().contains("lies in the folder that the agent works in"));
    }

    @Test
    void noClientByThatNameIsToldWithTheNames() {
        RefusedException refused = assertThrows(RefusedException.class, () -> desk.run("emacs", new ScriptedPerson()));
        assertTrue(String.valueOf(refused.getMessage()).contains("claude-code (or claude), cursor, vscode"));
    }

    private static final String SERVERS = """
            { "mcpServers": {
              "files": { "command": "npx", "args": ["-y", "server-files", "SHARED", "--verbose"] },
              "time": { "command": "uvx", "args": ["server-time"] },
              "own": { "command": "node", "args": ["/opt/own.js"] } } }
            """;

    /** Without quotation marks, which stand where YAML needs them. */
    private String yaml() throws IOException {
        return desk.read("home/reeve.yaml").replace("\"", "");
    }

    private void serversOfPackages() throws IOException {
        desk.installation.cannotConfine = Optional.empty();
        Path shared = Files.createDirectories(desk.root.resolve("shared"));
        desk.write("project/.mcp.json", SERVERS.replace("SHARED", shared.toString()));
    }

    @Test
    void whatCanBeInstalledStartsConfinedAndOnlyTheRestIsAskedAbout() throws Exception {
        serversOfPackages();
        ScriptedPerson person = new ScriptedPerson();
        desk.run("claude", person);
        assertEquals(List.of("files", "time"), desk.installation.installed);
        String yaml = yaml();
        String files = yaml.substring(yaml.indexOf("  files:"), yaml.indexOf("  time:"));
        assertTrue(files.contains("confine: default"), yaml);
        assertTrue(files.contains("folders: [{ path: " + desk.root.resolve("shared") + ", mode: rw }]"), yaml);
        assertFalse(files.contains("folder:"), "the project is not shown to it");
        String own = yaml.substring(yaml.indexOf("  own:"));
        assertTrue(own.contains("confine: none"), yaml);
        assertTrue(person.everything().contains("has no network"));
        assertTrue(person.everything().contains("  own: it starts a program of yours, not a package"));
        assertTrue(person.asked.contains("Start these servers unconfined?"));
        desk.run("claude", new ScriptedPerson());
        assertEquals(yaml, yaml(), "once more changes nothing");
    }

    @Test
    void aServerThatCannotBeInstalledIsAskedAboutAgainAndUndoPutsEverythingBack() throws Exception {
        serversOfPackages();
        Map<String, String> before = desk.files();
        desk.installation.notThere.add("time");
        ScriptedPerson person = new ScriptedPerson();
        desk.run("claude", person);
        assertTrue(person.everything().contains("time: it cannot be installed: there is no such package"));
        String yaml = yaml();
        assertTrue(yaml.substring(yaml.indexOf("  time:")).contains("confine: none"), yaml);
        assertTrue(yaml.contains("confine: default"), yaml);
        desk.connect(new ScriptedPerson()).undo("claude");
        assertEquals(before, desk.files());
    }

    @Test
    void aNoAfterAFailedInstallationChangesNothing() throws Exception {
        serversOfPackages();
        Map<String, String> before = desk.files();
        desk.installation.notThere.addAll(List.of("time", "files"));
        ScriptedPerson person = new ScriptedPerson(true, true, false);
        assertThrows(RefusedException.class, () -> desk.run("claude", person));
        assertEquals(before, desk.files());
    }

    @Test
    void unconfinedIsAWordOfThePerson() throws Exception {
        serversOfPackages();
        ScriptedPerson person = new ScriptedPerson();
        desk.connect(person).connect("claude", Optional.empty(), false, true);
        assertEquals(List.of(), desk.installation.installed);
        assertFalse(desk.read("home/reeve.yaml").contains("confine: default"));
        assertTrue(person.everything().contains("  files: --unconfined"));
    }

    @Test
    void anArgumentThatWouldShowReevesOwnFilesIsToldAndNotConfined() throws Exception {
        desk.installation.cannotConfine = Optional.empty();
        desk.write("project/.mcp.json", SERVERS.replace("SHARED", desk.root.toString()));
        ScriptedPerson person = new ScriptedPerson();
        desk.run("claude", person);
        assertTrue(person.everything().contains("would show it Reeve's own files"));
        assertEquals(List.of("time"), desk.installation.installed);
    }

    private static final class Refusing implements Installation {
        @Override
        public Optional<String> cannotConfine() {
            return Optional.empty();
        }

        @Override
        public boolean fetches(List<String> command) {
            return false;
        }

        @Override
        public String install(String upstream, List<String> command) {
            throw new AssertionError("not reached");
        }

        @Override
        public void agent(String agent, Set<String> roles) throws RefusedException {
            throw new RefusedException("locked");
        }

        @Override
        public dev.reeve.secrets.Secret register(String agent) {
            throw new AssertionError("not reached");
        }

        @Override
        public void withdraw(String agent) {}

        @Override
        public List<dev.reeve.json.Json.Obj> tools(String upstream) {
            throw new AssertionError("not reached");
        }

        @Override
        public boolean needsSecond() {
            return false;
        }

        @Override
        public Set<String> approve(String upstream, List<dev.reeve.json.Json.Obj> shown, Set<String> agreed) {
            throw new AssertionError("not reached");
        }
    }
}
