package dev.reeve.cli;

import dev.reeve.config.ApprovalsConfig;
import dev.reeve.notice.Notices;
import dev.reeve.notice.WebhookPost;
import dev.reeve.outbound.AddressCheck;
import dev.reeve.outbound.HttpOrigin;
import dev.reeve.outbound.HttpPool;
import io.netty.channel.EventLoopGroup;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** Who is told that something waits for a person: a chat, where {@code approvals.webhook} names one. */
final class NoticeRoom implements AutoCloseable {
    private static final HttpPool.Limits LIMITS = new HttpPool.Limits(1, Duration.ofSeconds(10), Duration.ofSeconds(4));
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);

    private final WebhookPost post;
    private final Notices notices;

    private NoticeRoom(WebhookPost post, Notices notices) {
        this.post = post;
        this.notices = notices;
    }

    /** @param page where people see a ticket */
    static Optional<NoticeRoom> open(
            Foundation foundation, EventLoopGroup loops, Function<String, Optional<String>> page) {
        return foundation.config().approvals().webhook().map(it -> open(it, foundation, loops, page));
    }

    private static NoticeRoom open(
            ApprovalsConfig.Webhook webhook,
            Foundation foundation,
            EventLoopGroup loops,
            Function<String, Optional<String>> page) {
        URI url = URI.create(webhook.url().exposeTextInsecurely());
        HttpOrigin origin = HttpOrigin.of(url);
        HttpPool pool =
                new HttpPool(origin, AddressCheck.forHost(origin.host(), webhook.allowAddresses()), loops, LIMITS);
        String path = Optional.ofNullable(url.getRawPath())
                .filter(it -> !it.isEmpty())
                .orElse("/");
        String query =
                Optional.ofNullable(url.getRawQuery()).map(it -> "?" + it).orElse("");
        WebhookPost post = new WebhookPost(
                pool,
                path + query,
                webhook.headers(),
                webhook.sign(),
                foundation.clock().source());
        Notices notices = new Notices(
                foundation.approvals().desk(), post, page, FIRST_PAUSE, incident -> Log.warn("approvals", incident));
        foundation.room().health().tell("approvals_untold", notices::status);
        return new NoticeRoom(post, notices);
    }

    @Override
    public void close() {
        notices.close();
        post.close();
    }
}
