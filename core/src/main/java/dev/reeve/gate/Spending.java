package dev.reeve.gate;

import java.time.Instant;

/**
 * What one action takes up of one limit: the worst case in the record of its intent, what it came to in the record of its outcome.
 *
 * @param id of what is counted; the same for every process and every version of the policy that counts the same
 * @param limit its name in the policy, for readers
 * @param at from which moment on it counts
 * @param amount in the limit's unit; of money in billionths of the currency
 */
public record Spending(String id, String limit, Instant at, long amount) {}
