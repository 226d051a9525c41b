package dev.reeve.connect;

import dev.reeve.json.CanonicalDigest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;

/**
 * Lines that connecting added to a YAML file of the operator, so that they can be taken out again where they are as they were written, wherever they stand
 * by then and whatever stands around them.
 *
 * @param pointer the names that lead to the member; none for a file that was not there before: what is left of it without all that was added
 * @param digest of its lines, without the blank ones after them; empty where it was not written in lines of its own
 */
record Added(List<String> pointer, String digest) {
    Added {
        pointer = List.copyOf(pointer);
    }

    private record Lines(int start, int end) {
        String in(String text) {
            return text.substring(start, end);
        }
    }

    /**
     * @param after what was written
     * @param pointers in an order in which they can be taken out: a section after what is in it
     */
    static List<Added> of(String after, List<List<String>> pointers) throws RefusedException {
        List<Added> all = new ArrayList<>();
        String text = after;
        for (List<String> pointer : pointers) {
            Optional<Lines> lines = find(text, pointer);
            if (lines.isEmpty()) {
                all.add(new Added(pointer, ""));
                continue;
            }
            Added one = new Added(pointer, digest(lines.get().in(text)));
            all.add(one);
            text = pointer.isEmpty() ? text : one.takenOutOf(text).orElse(text);
        }
        return all;
    }

    /** What it belongs to, by the name in {@code reeve.yaml}; empty of a section and of a whole file. */
    Optional<String> server() {
        return switch (pointer.size()) {
            case 2 -> Optional.of(pointer.get(1));
            case 1 ->
                Optional.of(pointer.getFirst())
                        .filter(name -> name.contains("."))
                        .map(name -> name.substring(0, name.indexOf('.')));
            default -> Optional.empty();
        };
    }

    /** Whether it is the entry of a server, and not a value of one. */
    boolean isServer() {
        return pointer.size() == 2;
    }

    /** As a person reads it. */
    String name() {
        return pointer.isEmpty() ? "" : pointer.getLast();
    }

    boolean isIn(String text) throws RefusedException {
        Optional<Node> node = YamlText.read(text).root().map(root -> root);
        for (String name : pointer) {
            node = node.filter(MappingNode.class::isInstance)
                    .flatMap(at -> YamlText.find((MappingNode) at, name))
                    .map(NodeTuple::getValueNode);
        }
        return node.isPresent();
    }

    /** Whether this is all that the text is, for a file that was not there before. */
    boolean isAllOf(String text) {
        return pointer.isEmpty() && digest(text).equals(digest);
    }

    /** @return the rest; empty if it is not there, or not as it was written */
    Optional<String> takenOutOf(String text) throws RefusedException {
        Optional<Lines> found = find(text, pointer);
        if (pointer.isEmpty()
                || found.isEmpty()
                || !digest(found.get().in(text)).equals(digest)) {
            return Optional.empty();
        }
        Lines lines = found.get();
        String before = text.substring(0, lines.start());
        String behind = text.substring(lines.end());
        // A section at the end came with a blank line before it.
        boolean gap = server().isEmpty() && behind.isEmpty();
        String rest = (gap ? before.replaceFirst("(\\r?\\n)\\r?\\n\\z", "$1") : before) + behind;
        return isIn(rest) ? Optional.empty() : Optional.of(rest);
    }

    /** Whole lines, in blocks only: what is written as {@code {...}} stands beside other things on its line. */
    private static Optional<Lines> find(String text, List<String> pointer) throws RefusedException {
        if (pointer.isEmpty()) {
            return Optional.of(new Lines(0, text.length()));
        }
        YamlText yaml = YamlText.read(text);
        Optional<Node> node = yaml.root().map(root -> root);
        Optional<NodeTuple> member = Optional.empty();
        for (String name : pointer) {
            member = node.filter(at -> at instanceof MappingNode mapping && YamlText.isBlock(mapping))
                    .flatMap(at -> YamlText.find((MappingNode) at, name));
            node = member.map(NodeTuple::getValueNode);
        }
        return member.flatMap(it -> lines(text, yaml, it));
    }

    private static Optional<Lines> lines(String text, YamlText yaml, NodeTuple member) {
        int key = yaml.offset(member.getKeyNode().getStartMark().orElseThrow());
        int start = text.lastIndexOf('\n', key - 1) + 1;
        int end = yaml.nextLine(yaml.end(member.getValueNode()));
        return text.substring(start, key).isBlank() ? Optional.of(new Lines(start, end)) : Optional.empty();
    }

    private static String digest(String lines) {
        return CanonicalDigest.of(lines.stripTrailing().getBytes(StandardCharsets.UTF_8));
    }
}
