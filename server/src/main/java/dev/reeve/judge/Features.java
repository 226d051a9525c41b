package dev.reeve.judge;

import dev.reeve.action.Access;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Opinion.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What counts for the embedded judge, with its weight. docs/soft-guardrails.md has the same table, and a test compares them. */
final class Features {
    /** Where something leaves the house. */
    private static final List<String> OUTSIDE = List.of("mail:", "url:", "host:", "model:", "agent:");

    private static final Feature READS = new Feature("reads", 0, "it reads");
    private static final Feature CREATES = new Feature("creates", 15, "it creates something");
    private static final Feature CHANGES = new Feature("changes", 20, "it changes something");
    private static final Feature DELETES = new Feature("deletes", 35, "it deletes something");
    private static final Feature ACTS = new Feature("acts", 20, "it does something that is more than reading");

    /** What a content filter leaves in the session when it saw signs of injection. */
    private static final String INJECTION = "injection";

    private static final long LITTLE = 200;
    private static final long RARELY = 100;
    private static final long USUAL = 50;
    private static final long BUSY = 30;

    private Features() {}

    /** What it is, and where its data goes; to be added to. */
    static List<Feature> of(Facts facts) {
        List<Feature> found = new ArrayList<>();
        Feature gravest = gravest(facts);
        if (gravest.points() > 0) {
            found.add(gravest);
        }
        if (hasTags(facts)) {
            Set<String> tags = new TreeSet<>(facts.resultTags());
            facts.accesses().forEach(access -> tags.addAll(access.tags()));
            found.add(new Feature("data_class", 15, "it touches " + String.join(", ", tags)));
        }
        if (leaves(facts)) {
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

    /** Of two that weigh the same, the first. */
    private static Feature gravest(Facts facts) {
        Feature gravest = READS;
        for (Access access : facts.accesses()) {
            Feature feature = action(access);
            gravest = feature.points() > gravest.points() ? feature : gravest;
        }
        return gravest;
    }

    private static Feature action(Access access) {
        return switch (access.verb()) {
            case "read", "query" -> READS;
            case "create" -> CREATES;
            case "update" -> CHANGES;
            case "delete" -> DELETES;
            default -> ACTS;
        };
    }

    private static boolean hasTags(Facts facts) {
        boolean tagged = !facts.resultTags().isEmpty();
        for (Access access : facts.accesses()) {
            tagged |= !access.tags().isEmpty();
        }
        return tagged;
    }

    private static boolean leaves(Facts facts) {
        for (Access access : facts.accesses()) {
            for (String name : access.names()) {
                if (isOutside(name)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isOutside(String name) {
        for (String outside : OUTSIDE) {
            if (name.startsWith(outside)) {
                return true;
            }
        }
        return false;
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
