package dev.reeve.upstream;

import dev.reeve.identity.Authenticator;
import dev.reeve.identity.Claim;
import dev.reeve.identity.Identification;
import dev.reeve.identity.Principal;
import dev.reeve.identity.Revocations;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** People of two tenants who must not hear of each other. A key says who holds it: {@code reeve_<tenant>_<agent>_<instance>}. */
final class Strangers {
    static final String ANA = "reeve_default_ana_1";
    static final String ANAS_OTHER_KEY = "reeve_default_ana_2";
    /** Made by a rotation in the place of {@link #ANA}. */
    static final String ANAS_NEXT_KEY = "reeve_default_ana_3";

    static final String BOB = "reeve_default_bob_1";
    static final String OTHER_TENANTS_ANA = "reeve_other_ana_1";

    static final List<String> ALL = List.of(ANA, ANAS_OTHER_KEY, BOB, OTHER_TENANTS_ANA);

    private Strangers() {}

    static Authenticator byKey() {
        return claim -> claim instanceof Claim.ApiKey(var key)
                ? known(key.exposeTextInsecurely())
                : new Identification.Unknown("key_missing", "no key");
    }

    /** Nobody's key ends, and one was rotated. */
    static Revocations keys() {
        return new Revocations() {
            @Override
            public boolean stillGood(Principal principal, long epoch) {
                return true;
            }

            @Override
            public boolean replaces(String fresh, String old) {
                return fresh.equals(ANAS_NEXT_KEY) && old.equals(ANA);
            }
        };
    }

    private static Identification known(String key) {
        String[] parts = key.split("_", -1);
        return parts.length != 4
                ? new Identification.Unknown("key_unknown", "no such key")
                : new Identification.Known(
                        new Principal(
                                parts[1],
                                parts[2],
                                key,
                                Optional.empty(),
                                List.of(),
                                Set.of(),
                                Optional.empty(),
                                Map.of()),
                        1);
    }

    /** @param stateless principals of the tenant share a session */
    static UpstreamSettings.Http server(
            String name, String tenant, int port, boolean stateless, UpstreamLimits limits) {
        return new UpstreamSettings.Http(
                name,
                tenant,
                stateless,
                limits,
                Optional.empty(),
                URI.create("http://127.0.0.1:" + port + "/mcp"),
                Map.of(),
                List.of());
    }
}
