package dev.reeve.judge;

import dev.reeve.action.Access;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Opinion.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What counts for the embedded judge, with its weight. docs/soft-guardrails.md has the same table, and a test compares them. */
final class Features {
    /** Where something leaves the house. */
    private static final List<String> OUTSIDE = List.of("mail:", "url:", "host:", "model:", "agent:");

    /** What a content filter leaves in the session when it saw signs of injection. */
    private static final String INJECTION = "injection";

    private static final long LITTLE = 200;
    private static final long RARELY = 100;
    private static final long USUAL = 50;
    private static final long BUSY = 30;

    private Features() {}

    /** What it is, and where its data goes. */
    static List<Feature> of(Facts facts) {
        List<Feature> found = new ArrayList<>();
        gravest(facts).ifPresent(found::add);
        Set<String> tags = new TreeSet<>(facts.resultTags());
        facts.accesses().forEach(access -> tags.addAll(access.tags()));
        if (!tags.isEmpty()) {
            found.add(new Feature("data_class", 15, "it touches " + String.join(", ", tags)));
        }
        if (facts.accesses().stream().anyMatch(Features::leaves)) {
            found.add(new Feature("leaves_the_house", 15, "it goes outside"));
            Set<String> read = new TreeSet<>(facts.sessionRead());
            read.remove(INJECTION);
            if (!read.isEmpty()) {
                found.add(new Feature(
                        "carries_out", 35, "what was read before (" + String.join(", ", read) + ") could go with it"));
            }
        }
        if (facts.sessionRead().contains(INJECTION)) {
            found.add(new Feature("injection_signs", 30, "something that was read before had signs of injection"));
        }
        return found;
    }

    private static Optional<Feature> gravest(Facts facts) {
        return facts.accesses().stream()
                .map(Features::action)
                .filter(feature -> feature.points() > 0)
                .max((one, other) -> Integer.compare(one.points(), other.points()));
    }

    private static Feature action(Access access) {
        return switch (access.verb()) {
            case "read", "query" -> new Feature("reads", 0, "it reads");
            case "create" -> new Feature("creates", 15, "it creates something");
            case "update" -> new Feature("changes", 20, "it changes something");
            case "delete" -> new Feature("deletes", 35, "it deletes something");
            default -> new Feature("acts", 20, "it does something that is more than reading");
        };
    }

    private static boolean leaves(Access access) {
        return access.names().stream().anyMatch(name -> OUTSIDE.stream().anyMatch(name::startsWith));
    }

    /** How usual it is for this agent. */
    static List<Feature> of(Habits.Known known) {
        List<Feature> found = new ArrayList<>();
        if (known.ofTool() == 0) {
            found.add(new Feature("new_tool", 20, "this agent never used this tool"));
        } else if (known.ofTool() >= USUAL && !known.newResource()) {
            found.add(new Feature("usual", -10, "this agent does it often"));
        }
        if (known.newResource()) {
            found.add(new Feature("new_resource", 10, "this agent never touched this"));
        }
        if (known.actions() >= LITTLE && known.inThisHour() * RARELY < known.actions()) {
            found.add(new Feature("unusual_hour", 10, "this agent hardly ever works at this hour"));
        }
        if (known.lastMinute() > BUSY && known.lastMinute() > 3 * Math.max(1, known.mostInMinute())) {
            found.add(new Feature("unusual_volume", 20, "this agent does much more than ever in a minute"));
        }
        return found;
    }
}
