package dev.reeve.connect;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One file to be written whole. Texts are UTF-8 that was decoded strictly, so their bytes are the file's bytes.
 *
 * @param path where it really is; links are followed before
 * @param before what the decision to write rests on; empty if there was no file
 * @param entries what was replaced in a config of a client
 * @param added what was added to a file of the operator, and can be taken out again by itself
 * @param group of files of the operator, who may change them afterwards: where one was changed, undoing takes out of all of its group what was added, or
 *     leaves them as they are. Empty of one that must be put back
 * @param secret for its owner's eyes only: 0600, in a folder 0700
 */
record FileChange(
        Path path,
        Optional<String> before,
        String after,
        boolean secret,
        List<Replaced> entries,
        List<Added> added,
        String group) {
    /** What `reeve.yaml` names stands in the file of secrets. */
    static final String SERVERS = "servers";

    FileChange {
        entries = List.copyOf(entries);
        added = List.copyOf(added);
    }

    FileChange(Path path, Optional<String> before, String after, boolean secret) {
        this(path, before, after, secret, List.of(), List.of(), "");
    }

    /** One of the operator. */
    FileChange(Path path, Optional<String> before, String after, boolean secret, String group) {
        this(path, before, after, secret, List.of(), List.of(), group);
    }

    /** What servers are named by, or their values. */
    static FileChange ofServers(Path path, Optional<String> before, String after, boolean secret, List<Added> added) {
        return new FileChange(path, before, after, secret, List.of(), added, SERVERS);
    }

    /** A config of a client. */
    FileChange(Path path, Optional<String> before, String after, boolean secret, List<Replaced> entries) {
        this(path, before, after, secret, entries, List.of(), "");
    }

    boolean changesNothing() {
        return before.equals(Optional.of(after));
    }

    Optional<byte[]> bytesBefore() {
        return before.map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    byte[] bytesAfter() {
        return after.getBytes(StandardCharsets.UTF_8);
    }

    /** Texts may hold secrets. */
    @Override
    public String toString() {
        return "FileChange[" + path + "]";
    }
}
