package dev.reeve.control;

import dev.reeve.control.Route.Access;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import dev.reeve.ledger.VerifierKey;
import dev.reeve.ledger.VerifierKeys;
import java.io.IOException;

/** Has other keys sign the record, from the machine itself only: whoever may must be able to keep copies of their files. */
public final class LedgerKeysRoute {
    private final Change change;

    private LedgerKeysRoute(Change change) {
        this.change = change;
    }

    /** Makes new keys, records them and who wanted it, and signs with them from then on. */
    @FunctionalInterface
    public interface Change {
        /**
         * @return the public halves
         * @throws IOException with a text for the operator, if they sign and something beside that is not done
         */
        VerifierKeys by(String person) throws UnrecordableException, IOException;
    }

    public static Route of(Change change) {
        return new Route("POST", "/v1/ledger-keys/rotate", Access.LOCAL, new LedgerKeysRoute(change)::rotate);
    }

    private ControlReply rotate(ControlRequest request) throws RefusedException {
        request.body();
        try {
            return ControlReply.json(answer(change.by(request.person())));
        } catch (UnrecordableException e) {
            throw RefusedException.unavailable("unrecordable", "the keys were not changed: " + e.getMessage());
        } catch (IOException e) {
            throw RefusedException.unavailable("keys_changed", String.valueOf(e.getMessage()));
        }
    }

    /** For people and programs. */
    public static Json.Obj answer(VerifierKeys keys) {
        return Json.object()
                .put("origin", keys.name())
                .put(
                        "keys",
                        Json.Arr.ofStrings(
                                keys.all().stream().map(VerifierKey::toString).toList()))
                .build();
    }
}
