package dev.reeve.policy;

import dev.reeve.action.Action;
import dev.reeve.action.Operation;
import dev.reeve.budget.Limits;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Recording;
import dev.reeve.gate.ResultStage;
import dev.reeve.gate.Rulebook;
import dev.reeve.gate.SoftStage;
import dev.reeve.gate.Stage;
import dev.reeve.gate.TimedGrant;
import dev.reeve.gate.Veil;
import dev.reeve.identity.Principal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One compiled policy: immutable, swapped at once. */
public final class CompiledPolicy implements Rulebook {
    private final String version;
    private final Catalogue catalogue;
    private final Guardrails guardrails;
    private final Visibility visibility;
    private final List<Stage> stages;
    private final List<SoftStage> soft;
    private final List<ResultStage> resultStages;
    private final Outlook outlook;
    private final RecordingRules recording;
    private final Considering considering;
    private final Limits limits;
    private final Offers offers;
    private final Assignments assignments;

    CompiledPolicy(
            String version,
            Catalogue catalogue,
            Visibility visibility,
            Authorise authorise,
            Guardrails guardrails,
            RecordingRules recording,
            SoftGuardrails soft,
            Considering considering,
            Limits limits,
            Offers offers,
            Assignments assignments) {
        this.version = version;
        this.catalogue = catalogue;
        this.guardrails = guardrails;
        this.visibility = visibility;
        this.stages = guardrails.isEmpty() ? List.of(authorise) : List.of(guardrails, authorise);
        this.resultStages = List.of(new ContentStage(guardrails), new EmbeddedStage(catalogue));
        this.recording = recording;
        this.soft = List.of(soft);
        this.considering = considering;
        this.limits = limits;
        this.offers = offers;
        this.assignments = assignments;
        this.outlook = new Outlook(catalogue, authorise);
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public Reading read(Operation operation) {
        return catalogue.read(operation);
    }

    @Override
    public Optional<Denial> unread(Principal principal, Operation operation, List<TimedGrant> grants) {
        if (!catalogue.parses(operation) || visible(principal, operation, grants)) {
            return Optional.empty();
        }
        return visibility
                .denyingWhole(withRoles(principal, offers.roles(grants)), operation.subject())
                .map(Authorise::denied)
                .or(() -> Optional.of(Denial.of(
                        "no_rule_allows",
                        Denial.ReasonClass.POLICY,
                        "no rule allows it, whatever its arguments say: they were not read")));
    }

    @Override
    public Map<String, Set<String>> restores(Operation operation) {
        return catalogue.restores(operation);
    }

    @Override
    public boolean idempotent(Operation operation) {
        return catalogue.idempotent(operation);
    }

    /** The arguments, by name, without which {@link #read} could not say what the operation touches. */
    public Set<String> argumentsRead(Operation operation) {
        return catalogue.argumentsRead(operation);
    }

    /** Which rules were looked at to decide this, and why each did or did not count. For people; costs more than deciding. */
    public List<Consideration> consider(Action action, Facts facts) {
        return considering.of(action, facts);
    }

    /** Whether some guardrail decides by what stands in arguments. */
    public boolean looksIntoArguments() {
        return guardrails.looksIntoArguments();
    }

    /** What may be used up; whoever reserves takes it from here. */
    public Limits limits() {
        return limits;
    }

    /** What people may give for a time, by name. */
    public Collection<Offer> offers() {
        return offers.all();
    }

    @Override
    public List<Assigned> assigned(Action action, Facts facts) {
        return assignments.of(action, facts);
    }

    @Override
    public List<Stage> stages() {
        return stages;
    }

    @Override
    public List<SoftStage> softStages() {
        return soft;
    }

    @Override
    public Denial.Nearest outlook(Action action, Facts known) {
        return unread(action.principal(), action.operation(), known.grants()).isPresent()
                ? outlook.unread(action, known)
                : outlook.of(action, known);
    }

    @Override
    public Recording recording(Action action, Facts facts) {
        return recording.of(action, facts);
    }

    @Override
    public Recording recordingInDoubt(Action action) {
        return recording.inDoubt(action);
    }

    @Override
    public Veil veil(Action action, Facts facts) {
        return guardrails.veil(action, facts);
    }

    @Override
    public List<ResultStage> resultStages() {
        return resultStages;
    }

    @Override
    public boolean visible(Principal principal, Operation operation) {
        return visible(principal, operation, List.of());
    }

    @Override
    public boolean visible(Principal principal, Operation operation, List<TimedGrant> grants) {
        Principal surely = withRoles(principal, offers.roles(grants));
        return visibility.visible(surely, withRoles(surely, assignments.possible(principal.agent())), operation);
    }

    private static Principal withRoles(Principal principal, Collection<String> more) {
        return more.isEmpty() ? principal : principal.withRoles(more);
    }
}
