package dev.reeve.adapter.mcp;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Operation;
import dev.reeve.identity.Identification;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Tasks are counted by agent, whichever of its keys began them; where there is no room for all, the agent that has most gives way. */
final class TaskBookTest {
    private static final Operation.ToolCall BEGUN = new Operation.ToolCall("pg", "ask_task", Json.Obj.EMPTY);

    private final AtomicInteger ids = new AtomicInteger();

    private TaskBook book(int all, int each) {
        return new TaskBook(
                () -> String.valueOf(ids.incrementAndGet()),
                McpLimits.DEFAULT.withTasks(all, each),
                (principal, epoch) -> true);
    }

    private static Caller caller(String agent, String key) {
        Identification.Known who = Gateway.known(agent, key, Set.of());
        return new Caller(who, new Route.All(), "mcp-http", key, Optional.empty());
    }

    private static TaskBook.Task task(Caller caller) {
        return new TaskBook.AtServer(caller.principal(), caller.route(), "theirs", BEGUN);
    }

    private static boolean knows(TaskBook book, Caller caller, String id) {
        return book.find(caller, id).isPresent();
    }

    @Test
    void keysOfOneAgentShareItsPart() {
        TaskBook book = book(100, 2);
        Caller one = caller("ana", "k1");
        Caller two = caller("ana", "k2");
        Caller bob = caller("bob", "k3");
        String bobs = book.put(task(bob));
        String oldest = book.put(task(one));
        String next = book.put(task(two));
        String newest = book.put(task(two));
        assertFalse(knows(book, one, oldest), "the part of the agent is two");
        assertTrue(knows(book, two, next) && knows(book, two, newest) && knows(book, bob, bobs));
        book.forget(next);
        String again = book.put(task(one));
        assertTrue(knows(book, one, again) && knows(book, two, newest), "a place that is free is used");
    }

    @Test
    void whoHasMostGivesWayToWhoComes() {
        TaskBook book = book(4, 4);
        Caller bob = caller("bob", "k1");
        String bobs = book.put(task(bob));
        List<String> anas = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            anas.add(book.put(task(caller("ana", "k" + i))));
        }
        String coras = book.put(task(caller("cora", "k9")));
        assertTrue(knows(book, bob, bobs), "the oldest of all, but its agent has one only");
        assertTrue(knows(book, caller("cora", "k9"), coras));
        assertFalse(knows(book, caller("ana", "k0"), anas.getFirst()));
        assertTrue(knows(book, caller("ana", "k1"), anas.get(1)));
    }
}
