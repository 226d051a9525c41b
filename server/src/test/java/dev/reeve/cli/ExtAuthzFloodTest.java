package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.envoyproxy.envoy.service.auth.v3.AuthorizationGrpc;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What somebody who reaches the port of ext_authz can take away from everybody else. */
@Timeout(120)
final class ExtAuthzFloodTest {
    /** A request that is as large as one may be: its message is sent, and its end never. */
    private static final CheckRequest LARGE = CheckRequest.newBuilder()
            .setAttributes(io.envoyproxy.envoy.service.auth.v3.AttributeContext.newBuilder()
                    .putContextExtensions("x", "y".repeat(1_000_000)))
            .build();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static AuthzenHouse house;

    private static String edge = "";

    @BeforeAll
    static void open() throws Exception {
        house = AuthzenHouse.open(folder, ", ext_authz: \"127.0.0.1:0\"", "", """
                enforcement_points: { edge: { agents: [edge] } }
                agents: { edge: {} }
                """);
        edge = house.key("edge");
    }

    @AfterAll
    static void close() throws Exception {
        house.close();
    }

    private static InetSocketAddress address() {
        return new InetSocketAddress(
                InetAddress.getLoopbackAddress(), house.serve().extAuthzPort());
    }

    private static ManagedChannel channel() {
        return NettyChannelBuilder.forAddress(address()).usePlaintext().build();
    }

    private static Metadata key(String key) {
        Metadata metadata = new Metadata();
        metadata.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + key);
        return metadata;
    }

    /** What became of calls that are begun and never ended. */
    private static BlockingQueue<Status> begin(ManagedChannel channel, int count, Metadata headers, boolean ended) {
        BlockingQueue<Status> ends = new LinkedBlockingQueue<>();
        for (int i = 0; i < count; i++) {
            ClientCall<CheckRequest, CheckResponse> call =
                    channel.newCall(AuthorizationGrpc.getCheckMethod(), CallOptions.DEFAULT);
            call.start(
                    new ClientCall.Listener<CheckResponse>() {
                        @Override
                        public void onClose(Status status, Metadata trailers) {
                            ends.add(status);
                        }
                    },
                    headers);
            call.request(1);
            call.sendMessage(ended ? CheckRequest.getDefaultInstance() : LARGE);
            if (ended) {
                call.halfClose();
            }
        }
        return ends;
    }

    private static Status next(BlockingQueue<Status> ends) throws InterruptedException {
        return Optional.ofNullable(ends.poll(60, TimeUnit.SECONDS))
                .orElseThrow(() -> new AssertionError("a call was not ended within 60 s"));
    }

    /** 243 such calls of one connection filled the direct memory of the whole process. */
    @Test
    void whoeverShowsNoKeyIsAnsweredBeforeTheRequestIsReceived() throws Exception {
        ManagedChannel channel = channel();
        try {
            BlockingQueue<Status> ends = begin(channel, 300, new Metadata(), false);
            for (int i = 0; i < 300; i++) {
                assertEquals(Status.Code.UNAUTHENTICATED, next(ends).getCode());
            }
            assertEquals(
                    Status.Code.OK, next(begin(channel, 1, key(edge), true)).getCode());
        } finally {
            channel.shutdownNow().awaitTermination(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void aRequestThatDoesNotEndIsGivenUpAndItsRoomIsFree() throws Exception {
        ManagedChannel channel = channel();
        try {
            BlockingQueue<Status> ends = begin(channel, 33, key(edge), false);
            for (int i = 0; i < 33; i++) {
                Status end = next(ends);
                assertTrue(
                        List.of(Status.Code.DEADLINE_EXCEEDED, Status.Code.RESOURCE_EXHAUSTED)
                                .contains(end.getCode()),
                        end.toString());
            }
            assertEquals(
                    Status.Code.OK, next(begin(channel, 1, key(edge), true)).getCode());
        } finally {
            channel.shutdownNow().awaitTermination(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void connectionsAreCountedAndThoseThatSayNothingEnd() throws Exception {
        List<Socket> open = new ArrayList<>();
        try {
            boolean refused = false;
            for (int i = 0; i < 600 && !refused; i++) {
                Socket socket = new Socket();
                open.add(socket);
                socket.connect(address(), 30_000);
                socket.setSoTimeout(60_000);
                refused = isClosed(socket);
            }
            assertTrue(refused, "600 connections were accepted");
            assertTrue(open.size() > 256, "closed after " + open.size());
            while (!isClosed(open.getFirst())) {
                // What the server says first of all.
            }
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
        ManagedChannel channel = channel();
        try {
            assertEquals(
                    Status.Code.OK, next(begin(channel, 1, key(edge), true)).getCode());
        } finally {
            channel.shutdownNow().awaitTermination(60, TimeUnit.SECONDS);
        }
    }

    /** An accepted connection hears the settings of the server at once. */
    private static boolean isClosed(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read(new byte[1_024]) < 0;
        } catch (SocketException e) {
            return true;
        }
    }
}
