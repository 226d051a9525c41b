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
 * @param mail the same, by mail
 */
public record ApprovalsConfig(Optional<String> address, Optional<Webhook> webhook, Optional<Mail> mail) {
    /**
     * @param tls {@code starttls}, {@code implicit} or {@code none}
     * @param login user and password, both or none
     */
    public record Mail(
            String host,
            int port,
            String tls,
            Optional<Login> login,
            String from,
            List<String> to,
            List<Cidr> allowAddresses) {
        public Mail {
            to = List.copyOf(to);
            allowAddresses = List.copyOf(allowAddresses);
        }

        /** Who hands in. */
        public record Login(String user, Secret password) {}
    }

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
