package dev.reeve.acceptance.attack;

import dev.reeve.json.Json;
import java.util.List;

/** More than there is: floods, loops, budgets taken in parts; and the switch that ends it. */
final class LimitStories {
    private LimitStories() {}

    static List<Story> all() {
        return List.of(
                new Story(
                        "a flood ends at the limit",
                        "GRD-5",
                        "the call that would cross it is the one refused",
                        "what is below it passes",
                        house -> {
                            Agent agent = house.agent("operator");
                            for (int i = 0; i < 3; i++) {
                                agent.call("ops.ping", "host", "h" + i).passed();
                            }
                            agent.call("ops.ping", "host", "h3").refused("limit_reached");
                        },
                        house -> {
                            Agent agent = house.agent("operator");
                            agent.call("ops.ping", "host", "a").passed();
                            agent.call("ops.ping", "host", "b").passed();
                        }),
                new Story(
                        "a budget is not split over keys",
                        "R12",
                        "what an instance spends its agent spends too",
                        "two agents have two budgets",
                        house -> {
                            Agent agent = house.agent("operator");
                            agent.call("ops.render", "what", "a").passed();
                            agent.call("ops.render", "what", "b").passed();
                            house.another(agent).call("ops.render", "what", "c").refused("limit_reached");
                        },
                        house -> {
                            Agent one = house.agent("operator");
                            one.call("ops.render", "what", "a").passed();
                            one.call("ops.render", "what", "b").passed();
                            house.agent("operator")
                                    .call("ops.render", "what", "c")
                                    .passed();
                        }),
                new Story(
                        "a budget is not split over sessions",
                        "R11",
                        "a session is chosen by its client, and counts for nothing",
                        "two calls in two sessions are within it",
                        house -> {
                            Agent agent = house.agent("operator");
                            agent.callIn(agent.session(), "ops.render", "what", "a")
                                    .passed();
                            agent.callIn(agent.session(), "ops.render", "what", "b")
                                    .passed();
                            agent.callIn(agent.session(), "ops.render", "what", "c")
                                    .refused("limit_reached");
                        },
                        house -> {
                            Agent agent = house.agent("operator");
                            agent.callIn(agent.session(), "ops.render", "what", "a")
                                    .passed();
                            agent.callIn(agent.session(), "ops.render", "what", "b")
                                    .passed();
                        }),
                new Story(
                        "a loop is found, whatever lies between",
                        "GRD-5",
                        "the same call counts as the same",
                        "other arguments are another call",
                        house -> {
                            Agent agent = house.agent("operator");
                            for (int i = 0; i < 3; i++) {
                                agent.call("ops.poll", "host", "a").passed();
                                agent.call("ops.poll", "host", "b" + i).passed();
                            }
                            agent.call("ops.poll", "host", "a").refused("repeated_call");
                        },
                        house -> {
                            Agent agent = house.agent("operator");
                            for (int i = 0; i < 6; i++) {
                                agent.call("ops.poll", "host", "b" + i).passed();
                            }
                        }),
                new Story(
                        "a result with more rows than are left is kept back",
                        "R5",
                        "rows are reserved before and counted after",
                        "a small result passes",
                        house -> house.agent("support")
                                .call("crm.find", "name", "")
                                .withheld("limit_reached")
                                .without("Customer"),
                        house -> house.agent("support")
                                .call("crm.find", "name", "b")
                                .passed()
                                .with("Customer 1")),
                new Story(
                        "who tries one door after the other is stopped",
                        "GRD-5",
                        "denials count; after some nothing is let through for a while",
                        "a mistake or two changes nothing",
                        house -> {
                            Agent agent = house.agent("hr");
                            for (int i = 0; i < 5; i++) {
                                agent.call("hr.find_employee", "id", i).refused("arguments_invalid");
                            }
                            agent.call("hr.find_employee", "name", "Lind").refused("too_many_failures");
                        },
                        house -> {
                            Agent agent = house.agent("hr");
                            agent.call("hr.find_employee", "id", 1).refused("arguments_invalid");
                            agent.call("hr.find_employee", "name", "Lind").passed();
                        }),
                new Story(
                        "a stopped agent does nothing",
                        "R14",
                        "the kill switch counts at the next decision",
                        "the others go on, and it too when a person says so",
                        house -> {
                            Agent agent = house.agent("operator");
                            house.bo().post("/v1/kills", stop(agent)).done();
                            agent.call("ops.poll", "host", "a").refused("stopped_by_operator");
                        },
                        house -> {
                            Agent agent = house.agent("operator");
                            house.bo().post("/v1/kills", stop(agent)).done();
                            house.agent("operator")
                                    .call("ops.poll", "host", "a")
                                    .passed();
                            house.bo()
                                    .post("/v1/kills/undo", stop(agent).without("reason"))
                                    .done();
                            agent.call("ops.poll", "host", "a").passed();
                        }),
                new Story(
                        "a stopped tool is not called",
                        "R14",
                        "for everybody, at once",
                        "other tools are",
                        house -> {
                            Json.Obj tool = Json.object()
                                    .put("scope", "tool")
                                    .put("name", "payroll.show")
                                    .build();
                            house.bo().post("/v1/kills", tool).done();
                            house.agent("clerk")
                                    .call("payroll.show", "name", "eve")
                                    .refused("stopped_by_operator");
                            house.bo().post("/v1/kills/undo", tool).done();
                        },
                        house -> house.agent("clerk")
                                .call("pay.transfer", "to", "DK12", "amount", 10)
                                .passed()));
    }

    private static Json.Obj stop(Agent agent) {
        return Json.object()
                .put("scope", "agent")
                .put("name", agent.name())
                .put("reason", "for the story")
                .build();
    }
}
