package dev.reeve.control;

import dev.reeve.gate.GateClock;
import dev.reeve.secrets.Secret;
import dev.reeve.store.StoreKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Browsers in which somebody signed in before ("device cookies", OWASP: Slow Down Online Guessing Attacks with Device Cookies). Such a cookie lets
 * nobody in: its browser has tries of its own for that one person, so that others at the same address cannot use them up.
 *
 * <p>Security guarantees: only who knew the password gets one; it is good for one name, and not for ever; nobody without the key makes one.
 */
final class Devices {
    static final Duration LIFE = Duration.ofDays(180);
    private static final int NONCE_BYTES = 16;
    private static final Pattern COOKIE = Pattern.compile("([A-Za-z0-9_-]{22})\\.([0-9]{1,12})\\.([0-9a-f]{64})");

    private final StoreKey key;
    private final SecureRandom random;
    private final GateClock clock;

    Devices(StoreKey key, SecureRandom random, GateClock clock) {
        this.key = key;
        this.random = random;
        this.clock = clock;
    }

    /** For the browser in which this person has just signed in. */
    Secret remember(String person) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        String id = Base64.getUrlEncoder().withoutPadding().encodeToString(nonce);
        String since = Long.toString(clock.latest().getEpochSecond());
        return Secret.of(id + "." + since + "." + mac(id, since, person));
    }

    /** Names the browser, if this person signed in there. */
    Optional<String> known(String person, Secret cookie) {
        Matcher parts = COOKIE.matcher(cookie.exposeTextInsecurely());
        if (!parts.matches()) {
            return Optional.empty();
        }
        String id = parts.group(1);
        String since = parts.group(2);
        Instant end = Instant.ofEpochSecond(Long.parseLong(since)).plus(LIFE);
        return isSame(parts.group(3), mac(id, since, person)) && clock.latest().isBefore(end)
                ? Optional.of(id)
                : Optional.empty();
    }

    private String mac(String id, String since, String person) {
        return HexFormat.of().formatHex(key.of((id + "\n" + since + "\n" + person).getBytes(StandardCharsets.UTF_8)));
    }

    private static boolean isSame(String one, String other) {
        return MessageDigest.isEqual(
                one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
    }
}
