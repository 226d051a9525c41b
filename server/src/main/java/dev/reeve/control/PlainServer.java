package dev.reeve.control;

import io.helidon.common.features.HelidonFeatures;
import io.helidon.common.features.api.HelidonFlavor;
import io.helidon.service.registry.GlobalServiceRegistry;
import io.helidon.service.registry.ServiceRegistry;
import io.helidon.service.registry.ServiceRegistryConfig;
import io.helidon.service.registry.ServiceRegistryManager;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;

/**
 * The library's server without its search for services: what we need of it is named here. The search reads lists in all jars and takes a tenth
 * of a start; and no jar on the class path can add a protocol or a filter to what administrators speak to.
 */
public final class PlainServer {
    private static final ServiceRegistry NOTHING =
            GlobalServiceRegistry.registry(ServiceRegistryManager.create(ServiceRegistryConfig.builder()
                            .discoverServices(false)
                            .discoverServicesFromServiceLoader(false)
                            .build())
                    .registry());

    static {
        // The first one counts: a server of the other flavour lists no features of itself, for which it would read
        // every jar.
        HelidonFeatures.flavor(HelidonFlavor.MP);
    }

    private PlainServer() {}

    /**
     * HTTP/1.1 and nothing else, and no log of headers, in which credentials stand; everything else is to be set.
     *
     * @param limits of requests
     */
    public static WebServerConfig.Builder builder(Http1Config.Builder limits) {
        Http1Config http =
                limits.log(log -> log.receiveLog(false).sendLog(false)).build();
        return WebServer.builder()
                .serviceRegistry(NOTHING)
                .shutdownHook(false)
                .featuresDiscoverServices(false)
                .protocolsDiscoverServices(false)
                .concurrencyLimitDiscoverServices(false)
                .addProtocol(http)
                .addConnectionSelector(
                        Http1ConnectionSelector.builder().config(http).build());
    }
}
