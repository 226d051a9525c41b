/**
 * What people give agents for a time: who may, for how long, and what is in force now. What a grant lets happen is not decided here: the policy
 * compares it with an action, and everything that denies goes on to. Start at {@link dev.reeve.grant.GrantDesk}.
 */
@NullMarked
package dev.reeve.grant;

import org.jspecify.annotations.NullMarked;
