package dev.reeve.config;

import dev.reeve.policy.PolicySource;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Catalogue and policies that were read without an error.
 *
 * @param version SHA-256 over names and bytes of the files, in hexadecimal: the same files give the same version anywhere
 * @param files their text by name, so that a version can be stored by its content (R27)
 */
public record PolicySet(PolicySource source, String version, SortedMap<String, String> files) {
    public PolicySet {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }
}
