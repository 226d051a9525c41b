package dev.reeve.extauthz;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What of a {@code CheckRequest} is decided on. Read straight from the wire by the field numbers of
 * {@code envoy/service/auth/v3/attribute_context.proto}; fields that are not known are passed over, as Protocol Buffers want.
 *
 * @param principal the identity that the proxy verified of the client's certificate; empty if none
 * @param protocol as {@code HTTP/2}; empty if it is not said
 * @param body what the proxy shows of it; empty if nothing
 * @param headers by name in small letters, each with every value that it came with
 */
record CheckRequest(
        String principal,
        String method,
        String host,
        String path,
        String protocol,
        ByteString body,
        Map<String, List<String>> headers) {
    private static final int MOST_HEADERS = 512;

    CheckRequest {
        headers = Map.copyOf(headers);
    }

    List<String> header(String name) {
        return headers.getOrDefault(name, List.of());
    }

    /** @throws IOException if the bytes are no such message, or it holds too much */
    static CheckRequest read(byte[] bytes) throws IOException {
        Reading reading = new Reading();
        message(CodedInputStream.newInstance(bytes), (field, in) -> field == 1 && each(in, reading::attributes));
        return new CheckRequest(
                reading.principal,
                reading.method,
                reading.host,
                reading.path,
                reading.protocol,
                reading.body,
                reading.headers);
    }

    /** Takes a field whose number and kind it knows. */
    private interface Fields {
        /** @return false if it is not known, and nothing of it was read */
        boolean take(int field, CodedInputStream in) throws IOException;
    }

    /** Reads the fields of one message up to its end; only fields with a length are looked at. */
    private static void message(CodedInputStream in, Fields fields) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            boolean sized = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
            if (!sized || !fields.take(WireFormat.getTagFieldNumber(tag), in)) {
                in.skipField(tag);
            }
        }
    }

    private static boolean each(CodedInputStream in, Fields fields) throws IOException {
        int limit = in.pushLimit(in.readRawVarint32());
        message(in, fields);
        in.popLimit(limit);
        return true;
    }

    private static final class Reading {
        private String principal = "";
        private String method = "";
        private String host = "";
        private String path = "";
        private String protocol = "";
        private ByteString body = ByteString.EMPTY;
        private final Map<String, List<String>> headers = new HashMap<>();
        private int count;

        boolean attributes(int field, CodedInputStream in) throws IOException {
            return switch (field) {
                case 1 -> each(in, this::source);
                case 4 -> each(in, this::request);
                default -> false;
            };
        }

        private boolean source(int field, CodedInputStream in) throws IOException {
            if (field == 4) {
                principal = in.readStringRequireUtf8();
            }
            return field == 4;
        }

        private boolean request(int field, CodedInputStream in) throws IOException {
            return field == 2 && each(in, this::http);
        }

        private boolean http(int field, CodedInputStream in) throws IOException {
            switch (field) {
                case 2 -> method = in.readStringRequireUtf8();
                case 3 -> header(in);
                case 4 -> path = in.readStringRequireUtf8();
                case 5 -> host = in.readStringRequireUtf8();
                case 10 -> protocol = in.readStringRequireUtf8();
                case 11, 12 -> body = in.readBytes();
                case 13 -> each(in, (inner, value) -> inner == 1 && header(value));
                default -> {
                    return false;
                }
            }
            return true;
        }

        /** An entry of the map, or a {@code HeaderValue} with its raw value: name, value and raw value are the fields 1 to 3 of both. */
        private boolean header(CodedInputStream in) throws IOException {
            if (++count > MOST_HEADERS) {
                throw new IOException("more than " + MOST_HEADERS + " headers");
            }
            String[] parts = {"", "", ""};
            each(in, (field, value) -> {
                if (field < 1 || field > 3) {
                    return false;
                }
                parts[field - 1] = value.readStringRequireUtf8();
                return true;
            });
            headers.computeIfAbsent(parts[0].toLowerCase(java.util.Locale.ROOT), name -> new ArrayList<>())
                    .add(parts[1].isEmpty() ? parts[2] : parts[1]);
            return true;
        }
    }
}
