package dev.reeve.config;

import dev.reeve.outbound.Cidr;
import dev.reeve.secrets.Secret;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How people are reached who approve.
 *
 * @param address under which they reach the control listener, without a slash at the end; empty: as this process knows it
 * @param webhook where they are told of what waits; nowhere if empty
 */
public record ApprovalsConfig(Optional<String> address, Optional<Webhook> webhook) {
    /**
     * An incoming webhook of a chat.
     *
     * @param url checked; a secret, because with many chats whoever knows it may write there
     */
    public record Webhook(Secret url, Map<String, Secret> headers, Optional<Secret> sign, List<Cidr> allowAddresses) {
        public Webhook {
            headers = Map.copyOf(headers);
            allowAddresses = List.copyOf(allowAddresses);
        }
    }
}
