package dev.reeve.acceptance.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What came back to an agent, and what arrived behind Reeve meanwhile.
 *
 * @param session the session that was opened, or empty
 * @param reached the calls that systems got
 */
record Answer(House house, int status, String body, String session, List<String> reached) {
    private static final Pattern TICKET = Pattern.compile("\"ticket\":\"([A-Za-z0-9_]+)\"");
    private static final Pattern TOKEN = Pattern.compile("(\\[email:t_[0-9a-z]{26}\\])");

    /** Denied or held before anything was sent, with this code, and recorded so under the ticket that the agent got. */
    Answer refused(String code) {
        assertEquals(List.of(), reached, this::toString);
        return recorded(code);
    }

    /** Done, and its result kept back with this code. */
    Answer withheld(String code) {
        assertEquals(1, reached.size(), this::toString);
        return recorded(code);
    }

    private Answer recorded(String code) {
        assertTrue(body.contains("\"code\":\"" + code + "\""), this::toString);
        House.until(() -> house.ana().get("/v1/audit/events/" + ticket()).status() == 200);
        String event = house.ana().get("/v1/audit/events/" + ticket()).body();
        assertTrue(event.contains("\"" + code + "\""), event);
        assertFalse(event.contains(House.LENT), event);
        return this;
    }

    /** Not even a request: nothing was sent, and it is counted under the caller. */
    Answer turnedAway(int expected) {
        assertEquals(expected, status, this::toString);
        assertTrue(body.contains("\"error\""), this::toString);
        assertEquals(List.of(), reached, this::toString);
        return this;
    }

    /** An error of the protocol that names no ticket. */
    Answer error(String text) {
        assertTrue(body.contains("\"error\"") && body.contains(text), this::toString);
        assertEquals(List.of(), reached, this::toString);
        return this;
    }

    /** It ran, once, and the agent has its result. */
    Answer passed() {
        answered();
        assertEquals(1, reached.size(), this::toString);
        return this;
    }

    /** No system got anything meanwhile. */
    Answer nothingReached() {
        assertEquals(List.of(), reached, this::toString);
        return this;
    }

    /** A result, whoever gave it. */
    Answer answered() {
        assertEquals(200, status, this::toString);
        assertTrue(body.contains("\"result\"") && !body.contains("\"isError\":true"), this::toString);
        return this;
    }

    Answer with(String... texts) {
        for (String text : texts) {
            assertTrue(body.contains(text), this::toString);
        }
        return this;
    }

    Answer without(String... texts) {
        for (String text : texts) {
            assertFalse(body.contains(text), this::toString);
        }
        return this;
    }

    /** A token that stands in it for a mail address. */
    String token() {
        return found(TOKEN);
    }

    String ticket() {
        return found(TICKET);
    }

    /** The value of a member of the result that is a text. */
    String member(String name) {
        return found(Pattern.compile("\"" + name + "\":\"([^\"]+)\""));
    }

    private String found(Pattern pattern) {
        Matcher matcher = pattern.matcher(body);
        assertTrue(matcher.find(), this::toString);
        return matcher.group(1);
    }

    @Override
    public String toString() {
        return status + " " + body + "\nreached: " + reached;
    }
}
