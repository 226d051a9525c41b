package dev.reeve.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;

/** Which code speaks TLS on the data plane: BoringSSL where its native library loads, else the JDK's, which costs about four times as much. */
public enum TlsLibrary {
    BORINGSSL(SslProvider.OPENSSL),
    JDK(SslProvider.JDK);

    static {
        // Before the JDK's own TLS is loaded, which reads them once. A client that asks for a new handshake inside a
        // connection
        // (CVE-2011-1473) is refused, and no ticket outlives the certificate or the authorities under which it was
        // given.
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
        System.setProperty("jdk.tls.server.enableSessionTicketExtension", "false");
    }

    private final SslProvider provider;

    TlsLibrary(SslProvider provider) {
        this.provider = provider;
    }

    /** The first call loads the native library, which takes some milliseconds; who speaks no TLS should not ask. */
    public static TlsLibrary best() {
        return OpenSsl.isAvailable() ? BORINGSSL : JDK;
    }

    SslProvider provider() {
        return provider;
    }

    /** For {@code reeve status}. */
    public String words() {
        return switch (this) {
            case BORINGSSL -> "BoringSSL";
            case JDK -> "JDK (BoringSSL does not load on this system)";
        };
    }

    /** Makes sure that what stands above the enum's constants has run. */
    static void prepare() {
        JDK.provider();
    }
}
