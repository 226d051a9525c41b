package dev.reeve.control;

import dev.reeve.agents.KeyText;
import dev.reeve.secrets.Secret;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the control address checks before anything is looked at (R28): that a browser was not talked into coming here under another name
 * (Host, against DNS rebinding) or from another page (Origin), and who calls.
 */
final class Door {
    private static final String BEARER = "bearer ";
    private static final Pattern HOST = Pattern.compile("(\\[[0-9a-f:.]{2,45}]|[a-z0-9._-]{1,253})(:[0-9]{1,5})?");

    private final String scheme;
    private final Set<String> hosts;
    private final Predicate<String> names;
    private final Administrators administrators;

    /** @param names further ones that the host may have, lower case and without port; with them the port is not looked at */
    Door(String scheme, int port, Predicate<String> names, Administrators administrators) {
        this.scheme = scheme;
        this.names = names;
        this.hosts = Set.of("127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port);
        this.administrators = administrators;
    }

    /** @return why it is refused; empty if it may come in */
    Optional<ControlReply> refusal(List<String> host, List<String> origin) {
        if (host.size() != 1 || !isUs(host.getFirst())) {
            return Optional.of(ControlReply.refused(
                    403,
                    "host_refused",
                    "the Host header is not this address",
                    "use " + scheme + "://127.0.0.1 and the port"));
        }
        // Of the same host, another port may be anybody's: its pages are not ours.
        String ours = scheme + "://" + host.getFirst();
        if (!origin.stream().allMatch(ours::equalsIgnoreCase)) {
            return Optional.of(
                    ControlReply.refused(403, "origin_refused", "pages of other origins may not call this", ""));
        }
        return Optional.empty();
    }

    private boolean isUs(String host) {
        String low = host.toLowerCase(Locale.ROOT);
        Matcher parts = HOST.matcher(low);
        return hosts.contains(low)
                || (parts.matches() && names.test(parts.group(1).replaceAll("[\\[\\]]", "")));
    }

    /** A body that a page could send without asking first (a form) is not taken. */
    Optional<ControlReply> refusal(String method, List<String> contentType) {
        boolean json = contentType.size() == 1
                && contentType.getFirst().toLowerCase(Locale.ROOT).startsWith("application/json");
        return method.equals("GET") || json
                ? Optional.empty()
                : Optional.of(ControlReply.refused(
                        415,
                        "content_type",
                        "the body must be application/json",
                        "send `Content-Type: application/json`"));
    }

    Caller caller(List<String> authorisation) {
        if (authorisation.isEmpty()) {
            return new Caller.Anonymous();
        }
        String only = authorisation.getFirst();
        if (authorisation.size() > 1 || !only.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            return new Caller.Wrong();
        }
        Secret presented = Secret.of(only.substring(BEARER.length()).strip());
        if (KeyText.AGENT.meant(presented) || KeyText.CONNECTOR.meant(presented)) {
            return new Caller.AgentCredential();
        }
        return administrators.token(presented).map(Administrators.Token::caller).orElseGet(Caller.Wrong::new);
    }
}
