package dev.reeve.acceptance.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.json.Json;
import java.util.List;

/** A yes that nobody gave, that somebody gave for something else, or that was asked for until it came. */
final class ApprovalStories {
    private static final String GUEST = "guest@hotel.example";

    /** A guardrail holds it. */
    static final String NUMBER = "536-90-4399";

    private ApprovalStories() {}

    static List<Story> all() {
        return List.of(
                new Story(
                        "an agent does not approve its own call",
                        "R16",
                        "an agent's key decides nothing",
                        "a person who is asked does",
                        house -> {
                            Agent agent = house.agent("office");
                            String ticket = ask(agent).ticket();
                            new Person(agent.http(), house.product().control(), agent.key())
                                    .approve(ticket)
                                    .refused(403);
                            ask(agent);
                        },
                        ApprovalStories::approvedOnce),
                new Story(
                        "what a client answers is no approval",
                        "R16",
                        "it only ever gets a ticket and an address",
                        "a person's yes is one",
                        house -> {
                            Agent agent = house.agent("office");
                            Json.Obj mail = Agent.params("mail.send", "to", GUEST, "subject", "hi", "body", "see you")
                                    .with("_meta", Agent.SHOWS_URLS);
                            agent.ask("tools/call", mail).with("\"mode\":\"url\"", "/approvals/");
                            Json.Obj yes = mail.with(
                                    "inputResponses",
                                    Json.object()
                                            .put(
                                                    "dev.reeve.approval",
                                                    Json.object().put("action", "accept"))
                                            .build());
                            agent.ask("tools/call", yes).refused("approval_required");
                        },
                        ApprovalStories::approvedOnce),
                new Story(
                        "what a client sends to its waiting task is no approval",
                        "R16",
                        "the task waits for people, and nothing that its client sends moves it on",
                        "a person's yes does: it runs once, and the task has its result",
                        house -> {
                            Agent agent = house.agent("office");
                            Json.Obj task = task(agent);
                            Json.Obj yes = Json.object()
                                    .put("dev.reeve.approval", Json.object().put("action", "accept"))
                                    .build();
                            agent.ask("tasks/update", task.with("inputResponses", yes))
                                    .answered();
                            Answer waits = agent.ask("tasks/get", task);
                            waits.with("\"status\":\"working\"", "/approvals/").nothingReached();
                        },
                        house -> {
                            Agent agent = house.agent("office");
                            Json.Obj task = task(agent);
                            int before = house.reached().size();
                            String ticket = agent.ask("tasks/get", task).ticket();
                            house.bo().approve(ticket).done();
                            House.until(
                                    () -> agent.ask("tasks/get", task).body().contains("\"completed\""));
                            agent.ask("tasks/get", task).answered();
                            assertEquals(before + 1, house.reached().size());
                        }),
                new Story(
                        "the owner of an agent does not approve for it",
                        "R16",
                        "four eyes: nobody answers for an agent of their own",
                        "somebody else does",
                        house -> {
                            Agent agent = house.agent("office");
                            house.ana().approve(ask(agent).ticket()).refused(403);
                            ask(agent);
                        },
                        ApprovalStories::approvedOnce),
                new Story(
                        "who may approve does not administer",
                        "R28",
                        "a token has one role, which each operation asks for",
                        "with the same token a call is approved",
                        house -> {
                            Person dora = house.person("dora", "approver");
                            Json.Obj wanted =
                                    Json.object().put("name", "own-agent").build();
                            dora.post("/v1/agents", wanted).refused(403);
                            Json.Obj token = Json.object().put("person", "dora").build();
                            dora.post("/v1/admin-tokens", token).refused(403);
                            dora.get("/v1/policy/versions").refused(403);
                        },
                        house -> {
                            Agent agent = house.agent("clerk");
                            String ticket =
                                    pay(agent).refused("approval_required").ticket();
                            house.bo().approve(ticket).done();
                            Person cy = house.person("cy", "approver");
                            cy.get("/v1/approvals/" + ticket).done();
                            cy.approve(ticket).done();
                            pay(agent).passed();
                        }),
                new Story(
                        "a yes is for one call",
                        "R17",
                        "it is used up by one conditional write",
                        "that one call runs",
                        house -> {
                            Agent agent = house.agent("office");
                            String ticket = ask(agent).ticket();
                            house.bo().approve(ticket).done();
                            mail(agent, "see you").passed();
                            assertNotEquals(ticket, ask(agent).ticket());
                        },
                        ApprovalStories::approvedOnce),
                new Story(
                        "a yes is for these arguments",
                        "R17",
                        "it binds the canonical arguments",
                        "with them it runs, in whatever order they come",
                        house -> {
                            Agent agent = house.agent("office");
                            house.bo().approve(ask(agent).ticket()).done();
                            mail(agent, "the customer list").refused("approval_required");
                        },
                        house -> {
                            Agent agent = house.agent("office");
                            house.bo().approve(ask(agent).ticket()).done();
                            agent.call("mail.send", "body", "see you", "subject", "hi", "to", GUEST)
                                    .passed();
                        }),
                new Story(
                        "a yes to what a guardrail held is for that value",
                        "R17",
                        "people see a placeholder, and their yes binds what it stands for",
                        "with the same value it is sent",
                        house -> {
                            Agent agent = house.agent("office");
                            String ticket = agent.mails("ana@company.example", "her SSN: " + NUMBER)
                                    .refused("content_held")
                                    .ticket();
                            String shown =
                                    house.bo().get("/v1/approvals/" + ticket).body();
                            assertTrue(shown.contains("[us-ssn]") && !shown.contains(NUMBER), shown);
                            house.bo().approve(ticket).done();
                            agent.mails("ana@company.example", "her SSN: 536-90-4398")
                                    .refused("content_held");
                        },
                        house -> {
                            Agent agent = house.agent("office");
                            String ticket = agent.mails("ana@company.example", "her SSN: " + NUMBER)
                                    .refused("content_held")
                                    .ticket();
                            house.bo().approve(ticket).done();
                            agent.mails("ana@company.example", "her SSN: " + NUMBER)
                                    .passed();
                        }),
                new Story(
                        "a yes is for this agent",
                        "R17",
                        "it binds the principal",
                        "another key of the agent may come back for it",
                        house -> {
                            house.bo()
                                    .approve(ask(house.agent("office")).ticket())
                                    .done();
                            ask(house.agent("office"));
                        },
                        house -> {
                            Agent agent = house.agent("office");
                            house.bo().approve(ask(agent).ticket()).done();
                            mail(house.another(agent), "see you").passed();
                        }),
                new Story(
                        "a yes does not outlive what was read since",
                        "R17",
                        "it binds the labels of what was read, and every rule is asked again",
                        "nothing was read, and it runs",
                        house -> {
                            Agent agent = house.agent("office");
                            house.bo().approve(ask(agent).ticket()).done();
                            agent.reads("/customers/export.csv").passed();
                            mail(agent, "see you").refused("data_may_not_go_there");
                        },
                        ApprovalStories::approvedOnce),
                new Story(
                        "a large payment needs two people",
                        "R17",
                        "a quorum counts different people",
                        "with two it runs",
                        house -> {
                            Agent agent = house.agent("clerk");
                            String ticket =
                                    pay(agent).refused("approval_required").ticket();
                            house.bo().approve(ticket).done();
                            house.bo().approve(ticket);
                            pay(agent).refused("approval_required");
                        },
                        house -> {
                            Agent agent = house.agent("clerk");
                            String ticket =
                                    pay(agent).refused("approval_required").ticket();
                            house.bo().approve(ticket).done();
                            house.cy().approve(ticket).done();
                            pay(agent).passed();
                        }),
                new Story(
                        "one person does not break the glass",
                        "R16",
                        "two administrators, neither of whom owns the agent",
                        "two do",
                        house -> {
                            Agent agent = house.agent("clerk");
                            String ticket =
                                    pay(agent).refused("approval_required").ticket();
                            house.bo().decide(ticket, "break-glass").done();
                            house.bo().decide(ticket, "break-glass");
                            house.ana().decide(ticket, "break-glass").refused(403);
                            pay(agent).refused("approval_required");
                        },
                        house -> {
                            Agent agent = house.agent("clerk");
                            String ticket =
                                    pay(agent).refused("approval_required").ticket();
                            house.bo().decide(ticket, "break-glass").done();
                            house.cy().decide(ticket, "break-glass").done();
                            pay(agent).passed();
                        }),
                new Story(
                        "a token of an approver is not the administrator that its holder is",
                        "R16",
                        "a token is of its role, whatever other tokens the same person has",
                        "with the administrator's token the same person may",
                        house -> {
                            String ticket = pay(house.agent("clerk"))
                                    .refused("approval_required")
                                    .ticket();
                            house.person("bo", "approver")
                                    .decide(ticket, "break-glass")
                                    .refused(403);
                        },
                        house -> {
                            String ticket = pay(house.agent("clerk"))
                                    .refused("approval_required")
                                    .ticket();
                            house.bo().decide(ticket, "break-glass").done();
                        }),
                new Story(
                        "people are not tired out with questions",
                        "R16",
                        "an agent has at most twenty waiting",
                        "a few are put to them",
                        house -> {
                            Agent agent = house.agent("office");
                            Answer last = mail(agent, "try 0");
                            for (int i = 1; i <= 20; i++) {
                                last = mail(agent, "try " + i);
                            }
                            last.refused("too_many_approvals");
                        },
                        house -> {
                            Agent agent = house.agent("office");
                            mail(agent, "one");
                            house.bo().approve(ask(agent).ticket()).done();
                            mail(agent, "see you").passed();
                        }));
    }

    private static void approvedOnce(House house) {
        Agent agent = house.agent("office");
        house.bo().approve(ask(agent).ticket()).done();
        mail(agent, "see you").passed();
    }

    /** Of a mail that waits: what a client sends to ask for it. */
    private static Json.Obj task(Agent agent) {
        Json.Obj mail = Agent.params("mail.send", "to", GUEST, "subject", "hi", "body", "see you")
                .with("_meta", Agent.TAKES_TASKS);
        String id = agent.ask("tools/call", mail).answered().nothingReached().member("taskId");
        return Json.object().put("taskId", id).put("_meta", Agent.TAKES_TASKS).build();
    }

    private static Answer ask(Agent agent) {
        return mail(agent, "see you").refused("approval_required");
    }

    private static Answer mail(Agent agent, String body) {
        return agent.mails(GUEST, body);
    }

    private static Answer pay(Agent agent) {
        return agent.call("pay.transfer", "to", "DK12", "amount", 9_000);
    }
}
