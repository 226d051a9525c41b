package dev.reeve.definitions;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.harrel.jsonschema.EvaluationContext;
import dev.harrel.jsonschema.Evaluator;
import dev.harrel.jsonschema.EvaluatorFactory;
import dev.harrel.jsonschema.JsonNode;
import dev.harrel.jsonschema.SchemaParsingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code pattern} and {@code patternProperties} on RE2, which runs in linear time (R8): a server's schema is foreign text, and
 * {@code java.util.regex} can be kept busy for years by one. A pattern that RE2 does not know hides the tool.
 */
final class LinearPatterns implements EvaluatorFactory {
    private static final int LONGEST = 1_000;

    @Override
    public Optional<Evaluator> create(SchemaParsingContext context, String keyword, JsonNode node) {
        return switch (keyword) {
            case "pattern" -> node.isString() ? Optional.of(new Matches(compile(node.asString()))) : Optional.empty();
            case "patternProperties" -> node.isObject() ? Optional.of(members(context, node)) : Optional.empty();
            default -> Optional.empty();
        };
    }

    static Pattern compile(String pattern) {
        if (pattern.length() > LONGEST) {
            throw new UnsafeSchemaException("a pattern is longer than " + LONGEST + " characters");
        }
        try {
            return Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new UnsafeSchemaException("a pattern cannot run in linear time (RE2 does not know it)");
        }
    }

    private static Evaluator members(SchemaParsingContext context, JsonNode node) {
        List<Member> members = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : node.asObject().entrySet()) {
            members.add(new Member(compile(entry.getKey()), context.getAbsoluteUri(entry.getValue())));
        }
        return new Members(members);
    }

    private record Member(Pattern name, String schema) {}

    private record Matches(Pattern pattern) implements Evaluator {
        @Override
        public Result evaluate(EvaluationContext context, JsonNode node) {
            if (!node.isString() || pattern.matcher(node.asString()).find()) {
                return Result.success();
            }
            return Result.failure("does not match the pattern");
        }
    }

    private record Members(List<Member> members) implements Evaluator {
        @Override
        public Result evaluate(EvaluationContext context, JsonNode node) {
            if (!node.isObject()) {
                return Result.success();
            }
            boolean valid = true;
            java.util.Set<String> seen = new java.util.HashSet<>();
            for (Map.Entry<String, JsonNode> entry : node.asObject().entrySet()) {
                for (Member member : members) {
                    if (member.name().matcher(entry.getKey()).find()) {
                        seen.add(entry.getKey());
                        valid &= context.resolveInternalRefAndValidate(member.schema(), entry.getValue());
                    }
                }
            }
            return valid ? Result.success(seen) : Result.failure();
        }
    }
}
