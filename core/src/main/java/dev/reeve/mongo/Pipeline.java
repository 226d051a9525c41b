package dev.reeve.mongo;

import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One pipeline, read stage by stage. What is sent can only be written when all of it has been read: what is read later was there before, too. */
final class Pipeline {
    private static final int MOST_STAGES = 100;

    /** Writes stages, restricted at each place where documents come in. */
    interface Part {
        List<Json> write(MongoRestriction restriction);
    }

    private final List<Part> parts = new ArrayList<>();
    private final Optional<Source> source;
    private Shape shape;

    private Pipeline(Optional<Source> source, Shape shape) {
        this.source = source;
        this.shape = shape;
    }

    /** Over a collection, whose other fields the database hides before the first stage. */
    static Pipeline over(Source source, Json stages, Touches touches, Set<String> variables, boolean top) {
        Pipeline pipeline = new Pipeline(Optional.of(source), new Shape.Open(source, true));
        pipeline.run(stages, new Stages(touches, variables, top));
        return pipeline;
    }

    /** Over what another pipeline has by then. */
    static Pipeline within(Shape shape, Json stages, Touches touches, Set<String> variables) {
        Pipeline pipeline = new Pipeline(Optional.empty(), shape);
        pipeline.run(stages, new Stages(touches, variables, false));
        return pipeline;
    }

    private void run(Json written, Stages stages) {
        if (!(written instanceof Json.Arr list) || list.items().size() > MOST_STAGES) {
            throw RefusedMongoException.malformed("a pipeline is a list of at most " + MOST_STAGES + " stages");
        }
        for (Json stage : list.items()) {
            Stages.Step step = stages.read(stage, shape);
            parts.add(step.part());
            shape = step.after();
        }
        if (!stages.isWritten()) {
            shape.readWhole();
        }
    }

    /** What it ends with. */
    Shape end() {
        return shape;
    }

    Json.Arr write(MongoRestriction restriction) {
        List<Json> stages = new ArrayList<>();
        source.ifPresent(one -> stages.addAll(one.opening(restriction)));
        parts.forEach(part -> stages.addAll(part.write(restriction)));
        return new Json.Arr(stages);
    }
}
