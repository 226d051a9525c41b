package dev.reeve.connect;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** One YAML document with the place of every part. Anchors and names that come twice are refused: a text edited by place must mean what it says at that place. */
final class YamlText {
    private static final LoadSettings SETTINGS = LoadSettings.builder()
            .setAllowDuplicateKeys(false)
            .setCodePointLimit(2 << 20)
            .setMaxAliasesForCollections(0)
            .build();

    private static final int DEEPEST = 50;

    private final String text;
    private final Optional<MappingNode> root;

    private YamlText(String text, Optional<MappingNode> root) {
        this.text = text;
        this.root = root;
    }

    /** @throws RefusedException with line and column, if it is not one mapping */
    static YamlText read(String text) throws RefusedException {
        Optional<Node> node;
        try {
            node = new Compose(SETTINGS).composeString(text);
        } catch (MarkedYamlEngineException e) {
            throw new RefusedException(
                    e.getProblemMark().map(YamlText::place).orElse("") + "it is not one YAML document");
        } catch (YamlEngineException | StackOverflowError e) {
            throw new RefusedException("it is not YAML that can be read here");
        }
        if (node.isEmpty()
                || (node.get() instanceof ScalarNode scalar && scalar.getValue().isEmpty())) {
            return new YamlText(text, Optional.empty());
        }
        refuseTraps(node.get(), 0);
        if (node.get() instanceof MappingNode mapping) {
            return new YamlText(text, Optional.of(mapping));
        }
        throw new RefusedException(place(node.get().getStartMark().orElseThrow()) + "names with values are expected");
    }

    Optional<MappingNode> root() {
        return root;
    }

    static Optional<NodeTuple> find(MappingNode mapping, String key) {
        return mapping.getValue().stream()
                .filter(tuple -> tuple.getKeyNode() instanceof ScalarNode scalar
                        && scalar.getValue().equals(key))
                .findFirst();
    }

    static Optional<String> scalar(Node node) {
        return node instanceof ScalarNode scalar ? Optional.of(scalar.getValue()) : Optional.empty();
    }

    /** Marks count code points, Java counts UTF-16 units. */
    int offset(Mark mark) {
        return text.offsetByCodePoints(0, mark.getIndex());
    }

    /** Where what the node says ends; for a block of members the end of the last one, not of the comments below it. */
    int end(Node node) {
        return switch (node) {
            case MappingNode mapping
            when isBlock(mapping) && !mapping.getValue().isEmpty() ->
                end(mapping.getValue().getLast().getValueNode());
            case SequenceNode sequence
            when sequence.getFlowStyle() == org.snakeyaml.engine.v2.common.FlowStyle.BLOCK
                    && !sequence.getValue().isEmpty() -> end(sequence.getValue().getLast());
            default -> offset(node.getEndMark().orElseThrow());
        };
    }

    /** The beginning of the line after the one in which {@code offset} stands; the end of the text if there is none. */
    int nextLine(int offset) {
        if (offset > 0 && text.charAt(offset - 1) == '\n') {
            return offset; // block scalars end where the next line begins
        }
        int newline = text.indexOf('\n', offset);
        return newline < 0 ? text.length() : newline + 1;
    }

    static boolean isBlock(MappingNode mapping) {
        return mapping.getFlowStyle() == org.snakeyaml.engine.v2.common.FlowStyle.BLOCK;
    }

    static int column(Node node) {
        return node.getStartMark().orElseThrow().getColumn();
    }

    private static void refuseTraps(Node node, int depth) throws RefusedException {
        if (node.getAnchor().isPresent() || depth > DEEPEST) {
            throw new RefusedException(place(node.getStartMark().orElseThrow())
                    + (depth > DEEPEST ? "it is nested too deep" : "anchors and aliases are not allowed here"));
        }
        if (node instanceof MappingNode mapping) {
            Set<String> names = new HashSet<>();
            for (NodeTuple tuple : mapping.getValue()) {
                if (!scalar(tuple.getKeyNode()).map(names::add).orElse(true)) {
                    throw new RefusedException(
                            place(tuple.getKeyNode().getStartMark().orElseThrow()) + "this name comes twice");
                }
                refuseTraps(tuple.getKeyNode(), depth + 1);
                refuseTraps(tuple.getValueNode(), depth + 1);
            }
        } else if (node instanceof SequenceNode sequence) {
            for (Node item : sequence.getValue()) {
                refuseTraps(item, depth + 1);
            }
        }
    }

    private static String place(Mark mark) {
        return "line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1) + ": ";
    }
}
