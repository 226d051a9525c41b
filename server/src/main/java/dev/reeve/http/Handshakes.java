package dev.reeve.http;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The handshakes of one listener: so many at a time, each in bounded time, each counted with its outcome. Their arithmetic runs on threads of
 * its own, so that who opens connections in crowds does not keep the event loops from those who are in.
 */
final class Handshakes {
    private static final int THREADS = 2;
    private static final long IDLE_SECONDS = 10;

    private final HttpTls tls;
    private final Budget underWay;
    private final Executor arithmetic;

    Handshakes(HttpTls tls) {
        this.tls = tls;
        this.underWay = new Budget(tls.handshakes());
        this.arithmetic = arithmetic(tls.handshakes());
    }

    /** A handshake has few steps under way at a time, so the queue's bound is never met by who keeps to the protocol. */
    private static Executor arithmetic(int handshakes) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(handshakes * 4),
                Thread.ofPlatform().daemon().name("tls-", 0).factory());
        pool.allowCoreThreadTimeOut(true);
        return task -> {
            try {
                pool.execute(task);
            } catch (RejectedExecutionException e) {
                task.run();
            }
        };
    }

    /** @return false if there are too many already */
    boolean begin(Channel channel) {
        if (!underWay.take(1)) {
            tls.outcomes().accept("crowded");
            return false;
        }
        SslHandler handler = tls.context().get().newHandler(channel.alloc(), arithmetic);
        handler.setHandshakeTimeout(tls.timeout().toMillis(), TimeUnit.MILLISECONDS);
        FirstByte.OfTls first = new FirstByte.OfTls();
        channel.pipeline().addLast(first, handler);
        handler.handshakeFuture().addListener(done -> {
            underWay.giveBack(1);
            tls.outcomes().accept(done.isSuccess() ? "ok" : first.answered() ? "plain_http" : code(done.cause()));
        });
        return true;
    }

    /** The libraries say most of it in words only. Never what the peer said. */
    static String code(Throwable cause) {
        String kind = cause.getClass().getSimpleName();
        String said =
                String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT).replace(' ', '_');
        if (kind.equals("SslHandshakeTimeoutException")) {
            return "timeout";
        }
        if (kind.endsWith("ClosedChannelException") || said.contains("closed") || said.contains("connection_reset")) {
            return "gone";
        }
        if (kind.equals("NotSslRecordException")) {
            return "not_tls";
        }
        if (said.contains("peer_did_not_return_a_certificate") || said.contains("empty_client_certificate")) {
            return "no_client_certificate";
        }
        for (Throwable inner = cause.getCause(); inner != null; inner = inner.getCause()) {
            if (inner instanceof CertificateException) {
                return "client_certificate_refused";
            }
        }
        if (said.contains("alert")) {
            return "client_refused_us";
        }
        return said.contains("protocol") || said.contains("cipher") ? "no_agreement" : "failed";
    }

    HttpTls tls() {
        return tls;
    }
}
