package dev.reeve.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One request while it is being read. Memory is taken as bytes arrive, never because a header promised them. */
final class Inbox {
    private static final byte[] NOTHING = new byte[0];

    private final HttpRequest head;
    private byte[] body = NOTHING;
    private int length;

    Inbox(HttpRequest head) {
        this.head = head;
    }

    int length() {
        return length;
    }

    void append(ByteBuf part) {
        int more = part.readableBytes();
        if (more == 0) {
            return;
        }
        if (body.length - length < more) {
            int size = length == 0 ? more : Math.max(length + more, length * 2);
            body = Arrays.copyOf(body, size);
        }
        part.readBytes(body, length, more);
        length += more;
    }

    Request complete(Optional<TlsPeer> peer) {
        String target = head.uri();
        int mark = target.indexOf('?');
        return new Request(
                head.method().name(),
                mark < 0 ? target : target.substring(0, mark),
                mark < 0 ? Optional.empty() : Optional.of(target.substring(mark + 1)),
                new Fields(head.headers()),
                body.length == length ? body : Arrays.copyOf(body, length),
                peer);
    }

    record Fields(HttpHeaders headers) implements Request.Headers {
        @Override
        public List<String> all(String name) {
            return headers.getAll(name);
        }

        @Override
        public Iterable<String> names() {
            return headers.names();
        }
    }
}
