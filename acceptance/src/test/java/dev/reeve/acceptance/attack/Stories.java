package dev.reeve.acceptance.attack;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All stories, and the page that tells of them. */
final class Stories {
    private static final Map<String, List<Story>> CHAPTERS = Stream.of(
                    Map.entry("Who acts", IdentityStories.all()),
                    Map.entry("Messages and ids", MessageStories.all()),
                    Map.entry("Paths, addresses, SQL", ResourceStories.all()),
                    Map.entry("Data and orders", ContentStories.all()),
                    Map.entry("Tokens instead of data", TokenStories.all()),
                    Map.entry("Approvals", ApprovalStories.all()),
                    Map.entry("Limits and stops", LimitStories.all()),
                    Map.entry("Servers", ServerStories.all()))
            .collect(Collectors.toMap(
                    Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, java.util.LinkedHashMap::new));

    private Stories() {}

    static List<Story> all() {
        return CHAPTERS.values().stream().flatMap(List::stream).toList();
    }

    /** The tables of docs/attacks.md. */
    static String tables() {
        StringBuilder page = new StringBuilder();
        CHAPTERS.forEach((chapter, stories) -> {
            page.append("\n## ")
                    .append(chapter)
                    .append("\n| story | rule | what stops it | the twin that must pass |\n|---|---|---|---|\n");
            stories.forEach(story -> page.append("| ")
                    .append(String.join(" | ", story.promises(), story.rule(), story.stops(), story.twin()))
                    .append(" |\n"));
        });
        return page.toString();
    }
}
