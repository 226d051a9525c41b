package dev.reeve.acceptance.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.json.Json;
import java.util.List;

/** What an agent got as a token: to be seen, passed on, guessed, or asked for. */
final class TokenStories {
    private static final String KIM = "kim.lund@customer.example";

    private TokenStories() {}

    static List<Story> all() {
        return List.of(
                new Story(
                        "an agent does not see the address that it writes to",
                        "GRD-6",
                        "the tool gets the value, and what comes back of it is the token again",
                        "the letter reaches that address",
                        house -> {
                            Agent agent = house.agent("care");
                            String token = contact(agent, "kim");
                            post(agent, token)
                                    .passed()
                                    .with("posted to " + token)
                                    .without("kim.lund");
                            agent.call("letters.keep", "text", "last: ")
                                    .passed()
                                    .with(token)
                                    .without("kim.lund");
                        },
                        house -> {
                            Agent agent = house.agent("care");
                            post(agent, contact(agent, "kim")).passed();
                            assertTrue(last(house).contains(KIM), last(house));
                        }),
                new Story(
                        "a token of another agent stands for nothing",
                        "R13",
                        "tokens are random and of one instance; the same value is another token elsewhere",
                        "an agent uses its own",
                        house -> {
                            Agent agent = house.agent("care");
                            Agent other = house.agent("care");
                            String token = contact(agent, "kim");
                            assertNotEquals(token, contact(other, "kim"));
                            post(other, token).refused("token_unknown");
                            post(house.another(agent), token).refused("token_unknown");
                        },
                        TokenStories::posted),
                new Story(
                        "a forged token stands for nothing",
                        "R13",
                        "a token of 128 random bits is not guessed, and answers as one that expired",
                        "a real one stands for its value",
                        house -> post(house.agent("care"), "[email:t_" + "7".repeat(26) + "]")
                                .refused("token_unknown"),
                        TokenStories::posted),
                new Story(
                        "a token is not turned back for a tool that may not have the value",
                        "GRD-6",
                        "only arguments that the catalogue names are restored; elsewhere it stays a text",
                        "the tool that may have it gets it",
                        house -> {
                            Agent agent = house.agent("care");
                            String token = contact(agent, "kim");
                            agent.call("letters.keep", "text", token).passed();
                            assertTrue(last(house).contains(token), last(house));
                            assertFalse(last(house).contains(KIM), last(house));
                        },
                        TokenStories::posted),
                new Story(
                        "a token does not carry a forbidden address past the rules",
                        "R4",
                        "rules decide on the value that would be sent",
                        "an address that is allowed passes",
                        house -> {
                            Agent agent = house.agent("care");
                            Answer refused = post(agent, contact(agent, "eve")).refused("no_rule_allows");
                            refused.without("collector");
                        },
                        TokenStories::posted),
                new Story(
                        "whom the guardrail does not name turns no token back",
                        "R28",
                        "the guardrail says who may, with a reason that is recorded first",
                        "who is named does",
                        house -> {
                            Agent agent = house.agent("care");
                            String token = contact(agent, "kim");
                            reveal(house.cy(), token).refused(403);
                            reveal(new Person(agent.http(), house.product().control(), agent.key()), token)
                                    .refused(403);
                        },
                        house -> {
                            Json.Obj shown = reveal(house.bo(), contact(house.agent("care"), "kim"))
                                    .done();
                            assertEquals(KIM, shown.string("value").orElseThrow());
                        }));
    }

    private static String contact(Agent agent, String name) {
        return agent.call("letters.contact", "name", name)
                .passed()
                .without("@customer", "@collector")
                .token();
    }

    private static Answer post(Agent agent, String to) {
        return agent.call("letters.post", "to", to, "body", "hello");
    }

    private static void posted(House house) {
        Agent agent = house.agent("care");
        post(agent, contact(agent, "kim")).passed();
    }

    private static String last(House house) {
        return house.reached().getLast();
    }

    private static Person.Reply reveal(Person person, String token) {
        String id = token.substring(token.indexOf(":t_") + 1, token.length() - 1);
        return person.post(
                "/v1/tokens/" + id + "/reveal",
                Json.object().put("reason", "the customer calls").build());
    }
}
