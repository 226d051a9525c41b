package dev.reeve.store;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

final class SqlitePortsTest extends PortsContract {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private StoreHouse house;

    @BeforeEach
    void found() {
        house = new StoreHouse(folder);
    }

    @Override
    Store open() throws StoreException {
        return house.open();
    }

    @Override
    StoreHouse house() {
        return house;
    }
}
