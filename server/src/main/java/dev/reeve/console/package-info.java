/** The pages for people: made on the server, with no power of their own. What they do they ask of the control API, as the person who signed in. */
@NullMarked
package dev.reeve.console;

import org.jspecify.annotations.NullMarked;
