package dev.reeve.upstream;

import dev.reeve.json.Json;
import java.util.List;
import java.util.Optional;

/** Reads what servers say about themselves in either handshake. Lenient where the official clients are. */
final class Discovery {
    private static final int UNSUPPORTED_VERSION = -32022;

    private Discovery() {}

    /**
     * The answer to {@code server/discover}.
     *
     * @return empty if the older handshake is to be tried
     */
    static Optional<Agreement> read(Optional<Answer> answer, Failures failures) throws CallFailedException {
        if (answer.isEmpty()) {
            return Optional.empty();
        }
        return switch (answer.get()) {
            case Answer.Result(Json.Obj result) -> discovered(result, failures);
            case Answer.Failure failure -> {
                if (failure.code() == UNSUPPORTED_VERSION) {
                    Optional<Json> data = failure.data();
                    List<String> supported = strings(
                            data.filter(it -> it instanceof Json.Obj).flatMap(it -> ((Json.Obj) it).get("supported")));
                    refuseIfOnlyUnknown(supported, failures);
                }
                yield Optional.empty();
            }
        };
    }

    private static Optional<Agreement> discovered(Json.Obj result, Failures failures) throws CallFailedException {
        Optional<Json.Obj> capabilities = result.object("capabilities");
        List<String> supported = strings(result.get("supportedVersions"));
        if (capabilities.isEmpty() || supported.isEmpty()) {
            return Optional.empty();
        }
        if (!supported.contains(Agreement.MODERN)) {
            refuseIfOnlyUnknown(supported, failures);
            return Optional.empty();
        }
        Json.Obj info = result.object("_meta")
                .flatMap(meta -> meta.object(Envelope.OWN_KEYS + "serverInfo"))
                .or(() -> result.object("serverInfo"))
                .orElse(Json.Obj.EMPTY);
        return Optional.of(
                new Agreement(true, Agreement.MODERN, capabilities.get(), info, result.string("instructions")));
    }

    /** An operator who fixed the newest revision wants no other. */
    static void refuseIfNotAsFixed(Optional<Agreement> modern, Optional<String> fixed, Failures failures)
            throws CallFailedException {
        if (modern.isEmpty() && fixed.filter(Agreement.MODERN::equals).isPresent()) {
            throw failures.down("it does not speak the revision that the file fixes, " + Agreement.MODERN);
        }
    }

    private static void refuseIfOnlyUnknown(List<String> supported, Failures failures) throws CallFailedException {
        if (!supported.isEmpty() && supported.stream().noneMatch(Agreement::isKnownLegacy)) {
            throw failures.down(
                    "it speaks only revisions of MCP that Reeve does not: " + printable(supported.getFirst()));
        }
    }

    /**
     * Whether a server refused the older handshake because it speaks only the newer one: it was asked for that before, and was too slow
     * to say so (a program that takes long to start).
     */
    static boolean isNewerOnly(Optional<Answer> answer) {
        return answer.filter(it -> it instanceof Answer.Failure failure && failure.code() == UNSUPPORTED_VERSION)
                .isPresent();
    }

    /** The answer to {@code initialize}. */
    static Agreement initialized(Optional<Answer> answer, String what, Failures failures) throws CallFailedException {
        if (answer.isEmpty()) {
            throw failures.down(
                    "it answered `initialize` with " + what + ", not as an MCP server does; check the address");
        }
        return switch (answer.get()) {
            case Answer.Failure failure ->
                throw failures.down("it refused `initialize` with error " + failure.code() + " (" + what + ")");
            case Answer.Result(Json.Obj result) -> {
                String revision = result.string("protocolVersion").orElse("");
                if (!Agreement.isKnownLegacy(revision)) {
                    throw failures.down("it speaks a revision of MCP that Reeve does not: " + printable(revision));
                }
                yield new Agreement(
                        false,
                        revision,
                        result.object("capabilities").orElse(Json.Obj.EMPTY),
                        result.object("serverInfo").orElse(Json.Obj.EMPTY),
                        result.string("instructions"));
            }
        };
    }

    private static List<String> strings(Optional<Json> value) {
        return value.filter(it -> it instanceof Json.Arr).stream()
                .flatMap(it -> ((Json.Arr) it).items().stream())
                .filter(it -> it instanceof Json.Str)
                .map(it -> ((Json.Str) it).value())
                .toList();
    }

    private static String printable(String revision) {
        return revision.matches("[0-9A-Za-z.-]{1,32}") ? "`" + revision + "`" : "unreadable";
    }
}
