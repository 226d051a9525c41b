package dev.reeve.connect;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What one run added to the operator's files, taken out of their texts although somebody changed these since. What is not as it was written stays, as
 * what another client uses does, and the values of a server that stays. To be asked about {@code reeve.yaml} first, then about the values. Touches no file.
 */
final class TakingOut {
    private final Set<String> inUse;
    private final Set<String> staying = new HashSet<>();

    /** @param inUse servers that other clients go to */
    TakingOut(Set<String> inUse) {
        this.inUse = Set.copyOf(inUse);
    }

    /**
     * What comes of one file.
     *
     * @param whole nothing is left but what a file that was not there before began with
     * @param taken names
     * @param stays names, each with the reason, in words for a person
     */
    record Rest(String text, boolean whole, List<String> taken, List<String> stays) {
        Rest {
            taken = List.copyOf(taken);
            stays = List.copyOf(stays);
        }
    }

    /** @throws RefusedException if the text is not understood any more; then all of it stays */
    Rest of(String now, List<Added> added) throws RefusedException {
        try {
            return understood(now, added);
        } catch (RefusedException e) {
            added.forEach(one -> one.server().ifPresent(staying::add));
            throw e;
        }
    }

    private Rest understood(String now, List<Added> added) throws RefusedException {
        String text = now;
        List<String> taken = new ArrayList<>();
        List<String> stays = new ArrayList<>();
        for (Added one : added) {
            if (!one.isIn(text)) {
                continue;
            }
            String reason = reason(one);
            String rest = reason.isEmpty() ? one.takenOutOf(text).orElse(text) : text;
            boolean out = !rest.equals(text);
            text = rest;
            if (one.server().isEmpty()) {
                continue; // a section stays while something is in it
            }
            if (out) {
                taken.add(one.name());
            } else {
                stays.add("`" + one.name() + "`, since " + (reason.isEmpty() ? "it was changed" : reason));
                if (one.isServer()) {
                    staying.add(one.name());
                }
            }
        }
        String left = text;
        return new Rest(text, added.stream().anyMatch(one -> one.isAllOf(left)), taken, stays);
    }

    /** Why it stays, however it is written; empty if for no reason. */
    private String reason(Added one) {
        String server = one.server().orElse("");
        if (inUse.contains(server)) {
            return "another client goes to that server";
        }
        return !one.isServer() && staying.contains(server) ? "its server stays in `reeve.yaml`" : "";
    }
}
