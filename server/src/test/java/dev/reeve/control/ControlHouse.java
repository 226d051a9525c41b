package dev.reeve.control;

import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import dev.reeve.metrics.Metrics;
import dev.reeve.store.StoreException;
import dev.reeve.store.StoreHouse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** A control room in a folder of the test, with a record that the test can break. */
final class ControlHouse {
    final StoreHouse store;
    final List<String> acts = new CopyOnWriteArrayList<>();
    final Metrics metrics = new Metrics();
    volatile boolean recordBroken;
    /** Told of each act just before it is recorded. */
    volatile Consumer<String> meanwhile = act -> {};

    volatile CountDownLatch recordHangs = new CountDownLatch(0);
    volatile CountDownLatch hanging = new CountDownLatch(1);

    ControlHouse(Path folder) {
        this.store = new StoreHouse(folder);
    }

    ControlRoom open() throws StoreException {
        return ControlRoom.open(new ControlRoom.Settings(
                store.data,
                store.keys,
                "n1",
                this::record,
                store.clock(),
                new SecureRandom(),
                metrics,
                store.incidents::add));
    }

    private void record(String person, String act, String subject, Json.Obj difference) throws UnrecordableException {
        if (recordBroken) {
            throw new UnrecordableException("the disk is full");
        }
        meanwhile.accept(act);
        hanging.countDown();
        try {
            recordHangs.await();
        } catch (InterruptedException e) {
            throw new UnrecordableException("interrupted", e);
        }
        acts.add(person + " " + act + " " + subject + " " + difference);
    }
}
