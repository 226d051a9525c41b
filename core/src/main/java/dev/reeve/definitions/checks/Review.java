package dev.reeve.definitions.checks;

import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All checks over one definition: a tool, a prompt, a resource, a template, or what a server says of itself.
 *
 * <p>Deterministic: the same definition and neighbours give the same findings. Takes time in proportion to the definition; at most 2,000,000
 * characters and 20,000 texts are read, and what is left out is a finding of its own. English orders only; a clever sentence passes.
 */
public final class Review {
    private static final int MOST_OF_A_CHECK = 3;
    private static final int LONG = 8_000;

    private final Neighbours neighbours;
    private final Set<String> own;
    private final Map<Check, Integer> counts = new EnumMap<>(Check.class);
    private final List<Finding> findings = new ArrayList<>();

    private Review(Neighbours neighbours, Set<String> own) {
        this.neighbours = neighbours;
        this.own = own;
    }

    /**
     * @param own domains of the server, links to which are no finding
     * @return the gravest first; at most three of a check
     */
    public static List<Finding> of(Json.Obj definition, Neighbours neighbours, Set<String> own) {
        Review review = new Review(neighbours, own);
        Places places = Places.of(definition);
        if (places.more()) {
            review.add(new Finding(Check.TOO_MUCH, "", "", "a part of the definition was not read"));
        }
        places.all().forEach(review::look);
        Names.claims(definition).forEach(review::add);
        review.findings.sort(
                Comparator.comparing((Finding finding) -> finding.check().severity())
                        .reversed());
        return List.copyOf(review.findings);
    }

    private void look(Place place) {
        if (place.role() == Place.Role.KEY && Protocol.knows(place.text())) {
            return;
        }
        HiddenText.in(place).forEach(this::add);
        Names.mixed(place).ifPresent(this::add);
        Names.argument(place).ifPresent(this::add);
        neighbours.name(place).ifPresent(this::add);
        if (place.text().length() >= Protocol.SHORTEST_ORDER) {
            Folded folded = Folded.of(place.text());
            boolean prose = place.role() == Place.Role.TEXT;
            Words words = Words.of(prose ? folded : Folded.of(Names.separated(place.text())));
            Orders.in(place, words).forEach(this::add);
            Markup.in(place, folded, words).forEach(this::add);
            Links.in(place, own).forEach(this::add);
        }
        if (place.role() == Place.Role.TEXT) {
            neighbours.mentions(place).forEach(this::add);
        }
        if (place.text().length() > LONG && place.role() != Place.Role.ICON) {
            add(place.finding(Check.LONG_TEXT, "it has " + place.text().length() + " characters"));
        }
    }

    private void add(Finding finding) {
        if (counts.merge(finding.check(), 1, Integer::sum) <= MOST_OF_A_CHECK) {
            findings.add(finding);
        }
    }
}
