/**
 * Sockets that Reeve opens towards others: the check of addresses (R25) and pooled HTTP/1.1 connections in blocking style.
 * No protocol beyond HTTP, and no decision about what is sent.
 * Start at {@link dev.reeve.outbound.AddressCheck} and {@link dev.reeve.outbound.HttpPool}.
 */
@NullMarked
package dev.reeve.outbound;

import org.jspecify.annotations.NullMarked;
