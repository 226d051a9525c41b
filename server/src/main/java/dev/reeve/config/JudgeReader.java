package dev.reeve.config;

import dev.reeve.judge.JudgeDesk;
import dev.reeve.judge.ModelJudge;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/** One entry of {@code judges:}, its shape checked already. */
final class JudgeReader {
    private final Home home;
    private final SecretsFile secrets;
    private final Problems problems;

    JudgeReader(Home home, SecretsFile secrets, Problems problems) {
        this.home = home;
        this.secrets = secrets;
        this.problems = problems;
    }

    /** Empty if something is wrong; that has been told. */
    Optional<JudgeConfig> read(String name, Node.Mapping entry) {
        if (name.equals(JudgeDesk.EMBEDDED)) {
            problems.error(entry, "`embedded` is the judge that is always there", "give this one another name");
            return Optional.empty();
        }
        Values values = new Values(entry, ReeveShape.JUDGE);
        OutboundReader outbound = new OutboundReader(problems);
        return entry.scalar("url")
                .flatMap(outbound::url)
                .filter(url -> plain(entry, url))
                .map(url -> new JudgeConfig(
                        url,
                        settings(name, entry, values, url),
                        outbound.blocks(entry),
                        entry.mapping("tls").map(new TlsReader(home, secrets, problems)::upstream)));
    }

    private boolean plain(Node.Mapping entry, URI url) {
        if (url.getRawQuery() != null) {
            problems.error(entry, "the address of a judge has a `?` part", "write the base address only");
            return false;
        }
        return true;
    }

    private ModelJudge.Settings settings(String name, Node.Mapping entry, Values values, URI url) {
        String path = Optional.ofNullable(url.getRawPath()).orElse("");
        return new ModelJudge.Settings(
                name,
                ModelJudge.Kind.valueOf(values.text("kind").toUpperCase(Locale.ROOT)),
                path.endsWith("/") ? path.substring(0, path.length() - 1) : path,
                values.text("model"),
                entry.mapping("key")
                        .flatMap(it -> it.scalar("secret"))
                        .flatMap(it -> secrets.get(it.text(), it.place(), it.field(), problems)),
                values.time("timeout"),
                values.whole("tries"),
                values.whole("at_once"),
                values.whole("max_per_hour"),
                values.whole("max_tokens_per_day"),
                values.time("cache"));
    }
}
