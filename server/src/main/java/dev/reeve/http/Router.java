package dev.reeve.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Finds the handler by the path: an exact one first, then the longest prefix that ends in {@code /}. */
public final class Router implements Handler {
    private final Map<String, Handler> exact;
    private final Map<String, Handler> prefixes = new LinkedHashMap<>();
    private final Function<Request.Headers, Sender> senders;

    /** @param senders who sends what, whatever the path is */
    public Router(Map<String, Handler> routes, Function<Request.Headers, Sender> senders) {
        this.senders = senders;
        exact = Map.copyOf(routes);
        routes.keySet().stream()
                .filter(path -> path.endsWith("/"))
                .sorted((a, b) -> b.length() - a.length())
                .forEach(path -> prefixes.put(path, routes.get(path)));
    }

    @Override
    public Sender sender(Request.Headers headers) {
        return senders.apply(headers);
    }

    @Override
    public void handle(Request request, Responder responder) {
        find(request.path()).handle(request, responder);
    }

    private Handler find(String path) {
        Handler found = exact.get(path);
        if (found != null) {
            return found;
        }
        for (Map.Entry<String, Handler> route : prefixes.entrySet()) {
            if (path.startsWith(route.getKey())) {
                return route.getValue();
            }
        }
        return Router::notFound;
    }

    private static void notFound(Request request, Responder responder) {
        responder.send(Response.error(404, "not_found", "nothing is served at this path"));
    }
}
