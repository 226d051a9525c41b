package dev.reeve.judge;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Opinion;
import dev.reeve.gate.Opinion.Feature;
import dev.reeve.gate.Opinion.Level;
import java.time.Duration;
import java.util.List;

/**
 * The judge that needs nobody: adds points for what is known of an action, and lists each. It understands no text and finds no trick; it
 * says when something is unusual, grave or carries data out. Levels: {@value #HIGH} points are high, {@value #MEDIUM} medium.
 */
public final class EmbeddedJudge implements Judge {
    static final String VERSION = "embedded-1";
    static final int HIGH = 60;
    static final int MEDIUM = 30;
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final String NAME = JudgeDesk.EMBEDDED;

    private final History history;

    public EmbeddedJudge(History history) {
        this.history = history;
    }

    @Override
    public Opinion.Given ask(Action action, Facts facts) {
        Habits habits = history.habits(PATIENCE);
        Habits.Known known =
                habits.of(action.principal().tenant(), action.principal().agent(), Doings.of(action, facts));
        List<Feature> features = Features.of(facts);
        features.addAll(Features.of(known));
        int score = 0;
        for (Feature feature : features) {
            score += feature.points();
        }
        Level level = score >= HIGH ? Level.HIGH : score >= MEDIUM ? Level.MEDIUM : Level.LOW;
        return new Opinion.Given(
                NAME,
                VERSION,
                level,
                level == Level.LOW ? "" : warning(features),
                Suggestions.of(action, facts, known),
                score + " points",
                features,
                false);
    }

    /** What weighs most, in words that name no threshold (R10). */
    private static String warning(List<Feature> features) {
        return features.stream()
                .filter(feature -> feature.points() > 0)
                .sorted((one, other) -> Integer.compare(other.points(), one.points()))
                .limit(2)
                .map(Feature::says)
                .reduce((one, other) -> one + "; " + other)
                .orElse("");
    }

    static boolean isReading(Access access) {
        return access.verb().equals("read") || access.verb().equals("query");
    }
}
