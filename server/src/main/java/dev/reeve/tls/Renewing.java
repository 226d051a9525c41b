package dev.reeve.tls;

import dev.reeve.tls.Identity.Purpose;
import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * A context made from files, and made anew when they change. What is open keeps the one it began with; new handshakes get the newest good one.
 * A pair that is wrong in any way is refused whole, and the old one stays.
 *
 * <p>Files are compared by content and through every link, so that a rename, a swapped folder link (Kubernetes) and a copy in place are all
 * seen; they are taken when they have been the same for {@link #QUIET}, so that a half-written one is not. {@link #look} is for one thread;
 * the rest for any.
 *
 * @param <C> what is made
 */
public final class Renewing<C> {
    /** How long files must have been the same before they are taken. */
    public static final Duration QUIET = Duration.ofSeconds(1);

    /** Makes what is used from what was read. */
    private interface Maker<C> {
        C make(Material material) throws BadTlsException;
    }

    private record InForce<C>(String version, C context, Optional<CertificateFacts> facts) {}

    private record Candidate(String version, Instant since) {}

    /** Asked before what is new comes into force (R27). */
    public interface Announcement {
        /** @throws BadTlsException if it cannot be told: it does not come into force then, and is tried again */
        void make(Optional<CertificateFacts> facts, String version) throws BadTlsException;
    }

    /** What a look found, told once for each change. */
    public sealed interface News {
        /** In force from now on. Authorities may have changed, or the certificate, or both. */
        record Renewed(Optional<CertificateFacts> facts) implements News {}

        /** Refused; the old stays in force. */
        record Refused(BadTlsException why) implements News {}
    }

    private final TlsFiles files;
    private final Purpose purpose;
    private final Maker<C> maker;
    private volatile InForce<C> inForce;
    private volatile Optional<String> trouble = Optional.empty();
    private String told;
    private Optional<Candidate> candidate = Optional.empty();

    private Renewing(TlsFiles files, Purpose purpose, Maker<C> maker) throws BadTlsException {
        this.files = files;
        this.purpose = purpose;
        this.maker = maker;
        this.inForce = made(Material.Bytes.read(files));
        this.told = inForce.version();
    }

    /** @param clientRequired whether a client without a certificate is refused, where {@code files} name roots */
    public static Renewing<SslContext> listener(TlsFiles files, boolean clientRequired, TlsLibrary library)
            throws BadTlsException {
        return listener(files, clientRequired, library, "http/1.1");
    }

    /** As the other, for HTTP/2 alone. */
    public static Renewing<SslContext> http2Listener(TlsFiles files, boolean clientRequired, TlsLibrary library)
            throws BadTlsException {
        return listener(files, clientRequired, library, "h2");
    }

    private static Renewing<SslContext> listener(
            TlsFiles files, boolean clientRequired, TlsLibrary library, String protocol) throws BadTlsException {
        return new Renewing<>(
                files,
                Purpose.SERVER,
                material -> TlsContexts.nettyServer(material, clientRequired, library, protocol));
    }

    /** For a listener that needs the JDK's TLS. */
    public static Renewing<SSLContext> jdkListener(TlsFiles files) throws BadTlsException {
        return new Renewing<>(files, Purpose.SERVER, TlsContexts::jdkServer);
    }

    /** Towards servers. */
    public static Renewing<SslContext> client(TlsFiles files, TlsLibrary library) throws BadTlsException {
        return new Renewing<>(files, Purpose.CLIENT, material -> TlsContexts.nettyClient(material, library));
    }

    /** Only reads: what is in the files now, or what is wrong with it. */
    public static Optional<CertificateFacts> check(TlsFiles files, boolean server) throws BadTlsException {
        Material material = Material.of(files, Material.Bytes.read(files), server ? Purpose.SERVER : Purpose.CLIENT);
        return material.identity().map(Identity::facts);
    }

    private InForce<C> made(Material.Bytes bytes) throws BadTlsException {
        Material material = Material.of(files, bytes, purpose);
        return new InForce<>(
                bytes.version(), maker.make(material), material.identity().map(Identity::facts));
    }

    public C current() {
        return inForce.context();
    }

    /** Of the certificate in force; empty if there are only roots. */
    public Optional<CertificateFacts> facts() {
        return inForce.facts();
    }

    /** Why what stands in the files is not in force; empty if it is. */
    public Optional<String> trouble() {
        return trouble;
    }

    /** Looks at the files. Call it now and then: a change is in force two looks later, and not before {@link #QUIET} is over. */
    public Optional<News> look(Instant now, Announcement before) {
        Material.Bytes bytes;
        String version;
        try {
            bytes = Material.Bytes.read(files);
            version = bytes.version();
        } catch (BadTlsException e) {
            // A file that is missing for a moment is being replaced.
            return settled("unreadable: " + e.line(), now) ? refuse(e) : Optional.empty();
        }
        return settled(version, now) ? take(version, bytes, now, before) : Optional.empty();
    }

    private boolean settled(String version, Instant now) {
        if (version.equals(told)) {
            candidate = Optional.empty();
            return false;
        }
        if (candidate.isEmpty() || !candidate.get().version().equals(version)) {
            candidate = Optional.of(new Candidate(version, now));
            return false;
        }
        if (now.isBefore(candidate.get().since().plus(QUIET))) {
            return false;
        }
        told = version;
        candidate = Optional.empty();
        return true;
    }

    private Optional<News> take(String version, Material.Bytes bytes, Instant now, Announcement before) {
        if (version.equals(inForce.version())) {
            // It was wrong for a while, and is as before.
            trouble = Optional.empty();
            return Optional.of(new News.Renewed(inForce.facts()));
        }
        InForce<C> next;
        try {
            next = made(bytes);
            refuseUntimely(next, now);
        } catch (BadTlsException e) {
            return refuse(e);
        }
        try {
            before.make(next.facts(), version);
        } catch (BadTlsException e) {
            told = inForce.version();
            return refuse(e);
        }
        inForce = next;
        trouble = Optional.empty();
        return Optional.of(new News.Renewed(next.facts()));
    }

    private static void refuseUntimely(InForce<?> next, Instant now) throws BadTlsException {
        if (next.facts().isPresent() && !next.facts().get().isValid(now)) {
            CertificateFacts facts = next.facts().get();
            throw new BadTlsException(
                    "the new certificate is valid from " + facts.notBefore() + " to " + facts.notAfter(),
                    "put one there that is valid now");
        }
    }

    private Optional<News> refuse(BadTlsException why) {
        trouble = Optional.of(why.line());
        return Optional.of(new News.Refused(why));
    }
}
