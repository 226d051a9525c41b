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

    Checks(VerdictDesk desk, ExtAuthz.Refused refused) {
        this.desk = desk;
        this.refused = refused;
        this.questions = new HttpQuestions(desk, (point, code) -> refused.refused(Optional.of(point), code));
    }

    ServerServiceDefinition service() {
        return ServerServiceDefinition.builder("envoy.service.auth.v3.Authorization")
                .addMethod(CHECK, this)
                .build();
    }

    @Override
    public ServerCall.Listener<byte[]> startCall(ServerCall<byte[], byte[]> call, Metadata headers) {
        // Two: that there is a second message is then seen, and refused.
        call.request(2);
        return new OneCall(call, claim(headers));
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

    private final class OneCall extends ServerCall.Listener<byte[]> {
        private final ServerCall<byte[], byte[]> call;
        private final Claim claim;
        private Optional<byte[]> message = Optional.empty();
        private boolean closed;

        OneCall(ServerCall<byte[], byte[]> call, Claim claim) {
            this.call = call;
            this.claim = claim;
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
            if (closed) {
                return;
            }
            try {
                answer();
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "a check failed", e);
                close(Status.INTERNAL.withDescription("this is a bug; the operator's log has it"));
            }
        }

        private void answer() {
            switch (desk.caller(claim)) {
                case VerdictDesk.Caller.Enrolled(Point point) -> answer(point);
                case VerdictDesk.Caller.NoPoint(String agent) -> {
                    refused.refused(Optional.of(agent), "no_enforcement_point");
                    close(Status.PERMISSION_DENIED.withDescription("this key is none of an enforcement point"));
                }
                case VerdictDesk.Caller.Nobody(String code) -> {
                    refused.refused(Optional.empty(), code);
                    close(Status.UNAUTHENTICATED.withDescription("the key of an enforcement point is needed"));
                }
            }
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
            byte[] response = questions.answer(point, request);
            call.sendHeaders(new Metadata());
            call.sendMessage(response);
            close(Status.OK);
        }

        private void close(Status status) {
            if (!closed) {
                closed = true;
                call.close(status, new Metadata());
            }
        }
    }
}
