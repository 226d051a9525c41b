package dev.reeve.store;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A row whose MAC was right. Values are texts, numbers, bytes or null, by column. */
public record Row(Map<String, @Nullable Object> values, long version) {
    public Row {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    public String text(String column) {
        return optionalText(column).orElseThrow(() -> new IllegalStateException(column + " is null"));
    }

    public Optional<String> optionalText(String column) {
        return Optional.ofNullable((String) values.get(column));
    }

    public long number(String column) {
        return optionalNumber(column).orElseThrow(() -> new IllegalStateException(column + " is null"));
    }

    public Optional<Long> optionalNumber(String column) {
        return Optional.ofNullable((Long) values.get(column));
    }

    public Instant time(String column) {
        return Micros.instant(number(column));
    }

    public Optional<Instant> optionalTime(String column) {
        return optionalNumber(column).map(Micros::instant);
    }

    public byte[] bytes(String column) {
        if (values.get(column) instanceof byte[] bytes) {
            return bytes.clone();
        }
        throw new IllegalStateException(column + " is null");
    }
}
