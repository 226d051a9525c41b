package dev.reeve.upstream;

import io.netty.channel.EventLoopGroup;
import java.util.List;
import java.util.Optional;

/** Streamable HTTP: the connections are shared by all principals, the sessions are not (R13). */
final class HttpTransport implements Transport {
    private final HttpEndpoint endpoint;
    private final HttpHandshake handshake;

    HttpTransport(UpstreamSettings.Http settings, Failures failures, News news, EventLoopGroup loops) {
        this.endpoint = new HttpEndpoint(settings, failures, loops);
        this.handshake = new HttpHandshake(endpoint, settings.revision(), news);
    }

    @Override
    public Link open(Links.Key key, Optional<Agreement> known) throws CallFailedException {
        return handshake.open(known, key.offered(), !key.isOwn());
    }

    @Override
    public boolean sharesFate() {
        return true;
    }

    @Override
    public boolean hasHeaders() {
        return true;
    }

    @Override
    public List<String> lastWords() {
        return List.of();
    }

    @Override
    public void close() {
        endpoint.close();
    }
}
