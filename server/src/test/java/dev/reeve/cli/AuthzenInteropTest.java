package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.authzen.AuthzenHttp;
import dev.reeve.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The interop scenarios of the AuthZEN working group, every row of their tables: Todo (openid/authzen,
 * {@code interop/authzen-todo-backend/test}) and search ({@code interop/authzen-search-demo}). What the scenarios take from a directory stands
 * in the files: who a user is under the enforcement point, whose a record is as its tags.
 */
final class AuthzenInteropTest {
    /** Number, department, owner. */
    private static final List<String> RECORDS = List.of(
            "101 legal alice",
            "102 legal bob",
            "103 legal carol",
            "104 accounting dan",
            "105 legal erin",
            "106 accounting felix",
            "107 sales alice",
            "108 legal bob",
            "109 accounting carol",
            "110 sales dan",
            "111 accounting erin",
            "112 legal felix",
            "113 sales alice",
            "114 accounting bob",
            "115 finance carol",
            "116 legal dan",
            "117 legal erin",
            "118 accounting felix",
            "119 legal alice",
            "120 accounting bob");

    private static final String CATALOGUE = """
            resources:
              "todo:*": { actions: [can_read_todos, can_create_todo, can_update_todo, can_delete_todo] }
              "user:*": { actions: [can_read_user] }
              "record:*": { actions: [view, edit] }
            """;

    private static final String POLICIES = """
            enforcement_points:
              todo_app:
                users:
                  rick@the-citadel.com: { access: admin }
                  morty@the-citadel.com: { access: editor }
                  summer@the-smiths.com: { access: editor }
                  beth@the-smiths.com: { access: viewer }
                  jerry@the-smiths.com: { access: viewer }
              search_app:
                users:
                  alice: { position: manager, department: sales }
                  bob: { position: employee, department: legal }
                  carol: { position: contractor, department: legal }
                  dan: { position: manager, department: finance }
                  erin: { position: employee, department: finance }
                  felix: { position: contractor, department: accounting }
            agents: { todo_app: { roles: [todo] }, search_app: {} }
            agent_roles:
              todo:
                permissions:
                  - { resource: "user:*", actions: [can_read_user] }
                  - { resource: "todo:*", actions: [can_read_todos] }
                  - { resource: "todo:*", actions: [can_create_todo], conditions: ['principal.access in ["admin", "editor"]'] }
                  - { resource: "todo:*", actions: [can_update_todo, can_delete_todo], conditions: ['principal.access == "admin"'] }
                  - resource: "todo:*"
                    actions: [can_update_todo, can_delete_todo]
                    conditions: ['principal.access == "editor"', arguments.resource.ownerID == user.id]
            rules:
              - allow: { resource: "record:*", action: view }
                when: >-
                  principal.position == "manager" || ("department_" + principal.department) in resource.tags
                  || ("owner_" + user.id) in resource.tags
              - allow: { resource: "record:*", action: edit }
                when: >-
                  ("owner_" + user.id) in resource.tags
                  || (principal.position == "manager" && ("department_" + principal.department) in resource.tags)
              - allow: { resource: "record:*", action: delete }
                when: ("owner_" + user.id) in resource.tags
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static AuthzenHouse house;

    private static String todo = "";
    private static String search = "";

    @BeforeAll
    static void open() throws Exception {
        StringBuilder catalogue = new StringBuilder(CATALOGUE);
        for (String record : RECORDS) {
            String[] parts = record.split(" ", -1);
            catalogue.append(
                    "  \"record:%s\": { tags: [department_%s, owner_%s] }%n".formatted(parts[0], parts[1], parts[2]));
        }
        house = AuthzenHouse.open(folder, catalogue.toString(), POLICIES);
        todo = house.key("todo_app");
        search = house.key("search_app");
    }

    @AfterAll
    static void close() {
        house.close();
    }

    private static String entity(String name, String type, String id) {
        String rest = id.isEmpty() ? "" : ",\"id\":\"" + id + "\"";
        return "\"" + name + "\":{\"type\":\"" + type + "\"" + rest + "}";
    }

    private static String action(String name) {
        return "\"action\":{\"name\":\"" + name + "\"}";
    }

    /** The eight questions that the scenario asks of each user, in its order. */
    private static List<String> todoQuestions(String user, String other) {
        String own =
                "\"resource\":{\"type\":\"todo\",\"id\":\"7240d0db-8ff0-41ec-98b2-34a096273b9f\",\"properties\":{\"ownerID\":\"%s\"}}";
        String mine = own.formatted(user);
        String others = own.formatted(other);
        List<String> questions = new ArrayList<>();
        questions.add(action("can_read_user") + "," + entity("resource", "user", "beth@the-smiths.com"));
        questions.add(action("can_read_user") + "," + entity("resource", "user", user));
        questions.add(action("can_read_todos") + "," + entity("resource", "todo", "todo-1"));
        questions.add(action("can_create_todo") + "," + entity("resource", "todo", "todo-1"));
        questions.add(action("can_update_todo") + "," + others);
        questions.add(action("can_update_todo") + "," + mine);
        questions.add(action("can_delete_todo") + "," + others);
        questions.add(action("can_delete_todo") + "," + mine);
        return questions.stream()
                .map(rest -> "{" + entity("subject", "user", user) + "," + rest + "}")
                .toList();
    }

    /** The expected column of the table, {@code +} for true. Who rick's other is, is morty; everybody else's is rick. */
    @ParameterizedTest
    @CsvSource({
        "rick@the-citadel.com, morty@the-citadel.com, ++++++++",
        "morty@the-citadel.com, rick@the-citadel.com, ++++-+-+",
        "summer@the-smiths.com, rick@the-citadel.com, ++++-+-+",
        "beth@the-smiths.com, rick@the-citadel.com, +++-----",
        "jerry@the-smiths.com, rick@the-citadel.com, +++-----",
    })
    void todo(String user, String other, String expected) throws Exception {
        List<String> questions = todoQuestions(user, other);
        StringBuilder single = new StringBuilder();
        for (String question : questions) {
            single.append(house.evaluate(todo, question).decision() ? '+' : '-');
        }
        assertEquals(expected, single.toString());
        StringBuilder batch = new StringBuilder();
        house.post(todo, AuthzenHttp.EVALUATIONS, "{\"evaluations\":[" + String.join(",", questions) + "]}")
                .decisions()
                .forEach(decision -> batch.append(decision ? '+' : '-'));
        assertEquals(expected, batch.toString());
    }

    /** As the table of the resource search says, from which the other two follow. */
    private static final Map<String, String> RESOURCES = Map.ofEntries(
            Map.entry("alice edit", "101 107 110 113 119"),
            Map.entry("alice delete", "101 107 113 119"),
            Map.entry("bob view", "101 102 103 105 108 112 114 116 117 119 120"),
            Map.entry("bob edit", "102 108 114 120"),
            Map.entry("bob delete", "102 108 114 120"),
            Map.entry("carol view", "101 102 103 105 108 109 112 115 116 117 119"),
            Map.entry("carol edit", "103 109 115"),
            Map.entry("carol delete", "103 109 115"),
            Map.entry("dan edit", "104 110 115 116"),
            Map.entry("dan delete", "104 110 116"),
            Map.entry("erin view", "105 111 115 117"),
            Map.entry("erin edit", "105 111 117"),
            Map.entry("erin delete", "105 111 117"),
            Map.entry("felix view", "104 106 109 111 112 114 118 120"),
            Map.entry("felix edit", "106 112 118"),
            Map.entry("felix delete", "106 112 118"));

    private static final List<String> USERS = List.of("alice", "bob", "carol", "dan", "erin", "felix");
    private static final List<String> ACTIONS = List.of("view", "edit", "delete");

    private static List<String> expected(String user, String action) {
        List<String> all =
                RECORDS.stream().map(record -> record.substring(0, 3)).toList();
        String listed = RESOURCES.get(user + " " + action);
        // The managers, alice and dan, view all of them.
        return listed == null ? all : List.of(listed.split(" ", -1));
    }

    @Test
    void resourceSearch() throws Exception {
        for (String user : USERS) {
            for (String action : ACTIONS) {
                String body = "{" + entity("subject", "user", user) + "," + action(action) + ","
                        + entity("resource", "record", "") + "}";
                assertEquals(
                        expected(user, action),
                        house.post(search, AuthzenHttp.SEARCH_RESOURCE, body).found("id"),
                        user + " " + action);
            }
        }
    }

    @Test
    void subjectSearch() throws Exception {
        for (String record : RECORDS) {
            String id = record.substring(0, 3);
            for (String action : ACTIONS) {
                List<String> who = USERS.stream()
                        .filter(user -> expected(user, action).contains(id))
                        .toList();
                String body = "{" + entity("subject", "user", "") + "," + action(action) + ","
                        + entity("resource", "record", id) + "}";
                assertEquals(
                        who,
                        house.post(search, AuthzenHttp.SEARCH_SUBJECT, body).found("id"),
                        id + " " + action);
            }
        }
    }

    @Test
    void actionSearch() throws Exception {
        for (String record : RECORDS) {
            String id = record.substring(0, 3);
            for (String user : USERS) {
                Set<String> what = new TreeSet<>(ACTIONS);
                what.removeIf(action -> !expected(user, action).contains(id));
                String body = "{" + entity("subject", "user", user) + "," + entity("resource", "record", id) + "}";
                assertEquals(
                        List.copyOf(what),
                        house.post(search, AuthzenHttp.SEARCH_ACTION, body).found("name"),
                        user + " " + id);
            }
        }
    }

    @Test
    void aSearchIsPagedWithoutLossAndWithoutRepetition() throws Exception {
        String rest =
                entity("subject", "user", "alice") + "," + action("view") + "," + entity("resource", "record", "");
        List<String> found = new ArrayList<>();
        String page = "\"page\":{\"limit\":7}";
        for (String token = "-"; !token.isEmpty(); ) {
            AuthzenHouse.Said said = house.post(search, AuthzenHttp.SEARCH_RESOURCE, "{" + rest + "," + page + "}");
            found.addAll(said.found("id"));
            assertTrue(said.found("id").size() <= 7);
            Json.Obj info = said.body().object("page").orElseThrow();
            assertEquals(Json.of(said.found("id").size()), info.get("count").orElseThrow());
            token = said.nextToken();
            page = "\"page\":{\"limit\":7,\"token\":\"" + token + "\"}";
        }
        assertEquals(expected("alice", "view"), found);
    }

    @Test
    void aTokenIsGoodForItsSearchAndItsPointOnly() throws Exception {
        String user = entity("subject", "user", "alice");
        String record = entity("resource", "record", "");
        String first = "{" + user + "," + action("view") + "," + record + ",\"page\":{\"limit\":2}}";
        String token = house.post(search, AuthzenHttp.SEARCH_RESOURCE, first).nextToken();
        String page = ",\"page\":{\"token\":\"%s\"}}";
        String same = "{" + user + "," + action("view") + "," + record + page.formatted(token);
        assertEquals(200, house.post(search, AuthzenHttp.SEARCH_RESOURCE, same).status());
        assertEquals(400, house.post(todo, AuthzenHttp.SEARCH_RESOURCE, same).status());
        String other = "{" + user + "," + action("edit") + "," + record + page.formatted(token);
        assertEquals(400, house.post(search, AuthzenHttp.SEARCH_RESOURCE, other).status());
        char last = token.charAt(5) == 'A' ? 'B' : 'A';
        String forged = token.substring(0, 5) + last + token.substring(6);
        String altered = "{" + user + "," + action("view") + "," + record + page.formatted(forged);
        assertEquals(
                400, house.post(search, AuthzenHttp.SEARCH_RESOURCE, altered).status());
    }
}
