package dev.reeve.definitions;

import java.util.List;

/** Where pins are kept. A row that was altered behind our back is not returned (R29). */
public interface Pins {
    List<Pin> all();

    /** Durable when it returns. */
    void put(Pin pin);
}
