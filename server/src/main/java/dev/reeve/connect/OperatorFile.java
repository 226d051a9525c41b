package dev.reeve.connect;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Adds servers to the text of {@code reeve.yaml}. Every character that was there stays. */
final class OperatorFile {
    private static final String HEAD = """
            # Where things are. Servers that `reeve connect` found are below. Confined, a server sees its `folders` and has no
            # network; `confine: none` means that it can do whatever you can do: read your files, use your network.
            """;

    private OperatorFile() {}

    /**
     * @param before the text of the file; empty if there is none
     * @return the new text; the same if every server is there already
     * @throws RefusedException if the text is not understood, or a name stands for something else
     */
    static String add(Optional<String> before, List<Upstream> upstreams) throws RefusedException {
        String text = before.orElse(HEAD);
        YamlText yaml = YamlText.read(text);
        List<Upstream> missing = new ArrayList<>();
        for (Upstream upstream : upstreams) {
            Optional<NodeTuple> present = section(yaml)
                    .filter(MappingNode.class::isInstance)
                    .flatMap(section -> YamlText.find((MappingNode) section, upstream.name()));
            if (present.isEmpty()) {
                missing.add(upstream);
            } else if (!same(present.get().getValueNode(), upstream)) {
                throw new RefusedException("reeve.yaml has another server by the name `" + upstream.name()
                        + "`; rename it in the client's config, or the one in reeve.yaml, and run this again");
            }
        }
        if (missing.isEmpty()) {
            return before.orElse("");
        }
        String after = insert(text, yaml, missing);
        verify(yaml, after, missing);
        return after;
    }

    /** The places that {@link #add} adds, in an order in which they can be taken out again. */
    static List<List<String>> missing(Optional<String> before, List<Upstream> upstreams) throws RefusedException {
        YamlText yaml = YamlText.read(before.orElse(""));
        List<List<String>> missing = new ArrayList<>();
        for (Upstream upstream : upstreams) {
            List<String> place = List.of("upstreams", upstream.name());
            if (!new Added(place, "").isIn(before.orElse(""))) {
                missing.add(place);
            }
        }
        if (section(yaml).isEmpty()) {
            missing.add(List.of("upstreams"));
        }
        if (before.isEmpty()) {
            missing.add(List.of());
        }
        return missing;
    }

    /** The folder of keys that the operator named, as it is written; empty if there is none, or the text is not understood. */
    static Optional<String> keys(String text) {
        try {
            return YamlText.read(text)
                    .root()
                    .flatMap(root -> text(root, "keys"))
                    .filter(path -> !path.isEmpty());
        } catch (RefusedException e) {
            return Optional.empty(); // said in full when the file is edited
        }
    }

    private static Optional<Node> section(YamlText yaml) {
        return yaml.root().flatMap(root -> YamlText.find(root, "upstreams")).map(NodeTuple::getValueNode);
    }

    private static String insert(String text, YamlText yaml, List<Upstream> missing) throws RefusedException {
        String newline = text.contains("\r\n") ? "\r\n" : "\n";
        if (yaml.root().isPresent() && !YamlText.isBlock(yaml.root().get())) {
            throw new RefusedException("reeve.yaml is written as one `{...}`; write it as lines, and run this again");
        }
        Optional<Node> section = section(yaml);
        if (section.isEmpty()) {
            String gap = text.isEmpty() || text.endsWith("\n") ? "" : newline;
            int indent = yaml.root().map(YamlText::column).orElse(0);
            String head = " ".repeat(indent) + "upstreams:" + newline;
            return text + gap + (text.isBlank() ? "" : newline) + head + block(missing, indent + 2, newline);
        }
        if (section.get() instanceof MappingNode mapping) {
            return YamlText.isBlock(mapping)
                    ? intoBlock(text, yaml, mapping, missing, newline)
                    : intoFlow(text, yaml, mapping, missing);
        }
        if (YamlText.scalar(section.get()).filter(String::isEmpty).isEmpty()) {
            throw new RefusedException("`upstreams` in reeve.yaml does not map names to servers");
        }
        NodeTuple tuple = YamlText.find(yaml.root().orElseThrow(), "upstreams").orElseThrow();
        int line = yaml.nextLine(yaml.offset(tuple.getKeyNode().getEndMark().orElseThrow()));
        return spliced(text, line, block(missing, YamlText.column(tuple.getKeyNode()) + 2, newline), newline);
    }

    private static String intoBlock(
            String text, YamlText yaml, MappingNode mapping, List<Upstream> missing, String newline) {
        int indent = YamlText.column(mapping.getValue().getFirst().getKeyNode());
        return spliced(text, yaml.nextLine(yaml.end(mapping)), block(missing, indent, newline), newline);
    }

    private static String spliced(String text, int at, String block, String newline) {
        boolean open = at > 0 && text.charAt(at - 1) != '\n';
        return text.substring(0, at) + (open ? newline : "") + block + text.substring(at);
    }

    private static String intoFlow(String text, YamlText yaml, MappingNode mapping, List<Upstream> missing) {
        List<String> entries = new ArrayList<>();
        for (Upstream upstream : missing) {
            entries.add(Yaml.quoted(upstream.name()) + ": { " + String.join(", ", upstream.lines()) + " }");
        }
        String inside = String.join(", ", entries);
        if (mapping.getValue().isEmpty()) {
            int open = yaml.offset(mapping.getStartMark().orElseThrow()) + 1;
            return text.substring(0, open) + " " + inside + " " + text.substring(open);
        }
        int last = yaml.end(mapping.getValue().getLast().getValueNode());
        return text.substring(0, last) + ", " + inside + text.substring(last);
    }

    private static String block(List<Upstream> upstreams, int indent, String newline) {
        String margin = " ".repeat(indent);
        StringBuilder out = new StringBuilder();
        for (Upstream upstream : upstreams) {
            out.append(margin).append(Yaml.quoted(upstream.name())).append(':').append(newline);
            upstream.lines()
                    .forEach(
                            line -> out.append(margin).append("  ").append(line).append(newline));
        }
        return out.toString();
    }

    /** The same program, folder, URL and names of values. What the operator decided beside them is his. */
    private static boolean same(Node node, Upstream upstream) {
        return node instanceof MappingNode mapping
                && list(mapping, "stdio").equals(upstream.command())
                && text(mapping, "url").equals(upstream.url())
                && (upstream.url().isPresent()
                        || upstream.isConfined()
                        || text(mapping, "folder").isEmpty()
                        || text(mapping, "folder").equals(upstream.folder()))
                && new TreeSet<>(list(mapping, upstream.url().isPresent() ? "headers" : "env"))
                        .equals(new TreeSet<>(upstream.valueNames()));
    }

    private static Optional<String> text(MappingNode mapping, String key) {
        return YamlText.find(mapping, key).flatMap(tuple -> YamlText.scalar(tuple.getValueNode()));
    }

    private static List<String> list(MappingNode mapping, String key) {
        List<String> texts = new ArrayList<>();
        if (YamlText.find(mapping, key).map(NodeTuple::getValueNode).orElse(null) instanceof SequenceNode sequence) {
            sequence.getValue().forEach(item -> texts.add(YamlText.scalar(item).orElse("")));
        }
        return texts;
    }

    /** An edit by place that hit the wrong place must not reach the file: what was there is there, and what was to come has come. */
    private static void verify(YamlText before, String text, List<Upstream> added) throws RefusedException {
        YamlText after = YamlText.read(text);
        Node section = section(after).orElse(null);
        boolean arrived = section instanceof MappingNode mapping
                && added.stream()
                        .allMatch(upstream -> YamlText.find(mapping, upstream.name())
                                .filter(tuple -> same(tuple.getValueNode(), upstream))
                                .isPresent());
        int members = section(before).orElse(null) instanceof MappingNode mapping
                ? mapping.getValue().size()
                : 0;
        boolean kept = section instanceof MappingNode mapping
                && mapping.getValue().size() == members + added.size()
                && keys(after).containsAll(keys(before));
        if (!arrived || !kept) {
            throw new RefusedException("reeve.yaml has a form that cannot be edited safely; add these servers by hand");
        }
    }

    private static List<String> keys(YamlText yaml) {
        return yaml.root().stream()
                .flatMap(root -> root.getValue().stream())
                .map(tuple -> YamlText.scalar(tuple.getKeyNode()).orElse(""))
                .toList();
    }
}
