package dev.reeve.asks;

import dev.reeve.action.Operation;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/** A URL that a server puts before the user must be https, without a user in it, and at the server's own host or below it. */
final class OwnUrls {
    private OwnUrls() {}

    static Optional<Denial> refusal(Operation.Question question, String host) {
        Optional<String> problem = problem(question.arguments().string("url").orElse(""), host);
        return problem.map(text -> Denial.of(
                        "question_url_elsewhere",
                        ReasonClass.POLICY,
                        "`" + question.upstream() + "` wants the user to open a URL that " + text)
                .withHelp("write `elicitation: any` at this server in reeve.yaml if it may send people anywhere")
                .withTell("the server wanted the user to open a URL outside its own domain"));
    }

    private static Optional<String> problem(String text, String host) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            return Optional.of("is none");
        }
        String named = url.getHost() == null ? "" : url.getHost().toLowerCase(Locale.ROOT);
        boolean loopback = named.equals("localhost") || named.equals("127.0.0.1") || named.equals("[::1]");
        boolean plain = "http".equalsIgnoreCase(url.getScheme());
        if (!"https".equalsIgnoreCase(url.getScheme()) && !(plain && loopback && named.equals(host))) {
            return Optional.of("is not https");
        }
        if (url.getRawUserInfo() != null) {
            return Optional.of("holds a user");
        }
        boolean own = !host.isEmpty() && (named.equals(host) || (named.endsWith("." + host) && host.contains(".")));
        return own ? Optional.empty() : Optional.of("is not of its own domain");
    }
}
