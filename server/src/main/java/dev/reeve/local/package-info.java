/** What the sockets that only this machine reaches have in common. */
@NullMarked
package dev.reeve.local;

import org.jspecify.annotations.NullMarked;
