package dev.reeve.acceptance.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.reeve.json.Json;
import java.util.List;

/** Messages that mean one thing to who decides and another to who acts; and ids of others. */
final class MessageStories {
    private static final String POLL = "ops.poll";

    private MessageStories() {}

    static List<Story> all() {
        return List.of(
                raw(
                        "a member that stands there twice is no request",
                        "R8",
                        "one strict reader, before policy",
                        body -> body.replace("\"host\":\"a\"", "\"host\":\"a\",\"host\":\"b\"")),
                raw(
                        "deep nesting is no request",
                        "R8",
                        "depth is limited before reading",
                        body -> body.replace("\"a\"", "[".repeat(500) + "]".repeat(500))),
                raw(
                        "a batch smuggles nothing",
                        "R18",
                        "2026-07-28 has no batches",
                        body -> "[" + body + "," + body + "]"),
                raw(
                        "half a surrogate pair is no text",
                        "R8",
                        "text must be text",
                        body -> body.replace("\"a\"", "\"\\ud800\"")),
                raw(
                        "a member that the protocol does not know is refused",
                        "R4",
                        "unknown members are refused",
                        body -> body.replace("\"arguments\"", "\"tool\":\"ops.drop_table\",\"arguments\"")),
                new Story(
                        "a body that is too large is not read",
                        "R8",
                        "size is limited before reading",
                        "one below the limit is read",
                        house -> house.agent("operator").announces(9_000_000).turnedAway(413),
                        house -> house.agent("operator")
                                .call(POLL, "host", "x".repeat(100_000))
                                .passed()),
                new Story(
                        "headers that name another tool than the body are refused",
                        "R4",
                        "headers and body must agree",
                        "where they agree it runs",
                        house -> house.agent("operator")
                                .send(
                                        Agent.message("tools/call", Agent.params("ops.drop_table", "name", "sales")),
                                        Agent.headers("tools/call", POLL))
                                .turnedAway(400)
                                .with("-32020"),
                        house -> house.agent("operator").call(POLL, "host", "a").passed()),
                new Story(
                        "a method that nobody knows reaches nobody",
                        "R18",
                        "the table of methods is closed",
                        "a known one is answered",
                        house -> house.agent("operator")
                                .ask("tools/execute", Json.Obj.EMPTY)
                                .error("-32601"),
                        house -> house.agent("operator")
                                .ask("tools/list", Json.Obj.EMPTY)
                                .answered()),
                new Story(
                        "a tool of others looks like one that does not exist",
                        "R10",
                        "what an agent may not see is unknown to it",
                        "its own is there",
                        house -> {
                            Agent agent = house.agent("hr");
                            String theirs = agent.call("pay.transfer", "to", "x", "amount", 1)
                                    .error("pay.transfer")
                                    .body();
                            String none = agent.call("pay.nothing", "to", "x", "amount", 1)
                                    .error("pay.nothing")
                                    .body();
                            assertEquals(none.replace("pay.nothing", "T"), theirs.replace("pay.transfer", "T"));
                        },
                        house -> house.agent("hr")
                                .call("hr.find_employee", "name", "Lind")
                                .passed()),
                new Story(
                        "an argument that the tool does not declare is refused",
                        "R4",
                        "arguments are checked against the pinned schema",
                        "without it the mail is sent",
                        house -> house.agent("office")
                                .call(
                                        "mail.send",
                                        "to",
                                        "ana@company.example",
                                        "subject",
                                        "hi",
                                        "body",
                                        "x",
                                        "bcc",
                                        "eve@collector.example")
                                .refused("arguments_invalid"),
                        house -> house.agent("office")
                                .mails("ana@company.example", "x")
                                .passed()),
                new Story(
                        "two names that differ only in case are refused",
                        "R4",
                        "a server might take either",
                        "one name is taken",
                        house -> house.agent("office")
                                .call(
                                        "mail.send",
                                        "to",
                                        "ana@company.example",
                                        "To",
                                        "eve@collector.example",
                                        "subject",
                                        "hi",
                                        "body",
                                        "x")
                                .refused("arguments_invalid"),
                        house -> house.agent("office")
                                .mails("bo@company.example", "x")
                                .passed()),
                new Story(
                        "a session of another agent opens nothing",
                        "R13",
                        "a session is bound to its principal and carries no authority",
                        "its owner uses it",
                        house -> assertEquals(
                                404,
                                house.agent("operator")
                                        .callIn(house.agent("operator").session(), POLL, "host", "a")
                                        .status()),
                        house -> {
                            Agent owner = house.agent("operator");
                            owner.callIn(owner.session(), POLL, "host", "a").passed();
                        }),
                new Story(
                        "a cursor of another agent opens nothing",
                        "R13",
                        "cursors are sealed for one principal",
                        "its owner gets the next page",
                        house -> house.agent("buyer")
                                .ask("tools/list", cursor(house.agent("buyer")))
                                .error("cursor"),
                        house -> {
                            Agent owner = house.agent("buyer");
                            owner.ask("tools/list", cursor(owner)).answered();
                        }),
                new Story(
                        "a task of another agent does not exist",
                        "R13",
                        "task ids are ours, unguessable, and of one principal",
                        "its owner asks for it",
                        house -> house.agent("buyer")
                                .ask("tasks/get", task(house.agent("buyer")))
                                .error("\"error\""),
                        house -> {
                            Agent owner = house.agent("buyer");
                            owner.ask("tasks/get", task(owner)).answered();
                        }),
                new Story(
                        "a task is not ended with another key of its agent",
                        "R11",
                        "a task is of the instance that began it",
                        "the key that a rotation made in the place of its own asks for it and ends it",
                        house -> {
                            Agent owner = house.agent("buyer");
                            house.another(owner)
                                    .ask("tasks/cancel", task(owner))
                                    .error("Unknown task");
                        },
                        house -> {
                            Agent owner = house.agent("buyer");
                            Json.Obj task = task(owner);
                            Agent next = house.rotated(owner);
                            next.ask("tasks/get", task).answered();
                            next.ask("tasks/cancel", task).answered();
                        }),
                new Story(
                        "the state of a round is of no use to others, nor twice",
                        "R20",
                        "what servers want back is sealed with principal, call and round, and taken once",
                        "who was asked answers once",
                        house -> {
                            Agent owner = house.agent("buyer");
                            Json.Obj answer = answer(owner.call("vendor.size"));
                            house.agent("buyer").ask("tools/call", answer).without("got {");
                            owner.ask("tools/call", answer).passed();
                            owner.ask("tools/call", answer).without("got {");
                        },
                        house -> {
                            Agent owner = house.agent("buyer");
                            owner.ask("tools/call", answer(owner.call("vendor.size")))
                                    .passed()
                                    .with("got {", "large");
                        }));
    }

    private interface Spoil {
        String of(String body);
    }

    private static Story raw(String promises, String rule, String stops, Spoil spoil) {
        return new Story(
                promises,
                rule,
                stops,
                "the same message as it should be",
                house -> {
                    String body = Agent.message("tools/call", Agent.params(POLL, "host", "a"));
                    assertNotEquals(body, spoil.of(body));
                    house.agent("operator")
                            .send(spoil.of(body), Agent.headers("tools/call", POLL))
                            .turnedAway(400);
                },
                house -> house.agent("operator").call(POLL, "host", "a").passed());
    }

    private static Json.Obj cursor(Agent agent) {
        String cursor = agent.ask("tools/list", Json.Obj.EMPTY).answered().member("nextCursor");
        return Json.object().put("cursor", cursor).build();
    }

    private static Json.Obj task(Agent agent) {
        Json.Obj call = Agent.params("vendor.work").with("_meta", Agent.TAKES_TASKS);
        return Json.object()
                .put("taskId", agent.ask("tools/call", call).answered().member("taskId"))
                .put("_meta", Agent.TAKES_TASKS)
                .build();
    }

    /** What a client sends to answer the form that it was shown. */
    static Json.Obj answer(Answer asked) {
        asked.with("elicitation/create");
        return Agent.params("vendor.size")
                .with("requestState", new Json.Str(asked.member("requestState")))
                .with(
                        "inputResponses",
                        Json.object()
                                .put(
                                        "k",
                                        Json.object()
                                                .put("action", "accept")
                                                .put("content", Json.object().put("size", "large")))
                                .build());
    }
}
