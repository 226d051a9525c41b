package dev.reeve.config;

import dev.reeve.outbound.Cidr;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What is written about servers that Reeve calls, whatever for. */
final class OutboundReader {
    private final Problems problems;

    OutboundReader(Problems problems) {
        this.problems = problems;
    }

    List<Cidr> blocks(Node.Mapping entry) {
        List<Cidr> blocks = new ArrayList<>();
        for (Node.Scalar block : entry.scalars("allow_addresses")) {
            try {
                blocks.add(Cidr.parse(block.text()));
            } catch (IllegalArgumentException e) {
                problems.error(
                        block,
                        "\"" + block.text() + "\" is not a block of addresses",
                        "write the first address and the bits that are fixed: 10.1.0.0/16, fd00::/8");
            }
        }
        return blocks;
    }

    /** https, or http to loopback; neither credentials nor a fragment. */
    Optional<URI> url(Node.Scalar node) {
        try {
            URI url = new URI(node.text());
            String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
            if (url.getHost() == null || !(scheme.equals("https") || scheme.equals("http"))) {
                problems.error(node, "\"" + node.text() + "\" is not an address as https://host/path");
            } else if (url.getRawUserInfo() != null) {
                problems.error(node, "an address must not carry credentials", "use `headers` with a secret");
            } else if (url.getRawFragment() != null) {
                problems.error(node, "an address has no `#` part", "remove it");
            } else if (scheme.equals("http")
                    && ListenAddress.loopback(url.getHost()).isEmpty()) {
                problems.error(
                        node, "http goes to loopback only: others could read and change what is sent", "use https");
            } else {
                return Optional.of(url);
            }
        } catch (URISyntaxException e) {
            problems.error(node, "is not an address as https://host/path");
        }
        return Optional.empty();
    }
}
