package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.tls.TestCa;
import dev.reeve.tls.TlsFiles;
import io.envoyproxy.envoy.service.auth.v3.AuthorizationGrpc;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.netty.handler.ssl.SslContextBuilder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proxies on another machine: certificates on both sides, and a renewed one without a restart. */
final class ExtAuthzTlsTest {
    private static final String POLICIES = """
            enforcement_points: { edge: {} }
            agents: { edge: {} }
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private static int status(int port, Path trusted, Optional<TlsFiles.Pair> own, String key) throws Exception {
        SslContextBuilder tls = GrpcSslContexts.forClient().trustManager(trusted.toFile());
        own.ifPresent(
                pair -> tls.keyManager(pair.certificate().toFile(), pair.key().toFile()));
        ManagedChannel channel = NettyChannelBuilder.forAddress("localhost", port)
                .sslContext(tls.build())
                .build();
        try {
            Metadata metadata = new Metadata();
            metadata.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + key);
            return AuthorizationGrpc.newBlockingStub(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
                    .withDeadlineAfter(60, TimeUnit.SECONDS)
                    .check(CheckRequest.getDefaultInstance())
                    .getDeniedResponse()
                    .getStatus()
                    .getCode()
                    .getNumber();
        } finally {
            channel.shutdownNow().awaitTermination(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void certificatesAreCheckedOnBothSidesAndARenewedOneIsTaken() throws Exception {
        TestCa ours = new TestCa("ours");
        TestCa next = new TestCa("next");
        TestCa proxies = new TestCa("proxies");
        TlsFiles.Pair server = TestCa.write(ours.server(), folder, "server");
        TlsFiles.Pair client = TestCa.write(proxies.client("edge"), folder, "client");
        Path authorities = java.nio.file.Files.writeString(
                folder.resolve("proxies.pem"), proxies.root().getRootCertificatePEM());
        Path trusted = ours.rootFile(folder);
        String tls = ", ext_authz: { address: \"127.0.0.1:0\", tls: { certificate: \"" + server.certificate()
                + "\", key: \"" + server.key() + "\", client_ca: \"" + authorities + "\" } }";
        try (AuthzenHouse house = AuthzenHouse.open(folder.resolve("home"), tls, "resources: {}\n", POLICIES)) {
            int port = house.serve().extAuthzPort();
            String key = house.key("edge");
            // An empty request has no method: it came through to the decision, and was refused there.
            assertEquals(405, status(port, trusted, Optional.of(client), key));
            StatusRuntimeException none =
                    assertThrows(StatusRuntimeException.class, () -> status(port, trusted, Optional.empty(), key));
            assertEquals(Status.Code.UNAVAILABLE, none.getStatus().getCode());
            var renewed = next.server();
            TestCa.key(server.key(), renewed.getPrivateKeyPEM());
            TestCa.replace(server.certificate(), renewed.getCertificatePathPEM());
            Path trustedNext = java.nio.file.Files.writeString(
                    folder.resolve("next.pem"), next.root().getRootCertificatePEM());
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (!serves(port, trustedNext, client, key)) {
                assertTrue(System.nanoTime() < end, "the renewed certificate is not served");
            }
        }
    }

    private static boolean serves(int port, Path trusted, TlsFiles.Pair own, String key) throws Exception {
        try {
            return status(port, trusted, Optional.of(own), key) == 405;
        } catch (StatusRuntimeException e) {
            return false;
        }
    }
}
