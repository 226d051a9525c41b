package dev.reeve.console;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** A path of ours with its query. Never another origin, never another scheme. */
record Link(String path, String query) {
    static final String ROOT = "/console";
    private static final Pattern PATH = Pattern.compile("/console(/[A-Za-z0-9_.-]{1,100}){0,4}");

    private static final Set<String> DOORS = Set.of(
            ROOT, ROOT + "/sign-in", ROOT + "/sign-out", ROOT + "/welcome", ROOT + "/live", ROOT + ApprovalPages.MARK);

    Link {
        if (!PATH.matcher(path).matches() || path.contains("..")) {
            throw new IllegalArgumentException("not a path of ours");
        }
    }

    static Link to(String path) {
        return new Link(ROOT + path, "");
    }

    /** A page that somebody asked for before they were signed in; empty if the text is none that can be asked for so. */
    static Optional<Link> wanted(String path) {
        return PATH.matcher(path).matches() && !path.contains("..") && !DOORS.contains(path)
                ? Optional.of(new Link(path, ""))
                : Optional.empty();
    }

    Link with(String name, String value) {
        String pair = URLEncoder.encode(name, StandardCharsets.UTF_8) + "="
                + URLEncoder.encode(value, StandardCharsets.UTF_8);
        return new Link(path, query.isEmpty() ? pair : query + "&" + pair);
    }

    @Override
    public String toString() {
        return query.isEmpty() ? path : path + "?" + query;
    }
}
