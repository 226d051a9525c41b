package dev.reeve.connect;

/** One entry of a client's config, as we understand it. */
sealed interface Server {
    /** The client's own name for it. */
    String name();

    /** It can go behind Reeve. */
    record Movable(String name, JsonText.Obj entry, Upstream upstream) implements Server {}

    /** It is behind Reeve already. */
    record Ours(String name) implements Server {}

    /** It stays as it is, ungoverned; {@code reason} tells the person why and what to do. */
    record Left(String name, String reason) implements Server {}
}
