package dev.reeve.extauthz;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Writes a {@code CheckResponse} by the field numbers of {@code envoy/service/auth/v3/external_auth.proto}. */
final class CheckResponse {
    /** {@code google.rpc.Code}. */
    private static final int PERMISSION_DENIED = 7;

    private CheckResponse() {}

    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private static byte[] message(Fields fields) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            fields.write(out);
            out.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new AssertionError("memory takes bytes", e);
        }
    }

    /** @param remove headers that the upstream must not see */
    static byte[] allowed(List<String> remove) {
        byte[] ok = message(out -> {
            for (String name : remove) {
                out.writeString(5, name);
            }
        });
        return message(out -> {
            // An empty status is OK.
            out.writeByteArray(1, new byte[0]);
            out.writeByteArray(3, ok);
        });
    }

    /** @param status that the client gets */
    static byte[] denied(int status, Map<String, String> headers, byte[] body) {
        byte[] http = message(out -> {
            out.writeByteArray(1, message(inner -> inner.writeEnum(1, status)));
            for (Map.Entry<String, String> header : headers.entrySet()) {
                byte[] value = message(inner -> {
                    inner.writeString(1, header.getKey());
                    inner.writeString(2, header.getValue());
                });
                out.writeByteArray(2, message(inner -> inner.writeByteArray(1, value)));
            }
            out.writeString(3, new String(body, StandardCharsets.UTF_8));
        });
        return message(out -> {
            out.writeByteArray(1, message(inner -> inner.writeInt32(1, PERMISSION_DENIED)));
            out.writeByteArray(2, http);
        });
    }
}
