package dev.reeve.upstream;

import dev.reeve.action.Operation.ToolCall;
import dev.reeve.child.Slots;
import dev.reeve.gate.Effect;
import dev.reeve.gate.Permit;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.secrets.Secret;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Reeve's side of these tests: servers of one file, permits, and changes that were told. */
final class House implements AutoCloseable {
    private static final EventLoopGroup LOOPS = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    final Permits permits = new Permits(Duration.ofSeconds(30));
    final McpServers servers;
    final BlockingQueue<UpstreamChange> changes = new LinkedBlockingQueue<>();

    House(UpstreamSettings... settings) {
        this(new Slots(Slots.USUAL), settings);
    }

    House(Slots slots, UpstreamSettings... settings) {
        this.servers = new McpServers(List.of(settings), LOOPS, InstantSource.system(), slots, System.getenv());
        servers.onChange(changes::add);
    }

    static UpstreamSettings.Http http(String url) {
        return http(url, UpstreamLimits.USUAL.withFirstByte(Duration.ofSeconds(10)), false);
    }

    static UpstreamSettings.Http http(String url, UpstreamLimits limits, boolean stateless) {
        return new UpstreamSettings.Http(
                "up",
                Principal.DEFAULT_TENANT,
                stateless,
                limits,
                java.util.Optional.empty(),
                URI.create(url),
                Map.of("Authorization", Secret.of("Bearer sesame")),
                List.of());
    }

    static ToolCall echo(String text) {
        return new ToolCall("up", "echo", Json.object().put("message", text).build());
    }

    Permit permit() {
        return permits.of("k1", echo("hi"));
    }

    Effect call() {
        return servers.send(permit(), Exchange.silent());
    }

    Effect callAs(String instance) {
        return servers.send(permits.of(instance, echo("hi")), Exchange.silent());
    }

    CompletableFuture<Effect> inBackground(Permit permit, Exchange exchange) {
        CompletableFuture<Effect> effect = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                effect.complete(servers.send(permit, exchange));
            } catch (RuntimeException e) {
                effect.completeExceptionally(e);
            }
        });
        return effect;
    }

    void awaitChange(UpstreamChange.What what) throws InterruptedException {
        while (true) {
            UpstreamChange change = changes.poll(60, TimeUnit.SECONDS);
            if (change == null) {
                throw new AssertionError("nobody told that " + what);
            }
            if (change.what() == what) {
                return;
            }
        }
    }

    /** Stops a call as soon as it can be stopped. */
    static void stop(AtomicReference<Runnable> stop) {
        while (stop.get() == null) {
            Thread.onSpinWait();
        }
        stop.get().run();
    }

    static String text(Effect effect) {
        Json.Obj result = ((Effect.Answered) effect).result();
        return ((Json.Obj) result.array("content").orElseThrow().items().getFirst())
                .string("text")
                .orElseThrow();
    }

    static String code(Effect effect) {
        return switch (effect) {
            case Effect.Answered answered -> "answered " + answered.result();
            case Effect.Refused refused -> "refused " + refused.code() + " " + refused.message();
            case Effect.Elsewhere ignored -> throw new AssertionError("an upstream does it itself");
            case Effect.Kept ignored -> throw new AssertionError("an upstream was asked");
            case Effect.NotSent notSent -> "not sent: " + notSent.why().code();
            case Effect.Unknown unknown -> "unknown: " + unknown.why().code();
        };
    }

    @Override
    public void close() {
        servers.close();
    }
}
