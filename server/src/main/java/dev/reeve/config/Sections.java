package dev.reeve.config;

import dev.reeve.policy.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** The files of one folder as if they were one: each name once, whichever file it stands in. */
final class Sections {
    private final List<Node.Mapping> roots = new ArrayList<>();
    private final Problems problems;
    private boolean whole = true;

    private Sections(Problems problems) {
        this.problems = problems;
    }

    static Sections read(Map<String, byte[]> files, Shape.Struct shape, Problems problems) {
        Sections sections = new Sections(problems);
        files.forEach((name, bytes) -> Yaml.read(name, bytes, problems)
                .ifPresentOrElse(
                        root -> sections.roots.add(ShapeCheck.check(root, shape, problems)),
                        () -> sections.whole = false));
        return sections;
    }

    /** Each entry of a section with where its name stands; a name that was seen before is a problem that names both places. */
    void each(String section, BiConsumer<String, Node.Member> reader) {
        Map<String, Place> seen = new LinkedHashMap<>();
        for (Node.Mapping root : roots) {
            root.membersOf(section).forEach((name, member) -> {
                Place before = seen.putIfAbsent(name, member.key());
                if (before == null) {
                    reader.accept(name, member);
                } else {
                    problems.error(
                            member.key(), member.value().field(), "is defined twice; first in " + before, "keep one");
                }
            });
        }
    }

    /** Whether every file is YAML. */
    boolean isWhole() {
        return whole;
    }

    List<Node.Mapping> roots() {
        return roots;
    }

    /** Each item of a list that every file may have, in the order of files. */
    List<Node> items(String section) {
        List<Node> items = new ArrayList<>();
        for (Node.Mapping root : roots) {
            root.get(section)
                    .filter(Node.Sequence.class::isInstance)
                    .ifPresent(list -> items.addAll(((Node.Sequence) list).items()));
        }
        return items;
    }
}
