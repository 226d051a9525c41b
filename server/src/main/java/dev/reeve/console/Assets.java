package dev.reeve.console;

import dev.reeve.control.PageReply;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The stylesheet, the script and the icon. Their names carry their digest: they may be kept for ever. Read when the first page is asked for. */
final class Assets {
    private static final Map<String, String> TYPES = Map.of(
            "style.css", "text/css; charset=utf-8",
            "console.js", "text/javascript; charset=utf-8",
            "icon.svg", "image/svg+xml");

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Asset(String address, String type, byte[] bytes) {}

    private static final class Loaded {
        private static final Map<String, Asset> ALL =
                Map.of("style.css", load("style.css"), "console.js", load("console.js"), "icon.svg", load("icon.svg"));
    }

    private Assets() {}

    private static Asset load(String name) {
        try (InputStream in = Objects.requireNonNull(Assets.class.getResourceAsStream(name), name)) {
            byte[] bytes = in.readAllBytes();
            String digest = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 8);
            return new Asset(digest + "-" + name, Objects.requireNonNull(TYPES.get(name)), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    static Link link(String name) {
        return Link.to("/assets/" + Objects.requireNonNull(Loaded.ALL.get(name)).address());
    }

    static Optional<PageReply> serve(String address) {
        return Loaded.ALL.values().stream()
                .filter(asset -> asset.address().equals(address))
                .findFirst()
                .map(asset -> PageReply.bytes(200, asset.type(), asset.bytes())
                        .with("Cache-Control", "public, max-age=31536000, immutable"));
    }
}
