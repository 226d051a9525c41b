package dev.reeve.cli;

import dev.reeve.sql.SqlSchema;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * One object for equal schemas, as long as a policy holds it: what was found in statements is remembered by the object, and would be found again for all
 * that runs whenever a policy changes. Safe for use by many threads.
 */
final class SameSchemas {
    private final Map<SqlSchema, WeakReference<SqlSchema>> known = new WeakHashMap<>();

    synchronized SqlSchema same(SqlSchema schema) {
        WeakReference<SqlSchema> before = known.get(schema);
        SqlSchema same = before == null ? null : before.get();
        if (same == null) {
            known.put(schema, new WeakReference<>(schema));
            return schema;
        }
        return same;
    }
}
