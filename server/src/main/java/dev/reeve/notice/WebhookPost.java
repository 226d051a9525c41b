package dev.reeve.notice;

import dev.reeve.approval.Approval;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.outbound.Departure;
import dev.reeve.outbound.HttpCall;
import dev.reeve.outbound.HttpCallException;
import dev.reeve.outbound.HttpExchange;
import dev.reeve.outbound.HttpPool;
import dev.reeve.outbound.StandardWebhook;
import dev.reeve.secrets.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An incoming webhook as Slack has it, and Mattermost, Rocket.Chat and others too: a POST of {@code {"text": "..."}}. Signed as a Standard
 * Webhook where there is a secret, for receivers that check who calls.
 *
 * @see <a href="https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks">Incoming webhooks</a>
 */
public final class WebhookPost implements Post, Announcements, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final int MOST_ANSWER = 64 << 10;

    private final HttpPool pool;
    private final String target;
    private final Map<String, Secret> headers;
    private final Optional<Secret> sign;
    private final InstantSource clock;

    /** @param target path and query; with Slack, the secret is in it */
    public WebhookPost(
            HttpPool pool, String target, Map<String, Secret> headers, Optional<Secret> sign, InstantSource clock) {
        this.pool = pool;
        this.target = target;
        this.headers = Map.copyOf(headers);
        this.sign = sign;
        this.clock = clock;
    }

    @Override
    public void deliver(String id, Approval approval, Optional<String> page) throws IOException {
        send(id, Message.text(approval, page));
    }

    @Override
    public void announce(String id, String title, List<String> lines) throws IOException {
        send(id, Message.text(title, lines));
    }

    private void send(String id, String text) throws IOException {
        byte[] body = JsonWriter.text(Json.object().put("text", text).build()).getBytes(StandardCharsets.UTF_8);
        Map<String, String> all = new LinkedHashMap<>();
        headers.forEach((name, value) -> all.put(name, value.exposeTextInsecurely()));
        all.put("Content-Type", "application/json");
        sign.ifPresent(secret -> all.putAll(StandardWebhook.headers(secret, id, clock.instant(), body)));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (HttpExchange exchange = pool.exchange(new HttpCall("POST", target, all, body), Departure.FREE)) {
            exchange.start(deadline);
            exchange.body(MOST_ANSWER, deadline);
            if (exchange.status() < 200 || exchange.status() > 299) {
                throw new IOException("the receiver answers " + exchange.status());
            }
        } catch (HttpCallException e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
