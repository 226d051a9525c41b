package dev.reeve.upstream;

/** Something about a server has changed. */
public record UpstreamChange(String upstream, What what) {
    public enum What {
        TOOLS,
        RESOURCES,
        PROMPTS,
        CAME_BACK
    }
}
