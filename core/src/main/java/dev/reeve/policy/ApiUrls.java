package dev.reeve.policy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Where the APIs are that the catalogue describes. */
public final class ApiUrls {
    private ApiUrls() {}

    /** By URLs, in the one form and without a slash at their end, the resources that are the APIs behind them. */
    public static Map<String, String> of(PolicySource source) {
        Map<String, String> urls = new TreeMap<>();
        for (PolicySource.Resource resource : source.resources()) {
            for (String url : resource.api().map(Holding.Api::at).orElse(List.of())) {
                try {
                    urls.putIfAbsent(Apis.base(url), resource.name());
                } catch (ResourceNames.RefusedException e) {
                    // The compiler tells of it, and nothing loads.
                }
            }
        }
        return urls;
    }
}
