package dev.reeve.cli;

import dev.reeve.config.ApprovalsConfig;
import dev.reeve.json.Json;
import dev.reeve.notice.Announcements;
import dev.reeve.notice.MailServer;
import dev.reeve.notice.Notices;
import dev.reeve.notice.Post;
import dev.reeve.notice.SmtpPost;
import dev.reeve.notice.WebhookPost;
import dev.reeve.outbound.AddressCheck;
import dev.reeve.outbound.HttpOrigin;
import dev.reeve.outbound.HttpPool;
import io.netty.channel.EventLoopGroup;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;

/** Who is told that something waits for a person: a chat and people by mail, where {@code approvals} of {@code reeve.yaml} names them. */
final class NoticeRoom implements AutoCloseable {
    /** One connection more than there are questions under way, so that a finding does not wait for these. */
    private static final HttpPool.Limits LIMITS =
            new HttpPool.Limits(Notices.MOST_AT_ONCE + 1, Duration.ofSeconds(10), Duration.ofSeconds(4));

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);

    private final List<WebhookPost> posts = new ArrayList<>();
    private final Map<String, Announcements> announcements = new LinkedHashMap<>();
    private final Map<String, Notices> notices = new LinkedHashMap<>();

    private NoticeRoom() {}

    /** @param page where people see a ticket */
    static Optional<NoticeRoom> open(
            Foundation foundation, EventLoopGroup loops, Function<String, Optional<String>> page) {
        ApprovalsConfig config = foundation.config().approvals();
        if (config.webhook().isEmpty() && config.mail().isEmpty()) {
            return Optional.empty();
        }
        NoticeRoom room = new NoticeRoom();
        config.webhook().map(it -> webhook(it, foundation, loops)).ifPresent(post -> {
            room.posts.add(post);
            room.announcements.put("webhook", post);
            room.tell("webhook", post, foundation, page);
        });
        config.mail().ifPresent(it -> {
            SmtpPost post = mail(it, foundation);
            room.announcements.put("mail", post);
            room.tell("mail", post, foundation, page);
        });
        foundation.room().health().tell("approvals_untold", room::untold);
        return Optional.of(room);
    }

    private void tell(String way, Post post, Foundation foundation, Function<String, Optional<String>> page) {
        notices.put(
                way,
                new Notices(
                        foundation.approvals().desk(),
                        post,
                        page,
                        FIRST_PAUSE,
                        System::nanoTime,
                        incident -> Log.warn("approvals", way + ": " + incident)));
    }

    /** The ways to tell the same people something that waits for nobody's answer, by their names in {@code reeve.yaml}. */
    Map<String, Announcements> announcements() {
        return announcements;
    }

    private Json untold() {
        return new Json.Str(notices.entrySet().stream()
                .filter(one -> !one.getValue().trouble().isEmpty())
                .map(one -> one.getKey() + ": " + one.getValue().trouble())
                .collect(Collectors.joining("; ")));
    }

    private static SmtpPost mail(ApprovalsConfig.Mail mail, Foundation foundation) {
        MailServer server = new MailServer(
                mail.host(),
                mail.port(),
                MailServer.Security.valueOf(mail.tls().toUpperCase(Locale.ROOT)),
                mail.login().map(it -> new MailServer.Login(it.user(), it.password())),
                AddressCheck.forHost(mail.host(), mail.allowAddresses()),
                systemTrust());
        return new SmtpPost(
                server,
                mail.from(),
                mail.to(),
                foundation.clock().source(),
                incident -> Log.warn("approvals", incident));
    }

    private static SSLContext systemTrust() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has TLS", e);
        }
    }

    private static WebhookPost webhook(ApprovalsConfig.Webhook webhook, Foundation foundation, EventLoopGroup loops) {
        URI url = URI.create(webhook.url().exposeTextInsecurely());
        HttpOrigin origin = HttpOrigin.of(url);
        HttpPool pool =
                new HttpPool(origin, AddressCheck.forHost(origin.host(), webhook.allowAddresses()), loops, LIMITS);
        String path = Optional.ofNullable(url.getRawPath())
                .filter(it -> !it.isEmpty())
                .orElse("/");
        String query =
                Optional.ofNullable(url.getRawQuery()).map(it -> "?" + it).orElse("");
        return new WebhookPost(
                pool,
                path + query,
                webhook.headers(),
                webhook.sign(),
                foundation.clock().source());
    }

    @Override
    public void close() {
        notices.values().forEach(Notices::close);
        posts.forEach(WebhookPost::close);
    }
}
