package dev.reeve.acceptance.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.acceptance.attack.VendorTools.Offers;
import dev.reeve.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A server that was let in: what it says of itself, what it sends, and what it asks. */
final class ServerStories {
    private ServerStories() {}

    static List<Story> all() {
        return List.of(
                held(
                        "a poisoned description holds its tool",
                        "R19",
                        "descriptions are looked through before anybody sees them",
                        "vendor.helper"),
                new Story(
                        "a new tool whose name looks like another server's is held",
                        "R19",
                        "names are compared with those of other servers",
                        "the tool that it looks like works",
                        house -> {
                            house.vendor()
                                    .offer(new Offers(house.vendor().offers().weather(), true));
                            Agent agent = heard(house, "find_ernployee", tool -> tool.has("waiting"));
                            agent.call("vendor.find_ernployee", "item", "x").refused("definition_held");
                        },
                        house -> house.agent("hr")
                                .call("hr.find_employee", "name", "Lind")
                                .passed()),
                held(
                        "a name that is no name is not offered",
                        "R19",
                        "names are of letters, digits and three signs",
                        "vendor.pay out"),
                held("a schema that lies elsewhere hides its tool", "R8", "no reference is fetched", "vendor.remote"),
                new Story(
                        "a tool that changed is held",
                        "R19",
                        "the whole definition is pinned and compared at each call",
                        "once a person read the change it works again",
                        house -> changed(house, "Tells the weather. Ask before you pack.")
                                .call("vendor.weather", "item", "x")
                                .refused("definition_held"),
                        house -> {
                            Agent agent = changed(house, "Tells the weather of a city, or of a place.");
                            approveWeather(house);
                            agent.call("vendor.weather", "item", "x").passed();
                        }),
                new Story(
                        "a server does not send back what Reeve showed it",
                        "SEC-5",
                        "the operator's values are masked in every result",
                        "the rest of the result stays",
                        house -> house.agent("buyer")
                                .call("vendor.lend")
                                .passed()
                                .without(House.LENT),
                        house -> house.agent("buyer")
                                .call("vendor.lend")
                                .passed()
                                .with("you are ")),
                new Story(
                        "nor in an error",
                        "SEC-5",
                        "errors are results",
                        "what failed is told",
                        house -> house.agent("buyer")
                                .call("vendor.fail")
                                .with("\"isError\":true")
                                .without(House.LENT),
                        house -> house.agent("buyer").call("vendor.fail").with("cannot reach us with ")),
                new Story(
                        "an answer without end is cut off",
                        "R8",
                        "answers have a limit; what became of the call is unknown",
                        "a small one passes",
                        house -> house.agent("buyer").call("vendor.huge").withheld("answer_too_large"),
                        house -> house.agent("buyer")
                                .call("vendor.quote", "item", "x")
                                .passed()),
                new Story(
                        "a server does not send Reeve elsewhere",
                        "R25",
                        "no redirect is followed",
                        "a server that answers itself is heard",
                        house -> {
                            Answer answer = house.agent("buyer").call("vendor.redirect");
                            answer.with("none is followed");
                            assertTrue(
                                    answer.reached().stream().noneMatch(call -> call.startsWith("stolen")),
                                    answer::toString);
                        },
                        house -> house.agent("buyer")
                                .call("vendor.quote", "item", "x")
                                .passed()),
                new Story(
                        "a form for a password is not put before the user",
                        "R13",
                        "what servers ask of clients is an action, and decided",
                        "a form for a size is, and its answer arrives",
                        house -> {
                            Answer answer = house.agent("buyer").call("vendor.password");
                            answer.without("elicitation/create");
                            assertTrue(answer.reached().getLast().contains("decline"), answer::toString);
                        },
                        house -> {
                            Agent agent = house.agent("buyer");
                            agent.ask("tools/call", MessageStories.answer(agent.call("vendor.size")))
                                    .passed()
                                    .with("large");
                        }),
                new Story(
                        "an address that only looks like the server's is not shown",
                        "R13",
                        "addresses are of the server's own host",
                        "a plain call of the same client passes",
                        house -> {
                            Answer answer = house.agent("buyer")
                                    .ask(
                                            "tools/call",
                                            Agent.params("vendor.login").with("_meta", Agent.SHOWS_URLS));
                            answer.without("elicitation/create", "login.collector.example/");
                            assertTrue(answer.reached().getLast().contains("decline"), answer::toString);
                        },
                        house -> house.agent("buyer")
                                .ask("tools/call", Agent.params("vendor.quote").with("_meta", Agent.SHOWS_URLS))
                                .passed()),
                new Story(
                        "a server does not use the agent's model",
                        "R13",
                        "a rule denies it, and the server is not asked again",
                        "its other calls pass",
                        house -> {
                            Answer answer = house.agent("buyer").call("vendor.model");
                            answer.without("sampling/createMessage").with("question_refused");
                            assertEquals(1, answer.reached().size());
                        },
                        house -> house.agent("buyer")
                                .call("vendor.quote", "item", "x")
                                .passed()));
    }

    private static Story held(String promises, String rule, String stops, String tool) {
        return new Story(
                promises,
                rule,
                stops,
                "a tool beside it is listed and works",
                house -> {
                    Agent agent = house.agent("buyer");
                    assertTrue(!listed(agent).contains("\"" + tool + "\""), tool + " is listed");
                    Answer answer = agent.call(tool, "item", "x");
                    assertEquals(List.of(), answer.reached());
                    assertTrue(
                            answer.body().contains("\"isError\":true")
                                    || answer.body().contains("\"error\""),
                            answer::toString);
                },
                house -> {
                    Agent agent = house.agent("buyer");
                    assertTrue(listed(agent).contains("\"vendor.quote\""));
                    agent.call("vendor.quote", "item", "x").passed();
                });
    }

    /** All pages. */
    private static String listed(Agent agent) {
        StringBuilder all = new StringBuilder();
        Json.Obj params = Json.Obj.EMPTY;
        while (true) {
            Answer page = agent.ask("tools/list", params).answered();
            all.append(page.body());
            if (!page.body().contains("\"nextCursor\"")) {
                return all.toString();
            }
            params = Json.object().put("cursor", page.member("nextCursor")).build();
        }
    }

    /** The vendor says something else of a tool from now on, and Reeve has heard of it. */
    private static Agent changed(House house, String text) throws InterruptedException {
        house.vendor().offer(new Offers(text, house.vendor().offers().lookAlike()));
        return heard(house, "weather", tool -> isWaiting(tool, text));
    }

    /** An agent that comes once Reeve has heard of the change. */
    private static Agent heard(House house, String name, Predicate<Json.Obj> condition) {
        House.until(() -> tool(house, name).filter(condition).isPresent());
        return house.agent("buyer");
    }

    private static boolean isWaiting(Json.Obj tool, String text) {
        return tool.object("waiting")
                .flatMap(waiting -> waiting.string("description"))
                .filter(text::equals)
                .isPresent();
    }

    private static Optional<Json.Obj> tool(House house, String name) {
        Json.Obj all = house.ana().get("/v1/tools?upstream=vendor").done();
        return all.array("tools").orElseThrow().items().stream()
                .map(Json.Obj.class::cast)
                .filter(tool -> tool.string("name").filter(name::equals).isPresent())
                .findFirst();
    }

    /** Bo read it, and Ana too: one of them alone puts nothing in force (R27). */
    private static void approveWeather(House house) {
        Json.Obj tool = tool(house, "weather").orElseThrow();
        String waiting = house.bo()
                .post(
                        "/v1/tools/approve",
                        Json.object()
                                .put("kind", "tool")
                                .put("upstream", "vendor")
                                .put("name", "weather")
                                .put(
                                        "fingerprint",
                                        tool.string("waiting_fingerprint").orElseThrow())
                                .build())
                .waits()
                .object("waiting")
                .flatMap(it -> it.string("id"))
                .orElseThrow();
        house.bo().post("/v1/seconds/" + waiting + "/agree", Json.Obj.EMPTY).refused(403);
        house.ana().post("/v1/seconds/" + waiting + "/agree", Json.Obj.EMPTY).done();
    }
}
