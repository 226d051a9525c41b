package dev.reeve.analysis;

import dev.reeve.policy.Glob;
import dev.reeve.policy.NameSearch;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A URL that an API of the catalogue stands behind: what is asked for below it has the names {@code crm}, {@code url:https://...} and
 * {@code api:crm/...}, the last one being the narrowest.
 *
 * @param url without a slash at its end
 */
record ApiUrl(String resource, String url) {
    /** Every request to it, as the name of a URL. */
    List<Glob> requests() {
        return List.of(Glob.of("url:" + url), Glob.of("url:" + url + "/**"), Glob.of("url:" + url + "?**"));
    }

    List<Glob> operations() {
        return List.of(Glob.of("api:" + resource + "/**"));
    }

    boolean meets(Glob written) {
        return requests().stream().anyMatch(one -> NameSearch.overlap(written, one));
    }

    List<Glob> mayMatch(Glob written) {
        if (written.matches(resource)) {
            return operations();
        }
        Set<Glob> all = new LinkedHashSet<>(Set.of(written));
        if (meets(written)) {
            all.addAll(translated(written.toString(), written.prefix()));
        }
        return List.copyOf(all);
    }

    /** Only the whole of it: the name of an operation has no query, and says none of the characters that a URL writes with a percent sign. */
    List<Glob> surelyMatched(Glob written) {
        boolean all = written.matches(resource) || requests().stream().allMatch(one -> NameSearch.covers(written, one));
        return all ? operations() : List.of(written);
    }

    private List<Glob> translated(String text, String prefix) {
        String below = "url:" + url + "/";
        if (!prefix.startsWith(below)) {
            boolean bare = prefix.equals("url:" + url) || prefix.startsWith("url:" + url + "?");
            return bare && prefix.equals(text) ? List.of(Glob.of("api:" + resource + "/")) : operations();
        }
        int query = text.indexOf('?');
        String path = text.substring(below.length(), query < 0 ? text.length() : query);
        if (path.indexOf('%') >= 0 || path.length() + resource.length() > Glob.LONGEST / 2) {
            return operations();
        }
        List<Glob> all = new ArrayList<>();
        // What a wildcard stands for may be the end of a path and a whole query.
        for (int at = path.indexOf('*'); at >= 0; at = path.indexOf('*', at + 1)) {
            boolean ofTwo = at + 1 < path.length() && path.charAt(at + 1) == '*';
            if (!ofTwo) {
                all.add(Glob.of("api:" + resource + "/" + path.substring(0, at + 1)));
            }
        }
        all.add(Glob.of("api:" + resource + "/" + path));
        return all;
    }
}
