package dev.reeve.policy;

import dev.reeve.gate.Tokens;
import dev.reeve.guard.DataClass;
import dev.reeve.guard.Detectors;
import dev.reeve.guard.Found;
import dev.reeve.guard.Kind;
import dev.reeve.guard.Kinds;
import dev.reeve.guard.Replacement;
import dev.reeve.policy.Guardrail.Response;
import dev.reeve.policy.Guardrails.ContentRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Tokens in the place of values where every guardrail that takes these out says so; else placeholders. What lies in a secret is a part of it, and gets none.
 */
final class Tokenising implements Replacement {
    private static final Detectors SECRETS = Detectors.of(Set.copyOf(Kinds.named(DataClass.SECRET.group())));

    private final List<ContentRule> redacting;
    private final Tokens.Exchange exchange;
    private int plain;

    /** @param rules about this result */
    Tokenising(List<ContentRule> rules, Tokens.Exchange exchange) {
        this.redacting = rules.stream()
                .filter(rule -> rule.response() == Response.REDACT)
                .toList();
        this.exchange = exchange;
    }

    @Override
    public String of(Found found, String name, String text) {
        List<ContentRule> about = redacting.stream()
                .filter(rule -> rule.kinds().contains(found.kind()))
                .toList();
        boolean all = !about.isEmpty()
                && about.stream().allMatch(rule -> rule.tokens().isPresent());
        if (!all || found.kind().dataClass() != DataClass.PERSONAL) {
            return found.kind().placeholder();
        }
        Optional<String> token = isInSecret(found, name, text)
                ? Optional.empty()
                : token(found.kind(), text.substring(found.start(), found.end()), about);
        if (token.isEmpty()) {
            plain++;
        }
        return token.orElseGet(found.kind()::placeholder);
    }

    private static boolean isInSecret(Found found, String name, String text) {
        return SECRETS.find(Optional.of(name), text).stream()
                .anyMatch(secret -> secret.start() < found.end() && found.start() < secret.end());
    }

    private Optional<String> token(Kind kind, String value, List<ContentRule> about) {
        List<String> by = new ArrayList<>(about.getFirst().by());
        about.forEach(rule -> by.retainAll(rule.by()));
        Duration life = about.stream()
                .flatMap(rule -> rule.tokens().stream())
                .min(Duration::compareTo)
                .orElseThrow();
        return exchange.token(kind.id(), value, by, life);
    }

    /** How many values got none where they should have. */
    int plain() {
        return plain;
    }
}
