package dev.reeve.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.demo.Company;
import dev.reeve.demo.Desk;
import dev.reeve.demo.Desk.DeskTool;
import dev.reeve.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages in a real browser, at the width of a desk and of a phone, light and dark. Screenshots are in {@code target/console}. */
final class ConsoleTest {
    private static final Path SHOTS = Path.of("target", "console").toAbsolutePath();
    private static final String MAIL = "grete.holm@customer.example";
    private static final String PASSWORD = "a long walk beside the river";
    /** What would do something if it were ever more than text. */
    private static final String PAYLOAD =
            "<img src=x onerror=document.title='owned'>\\\"'`</pre><script>document.title='owned'</script>"
                    + "\\u202egnp.exe\\u200b javascript:alert(1) {{7*7}} \\u0430dmin";

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    static Path folder;

    private static CountingUpstream upstream;
    private static Company company;
    private static Product product;
    private static Chromium browser;
    private static RawClient clerk;

    @BeforeAll
    static void start() throws Exception {
        Outside.program("chromium");
        upstream = new CountingUpstream();
        company = Company.open(
                0,
                List.of(Desk.of(
                        "book",
                        DeskTool.of(
                                "look",
                                "Looks up.",
                                true,
                                Json.Obj.EMPTY,
                                it -> Json.object()
                                        .put("text", "Grete Holm, " + MAIL)
                                        .build()))));
        Path home = Homes.home(
                folder.resolve("home"),
                "jobs: { url: \"" + upstream.url() + "\", definitions: trust-first-use }\n"
                        + "book: { url: \"http://127.0.0.1:" + company.port()
                        + "/book\", definitions: trust-first-use }");
        Homes.file(home, "policies/clerk.yaml", """
                agent_roles: { clerk: { permissions: [ { resource: "tool:jobs.*", actions: [execute] }, { resource: "tool:book.*", actions: [execute] } ] } }
                guardrails:
                  - { find: [card], in: arguments, on: { tool: jobs.work }, do: warn }
                  - { find: [email], in: result, on: { tool: book.look }, do: redact, as: tokens, by: ["user:ana"] }
                rules:
                  - deny: { tool: jobs.work }
                    when: 'size(arguments.n) > 60'
                    reason: so long a number is none
                    tell: agent
                  - require_approval: { tool: jobs.work }
                    by: ["user:ana"]
                    when: 'arguments.n.startsWith("ask")'
                    reason: a job that asks is looked at by a person
                limits:
                  - { name: jobs-an-hour, per: agent, count: calls, max: 60, window: 1h, of: { tool: "jobs.*" } }
                  - { name: same-job, per: agent, count: repeats, max: 1, window: 1h, of: { tool: jobs.work }, tell: agent }
                """);
        product = Product.start(home);
        Tools.waitUntilPinned(product, List.of("jobs", "book"));
        clerk = new RawClient(product.mcp(), Agents.withKey(product, "clerk"));
        browser = new Chromium(folder.resolve("profile"));
        for (int i = 0; i < 6; i++) {
            work("job-" + i);
        }
        work(PAYLOAD);
        signIn();
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
        if (product != null) {
            product.close();
        }
        if (upstream != null) {
            upstream.close();
        }
        if (company != null) {
            company.close();
        }
    }

    private static void work(String n) throws IOException, InterruptedException {
        assertEquals(200, clerk.call("jobs.work", "{\"n\":\"" + n + "\"}").statusCode());
    }

    private static String at(String path) {
        return product.control() + path;
    }

    /** As a person does it: the link, the form, the keyboard. */
    private static void signIn() {
        Commands.Ran invited = product.reeve("admin", "invite", "ana", "--role", "admin");
        assertEquals(0, invited.exit(), invited.err());
        browser.open(at(invited.out().strip()));
        for (String field : List.of("password", "again")) {
            browser.run("document.getElementById('" + field + "').focus()");
            browser.type(PASSWORD);
        }
        browser.leading("document.querySelector('button').click()");
        assertTrue(
                browser.run("document.title").toString().contains("Actions"),
                browser.run("document.title").toString());
    }

    private static void look(String name, String... selectors) throws IOException {
        for (String scheme : List.of("light", "dark")) {
            browser.scheme(scheme);
            for (int width : List.of(1280, 390)) {
                browser.size(width, width == 1280 ? 860 : 844);
                browser.screenshot(SHOTS.resolve(name + "-" + width + "-" + scheme + ".png"));
                assertEquals(
                        "true",
                        browser.run("Math.max(innerWidth, document.documentElement.scrollWidth) <= " + width)
                                .toString(),
                        name + " is wider than " + width);
            }
            assertAccessible(name + ", " + scheme);
        }
        browser.size(1280, 860);
        for (String selector : selectors) {
            browser.until("!!document.querySelector('" + selector + "')");
        }
    }

    /** axe-core with the rules of WCAG 2.2 A and AA. */
    private static void assertAccessible(String where) throws IOException {
        browser.run("typeof axe === 'undefined' && (() => {" + axe() + "\n})()");
        String violations = browser.run(
                        "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })"
                                + ".then(found => found.violations.map(one => one.id + ': ' + one.nodes.map(node => node.html + ' ' + node.failureSummary).join(' ; ')).join('\\n'))")
                .toString();
        assertEquals("\"\"", violations, where);
    }

    private static String axe() throws IOException {
        return Files.readString(Outside.axe());
    }

    private static void assertQuiet() {
        assertEquals(List.of(), browser.complaints(), "errors in the console, or violations of the policy for content");
        assertEquals("false", browser.run("document.title.includes('owned')").toString());
    }

    @Test
    void whatAgentsDoIsSeenAsItHappensAndInFull() throws Exception {
        browser.open(at("/"));
        browser.until("document.getElementById('live').dataset.state === 'live'");
        work("while-looking");
        browser.until(
                "[...document.querySelectorAll('.detail')].some(one => one.textContent.includes('while-looking'))");
        look("actions", ".verdict[data-verdict=denied]", ".verdict[data-verdict=allowed]");
        browser.run("document.getElementById('pause').click()");
        work("while-paused");
        browser.until("document.getElementById('live-word').textContent.includes('1 new')");
        browser.run("document.getElementById('pause').click()");
        browser.until("document.querySelector('.detail').textContent.includes('while-paused')");
        browser.leading("[...document.querySelectorAll('.verdict[data-verdict=denied]')].map(one => one.closest('a'))"
                + ".find(one => one.textContent.includes('so long')).click()");
        look("denied", "mark.unseen", "mark.beyond", ".stages li", ".proofs a");
        assertQuiet();
    }

    @Test
    void aPersonSaysYesByTheKeyboardAndTheAgentMayDoItOnce() throws Exception {
        String arguments = "{\"n\":\"ask \\u202e\\u0430 " + PAYLOAD.substring(0, 40) + "\"}";
        assertTrue(clerk.call("jobs.work", arguments).body().contains("approv"));
        assertTrue(clerk.call("jobs.work", "{\"n\":\"ask again\"}").body().contains("approv"));
        browser.open(at("/console/approvals"));
        look("approvals", "#inbox a mark.unseen");
        browser.press("j");
        browser.until("document.activeElement.closest('#inbox') !== null");
        browser.press("j");
        browser.press("k");
        browser.leading("document.activeElement.textContent.includes('ask') && document.activeElement.click()");
        look("approval", ".json", "#approve");
        String first = browser.run("document.querySelector('.json').textContent.includes('again') ? 'ask again' : ''")
                .toString();
        browser.run("document.activeElement.blur()");
        browser.press("a");
        browser.until("document.activeElement.id === 'approve'");
        browser.leading("document.activeElement.click()");
        browser.until("document.querySelector('.verdict').textContent.includes('Approved')");
        String approved = first.equals("\"ask again\"") ? "{\"n\":\"ask again\"}" : arguments;
        assertTrue(clerk.call("jobs.work", approved).body().contains("done"), "it runs");
        assertTrue(clerk.call("jobs.work", approved).body().contains("approv"), "once");
        String shown = product.reeve("approvals", "list", "--state", "any").out();
        assertTrue(shown.contains("redeemed"), shown);
        assertQuiet();
    }

    /** A chat in a browser: the cookie is not sent with what a page of elsewhere leads to. */
    @Test
    void aLinkOnAPageOfElsewhereLeadsToItsQuestion() throws Exception {
        Matcher ticket = Pattern.compile("rv_[a-z0-9]+")
                .matcher(clerk.call("jobs.work", "{\"n\":\"ask by link\"}").body());
        assertTrue(ticket.find());
        browser.open("data:text/html,<a href='" + at("/approvals/" + ticket.group()) + "'>answer</a>");
        browser.leading("document.querySelector('a').click()");
        browser.until("location.pathname === '/console/approvals/" + ticket.group() + "'");
        browser.until("!!document.getElementById('approve')");
        assertQuiet();
    }

    @Test
    void theListSaysWhenAnotherQuestionWaits() throws Exception {
        browser.open(at("/console/approvals"));
        browser.until("document.querySelector('#changed p').hidden");
        assertTrue(
                clerk.call("jobs.work", "{\"n\":\"ask while looking\"}").body().contains("approv"));
        browser.until("!document.querySelector('#changed p').hidden");
        look("changed", "#changed a");
        browser.leading("document.querySelector('#changed a').click()");
        browser.until("document.getElementById('inbox').textContent.includes('ask while looking')");
        assertQuiet();
    }

    @Test
    void aPersonSeesBeforehandWhatIsNotShown() throws Exception {
        assertTrue(clerk.call("jobs.work", "{\"n\":\"ask for 4539 1488 0343 6467\"}")
                .body()
                .contains("approv"));
        browser.open(at("/console/approvals"));
        browser.leading(
                "[...document.querySelectorAll('#inbox a')].find(one => one.textContent.includes('[card]')).click()");
        look("hidden", "#not-shown code");
        String said =
                browser.run("document.getElementById('not-shown').textContent").toString();
        assertTrue(said.contains("/n") && said.contains("A placeholder stands there"), said);
        assertEquals(
                "false",
                browser.run("document.body.textContent.includes('4539')").toString());
        browser.leading("document.getElementById('deny').click()");
        browser.until("document.querySelector('.verdict').textContent.includes('Denied')");
        assertQuiet();
    }

    @Test
    void aPersonWhomTheGuardrailNamesTurnsATokenBack() throws Exception {
        String answer = clerk.call("book.look", "{}").body();
        assertTrue(answer.contains("[email:t_") && !answer.contains(MAIL), answer);
        browser.open(at("/console/tokens"));
        look("tokens", "#tokens a");
        assertEquals(
                "false",
                browser.run("document.body.textContent.includes('" + MAIL + "')")
                        .toString());
        browser.leading("document.querySelector('#tokens a').click()");
        look("token", "#reveal");
        browser.run("document.getElementById('reason').focus()");
        browser.type("ticket 4711");
        browser.leading("document.querySelector('#reveal button').click()");
        browser.until("document.getElementById('value').textContent.includes('" + MAIL + "')");
        look("token-value", "#value");
        String acts = product.reeve("audit", "search", "--kind", "control", "--text", "token_revealed", "--json")
                .out();
        assertTrue(acts.contains("ticket 4711") && !acts.contains(MAIL), acts);
        browser.open(at("/console/tokens"));
        assertEquals(
                "false",
                browser.run("document.body.textContent.includes('" + MAIL + "')")
                        .toString());
        assertQuiet();
    }

    @Test
    void anAdministratorSeesWhatIsUsedUpOfTheLimits() throws Exception {
        assertTrue(clerk.call("jobs.work", "{\"n\":\"job-0\"}").body().contains("repeated_call"));
        browser.open(at("/console/limits"));
        look("limits", "#limits meter");
        String said =
                browser.run("document.getElementById('limits').textContent").toString();
        assertTrue(said.contains("1 of 1 repeats in 1h") && said.contains("Used up"), said);
        assertTrue(said.contains("of 60 calls in 1h"), said);
        Commands.Ran ran = product.reeve("limits");
        assertEquals(0, ran.exit(), ran.err());
        assertTrue(ran.out().contains("[####################] 100 %  agent default/clerk: 1 of 1 repeats"), ran.out());
        assertQuiet();
    }

    @Test
    void anAdministratorStopsAnAgentAndLetsItGoOn() throws Exception {
        browser.open(at("/console/stops"));
        look("stops", "#stop");
        browser.run("document.getElementById('name').focus()");
        browser.type("clerk");
        browser.run("document.getElementById('reason').focus()");
        browser.type("it " + PAYLOAD.substring(0, 40));
        browser.leading("document.querySelector('#stop button').click()");
        look("stopped", "#stopped .verdict");
        assertTrue(clerk.call("jobs.work", "{\"n\":\"stopped\"}").body().contains("stopped_by_operator"));
        browser.leading("document.querySelector('#stopped button').click()");
        browser.until("document.getElementById('stopped') === null");
        assertTrue(clerk.call("jobs.work", "{\"n\":\"goes on\"}").body().contains("done"));
        assertQuiet();
    }

    @Test
    void theDoorIsGoodToo() throws Exception {
        browser.open(at("/console"));
        browser.leading("document.querySelector('.person button').click()");
        browser.open(at("/console/stops"));
        look("sign-in");
        signInByPassword();
        browser.until("location.pathname === '/console/stops'");
        assertQuiet();
        assertTrue(Files.exists(SHOTS));
    }

    /** On one machine all are behind one address: who guesses there must not keep out whom the browser knows. */
    @Test
    void aBrowserThatKnowsAPersonLetsThemInWhileOthersHaveNoTriesLeft() throws Exception {
        int guesses = 0;
        while (guess("nobody-" + guesses) != 429) {
            guesses++;
            assertTrue(guesses < 1_000, "guessing has no end");
        }
        assertEquals(429, guess("ana"), "elsewhere nobody gets in now");
        browser.open(at("/console"));
        browser.leading("document.querySelector('.person button').click()");
        signInByPassword();
        browser.until("!!document.getElementById('actions')");
        assertQuiet();
    }

    private static void signInByPassword() {
        browser.run("document.getElementById('name').focus()");
        browser.type("ana");
        browser.run("document.getElementById('password').focus()");
        browser.type(PASSWORD);
        browser.leading("document.querySelector('button').click()");
    }

    private static int guess(String name) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(at("/console/sign-in")))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Origin", product.control())
                .POST(HttpRequest.BodyPublishers.ofString("name=" + name + "&password=a+guess"))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
}
