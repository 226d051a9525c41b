package dev.reeve.analysis;

import dev.reeve.analysis.Suppressions.Suppressed;
import dev.reeve.json.Json;
import dev.reeve.policy.LintRule;
import dev.reeve.policy.Place;
import dev.reeve.policy.Problem;
import java.util.List;
import java.util.stream.Stream;

/**
 * Findings as a log of SARIF 2.1.0 (OASIS Standard, 27 March 2020), for whoever shows findings beside code. Files are named relative to
 * {@code HOME}, the folder of {@code reeve.yaml}.
 */
public final class Sarif {
    private static final String SCHEMA =
            "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
    private static final String HOME = "HOME";

    private Sarif() {}

    /** @param version of Reeve */
    public static Json.Obj of(List<Problem> problems, List<Suppressed> suppressed, String version) {
        List<Json> results = Stream.<Json>concat(
                        problems.stream().map(problem -> result(problem).build()),
                        suppressed.stream().map(Sarif::ignored))
                .toList();
        return Json.object()
                .put("$schema", SCHEMA)
                .put("version", "2.1.0")
                .put(
                        "runs",
                        new Json.Arr(List.of(Json.object()
                                .put("tool", Json.object().put("driver", driver(version)))
                                .put("columnKind", "unicodeCodePoints")
                                .put("results", new Json.Arr(results))
                                .build())))
                .build();
    }

    private static Json.Obj driver(String version) {
        return Json.object()
                .put("name", "reeve")
                .put("version", version)
                .put(
                        "rules",
                        new Json.Arr(Stream.of(LintRule.values())
                                .<Json>map(Sarif::rule)
                                .toList()))
                .build();
    }

    private static Json.Obj rule(LintRule rule) {
        return Json.object()
                .put("id", rule.id())
                .put("shortDescription", text(rule.about() + "."))
                .put("help", text(rule.help()))
                .build();
    }

    private static Json.Builder result(Problem problem) {
        String field = problem.field().isEmpty() ? "" : problem.field() + ": ";
        String fix = problem.fix().map(it -> "; " + it).orElse("");
        return Json.object()
                .put("ruleId", problem.rule().id())
                .put("level", level(problem.severity()))
                .put("message", text(field + problem.message() + fix))
                .put(
                        "locations",
                        new Json.Arr(List.of(Json.object()
                                .put("physicalLocation", location(problem.place()))
                                .build())));
    }

    private static Json.Obj ignored(Suppressed suppressed) {
        Json.Obj reason = Json.object()
                .put("kind", "inSource")
                .put("justification", suppressed.reason())
                .build();
        return result(suppressed.problem())
                .put("suppressions", new Json.Arr(List.of(reason)))
                .build();
    }

    private static String level(Problem.Severity severity) {
        return switch (severity) {
            case ERROR -> "error";
            case WARNING -> "warning";
            case NOTE -> "note";
        };
    }

    private static Json.Obj location(Place place) {
        Json.Builder location = Json.object()
                .put(
                        "artifactLocation",
                        Json.object().put("uri", uri(place.file())).put("uriBaseId", HOME));
        if (place.line() > 0) {
            Json.Builder region = Json.object().put("startLine", Json.of(place.line()));
            if (place.column() > 0) {
                region.put("startColumn", Json.of(place.column()));
            }
            location.put("region", region);
        }
        return location.build();
    }

    /** A relative reference (RFC 3986): what may not stand in a path is escaped, and a colon could be taken for the end of a scheme. */
    private static String uri(String file) {
        StringBuilder uri = new StringBuilder();
        for (byte b : file.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "/._-~".indexOf(c) >= 0);
            uri.append(plain ? String.valueOf(c) : String.format(java.util.Locale.ROOT, "%%%02X", (int) c));
        }
        return uri.toString();
    }

    private static Json.Obj text(String text) {
        return Json.object().put("text", text).build();
    }
}
