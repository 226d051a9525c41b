package dev.reeve.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * Makes the contexts. TLS 1.3 and 1.2 only, and of 1.2 only suites with forward secrecy and authenticated encryption (RFC 9325, 4.2).
 */
final class TlsContexts {
    static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    static final List<String> SUITES = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final char[] NO_PASSWORD = new char[0];

    private TlsContexts() {}

    /** @param protocol the one that is spoken (ALPN). Clients are asked for a certificate only where there are roots to judge it by. */
    static SslContext nettyServer(Material material, boolean clientRequired, TlsLibrary library, String protocol)
            throws BadTlsException {
        Identity identity = material.identity().orElseThrow();
        SslContextBuilder builder = SslContextBuilder.forServer(identity.key(), identity.chain())
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        protocol));
        if (!material.roots().isEmpty()) {
            builder.trustManager(material.roots())
                    .clientAuth(clientRequired ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL);
        }
        return built(builder, library);
    }

    /** The system's authorities if there are no roots. The host's name is verified, always. */
    static SslContext nettyClient(Material material, TlsLibrary library) throws BadTlsException {
        SslContextBuilder builder = SslContextBuilder.forClient().endpointIdentificationAlgorithm("HTTPS");
        if (!material.roots().isEmpty()) {
            builder.trustManager(material.roots());
        }
        material.identity().ifPresent(identity -> builder.keyManager(identity.key(), identity.chain()));
        return built(builder, library);
    }

    private static SslContext built(SslContextBuilder builder, TlsLibrary library) throws BadTlsException {
        try {
            return builder.sslProvider(library.provider())
                    .protocols(PROTOCOLS)
                    .ciphers(SUITES, SupportedCipherSuiteFilter.INSTANCE)
                    .build();
        } catch (SSLException e) {
            throw new BadTlsException(
                    "the TLS library does not take this certificate and key", "have another one issued");
        }
    }

    /** For the control listener, whose HTTP library knows the JDK's TLS only. */
    static SSLContext jdkServer(Material material) throws BadTlsException {
        try {
            TlsLibrary.prepare();
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    keys(material.identity().orElseThrow()),
                    material.roots().isEmpty() ? new TrustManager[0] : trust(material.roots()),
                    null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new BadTlsException("the JDK does not take this certificate and key", "have another one issued");
        }
    }

    private static KeyManager[] keys(Identity identity) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        store.setKeyEntry("own", identity.key(), NO_PASSWORD, identity.chain());
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static TrustManager[] trust(List<X509Certificate> roots) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        for (int i = 0; i < roots.size(); i++) {
            store.setCertificateEntry("root" + i, roots.get(i));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }
}
