/**
 * A small, strict HTTP/1.1 server: everything that comes in has a limit, every request runs blocking on a thread of its own.
 * Not a framework and not the control plane: no routing beyond exact paths, no TLS, no protocol of ours.
 * Start at {@link dev.reeve.http.HttpServer}.
 */
@NullMarked
package dev.reeve.http;

import org.jspecify.annotations.NullMarked;
