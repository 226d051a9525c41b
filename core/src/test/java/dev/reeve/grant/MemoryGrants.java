package dev.reeve.grant;

import dev.reeve.gate.UnrecordableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Rows with versions, as a table has them; a test can break it. */
public final class MemoryGrants implements GrantRows {
    final Map<String, Grant> all = new ConcurrentHashMap<>();
    volatile boolean broken;

    @Override
    public List<Grant> grants() {
        return new ArrayList<>(all.values());
    }

    @Override
    public synchronized Optional<Grant> put(Grant grant) throws UnrecordableException {
        if (broken) {
            throw new UnrecordableException("the store is down");
        }
        Grant before = all.get(grant.id());
        if ((before == null ? 0 : before.version()) != grant.version()) {
            return Optional.empty();
        }
        Grant stored = grant.at(grant.version() + 1);
        all.put(stored.id(), stored);
        return Optional.of(stored);
    }

    @Override
    public void remove(Grant grant) {
        all.remove(grant.id());
    }
}
