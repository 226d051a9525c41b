package dev.reeve.enforcement;

import dev.reeve.config.EnforcementPoint;
import dev.reeve.identity.Identification.Known;

/**
 * An enforcement point that showed its key, with what it may ask about at this moment.
 *
 * @param who the agent that it is
 */
public record Point(Known who, EnforcementPoint segment) {
    public String name() {
        return segment.name();
    }
}
