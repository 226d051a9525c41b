package dev.reeve.adapter.mcp;

import dev.reeve.http.Request;
import java.util.List;

/**
 * What a client takes as an answer (RFC 9110 section 12.5.1): no Accept takes everything. Weights are not looked at: MCP has the client
 * name both and the server choose. Which one it names first is looked at where both would do.
 *
 * @param eventsFirst the client names a stream of events before JSON
 */
record Accepted(boolean json, boolean events, boolean eventsFirst) {
    static Accepted of(Request request) {
        List<String> headers = request.headers().all("accept");
        if (headers.isEmpty()) {
            return new Accepted(true, true, false);
        }
        boolean json = false;
        boolean events = false;
        boolean eventsFirst = false;
        for (String header : headers) {
            int from = 0;
            while (from <= header.length()) {
                int comma = header.indexOf(',', from);
                int end = comma < 0 ? header.length() : comma;
                String range = mediaType(header, from, end);
                json |= takes(range, "application/json", "application/*");
                events |= takes(range, "text/event-stream", "text/*");
                eventsFirst |= events && !json;
                from = end + 1;
            }
        }
        return new Accepted(json, events, eventsFirst);
    }

    private static boolean takes(String range, String type, String group) {
        return range.equalsIgnoreCase(type) || range.equals("*/*") || range.equalsIgnoreCase(group);
    }

    /** The part of a header between two places, without its parameters and without blanks. */
    static String mediaType(String header, int from, int end) {
        int semicolon = header.indexOf(';', from);
        return header.substring(from, semicolon >= 0 && semicolon < end ? semicolon : end)
                .strip();
    }
}
