package dev.reeve.authzen;

import dev.reeve.enforcement.Judged;
import dev.reeve.enforcement.Point;
import dev.reeve.enforcement.VerdictDesk;
import dev.reeve.identity.Identification.Known;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;

/** The Access Evaluation and the Access Evaluations API (sections 6 and 7 of the specification). */
final class Evaluations {
    /** Whom a question is about; any other type is unknown. */
    static final String AGENT = "agent";

    static final String USER = "user";

    /** Bytes of what questions have in common, as often as it is decided about and recorded. */
    static final long MOST_SHARED = 4 << 20;

    /** Questions of one request that are under way at a time. */
    private static final int BESIDE = 8;

    private final VerdictDesk desk;
    private final int most;
    private final BiConsumer<String, String> refused;

    /**
     * @param most questions of one request
     * @param refused takes point and code of each question that was none
     */
    Evaluations(VerdictDesk desk, int most, BiConsumer<String, String> refused) {
        this.desk = desk;
        this.most = most;
        this.refused = refused;
    }

    /** How the questions of a request hang together. */
    private enum Semantic {
        EXECUTE_ALL("execute_all"),
        DENY_ON_FIRST_DENY("deny_on_first_deny"),
        PERMIT_ON_FIRST_PERMIT("permit_on_first_permit");

        private final String wire;

        Semantic(String wire) {
            this.wire = wire;
        }

        static Semantic of(Json.Obj body) throws BadRequestException {
            Optional<Json.Obj> options = Parts.object(body, "options");
            Optional<Json> written = options.flatMap(it -> it.get("evaluations_semantic"));
            if (written.isEmpty()) {
                return EXECUTE_ALL;
            }
            for (Semantic one : values()) {
                if (written.get() instanceof Json.Str text && text.value().equals(one.wire)) {
                    return one;
                }
            }
            throw BadRequestException.invalid("`options.evaluations_semantic` is none that there is");
        }

        boolean endsWith(boolean decision) {
            return this == DENY_ON_FIRST_DENY ? !decision : this == PERMIT_ON_FIRST_PERMIT && decision;
        }
    }

    Json.Obj one(Point point, Json.Obj body) throws BadRequestException {
        return decide(point, Parts.read(body));
    }

    /** Without a list of questions it is one. */
    Json.Obj many(Point point, Json.Obj body) throws BadRequestException {
        Optional<Json> list = body.get("evaluations");
        if (list.isPresent() && !(list.get() instanceof Json.Arr)) {
            throw BadRequestException.invalid("`evaluations` must be a list");
        }
        List<Json> items = list.map(it -> ((Json.Arr) it).items()).orElse(List.of());
        if (items.isEmpty()) {
            return one(point, body);
        }
        if (items.size() > most) {
            throw BadRequestException.invalid("`evaluations` has more than " + most + " questions");
        }
        Semantic semantic = Semantic.of(body);
        Parts defaults = Parts.read(body);
        if (defaults.sharedBy(items) > MOST_SHARED) {
            throw BadRequestException.invalid("what the questions have in common comes to more than " + MOST_SHARED
                    + " bytes, counted for each of them; send fewer at a time, or less with each");
        }
        List<Json> answers =
                semantic == Semantic.EXECUTE_ALL ? all(point, items, defaults) : upTo(point, items, defaults, semantic);
        return Json.object().put("evaluations", new Json.Arr(answers)).build();
    }

    private List<Json> upTo(Point point, List<Json> items, Parts defaults, Semantic semantic) {
        List<Json> answers = new ArrayList<>();
        for (Json item : items) {
            Json.Obj answer = item(point, item, defaults);
            answers.add(answer);
            if (semantic.endsWith(
                    answer.get("decision").filter(Json.Bool.of(true)::equals).isPresent())) {
                break;
            }
        }
        return answers;
    }

    /** Some beside each other, so that they are written down together: each waits for the disk, and the disk is what takes time. */
    private List<Json> all(Point point, List<Json> items, Parts defaults) {
        Json[] answers = new Json[items.size()];
        int lanes = Math.min(BESIDE, items.size());
        if (lanes == 1) {
            return List.of(item(point, items.getFirst(), defaults));
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>(lanes);
            for (int lane = 0; lane < lanes; lane++) {
                int first = lane;
                running.add(threads.submit(() -> {
                    for (int i = first; i < answers.length; i += lanes) {
                        answers[i] = item(point, items.get(i), defaults);
                    }
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
            return List.of(answers);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a question failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private Json.Obj item(Point point, Json item, Parts defaults) {
        try {
            if (!(item instanceof Json.Obj object)) {
                throw BadRequestException.invalid("a question must be an object");
            }
            return decide(point, Parts.read(object).or(defaults));
        } catch (BadRequestException e) {
            refused.accept(point.name(), e.code());
            return Answers.error(e);
        }
    }

    private Json.Obj decide(Point point, Parts parts) throws BadRequestException {
        Question question = Question.of(parts);
        Judged judged =
                desk.judge(point, subject(desk, point, question.subject()), question.asked(), AuthzenHttp.CHANNEL);
        return Answers.decision(point, judged);
    }

    /** Empty if the point may not speak for it, or there is none of that name or type. */
    static Optional<Known> subject(VerdictDesk desk, Point point, Entity subject) {
        return switch (subject.type()) {
            case AGENT -> desk.agent(point, subject.id());
            case USER -> desk.user(point, subject.id());
            default -> Optional.empty();
        };
    }
}
