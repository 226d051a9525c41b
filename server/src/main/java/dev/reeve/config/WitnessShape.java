package dev.reeve.config;

import static dev.reeve.config.Shape.either;
import static dev.reeve.config.Shape.may;
import static dev.reeve.config.Shape.must;
import static dev.reeve.config.Shape.struct;
import static dev.reeve.config.Shape.text;

import java.util.Map;
import java.util.regex.Pattern;

/** Every key of {@code witness.yaml}. */
final class WitnessShape {
    private static final Pattern ORIGIN = Pattern.compile("[^\\p{Cntrl}]{1,255}");

    private static final Shape KEY_OF_LOG = text(
            "a log's public key, as name+1a2b3c4d+base64", "[^\\s+]{1,255}\\+[0-9a-f]{8}\\+[A-Za-z0-9+/]{40,60}={0,2}");

    static final Shape.Struct ROOT = struct(
                    ReeveShape.VERSION,
                    must(
                            "name",
                            text("a name such as witness.example.com/w1", "[^\\s+]{1,255}"),
                            "What it is called in its key and its signatures. It stays what it is at the first start."),
                    may(
                            "listen",
                            either(ReeveShape.address(), ReeveShape.LISTENER),
                            "127.0.0.1:7080",
                            "Where logs reach it. Anything but loopback needs `tls`."),
                    may(
                            "state",
                            text(),
                            "witness-state",
                            "Folder of what was cosigned last of each log. Never put back from an older copy."),
                    may(
                            "key",
                            text(),
                            "File of its signing key, outside of `state`; made at the first start. `reeve/witness.key` in the user's configuration folder if it is not there."),
                    must(
                            "logs",
                            new Shape.MapOf("a log's origin", ORIGIN, new Shape.ListOf(KEY_OF_LOG, 1, true)),
                            "The logs that it cosigns: each log's origin, the first line of its checkpoints, with its public keys."))
            .others(Map.of("witnesses", "this is the file of a witness; who is asked stands in reeve.yaml"));

    private WitnessShape() {}
}
