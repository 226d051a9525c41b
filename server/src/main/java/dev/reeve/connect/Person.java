package dev.reeve.connect;

import dev.reeve.secrets.Secret;
import java.util.Optional;

/** Who sits at the terminal, or the script that stands for one. */
public interface Person {
    void say(String line);

    /** True only for an explicit yes. Where nobody can answer, no. */
    boolean confirms(String question);

    /** Typed without an echo; empty where nobody can answer or nothing was typed. */
    Optional<Secret> secret(String question);
}
