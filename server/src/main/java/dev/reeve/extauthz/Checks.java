package dev.reeve.extauthz;

import dev.reeve.enforcement.Point;
import dev.reeve.enforcement.VerdictDesk;
import dev.reeve.identity.Claim;
import dev.reeve.secrets.Secret;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The one method. The proxy shows its own key with each call, in the metadata {@code authorization}; what it shows of the request is another
 * matter. Runs on a thread that may block.
 */
final class Checks implements ServerCallHandler<byte[], byte[]> {
    private static final MethodDescriptor<byte[], byte[]> CHECK = MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("envoy.service.auth.v3.Authorization/Check")
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Bytes())
            .build();

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Pattern BEARER = Pattern.compile("[Bb][Ee][Aa][Rr][Ee][Rr] +([A-Za-z0-9._~+/=-]{1,512})");
    private static final System.Logger LOG = System.getLogger("dev.reeve.extauthz");

    private final VerdictDesk desk;
    private final HttpQuestions questions;
    private final ExtAuthz.Refused refused;
    private final OpenCalls open;

    Checks(VerdictDesk desk, ExtAuthz.Refused refused, OpenCalls open) {
        this.desk = desk;
        this.open = open;
        this.refused = refused;
        this.questions = new HttpQuestions(desk, (point, code) -> refused.refused(Optional.of(point), code));
    }

    ServerServiceDefinition service() {
        return ServerServiceDefinition.builder("envoy.service.auth.v3.Authorization")
                .addMethod(CHECK, this)
                .build();
    }

    /** Whoever is not believed is answered at once, and nothing of what it sends is kept. */
    @Override
    public ServerCall.Listener<byte[]> startCall(ServerCall<byte[], byte[]> call, Metadata headers) {
        OneCall one = new OneCall(call, claim(headers));
        one.begin();
        return one;
    }

    private static Claim claim(Metadata headers) {
        Iterable<String> values = headers.getAll(AUTHORIZATION);
        String only = "";
        if (values != null) {
            for (String value : values) {
                only = only.isEmpty() ? value : " ";
            }
        }
        var bearer = BEARER.matcher(only);
        return bearer.matches() ? new Claim.ApiKey(Secret.of(bearer.group(1))) : new Claim.Nothing();
    }

    private final class OneCall extends ServerCall.Listener<byte[]> implements OpenCalls.Receiving {
        private final ServerCall<byte[], byte[]> call;
        private final Claim claim;
        private Optional<byte[]> message = Optional.empty();
        private boolean whole;
        private boolean closed;

        OneCall(ServerCall<byte[], byte[]> call, Claim claim) {
            this.call = call;
            this.claim = claim;
        }

        void begin() {
            Optional<Point> point = believed();
            if (point.isEmpty()) {
                return;
            }
            if (!open.enter(this)) {
                refused.refused(Optional.of(point.get().name()), "busy");
                close(Status.RESOURCE_EXHAUSTED.withDescription("too many requests are being received"));
                return;
            }
            // Two: that there is a second message is then seen, and refused.
            call.request(2);
        }

        @Override
        public void onMessage(byte[] one) {
            if (message.isPresent()) {
                close(Status.INVALID_ARGUMENT.withDescription("one message a call"));
            }
            message = Optional.of(one);
        }

        @Override
        public void onHalfClose() {
            if (!isWhole()) {
                return;
            }
            try {
                // Again: the key may have been withdrawn while the request came.
                believed().ifPresent(this::answer);
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                LOG.log(System.Logger.Level.ERROR, "a check failed", e);
                close(Status.INTERNAL.withDescription("this is a bug; the operator's log has it"));
            }
        }

        /** From now on it is the decision that takes time, which has its own limits. */
        private synchronized boolean isWhole() {
            whole = true;
            open.leave(this);
            return !closed;
        }

        @Override
        public void onCancel() {
            open.leave(this);
        }

        @Override
        public void onComplete() {
            open.leave(this);
        }

        @Override
        public synchronized void late() {
            if (!whole) {
                close(Status.DEADLINE_EXCEEDED.withDescription(
                        "the request did not end within " + open.patience().toSeconds() + " s"));
            }
        }

        /** Empty if it was answered that it is not. */
        private Optional<Point> believed() {
            return switch (desk.caller(claim)) {
                case VerdictDesk.Caller.Enrolled(Point point) -> Optional.of(point);
                case VerdictDesk.Caller.NoPoint(String agent) -> {
                    refused.refused(Optional.of(agent), "no_enforcement_point");
                    close(Status.PERMISSION_DENIED.withDescription("this key is none of an enforcement point"));
                    yield Optional.empty();
                }
                case VerdictDesk.Caller.Nobody(String code) -> {
                    refused.refused(Optional.empty(), code);
                    close(Status.UNAUTHENTICATED.withDescription("the key of an enforcement point is needed"));
                    yield Optional.empty();
                }
            };
        }

        private void answer(Point point) {
            CheckRequest request;
            try {
                request = CheckRequest.read(message.orElse(new byte[0]));
            } catch (IOException e) {
                refused.refused(Optional.of(point.name()), "malformed");
                close(Status.INVALID_ARGUMENT.withDescription("this is no CheckRequest"));
                return;
            }
            send(questions.answer(point, request));
        }

        private synchronized void send(byte[] response) {
            if (!closed) {
                call.sendHeaders(new Metadata());
                call.sendMessage(response);
                close(Status.OK);
            }
        }

        private synchronized void close(Status status) {
            open.leave(this);
            if (!closed) {
                closed = true;
                call.close(status, new Metadata());
            }
        }
    }
}
