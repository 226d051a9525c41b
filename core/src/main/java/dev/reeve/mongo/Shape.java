package dev.reeve.mongo;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What a document may hold at one place of a pipeline. Values: each stage gives another. */
sealed interface Shape {
    /** Counts what is read by this path. */
    void read(String path);

    /** Counts all that is there. */
    void readWhole();

    /** With a field that the pipeline made, whose reading was counted when it was made. */
    Shape plus(String path);

    Shape minus(String path);

    /** The paths that may be there. */
    Set<String> names();

    /**
     * Documents of a collection.
     *
     * @param guarded whether the database hides what was not decided about before it evaluates
     */
    record Open(Source source, boolean guarded, Set<String> made, Set<String> removed) implements Shape {
        public Open {
            made = Set.copyOf(made);
            removed = Set.copyOf(removed);
        }

        Open(Source source, boolean guarded) {
            this(source, guarded, Set.of(), Set.of());
        }

        @Override
        public void read(String path) {
            if (made.stream().anyMatch(one -> Path.covers(one, path) || Path.covers(path, one))) {
                // What was there before by this name counts too: it is never wrong to count more.
                source.leaves(path).forEach(source::read);
                return;
            }
            if (removed.stream().anyMatch(one -> Path.covers(one, path))) {
                throw RefusedMongoException.unknownField(path);
            }
            if (guarded) {
                source.read(path);
            } else {
                source.readOne(path);
            }
        }

        @Override
        public void readWhole() {
            if (!guarded) {
                throw new RefusedMongoException(
                        "mongo_whole", "a whole document is not accepted here; name its fields");
            }
            source.readAll(removed);
        }

        @Override
        public Shape plus(String path) {
            return new Open(source, guarded, union(made, path), removed);
        }

        @Override
        public Shape minus(String path) {
            Set<String> left = new TreeSet<>(made);
            left.removeIf(one -> Path.covers(path, one));
            return new Open(source, guarded, left, union(removed, path));
        }

        @Override
        public Set<String> names() {
            Set<String> names = new TreeSet<>(made);
            source.declared().stream()
                    .filter(field -> removed.stream().noneMatch(gone -> Path.covers(gone, field)))
                    .forEach(names::add);
            return names;
        }
    }

    /** Fields that the pipeline made, and no others. */
    record Closed(Set<String> names) implements Shape {
        public Closed {
            names = Set.copyOf(names);
        }

        @Override
        public void read(String path) {
            if (names.stream().noneMatch(one -> Path.covers(one, path) || Path.covers(path, one))) {
                throw RefusedMongoException.unknownField(path);
            }
        }

        @Override
        public void readWhole() {}

        @Override
        public Shape plus(String path) {
            return new Closed(union(names, path));
        }

        @Override
        public Shape minus(String path) {
            Set<String> left = new TreeSet<>(names);
            left.removeIf(one -> Path.covers(path, one));
            return new Closed(left);
        }
    }

    /** Anything of what was counted before. */
    record Counted() implements Shape {
        @Override
        public void read(String path) {}

        @Override
        public void readWhole() {}

        @Override
        public Shape plus(String path) {
            return this;
        }

        @Override
        public Shape minus(String path) {
            return this;
        }

        @Override
        public Set<String> names() {
            throw new RefusedMongoException(
                    "mongo_not_supported", "it cannot be said which fields are written; name them with `$project`");
        }
    }

    /** Documents of several kinds, one after another. */
    record Either(List<Shape> kinds) implements Shape {
        public Either {
            kinds = List.copyOf(kinds);
        }

        @Override
        public void read(String path) {
            int known = 0;
            for (Shape kind : kinds) {
                try {
                    kind.read(path);
                    known++;
                } catch (RefusedMongoException e) {
                    if (!e.code().equals("mongo_unknown_field")) {
                        throw e;
                    }
                }
            }
            if (known == 0) {
                throw RefusedMongoException.unknownField(path);
            }
        }

        @Override
        public void readWhole() {
            kinds.forEach(Shape::readWhole);
        }

        @Override
        public Shape plus(String path) {
            return new Either(kinds.stream().map(kind -> kind.plus(path)).toList());
        }

        @Override
        public Shape minus(String path) {
            return new Either(kinds.stream().map(kind -> kind.minus(path)).toList());
        }

        @Override
        public Set<String> names() {
            Set<String> names = new TreeSet<>();
            kinds.forEach(kind -> names.addAll(kind.names()));
            return names;
        }
    }

    private static Set<String> union(Set<String> names, String more) {
        Set<String> all = new TreeSet<>(names);
        all.add(more);
        return all;
    }
}
