package dev.reeve.control;

import dev.reeve.tls.ListenerSockets;
import java.util.function.Predicate;

/**
 * How the control address speaks TLS.
 *
 * @param names whether the certificate in force is for this host
 */
public record ControlTls(ListenerSockets.Settings sockets, Predicate<String> names) {}
