package dev.reeve.tls;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.security.KeyManagementException;
import java.security.Provider;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/**
 * A listener's TLS for a library that takes one {@link SSLContext} for good: each accepted socket gets the context in force at that moment,
 * our protocols and suites, and a time in which its handshake must be done.
 */
public final class ListenerSockets implements AutoCloseable {
    /**
     * @param context asked for at each connection
     * @param clients whether a client certificate is asked for, and whether there must be one
     * @param handshake how long one may take
     * @param outcomes takes {@code ok}, {@code timeout} or {@code failed}
     */
    public record Settings(
            Supplier<SSLContext> context, Clients clients, Duration handshake, Consumer<String> outcomes) {}

    /** Certificates of clients. */
    public enum Clients {
        NOT_ASKED,
        OPTIONAL,
        REQUIRED
    }

    private final Settings settings;
    private final ScheduledThreadPoolExecutor deadlines;

    public ListenerSockets(Settings settings) {
        this.settings = settings;
        this.deadlines = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("control-handshakes").factory());
        deadlines.setRemoveOnCancelPolicy(true);
    }

    public SSLContext context() {
        SSLContext now = settings.context().get();
        return new Current(new Spi(), now.getProvider(), now.getProtocol());
    }

    private SSLSocket accepted(Socket raw, InputStream consumed, boolean autoClose) throws IOException {
        SSLSocketFactory factory = settings.context().get().getSocketFactory();
        SSLSocket socket = (SSLSocket) factory.createSocket(raw, consumed, autoClose);
        socket.setSSLParameters(parameters());
        AtomicBoolean done = new AtomicBoolean();
        var deadline =
                deadlines.schedule(() -> late(raw, done), settings.handshake().toMillis(), TimeUnit.MILLISECONDS);
        socket.addHandshakeCompletedListener(event -> {
            if (done.compareAndSet(false, true)) {
                deadline.cancel(false);
                settings.outcomes().accept("ok");
            }
        });
        return socket;
    }

    private void late(Socket raw, AtomicBoolean done) {
        if (done.compareAndSet(false, true)) {
            settings.outcomes().accept(raw.isClosed() ? "failed" : "timeout");
            try {
                raw.close();
            } catch (IOException e) {
                System.getLogger("dev.reeve.tls")
                        .log(System.Logger.Level.DEBUG, "a late client could not be closed", e);
            }
        }
    }

    private SSLParameters parameters() {
        SSLParameters parameters = new SSLParameters(
                TlsContexts.SUITES.toArray(String[]::new), TlsContexts.PROTOCOLS.toArray(String[]::new));
        switch (settings.clients()) {
            case NOT_ASKED -> {}
            case OPTIONAL -> parameters.setWantClientAuth(true);
            case REQUIRED -> parameters.setNeedClientAuth(true);
        }
        return parameters;
    }

    @Override
    public void close() {
        deadlines.shutdownNow();
    }

    private static final class Current extends SSLContext {
        Current(SSLContextSpi spi, Provider provider, String protocol) {
            super(spi, provider, protocol);
        }
    }

    private final class Spi extends SSLContextSpi {
        @Override
        protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random)
                throws KeyManagementException {
            throw new KeyManagementException("made from files");
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            return new Factory();
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            return settings.context().get().getServerSocketFactory();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            return settings.context().get().createSSLEngine();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            return settings.context().get().createSSLEngine(host, port);
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            return settings.context().get().getServerSessionContext();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            return settings.context().get().getClientSessionContext();
        }
    }

    private final class Factory extends SSLSocketFactory {
        @Override
        public Socket createSocket(Socket raw, InputStream consumed, boolean autoClose) throws IOException {
            return accepted(raw, consumed, autoClose);
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return parameters().getCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return parameters().getCipherSuites();
        }

        @Override
        public Socket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
            throw outgoing();
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            throw outgoing();
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress from, int fromPort) throws IOException {
            throw outgoing();
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            throw outgoing();
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) throws IOException {
            throw outgoing();
        }

        private static IOException outgoing() {
            return new IOException("this is for accepted connections");
        }
    }
}
