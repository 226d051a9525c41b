/**
 * The agents of this installation and what they identify themselves with: keys, connectors; who is let in and who no more.
 * Not what they may do (that is the policy), and not the commands that change them (that is administration).
 * Start at {@link dev.reeve.agents.StoredAuthenticator}, then {@link dev.reeve.agents.AgentDirectory}.
 */
@NullMarked
package dev.reeve.agents;

import org.jspecify.annotations.NullMarked;
