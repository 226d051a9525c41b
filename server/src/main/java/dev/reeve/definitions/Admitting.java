package dev.reeve.definitions;

import dev.reeve.action.Operation;
import dev.reeve.definitions.Definitions.State;
import dev.reeve.gate.Admissions.Admission;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import dev.reeve.json.Json;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether one operation stands on a definition that is in force; pure over one server's pins. */
final class Admitting {
    private Admitting() {}

    static Admission admit(Operation operation, Map<String, Entry> entries) {
        return switch (operation) {
            case Operation.ToolCall call -> call(call, entries);
            case Operation.ResourceRead read -> read(read, read.uri(), entries);
            case Operation.PromptGet get -> prompt(get, get.prompt(), entries);
            case Operation.Completion completion -> completion(completion, entries);
            case Operation.SkillGet get -> skill(get, entries);
            case Operation.DirectoryRead read -> inSkill(read, read.uri() + "/", entries);
            case Operation.Subscription to -> read(to, to.uri(), entries);
            case Operation.Task task -> task(task, entries);
            // Nothing of it was ever offered: the operator's word for the server is asked elsewhere.
            case Operation.Question question -> new Admission.Admitted(question, Optional.empty());
            // An agent's own program has no pinned definitions.
            case Operation.HostCall call -> new Admission.Admitted(call, Optional.empty());
            case Operation.AccessEvaluation asked -> evaluation(asked);
            case Operation.ToolEvaluation asked -> evaluation(asked, entries);
            case Operation.AccessSearch search -> new Admission.Admitted(search, Optional.empty());
            case Operation.Listing listing -> new Admission.Admitted(listing, Optional.empty());
        };
    }

    private static Admission call(Operation.ToolCall call, Map<String, Entry> entries) {
        Entry entry = entries.get(Kind.TOOL.key(call.tool()));
        if (entry == null || entry.pin().kind() != Kind.TOOL || entry.schema().isEmpty() || !entry.offered()) {
            return new Admission.Refused(unknown(call, "tool"));
        }
        return switch (entry.schema().orElseThrow().check(call.arguments())) {
            case ArgumentSchema.Checked.Invalid(String problem) ->
                new Admission.Refused(Denial.of("arguments_invalid", ReasonClass.ARGUMENTS, problem)
                        .withTell(problem));
            case ArgumentSchema.Checked.Valid(Json.Obj arguments) -> standing(call.with(arguments), entry);
        };
    }

    private static Admission completion(Operation.Completion completion, Map<String, Entry> entries) {
        return switch (completion.of()) {
            case PROMPT -> prompt(completion, completion.name(), entries);
            case RESOURCE_TEMPLATE -> {
                Entry template = entries.get(Kind.TEMPLATE.key(completion.name()));
                yield template == null || !template.offered()
                        ? new Admission.Admitted(completion, Optional.empty())
                        : standing(completion, template);
            }
        };
    }

    /** As the call that began it: its definition must still stand, but for ending it. */
    private static Admission task(Operation.Task task, Map<String, Entry> entries) {
        if (task.ends()) {
            return new Admission.Admitted(task, Optional.empty());
        }
        return switch (call(task.begun(), entries)) {
            case Admission.Admitted admitted -> new Admission.Admitted(task, admitted.fingerprint());
            case Admission.Held held -> new Admission.Held(task, held.why());
            case Admission.Refused refused -> refused;
        };
    }

    /** Whom there is, and for whom the point may not speak, is one answer. */
    private static Admission evaluation(Operation.AccessEvaluation asked) {
        return asked.entitled()
                ? new Admission.Admitted(asked, Optional.empty())
                : new Admission.Refused(Denial.of(
                                "subject_unknown",
                                ReasonClass.POLICY,
                                "`" + asked.point() + "` may not speak for this subject, or there is no such subject")
                        .withHelp("write the subject under `enforcement_points: " + asked.point()
                                + ":` in a file of the folder `policies`, if the point may")
                        .withTell("this subject is not known to the enforcement point"));
    }

    /** As the call itself: with the defaults filled in, and its definition in force. */
    private static Admission evaluation(Operation.ToolEvaluation asked, Map<String, Entry> entries) {
        return switch (call(asked.call(), entries)) {
            case Admission.Admitted(Operation.ToolCall call, Optional<String> fingerprint) ->
                new Admission.Admitted(new Operation.ToolEvaluation(asked.point(), call), fingerprint);
            case Admission.Admitted admitted -> new Admission.Admitted(asked, admitted.fingerprint());
            case Admission.Held held -> new Admission.Held(asked, held.why());
            case Admission.Refused refused -> refused;
        };
    }

    private static Admission prompt(Operation get, String name, Map<String, Entry> entries) {
        Entry entry = entries.get(Kind.PROMPT.key(name));
        return entry == null || !entry.offered() ? new Admission.Refused(unknown(get, "prompt")) : standing(get, entry);
    }

    /**
     * A resource that no list names has no definition that could deceive: the policy decides on its URI. What a list or a template names is
     * held as that is.
     */
    private static Admission read(Operation read, String uri, Map<String, Entry> entries) {
        Admission ofSkill = inSkill(read, uri, entries);
        if (!(ofSkill instanceof Admission.Admitted)) {
            return ofSkill;
        }
        Entry named = entries.get(Kind.RESOURCE.key(uri));
        if (named != null && named.offered()) {
            return standing(read, named);
        }
        List<Entry> templates = entries.values().stream()
                .filter(entry -> entry.pin().kind() == Kind.TEMPLATE && entry.offered())
                .filter(entry -> UriTemplate.mayMake(entry.pin().name(), uri))
                .toList();
        return templates.stream()
                .filter(entry -> entry.waits() == State.IN_FORCE)
                .findFirst()
                .or(() -> templates.stream().findFirst())
                .map(entry -> standing(read, entry))
                .orElseGet(() -> new Admission.Admitted(read, Optional.empty()));
    }

    /** Its entry is what a model reads of it first: one that nobody has looked at is not passed on. */
    private static Admission skill(Operation.SkillGet get, Map<String, Entry> entries) {
        Entry entry = entries.get(Kind.SKILL.key(get.uri()));
        return entry == null || !entry.offered() ? new Admission.Refused(unknown(get, "skill")) : standing(get, entry);
    }

    /** What lies in a skill is held as long as the skill is. */
    private static Admission inSkill(Operation read, String uri, Map<String, Entry> entries) {
        return skill(uri, entries)
                .map(entry -> standing(read, entry))
                .orElseGet(() -> new Admission.Admitted(read, Optional.empty()));
    }

    /** The skill that a URI lies in, the innermost if there are several. */
    static Optional<Entry> skill(String uri, Map<String, Entry> entries) {
        return entries.values().stream()
                .filter(entry -> entry.pin().kind() == Kind.SKILL && entry.offered())
                .filter(entry -> Skill.of(entry.pin().definition())
                        .filter(skill -> skill.holds(uri))
                        .isPresent())
                .max(Comparator.comparingInt(entry -> entry.pin().name().length()));
    }

    private static Admission standing(Operation operation, Entry entry) {
        return switch (entry.waits()) {
            case IN_FORCE ->
                new Admission.Admitted(operation, Optional.of(entry.pin().fingerprint()));
            case HELD -> new Admission.Held(operation, held(entry));
            case HIDDEN ->
                new Admission.Refused(unknown(operation, entry.pin().kind().wire()));
        };
    }

    private static Denial held(Entry entry) {
        Pin pin = entry.pin();
        String why = pin.drift().isPresent()
                ? "its definition has changed"
                : pin.decidedBy().isEmpty() ? "it is new and nobody has looked at it" : "a check found something";
        return Denial.of("definition_held", ReasonClass.APPROVAL, "`" + pin.subject() + "` is held: " + why)
                .withHelp("read it with `reeve tools diff " + pin.upstream() + "`, then `reeve tools approve "
                        + pin.subject() + "`")
                .withTell("the " + pin.kind().wire() + "'s definition waits for a person's approval");
    }

    private static Denial unknown(Operation operation, String what) {
        return Denial.of("unknown_" + what, ReasonClass.POLICY, "no such " + what + ": `" + operation.subject() + "`")
                .conceal();
    }
}
