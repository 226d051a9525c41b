package dev.reeve.config;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The values of a checked mapping with the defaults that its shape declares: the only place where a default is taken, so what the
 * reference says is what holds.
 */
final class Values {
    private final Node.Mapping mapping;
    private final Shape.Struct shape;

    Values(Node.Mapping mapping, Shape.Struct shape) {
        this.mapping = mapping;
        this.shape = shape;
    }

    static Values none(Shape.Struct shape) {
        return new Values(new Node.Mapping(Problems.file(""), "", Map.of()), shape);
    }

    /** A mapping inside, with its own defaults; they all hold if it is not there. */
    Values below(String name) {
        if (!(declared(name).shape() instanceof Shape.Struct struct)) {
            throw new IllegalArgumentException(name + " is no mapping");
        }
        return mapping.mapping(name).map(it -> new Values(it, struct)).orElseGet(() -> none(struct));
    }

    Optional<String> optional(String name) {
        String fallback = declared(name).fallback();
        return mapping.text(name).or(() -> fallback.isEmpty() ? Optional.empty() : Optional.of(fallback));
    }

    String text(String name) {
        return optional(name).orElse("");
    }

    int whole(String name) {
        return Integer.parseInt(text(name));
    }

    Duration time(String name) {
        return Units.time(text(name)).orElseThrow();
    }

    long bytes(String name) {
        return Units.size(text(name)).orElseThrow();
    }

    int size(String name) {
        return Math.toIntExact(bytes(name));
    }

    private Shape.Field declared(String name) {
        return shape.field(name).orElseThrow(() -> new IllegalArgumentException("no key " + name));
    }
}
