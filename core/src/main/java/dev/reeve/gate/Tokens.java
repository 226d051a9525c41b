package dev.reeve.gate;

import dev.reeve.action.Operation;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Values that an agent got as tokens, and what it gives back of them, as the gate needs it. */
public interface Tokens {
    /** Where none are kept: everything that could be one is a placeholder, and nothing is put in the place of any. */
    Tokens NONE = new Tokens() {
        @Override
        public Exchange exchange(Principal principal) {
            return Exchange.NONE;
        }

        @Override
        public Restoring restore(
                Principal principal, Operation.ToolCall call, Map<String, Set<String>> where, GateClock.Reading time) {
            return new Restoring.Nothing();
        }

        @Override
        public void restored(Restoring.Restored restored) {}

        @Override
        public String keyed(String digest) {
            return "";
        }
    };

    /** For what comes back to this principal, once. */
    Exchange exchange(Principal principal);

    /**
     * Puts values in the place of the tokens that stand in arguments. Changes nothing.
     *
     * @param where by argument, the kinds that may be put there; elsewhere a token is a text like any
     */
    Restoring restore(
            Principal principal, Operation.ToolCall call, Map<String, Set<String>> where, GateClock.Reading time);

    /** Remembers, durably when it returns, that values were put in the place of tokens: from then on they come back as tokens. */
    void restored(Restoring.Restored restored) throws UnrecordableException;

    /** A digest under a key of the installation: who reads it must not be able to try values against it. Empty where there is no key. */
    String keyed(String digest);

    /** What becomes of one answer. Not safe for several threads. */
    interface Exchange {
        Exchange NONE = new Exchange() {
            @Override
            public Json.Obj conceal(Json.Obj said) {
                return said;
            }

            @Override
            public Optional<String> token(String kind, String value, List<String> by, Duration life) {
                return Optional.empty();
            }

            @Override
            public void keep() {}
        };

        /** Values that were put in the place of tokens are tokens again. The same object if there were none. */
        Json.Obj conceal(Json.Obj said);

        /**
         * The token of a value: the same one for the same value of the same principal, as long as it lives.
         *
         * @param by who may turn it back, as it is written
         * @return empty if it gets none: too many live
         */
        Optional<String> token(String kind, String value, List<String> by, Duration life);

        /** Durable when it returns; before the answer goes out. */
        void keep() throws UnrecordableException;
    }

    /** What came of putting values in the place of tokens. */
    sealed interface Restoring {
        record Nothing() implements Restoring {}

        /**
         * @param call as it is decided and sent
         * @param veil for everything that is written down or shown of it
         */
        record Restored(Operation.ToolCall call, Veil veil) implements Restoring {}

        record Refused(Denial denial) implements Restoring {}
    }
}
