package dev.reeve.policy;

import dev.reeve.json.Json;
import dev.reeve.policy.ConditionCompiler.InvalidExpressionException;
import dev.reeve.policy.PolicySource.ConditionText;
import dev.reeve.policy.PolicySource.NamedCondition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Compiles conditions where they are used, for each tool whose arguments they may see. */
final class Conditions {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Set<String> CONSTANTS = Set.of("true", "false");
    private static final Pattern TIME = Pattern.compile("\\btime\\b");
    /** Operations that a condition does not fit, of which one is told. */
    private static final int MOST_EXPLAINED = 100;

    private final Map<String, NamedCondition> named = new HashMap<>();
    private final Map<Use, Bound> bound = new HashMap<>();
    private final ConditionCompiler compiler;
    private final ToolSchemas schemas;
    private final Catalogue catalogue;
    private final ApiRequests requests;
    private final List<Problem> problems;

    Conditions(
            PolicySource source,
            ConditionCompiler compiler,
            ToolSchemas schemas,
            Catalogue catalogue,
            List<Problem> problems) {
        source.conditions().forEach(condition -> named.put(condition.name(), condition));
        this.compiler = compiler;
        this.schemas = schemas;
        this.catalogue = catalogue;
        this.requests = new ApiRequests(source);
        this.problems = problems;
    }

    private record Use(String written, List<String> tools) {}

    /**
     * What a condition may be about.
     *
     * @param tools whose calls it may see
     * @param resource that is named; its requests type {@code arguments.request} where it is of an API
     * @param does whether it is about what is done so
     */
    record About(List<String> tools, Optional<Glob> resource, Predicate<String> does) {
        static final About ANYTHING = new About(List.of(), Optional.empty(), verb -> true);
    }

    /**
     * One for all places that use it for the same tools, so that it is near in memory whichever permission is asked; where something has to be said of
     * it, or may be for another resource, each place is told.
     *
     * @param written a name, or an expression
     */
    Optional<Bound> bind(String written, About about, Place place, String field) {
        Use use = new Use(written, List.copyOf(about.tools()));
        Bound known = bound.get(use);
        if (known != null) {
            return Optional.of(known);
        }
        int before = problems.size();
        Optional<Bound> made = make(written, about, place, field);
        if (problems.size() == before && !ApiRequests.isNamedIn(text(written))) {
            made.ifPresent(it -> bound.put(use, it));
        }
        return made;
    }

    private String text(String written) {
        NamedCondition condition = named.get(written);
        if (condition == null) {
            return written;
        }
        return switch (condition.text()) {
            case ConditionText.When(String text) -> text;
            case ConditionText.Rows(String text) -> text;
        };
    }

    private Optional<Bound> make(String written, About about, Place place, String field) {
        NamedCondition condition = named.get(written);
        if (condition != null) {
            return switch (condition.text()) {
                case ConditionText.When(String text) ->
                    check(written, text, about, condition.place(), "conditions." + written);
                case ConditionText.Rows(String text) -> rows(written, text, about.tools(), condition.place());
            };
        }
        Optional<Bound> builtIn = BuiltIn.find(written).map(this::seen);
        if (builtIn.isPresent()) {
            return builtIn;
        }
        if (isName(written)) {
            problems.add(unknown(written, place, field));
            return Optional.empty();
        }
        return check(written, written, about, place, field);
    }

    private Bound seen(Bound builtIn) {
        return builtIn instanceof Bound.Check(String name, boolean usesTime, var tools, Condition condition)
                ? new Bound.Check(name, usesTime, tools, compiler.builtIn(name, condition))
                : builtIn;
    }

    private static boolean isName(String written) {
        return NAME.matcher(written).matches() && !CONSTANTS.contains(written);
    }

    /** A rule's {@code when}: an expression, or the name of a condition about the call. */
    Optional<Bound.Check> when(String written, About about, Place place, String field) {
        Optional<Bound> bound = bind(written, about, place, field + ".when");
        if (bound.isPresent() && !(bound.get() instanceof Bound.Check)) {
            problems.add(
                    Problem.error(place, field + ".when", "`" + written + "` is about rows; a rule is about the call"));
            return Optional.empty();
        }
        return bound.map(Bound.Check.class::cast);
    }

    private Optional<Bound> check(String name, String text, About about, Place place, String field) {
        Map<String, Condition> byTool = new HashMap<>();
        Optional<Condition> untyped = compile(() -> compiler.compile(text, Optional.empty()), place, field);
        if (untyped.isEmpty()) {
            return Optional.empty();
        }
        typed(about.tools(), place, field, tool -> byTool.put(tool, seen(text, compiler.compile(text, schema(tool)))));
        requests(text, about, place, field);
        return Optional.of(
                new Bound.Check(name, TIME.matcher(text).find(), Map.copyOf(byTool), seen(text, untyped.get())));
    }

    /** What was not seen of a request is neither there nor missing. */
    private static Condition seen(String text, Condition condition) {
        if (!ApiRequests.needsBody(text)) {
            return condition;
        }
        return input -> {
            if (ApiRequests.isUnseen(input)) {
                throw new ConditionException("the body of the request was not seen");
            }
            return condition.test(input);
        };
    }

    /** What is misspelt for every operation that the resource can mean is wrong, even where no tool is known that calls one. */
    private void requests(String text, About about, Place place, String field) {
        Map<String, Json.Obj> types = requests.types(text, about);
        // Of a thousand operations most are the same to it: to compile it for each would take minutes with many rules.
        Map<Json.Obj, Boolean> fits = new HashMap<>();
        List<String> misfits = types.keySet().stream()
                .filter(one -> !fits.computeIfAbsent(
                        ApiRequests.told(text, types.getOrDefault(one, Json.Obj.EMPTY)),
                        type -> misfit(text, type).isEmpty()))
                .toList();
        Map<String, InvalidExpressionException> explained = new LinkedHashMap<>();
        misfits.stream()
                .limit(MOST_EXPLAINED)
                .forEach(one -> misfit(text, types.getOrDefault(one, Json.Obj.EMPTY))
                        .ifPresent(wrong -> explained.put(one, wrong)));
        if (explained.isEmpty()) {
            return;
        }
        Map.Entry<String, InvalidExpressionException> first = nearest(explained, types);
        String more = misfits.size() == 1 ? "" : " and " + (misfits.size() - 1) + " more";
        String message =
                "for `" + first.getKey() + "`" + more + ": " + first.getValue().getMessage();
        problems.add(
                misfits.size() == types.size()
                        ? error(place, field, message, first.getValue())
                        : Problem.warning(place, field, message));
    }

    private Optional<InvalidExpressionException> misfit(String text, Json.Obj type) {
        try {
            compiler.compile(text, Optional.of(type));
            return Optional.empty();
        } catch (InvalidExpressionException e) {
            return Optional.of(e);
        }
    }

    private static int nearness(String message) {
        boolean isUnknown = message.contains("there is no") || message.contains("undefined field");
        return message.contains("did you mean") ? 2 : isUnknown ? 0 : 1;
    }

    /** The one that was most probably meant: which names what it may be instead, and has what is spoken of. */
    private static Map.Entry<String, InvalidExpressionException> nearest(
            Map<String, InvalidExpressionException> misfits, Map<String, Json.Obj> types) {
        return misfits.entrySet().stream()
                .max(Comparator.comparingInt((Map.Entry<String, InvalidExpressionException> one) ->
                                nearness(String.valueOf(one.getValue().getMessage())))
                        .thenComparing(one -> ApiRequests.hasBody(types.getOrDefault(one.getKey(), Json.Obj.EMPTY))))
                .orElseThrow();
    }

    private Optional<Bound> rows(String name, String text, List<String> tools, Place place) {
        String field = "conditions." + name + ".rows";
        Map<String, RowPredicate> byTool = new HashMap<>();
        Optional<RowPredicate> untyped = compile(() -> compiler.compileRows(text, Optional.empty()), place, field);
        if (untyped.isEmpty()) {
            return Optional.empty();
        }
        typed(tools, place, field, tool -> byTool.put(tool, compiler.compileRows(text, schema(tool))));
        return Optional.of(new Bound.Rows(name, text, Map.copyOf(byTool), untyped.get()));
    }

    private interface Compiling<T> {
        T run() throws InvalidExpressionException;
    }

    private interface ForTool {
        void run(String tool) throws InvalidExpressionException;
    }

    private <T> Optional<T> compile(Compiling<T> compiling, Place place, String field) {
        try {
            return Optional.of(compiling.run());
        } catch (InvalidExpressionException e) {
            problems.add(error(place, field, String.valueOf(e.getMessage()), e));
            return Optional.empty();
        }
    }

    /** It is wrong if it fits none of the tools that it is for; where it fits only some, it never holds for the others. */
    private void typed(List<String> tools, Place place, String field, ForTool each) {
        int fits = 0;
        Map<String, InvalidExpressionException> misfits = new java.util.LinkedHashMap<>();
        for (String tool : tools) {
            try {
                each.run(tool);
                fits++;
            } catch (InvalidExpressionException e) {
                misfits.put(tool, e);
            }
        }
        for (Map.Entry<String, InvalidExpressionException> misfit : misfits.entrySet()) {
            String message =
                    "for `" + misfit.getKey() + "`: " + misfit.getValue().getMessage();
            problems.add(
                    fits == 0
                            ? error(place, field, message, misfit.getValue())
                            : Problem.warning(place, field, message));
        }
    }

    private static Problem error(Place place, String field, String message, InvalidExpressionException e) {
        LintRule rule = e.isContradiction() ? LintRule.CONTRADICTION : LintRule.INVALID;
        return new Problem(Problem.Severity.ERROR, place, field, message, e.fix(), rule);
    }

    /** All conditions of one permission must hold: each may be possible, and they together not. */
    void together(List<String> written, Place place, String field) {
        List<String> texts = new ArrayList<>();
        for (String one : written) {
            NamedCondition condition = named.get(one);
            if (condition == null && !isName(one)) {
                texts.add(one);
            } else if (condition != null && condition.text() instanceof ConditionText.When(String text)) {
                texts.add(text);
            }
        }
        if (texts.size() > 1) {
            compile(
                    () -> {
                        compiler.compileTogether(texts);
                        return true;
                    },
                    place,
                    field);
        }
    }

    private Optional<Json.Obj> schema(String subject) {
        int dot = subject.indexOf('.');
        Optional<Json.Obj> schema = schemas.inputSchema(subject.substring(0, dot), subject.substring(dot + 1));
        Optional<Json.Obj> request = catalogue.request(subject);
        return request.isEmpty()
                ? schema
                : schema.map(it -> it.with(
                        "properties",
                        it.object("properties").orElse(Json.Obj.EMPTY).with("request", request.get())));
    }

    private Problem unknown(String name, Place place, String field) {
        Set<String> known = new TreeSet<>(named.keySet());
        known.addAll(Set.of(BuiltIn.NO_PII, BuiltIn.SAME_DEPARTMENT, BuiltIn.BUSINESS_HOURS));
        return Problem.error(place, field, "unknown condition `" + name + "`")
                .withFix("define it under `conditions:`, or use one of " + String.join(", ", known));
    }
}
