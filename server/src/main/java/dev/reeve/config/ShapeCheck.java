package dev.reeve.config;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Compares what stands in a file with its shape, and goes on after each mistake. */
final class ShapeCheck {
    private final Problems problems;

    private ShapeCheck(Problems problems) {
        this.problems = problems;
    }

    /**
     * The value without its wrong parts, so that a reader after this can rely on the shape of what is there; empty if nothing is left of it.
     * Every mistake is among the problems.
     */
    static Optional<Node> check(Node node, Shape shape, Problems problems) {
        return new ShapeCheck(problems).value(node, shape);
    }

    static Node.Mapping check(Node.Mapping root, Shape.Struct shape, Problems problems) {
        return (Node.Mapping) new ShapeCheck(problems).struct(root, shape);
    }

    private Optional<Node> value(Node node, Shape shape) {
        return switch (shape) {
            case Shape.Text text -> scalar(node, text.form()).filter(it -> text(it, text));
            case Shape.Whole whole -> scalar(node, "a whole number").filter(it -> whole(it, whole));
            case Shape.Flag ignored -> scalar(node, "true or false").filter(this::flag);
            case Shape.Free ignored -> Optional.of(node);
            case Shape.Time time -> scalar(node, "a time").filter(it -> time(it, time));
            case Shape.Size size -> scalar(node, "a size").filter(it -> size(it, size));
            case Shape.Choice choice -> scalar(node, oneOf(choice)).filter(it -> choice(it, choice));
            case Shape.ListOf list -> list(node, list);
            case Shape.MapOf map -> mapping(node, map.of()).map(it -> map(it, map));
            case Shape.Struct struct -> mapping(node, "a mapping").map(it -> struct(it, struct));
            case Shape.Either either -> either(node, either);
        };
    }

    private Optional<Node> scalar(Node node, String wanted) {
        if (node instanceof Node.Scalar scalar && scalar.type() != Node.Type.NOTHING) {
            return Optional.of(node);
        }
        problems.error(node, "is " + node.kind() + ", where " + wanted + " is expected");
        return Optional.empty();
    }

    /** An empty value is an empty mapping: `policies:` with everything below it commented out. */
    private Optional<Node.Mapping> mapping(Node node, String wanted) {
        return switch (node) {
            case Node.Mapping mapping -> Optional.of(mapping);
            case Node.Scalar scalar
            when scalar.type() == Node.Type.NOTHING ->
                Optional.of(new Node.Mapping(scalar.place(), scalar.field(), Map.of()));
            case Node.Scalar ignored -> {
                problems.error(node, "is " + node.kind() + ", where " + wanted + " is expected");
                yield Optional.empty();
            }
            case Node.Sequence ignored -> {
                problems.error(node, "is a list, where " + wanted + " is expected");
                yield Optional.empty();
            }
        };
    }

    private boolean text(Node node, Shape.Text shape) {
        Node.Scalar scalar = (Node.Scalar) node;
        if (scalar.type() != Node.Type.TEXT
                && !shape.numbersToo()
                && !shape.pattern().matcher(scalar.text()).matches()) {
            problems.error(node, "is " + node.kind() + ", where " + shape.form() + " is expected", "put it in quotes");
            return false;
        }
        if (!shape.pattern().matcher(scalar.text()).matches()) {
            problems.error(node, "\"" + shown(scalar.text()) + "\" is not " + shape.form());
            return false;
        }
        return true;
    }

    private boolean whole(Node node, Shape.Whole shape) {
        Node.Scalar scalar = (Node.Scalar) node;
        boolean number = scalar.type() == Node.Type.WHOLE && scalar.text().matches("-?[0-9]{1,18}");
        long value = number ? Long.parseLong(scalar.text()) : -1;
        if (!number || value < shape.least() || value > shape.most()) {
            problems.error(
                    node,
                    "\"" + shown(scalar.text()) + "\" is not a whole number from " + shape.least() + " to "
                            + shape.most());
            return false;
        }
        return true;
    }

    private boolean flag(Node node) {
        Node.Scalar scalar = (Node.Scalar) node;
        if (scalar.type() != Node.Type.FLAG) {
            problems.error(node, "\"" + shown(scalar.text()) + "\" is not true or false");
            return false;
        }
        return true;
    }

    private boolean time(Node node, Shape.Time shape) {
        String text = ((Node.Scalar) node).text();
        boolean fits = Units.time(text)
                .filter(it -> it.compareTo(shape.least()) >= 0 && it.compareTo(shape.most()) <= 0)
                .isPresent();
        if (!fits) {
            problems.error(
                    node,
                    "\"" + shown(text) + "\" is not a time from " + Units.text(shape.least()) + " to "
                            + Units.text(shape.most()),
                    "write a whole number with its unit: 500ms, 10s, 5m, 1h, 90d");
        }
        return fits;
    }

    private boolean size(Node node, Shape.Size shape) {
        String text = ((Node.Scalar) node).text();
        boolean fits = Units.size(text)
                .filter(it -> it >= shape.least() && it <= shape.most())
                .isPresent();
        if (!fits) {
            problems.error(
                    node,
                    "\"" + shown(text) + "\" is not a size from " + Units.text(shape.least()) + " to "
                            + Units.text(shape.most()),
                    "write bytes, or a unit: 64KiB, 4MiB, 1GiB");
        }
        return fits;
    }

    private boolean choice(Node node, Shape.Choice shape) {
        String text = ((Node.Scalar) node).text();
        if (shape.later().contains(text)) {
            problems.error(node, "\"" + text + "\" is not supported yet", "write " + oneOf(shape));
            return false;
        }
        if (!shape.values().contains(text)) {
            problems.error(
                    node,
                    "\"" + shown(text) + "\" is not " + oneOf(shape),
                    shape.values().size() == 1 ? "" : Nearest.hint(text, shape.values()));
            return false;
        }
        return true;
    }

    private static String oneOf(Shape.Choice shape) {
        return shape.values().size() == 1
                ? "\"" + shape.values().getFirst() + "\""
                : "one of \"" + String.join("\", \"", shape.values()) + "\"";
    }

    private Optional<Node> list(Node node, Shape.ListOf shape) {
        List<Node> items;
        switch (node) {
            case Node.Sequence list -> items = list.items();
            case Node.Scalar scalar when shape.alone() && scalar.type() != Node.Type.NOTHING -> items = List.of(node);
            case Node.Scalar ignored -> {
                problems.error(node, "is " + node.kind() + ", where a list is expected", "write it as [a, b]");
                return Optional.empty();
            }
            case Node.Mapping ignored -> {
                problems.error(node, "is a mapping, where a list is expected", "begin each item with `- `");
                return Optional.empty();
            }
        }
        if (items.size() < shape.least()) {
            problems.error(node, "needs at least " + shape.least() + (shape.least() == 1 ? " item" : " items"));
            return Optional.empty();
        }
        List<Node> good = items.stream()
                .flatMap(item -> value(item, shape.item()).stream())
                .toList();
        return Optional.of(new Node.Sequence(node.place(), node.field(), good));
    }

    private Node map(Node.Mapping mapping, Shape.MapOf shape) {
        Map<String, Node.Member> good = new LinkedHashMap<>();
        mapping.members().forEach((name, member) -> {
            if (!shape.names().matcher(name).matches()) {
                problems.error(
                        member.key(), member.value().field(), "\"" + shown(name) + "\" is not " + shape.of(), "");
            } else {
                value(member.value(), shape.value()).ifPresent(it -> good.put(name, new Node.Member(member.key(), it)));
            }
        });
        return new Node.Mapping(mapping.place(), mapping.field(), good);
    }

    private Node struct(Node.Mapping mapping, Shape.Struct shape) {
        Map<String, Node.Member> good = new LinkedHashMap<>();
        mapping.members().forEach((name, member) -> {
            Optional<Shape.Field> field = shape.field(name);
            if (field.isPresent()) {
                value(member.value(), field.get().shape())
                        .ifPresent(it -> good.put(name, new Node.Member(member.key(), it)));
            } else if (isOwn(name, shape)) {
                value(member.value(), shape.rest().orElseThrow().value())
                        .ifPresent(it -> good.put(name, new Node.Member(member.key(), it)));
            } else {
                unknown(name, member, shape);
            }
        });
        for (Shape.Field field : shape.fields()) {
            if (field.required() && !mapping.members().containsKey(field.name())) {
                problems.error(mapping, "\"" + field.name() + "\" is missing", field.about());
            }
        }
        Set<String> refused = new HashSet<>(mapping.members().keySet());
        refused.removeAll(good.keySet());
        return new Node.Mapping(mapping.place(), mapping.field(), good, refused);
    }

    private static boolean isOwn(String name, Shape.Struct shape) {
        return shape.rest().filter(it -> it.names().matcher(name).matches()).isPresent()
                && !shape.later().contains(name)
                && !shape.others().containsKey(name)
                && Nearest.to(name, shape.names()).isEmpty();
    }

    private void unknown(String name, Node.Member member, Shape.Struct shape) {
        String field = member.value().field();
        String elsewhere = shape.others().get(name.toLowerCase(Locale.ROOT));
        if (shape.later().contains(name)) {
            problems.error(member.key(), field, "not supported yet", "remove it");
        } else if (elsewhere != null) {
            problems.error(member.key(), field, "unknown key", elsewhere);
        } else {
            String hint = Nearest.hint(name, shape.names());
            problems.error(
                    member.key(), field, "unknown key", hint.isEmpty() ? "known are " + known(shape.names()) : hint);
        }
    }

    private static String known(List<String> names) {
        return names.isEmpty() ? "none" : String.join(", ", names);
    }

    private Optional<Node> either(Node node, Shape.Either either) {
        for (Shape shape : either.shapes()) {
            if (takes(shape, node)) {
                return value(node, shape);
            }
        }
        problems.error(node, "cannot be " + node.kind());
        return Optional.empty();
    }

    private static boolean takes(Shape shape, Node node) {
        return switch (shape) {
            case Shape.ListOf list -> node instanceof Node.Sequence || (list.alone() && node instanceof Node.Scalar);
            case Shape.MapOf ignored -> node instanceof Node.Mapping;
            case Shape.Struct ignored -> node instanceof Node.Mapping;
            case Shape.Either either -> either.shapes().stream().anyMatch(it -> takes(it, node));
            case Shape.Text ignored -> node instanceof Node.Scalar;
            case Shape.Whole ignored -> node instanceof Node.Scalar;
            case Shape.Flag ignored -> node instanceof Node.Scalar;
            case Shape.Free ignored -> true;
            case Shape.Time ignored -> node instanceof Node.Scalar;
            case Shape.Size ignored -> node instanceof Node.Scalar;
            case Shape.Choice ignored -> node instanceof Node.Scalar;
        };
    }

    private static String shown(String text) {
        return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }
}
