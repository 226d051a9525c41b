package dev.reeve.policy;

import dev.reeve.action.Action;
import dev.reeve.action.Operation;
import dev.reeve.gate.Facts;
import dev.reeve.gate.ResultFinding;
import dev.reeve.gate.ResultStage;
import dev.reeve.gate.Rulebook.Reading;
import dev.reeve.json.Json;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A result may hold resources of the server whole, other ones than what was asked for: what the catalogue says of them is true of the result, as if they
 * had been read by their URIs.
 */
final class EmbeddedStage implements ResultStage {
    static final String NAME = "embedded";

    private final Catalogue catalogue;

    EmbeddedStage(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public ResultFinding examine(Action action, Facts facts, Json.Obj result) {
        Set<String> uris = new HashSet<>();
        uris(result, uris);
        // A task that is over has what its call came to within it.
        result.object("result").ifPresent(inner -> uris(inner, uris));
        Set<String> tags = new TreeSet<>();
        for (String uri : uris) {
            Reading read =
                    catalogue.read(new Operation.ResourceRead(action.operation().upstream(), uri));
            if (read instanceof Reading.Touches touches) {
                tags.addAll(touches.resultTags());
            }
        }
        tags.removeAll(facts.resultTags());
        return tags.isEmpty()
                ? new ResultFinding.Unchanged(NAME)
                : new ResultFinding.Noted(NAME, "it holds resources tagged " + String.join(", ", tags), tags);
    }

    private static void uris(Json.Obj result, Set<String> uris) {
        each(result, "contents", one -> uri(one, uris));
        each(result, "content", block -> block(block, uris));
        each(result, "messages", message -> {
            message.object("content").ifPresent(block -> block(block, uris));
            each(message, "content", block -> block(block, uris));
        });
    }

    private static void block(Json.Obj block, Set<String> uris) {
        if (block.string("type").equals(Optional.of("resource"))) {
            block.object("resource").ifPresent(resource -> uri(resource, uris));
        }
    }

    private static void uri(Json.Obj resource, Set<String> uris) {
        resource.string("uri").ifPresent(uris::add);
    }

    private static void each(Json.Obj holder, String member, java.util.function.Consumer<Json.Obj> does) {
        holder.array(member)
                .ifPresent(array -> array.items().forEach(item -> {
                    if (item instanceof Json.Obj object) {
                        does.accept(object);
                    }
                }));
    }
}
