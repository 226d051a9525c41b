package dev.reeve.mongo;

import dev.reeve.sql.SqlAction;
import dev.reeve.sql.TableAccess;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Collects what one request touches. */
final class Touches {
    private record Key(String collection, SqlAction action) {}

    private final MongoSchema schema;
    private final List<Source> sources = new ArrayList<>();
    private final Map<Key, Set<String>> written = new LinkedHashMap<>();

    Touches(MongoSchema schema) {
        this.schema = schema;
    }

    /** One more place where documents of the collection are read. */
    Source source(String collection) {
        Source source = known(collection);
        sources.add(source);
        return source;
    }

    /** To look its fields up. */
    Source known(String collection) {
        return new Source(collection, schema);
    }

    void write(String collection, SqlAction action, Collection<String> fields) {
        written.computeIfAbsent(new Key(collection, action), ignored -> new TreeSet<>())
                .addAll(fields);
    }

    /** @throws RefusedMongoException if a masked field is read where nothing can be put in its place */
    void mask(MongoRestriction restriction) {
        for (Source source : sources) {
            for (String field : writes() ? source.reads() : source.raw()) {
                if (restriction.masks(source.collection(), field)) {
                    throw new RefusedMongoException(
                            "mongo_masked",
                            writes()
                                    ? "only in what reads alone can fields be masked"
                                    : "`" + field
                                            + "` is masked, and the database would compare, sort or compute with it as it is;"
                                            + " do so in a stage of `aggregate`, which sees the mask");
                }
            }
        }
    }

    boolean writes() {
        return !written.isEmpty();
    }

    List<TableAccess> accesses() {
        Map<Key, Set<String>> all = new LinkedHashMap<>();
        sources.forEach(
                source -> all.computeIfAbsent(new Key(source.collection(), SqlAction.QUERY), ignored -> new TreeSet<>())
                        .addAll(source.reads()));
        all.putAll(written);
        List<TableAccess> accesses = new ArrayList<>();
        all.forEach((key, fields) -> accesses.add(new TableAccess(key.collection(), key.action(), fields)));
        return accesses;
    }
}
