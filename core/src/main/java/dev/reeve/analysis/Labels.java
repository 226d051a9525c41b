package dev.reeve.analysis;

import dev.reeve.policy.Glob;
import dev.reeve.policy.NameSearch;
import dev.reeve.policy.PolicySource;
import dev.reeve.policy.UrlPatterns;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What the catalogue says of data: the tags of what a name or a pattern reaches. */
final class Labels {
    private final List<PolicySource.Resource> resources;

    Labels(PolicySource source) {
        this.resources = source.resources().stream()
                .filter(one -> !one.tags().isEmpty() || !one.columnTags().isEmpty())
                .toList();
    }

    /** Every tag that something has which all of these patterns match. */
    Set<String> possible(List<Glob> names, Door door) {
        Set<String> found = new TreeSet<>();
        for (PolicySource.Resource resource : resources) {
            UrlPatterns.restricted(UrlPatterns.labelling(resource.name())).stream()
                    .flatMap(glob -> door.mayMatch(glob).stream())
                    .forEach(tagged -> add(names, tagged, resource.tags(), found));
            resource.columnTags()
                    .forEach(
                            (column, tags) -> add(names, Glob.of("db:" + resource.name() + "/" + column), tags, found));
        }
        return found;
    }

    private static void add(List<Glob> names, Glob tagged, Set<String> tags, Set<String> found) {
        if (!found.containsAll(tags) && names.stream().allMatch(glob -> NameSearch.overlap(glob, tagged))) {
            found.addAll(tags);
        }
    }

    /** Tags that an access to exactly this name always has. Of a table only its own: who counts its rows reads no column. */
    Set<String> certain(String name, Door door) {
        Set<String> found = new TreeSet<>();
        Glob literal = Glob.of(name);
        for (PolicySource.Resource resource : resources) {
            boolean whole = door.whole().filter(name::equals).isPresent();
            if (whole
                    ? resource.name().equals(name)
                    : door.surelyMatched(UrlPatterns.labelling(resource.name())).stream()
                            .anyMatch(glob -> glob.matches(name))) {
                found.addAll(resource.tags());
            }
            resource.columnTags().forEach((column, tags) -> {
                if (Glob.of("db:" + resource.name() + "/" + column).equals(literal)) {
                    found.addAll(tags);
                }
            });
        }
        return found;
    }
}
