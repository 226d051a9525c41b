package dev.reeve.config;

import java.time.Duration;
import java.time.LocalTime;
import java.util.Optional;

/**
 * A review of the record that comes by itself.
 *
 * @param every from the end of one range to the end of the next
 * @param at of the day, in UTC; only with whole days
 * @param keep so many reports; older ones are deleted
 */
public record ReviewConfig(Duration every, Optional<LocalTime> at, int keep) {}
