package dev.reeve.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.SnakeYamlNode;
import dev.reeve.guard.DataClass;
import dev.reeve.guard.Kinds;
import dev.reeve.json.Json;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What stands in {@code schemas/} and in the reference is what the code reads. {@code -Dreeve.publish=true} writes both. */
final class PublishedTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static void published(Path file, String text) throws IOException {
        if (Boolean.getBoolean("reeve.publish")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }
        assertTrue(Files.exists(file), file + " is missing: run this test with -Dreeve.publish=true");
        assertEquals(
                text,
                Files.readString(file),
                file + " is not what the code reads: run this test with -Dreeve.publish=true");
    }

    private static String pretty(Json.Obj schema) {
        return JsonMapper.shared()
                        .readTree(schema.toString())
                        .toPrettyString()
                        .replace(" : ", ": ")
                        .replace("\r\n", "\n")
                + "\n";
    }

    @Test
    void schemasArePublished() throws IOException {
        for (String name : Schemas.names()) {
            published(
                    ROOT.resolve("schemas/" + name + ".json"),
                    pretty(Schemas.of(name).orElseThrow()));
        }
    }

    @Test
    void theReferenceIsPublished() throws IOException {
        published(
                ROOT.resolve("docs/reference/configuration.md"),
                Reference.head()
                        + Reference.of("reeve.yaml", "Where things are.", ReeveShape.ROOT)
                        + Reference.of(
                                "Files of the folder catalog",
                                "What the systems are. The keys of the first level may stand in any file of the folder; the same name twice is an error.",
                                CatalogShape.ROOT)
                        + Reference.of(
                                "Files of the folder policies",
                                "What may be done. The keys of the first level may stand in any file of the folder; the same name twice is an error.",
                                PolicyShape.ROOT)
                        + Reference.of(
                                "Files of the folder tests",
                                "What the policies should say of hypothetical actions: `reeve policy test`, see docs/policy-workbench.md. No part of the policy.",
                                CaseShape.ROOT)
                        + Reference.of(
                                "witness.yaml",
                                "A witness of logs: `reeve witness`, see docs/witnesses.md.",
                                WitnessShape.ROOT));
    }

    @Test
    void theKindsOfContentArePublished() throws IOException {
        StringBuilder page = new StringBuilder("# What is found in content\nWritten from the code by `PublishedTest`. "
                + "[content-filters.md](../content-filters.md) says what it is for and how well it works.\n");
        for (DataClass one : DataClass.values()) {
            page.append("\n## `")
                    .append(one.group())
                    .append("`\nIn `session.read` as `")
                    .append(one.tag());
            page.append(one == DataClass.PERSONAL ? "`, and by its own name.\n" : "`.\n");
            page.append("\n| kind | by what it is known |\n|---|---|\n");
            Kinds.named(one.group())
                    .forEach(kind -> page.append("| `")
                            .append(kind.id())
                            .append("` | ")
                            .append(kind.about().replace("|", "\\|"))
                            .append(" |\n"));
        }
        published(ROOT.resolve("docs/reference/content-kinds.md"), page.toString());
    }

    @Test
    void everyKeyThatTheReaderKnowsIsInItsSchema() {
        for (String name : Schemas.names()) {
            Set<String> inCode = new TreeSet<>();
            keys(Schemas.shapes().get(name), inCode);
            Set<String> inSchema = new TreeSet<>();
            properties(Schemas.of(name).orElseThrow(), inSchema);
            assertEquals(inCode, inSchema, name);
            assertTrue(inCode.size() > 5);
        }
    }

    /** A limit that stands in the file and is never asked for is no limit. */
    @Test
    void everyLimitOfTheGatewayIsUsedOutsideOfTheConfiguration() throws IOException {
        StringBuilder code = new StringBuilder();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java/dev/reeve/cli"))) {
            for (Path file : files.filter(it -> it.toString().endsWith(".java")).toList()) {
                code.append(Files.readString(file));
            }
        }
        for (RecordComponent limit : GatewayConfig.class.getRecordComponents()) {
            assertTrue(code.indexOf("." + limit.getName() + "()") > 0, limit.getName() + " is used by nobody");
        }
    }

    @Test
    void everyLimitIsInTheTableOfLimitsWithItsDefaultAndATestThatIsThere() throws IOException {
        String table = Files.readString(ROOT.resolve("docs/limits.md"));
        Map<String, Shape.Struct> limits =
                Map.of("gateway", ReeveShape.GATEWAY, "timeouts", ReeveShape.TIMEOUTS, "search", ReeveShape.SEARCH);
        for (Map.Entry<String, Shape.Struct> limit : limits.entrySet()) {
            for (Shape.Field field : limit.getValue().fields()) {
                String cells = "| `" + limit.getKey() + "." + field.name() + "` | " + field.fallback() + " |";
                assertTrue(table.contains(cells), "docs/limits.md has no cells " + cells);
            }
        }
        Matcher named = Pattern.compile("`([A-Z]\\w+Test)`").matcher(table);
        while (named.find()) {
            assertTrue(exists(named.group(1) + ".java"), named.group(1) + " is in docs/limits.md, and nowhere else");
        }
    }

    private static boolean exists(String test) throws IOException {
        for (String module : List.of("server", "core")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
                if (files.anyMatch(it -> it.endsWith(test))) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void everyDefaultFitsItsOwnShape() {
        for (Shape.Struct shape : Schemas.shapes().values()) {
            List<Shape.Field> fields = new ArrayList<>();
            fields(shape, fields);
            for (Shape.Field field : fields) {
                if (!field.fallback().isEmpty()) {
                    Problems problems = new Problems();
                    String text = "x: " + field.fallback() + "\n";
                    Node value = Yaml.read("default", text.getBytes(StandardCharsets.UTF_8), problems)
                            .flatMap(root -> root.get("x"))
                            .orElseThrow();
                    assertTrue(
                            ShapeCheck.check(value, field.shape(), problems).isPresent(),
                            problems.all().toString());
                }
            }
        }
    }

    @Test
    void theSchemasTakeTheFilesThatTheReaderTakes() throws Exception {
        Path demo = Path.of("src/main/resources/dev/reeve/demo/home");
        accepted("catalog", Files.readString(demo.resolve("catalog/systems.yaml")));
        accepted("policies", Files.readString(demo.resolve("policies/office.yaml")));
        accepted("policies", Files.readString(demo.resolve("policies/roles.yaml")));
        accepted("policies", PolicyFilesTest.SOURCES_ROLES);
        accepted("reeve", """
                reeve: 1
                listen: { agents: 127.0.0.1:7070 }
                gateway: { max_body: 4MiB, max_depth: 32, call_timeout: 5m }
                upstreams:
                  pg: { stdio: [npx, -y, server], env: { A: b, C: { secret: D } }, confine: none, definitions: hold }
                  leave: { url: https://leave.example.com/mcp, headers: [X], sessions: stateless }
                """);
    }

    @Test
    void theSchemasRefuseWhatTheReaderRefuses() throws Exception {
        refused("policies", "agent_roles: { a: { permissions: [ { resource: x, actoins: [read] } ] } }");
        refused("policies", "obligations: []");
        refused("catalog", "tools: { x.y: { action: read } }");
        refused("reeve", "gateway: { max_depth: 100000 }");
        refused("reeve", "upstreams: { a: { sessions: sometimes } }");
    }

    private static boolean valid(String schema, String yaml) {
        return new ValidatorFactory()
                .withJsonNodeFactory(new SnakeYamlNode.Factory())
                .validate(Schemas.of(schema).orElseThrow().toString(), yaml)
                .isValid();
    }

    private static void accepted(String schema, String yaml) {
        assertTrue(valid(schema, yaml), yaml);
    }

    private static void refused(String schema, String yaml) {
        assertFalse(valid(schema, yaml), yaml);
    }

    private static void keys(@org.jspecify.annotations.Nullable Shape shape, Set<String> found) {
        List<Shape.Field> fields = new ArrayList<>();
        if (shape != null) {
            fields(shape, fields);
        }
        fields.forEach(field -> found.add(field.name()));
    }

    private static void fields(Shape shape, List<Shape.Field> found) {
        switch (shape) {
            case Shape.Struct struct ->
                struct.fields().forEach(field -> {
                    found.add(field);
                    fields(field.shape(), found);
                });
            case Shape.MapOf map -> fields(map.value(), found);
            case Shape.ListOf list -> fields(list.item(), found);
            case Shape.Either either -> either.shapes().forEach(it -> fields(it, found));
            case Shape.Text ignored -> {}
            case Shape.Whole ignored -> {}
            case Shape.Flag ignored -> {}
            case Shape.Free ignored -> {}
            case Shape.Time ignored -> {}
            case Shape.Size ignored -> {}
            case Shape.Choice ignored -> {}
        }
    }

    private static void properties(Json value, Set<String> found) {
        if (value instanceof Json.Obj object) {
            object.object("properties")
                    .ifPresent(it -> found.addAll(it.members().keySet()));
            object.members().values().forEach(it -> properties(it, found));
        } else if (value instanceof Json.Arr array) {
            array.items().forEach(it -> properties(it, found));
        }
    }
}
