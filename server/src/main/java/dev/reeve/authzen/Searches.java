package dev.reeve.authzen;

import dev.reeve.action.Operation;
import dev.reeve.enforcement.Asked;
import dev.reeve.enforcement.Inventory;
import dev.reeve.enforcement.Judged;
import dev.reeve.enforcement.Point;
import dev.reeve.enforcement.ResourceType;
import dev.reeve.enforcement.VerdictDesk;
import dev.reeve.identity.Identification.Known;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The search APIs (sections 8 to 10 of the specification): each candidate that there is goes through the policy in force; nothing is guessed
 * or made up. Candidates are the agents and users of the point's segment, what the catalogue spells out, and the words of the vocabulary.
 *
 * <p>Limits: {@link #MOST_TRIED} candidates a page, {@link #MOST_RESULTS} results.
 */
final class Searches {
    static final int MOST_TRIED = 10_000;
    static final int MOST_RESULTS = 1_000;
    private static final int USUAL_RESULTS = 100;

    private final VerdictDesk desk;
    private final Inventory inventory;
    private final PageTokens tokens;

    Searches(VerdictDesk desk, Inventory inventory, PageTokens tokens) {
        this.desk = desk;
        this.inventory = inventory;
        this.tokens = tokens;
    }

    /** Whether one candidate is to be shown. */
    private interface Test {
        boolean passes(String candidate) throws BadRequestException;
    }

    private interface Shown {
        Json.Obj of(String candidate);
    }

    Json.Obj subjects(Point point, Json.Obj body) throws BadRequestException {
        Parts parts = Parts.read(body);
        Entity wanted = Entity.any("subject", parts.subject());
        Question question = question(parts, wanted, Entity.read("resource", parts.resource()));
        question.asked();
        NavigableSet<String> candidates = switch (wanted.type()) {
            case Evaluations.AGENT -> inventory.agents(point);
            case Evaluations.USER -> inventory.users(point);
            default -> Collections.emptyNavigableSet();
        };
        return page(
                "subject",
                point,
                body,
                candidates,
                entity(wanted.type()),
                name -> allowed(
                        point,
                        new Question(
                                wanted.with(name),
                                question.action(),
                                question.actionProperties(),
                                question.resource(),
                                question.context())));
    }

    Json.Obj resources(Point point, Json.Obj body) throws BadRequestException {
        Parts parts = Parts.read(body);
        Entity subject = Entity.read("subject", parts.subject());
        Entity wanted = Entity.any("resource", parts.resource());
        Question question = question(parts, subject, wanted);
        boolean tools = wanted.type().equals(ResourceType.TOOL);
        NavigableSet<String> candidates = inventory.resources(wanted.type());
        return page("resource", point, body, candidates, entity(wanted.type()), name -> {
            Question one = new Question(
                    subject, question.action(), question.actionProperties(), wanted.with(name), question.context());
            return tools ? callable(point, one) : allowed(point, one);
        });
    }

    Json.Obj actions(Point point, Json.Obj body) throws BadRequestException {
        Parts parts = Parts.read(body);
        Entity subject = Entity.read("subject", parts.subject());
        Entity resource = Entity.read("resource", parts.resource());
        Json.Obj context = parts.context().orElse(Json.Obj.EMPTY);
        NavigableSet<String> candidates = resource.type().equals(ResourceType.TOOL)
                ? new TreeSet<>(List.of(Question.CALLS.getFirst()))
                : inventory.actions();
        return page(
                "action",
                point,
                body,
                candidates,
                name -> Json.object().put("name", name).build(),
                name -> allowed(point, new Question(subject, name, Json.Obj.EMPTY, resource, context)));
    }

    private static Shown entity(String type) {
        return id -> Json.object().put("type", type).put("id", id).build();
    }

    private static Question question(Parts parts, Entity subject, Entity resource) throws BadRequestException {
        return new Question(
                subject,
                Question.actionName(parts),
                Entity.properties("action", Entity.need("action", parts.action())),
                resource,
                parts.context().orElse(Json.Obj.EMPTY));
    }

    private boolean allowed(Point point, Question question) throws BadRequestException {
        Optional<Known> subject = Evaluations.subject(desk, point, question.subject());
        Asked asked = question.asked();
        return subject.isPresent() && desk.wouldAllow(point, subject.get(), asked, AuthzenHttp.CHANNEL);
    }

    /** What arguments it would be called with is not known: a tool is shown that could be called with some. */
    private boolean callable(Point point, Question question) throws BadRequestException {
        Optional<Known> subject = Evaluations.subject(desk, point, question.subject());
        return subject.isPresent()
                && question.asked()
                        .call()
                        .filter(call -> desk.mayCall(point, subject.get(), call))
                        .isPresent();
    }

    private Json.Obj page(
            String entity, Point point, Json.Obj body, NavigableSet<String> candidates, Shown shown, Test test)
            throws BadRequestException {
        Json.Obj search = body.without("page");
        Page page = Page.read(body);
        NavigableSet<String> rest = candidates;
        if (page.token().isPresent()) {
            String last = tokens.open(page.token().get(), point, bound(entity, search))
                    .orElseThrow(() -> BadRequestException.invalid(
                            "`page.token` is not one of this search; begin anew without it"));
            rest = candidates.tailSet(last, false);
        }
        Judged judged =
                desk.searching(point, new Operation.AccessSearch(point.name(), entity, body), AuthzenHttp.CHANNEL);
        if (!judged.allowed()) {
            throw new UnansweredException();
        }
        List<Json> results = new ArrayList<>();
        Optional<String> next = collect(rest, page.limit(), shown, test, results);
        return Json.object()
                .put("results", new Json.Arr(results))
                .put(
                        "page",
                        Json.object()
                                .put(
                                        "next_token",
                                        next.map(last -> tokens.after(last, point, bound(entity, search)))
                                                .orElse(""))
                                .put("count", results.size()))
                .build();
    }

    private static Json.Obj bound(String entity, Json.Obj search) {
        return Json.object().put("entity", entity).put("search", search).build();
    }

    /** @return the last candidate that was looked at, if there may be more */
    private static Optional<String> collect(
            NavigableSet<String> candidates, int limit, Shown shown, Test test, List<Json> results)
            throws BadRequestException {
        int tried = 0;
        String last = "";
        for (String candidate : candidates) {
            if (tried == MOST_TRIED) {
                return Optional.of(last);
            }
            if (test.passes(candidate)) {
                if (results.size() == limit) {
                    return Optional.of(last);
                }
                results.add(shown.of(candidate));
            }
            tried++;
            last = candidate;
        }
        return Optional.empty();
    }

    /** The search could not be recorded, or the one who asks is nobody any more. */
    static final class UnansweredException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnansweredException() {
            super("the search cannot be answered", null, false, false);
        }
    }

    /** @param limit results of a page */
    private record Page(int limit, Optional<String> token) {
        static Page read(Json.Obj body) throws BadRequestException {
            Json.Obj page = Parts.object(body, "page").orElse(Json.Obj.EMPTY);
            Optional<String> token = Optional.empty();
            if (page.has("token")) {
                Json written = page.get("token").orElseThrow();
                if (!(written instanceof Json.Str text)) {
                    throw BadRequestException.invalid("`page.token` must be a text");
                }
                token = Optional.of(text.value()).filter(it -> !it.isEmpty());
            }
            return new Page(limit(page), token);
        }

        private static int limit(Json.Obj page) throws BadRequestException {
            Optional<Json> written = page.get("limit");
            if (written.isEmpty()) {
                return USUAL_RESULTS;
            }
            long limit = written.filter(Json.Num.class::isInstance)
                    .flatMap(it -> ((Json.Num) it).whole())
                    .filter(it -> it >= 0)
                    .orElseThrow(() -> BadRequestException.invalid("`page.limit` must be a whole number from 0 on"));
            return limit == 0 ? USUAL_RESULTS : (int) Math.min(limit, MOST_RESULTS);
        }
    }
}
