package dev.reeve.acceptance;

import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** What {@code reeve tools list} says. */
final class Tools {
    private Tools() {}

    /** Pinning happens in the background after the start: waits until each of these has tools in force. */
    static void waitUntilPinned(Product product, List<String> upstreams) {
        String said = "";
        for (int round = 0; round < 40; round++) {
            Commands.Ran ran = product.reeve("tools", "list");
            said = ran.out() + ran.err();
            String lines = said;
            if (upstreams.stream().allMatch(name -> lines.contains(name + "."))) {
                return;
            }
            LockSupport.parkNanos(250_000_000);
        }
        throw new AssertionError("not pinned within 10 s:\n" + said + product.output());
    }
}
