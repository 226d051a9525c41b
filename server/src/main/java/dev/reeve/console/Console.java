package dev.reeve.console;

import static dev.reeve.console.Html.href;
import static dev.reeve.console.Html.text;

import dev.reeve.console.Html.Tag;
import dev.reeve.control.ControlRoutes;
import dev.reeve.control.PageReply;
import dev.reeve.control.PageRequest;
import dev.reeve.control.Pages;
import dev.reeve.control.RefusedException;
import dev.reeve.control.SignIns;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * All pages: which there are, who may see them, and the headers that hold a browser to them.
 *
 * <p>Security guarantees: nothing but the doors answers who is not signed in; what changes something is a POST from a page of ours, with the
 * token of the session; the pages load nothing but our own stylesheet, script and icon, and no script of theirs can make markup of text.
 */
public final class Console implements Pages, AutoCloseable {
    /** CSP Level 3 and Trusted Types. */
    static final String CSP =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                    + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private static final System.Logger LOG = System.getLogger("dev.reeve.console");
    private static final Pattern ACTION = Pattern.compile("/console/actions/([A-Za-z0-9_]{1,64})(/proof)?");
    private static final Pattern APPROVAL = Pattern.compile("/console/approvals/([A-Za-z0-9_]{1,64})");
    private static final Pattern TOKEN = Pattern.compile(Link.ROOT + TokensPage.PATH + "/(t_[0-9a-z]{1,64})");
    /** What agents are told to show to people. */
    private static final Pattern TICKET = Pattern.compile("/approvals/([A-Za-z0-9_]{1,64})");

    private static final Pattern ASSET = Pattern.compile("/console/assets/([a-z0-9.-]{1,80})");

    /** What pages ask for by themselves: that is no use of a session. */
    private static final Set<String> SCRIPTED = Set.of(Link.ROOT + "/live", Link.ROOT + ApprovalPages.MARK);

    private final SignIns signIns;
    private final Cookies cookies;
    private final SignInPages doors;
    private final ActionsPage actions;
    private final ActionPage action;
    private final LiveStream live;
    private final ApprovalPages approvals;
    private final StopsPage stops;
    private final SecondsPage seconds;
    private final LimitsPage limits;
    private final GrantsPage grants;
    private final TokensPage tokens;
    private final Consumer<String> refused;
    private volatile boolean closed;

    /**
     * @param port of the control address
     * @param refused takes the code of each request that is refused, in summary (R15)
     */
    public Console(ControlRoutes routes, SignIns signIns, IntSupplier port, Consumer<String> refused) {
        Operations operations = new Operations(routes);
        this.signIns = signIns;
        this.refused = refused;
        this.cookies = new Cookies(port);
        Frame frame = new Frame(operations);
        this.doors = new SignInPages(signIns, cookies, refused);
        this.actions = new ActionsPage(operations, frame);
        this.action = new ActionPage(operations, frame);
        this.approvals = new ApprovalPages(operations, frame);
        this.stops = new StopsPage(operations, frame);
        this.seconds = new SecondsPage(operations, frame);
        this.limits = new LimitsPage(operations, frame);
        this.grants = new GrantsPage(operations, frame);
        this.tokens = new TokensPage(operations, frame);
        this.live = new LiveStream(operations, cookies, signIns, () -> closed);
    }

    @Override
    public boolean holds(String path) {
        return path.equals("/")
                || TICKET.matcher(path).matches()
                || path.equals(Link.ROOT)
                || path.startsWith(Link.ROOT + "/");
    }

    @Override
    public PageReply answer(PageRequest request) {
        return secured(answered(request));
    }

    private PageReply answered(PageRequest request) {
        try {
            return allowed(request).orElseGet(() -> routed(request));
        } catch (RuntimeException | StackOverflowError e) {
            LOG.log(System.Logger.Level.ERROR, "a page failed", e);
            return told(500, "This is a fault of Reeve's", "Its log says more.");
        }
    }

    private static PageReply secured(PageReply reply) {
        PageReply kept = reply.headers().containsKey("Cache-Control") ? reply : reply.with("Cache-Control", "no-store");
        return kept.with("Content-Security-Policy", CSP)
                .with("X-Content-Type-Options", "nosniff")
                // With `no-referrer` browsers send a form's POST without its origin.
                .with("Referrer-Policy", "same-origin")
                .with("X-Frame-Options", "DENY")
                .with("Cross-Origin-Opener-Policy", "same-origin")
                .with("Cross-Origin-Resource-Policy", "same-origin")
                .with("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
    }

    /** Whether the request came the way that a person's browser sends it from our pages. */
    private Optional<PageReply> allowed(PageRequest request) {
        boolean isFromHere =
                request.fetchSite().filter(site -> !site.equals("same-origin")).isEmpty();
        return switch (request.method()) {
            case "GET" -> Optional.empty();
            case "POST" -> {
                if (request.form() && request.hasOrigin() && isFromHere) {
                    yield Optional.empty();
                }
                refused.accept("cross_site");
                yield Optional.of(told(403, "Not from here", "This is done from Reeve's own pages only."));
            }
            default ->
                Optional.of(told(405, "No such method", "Pages are read, and forms are sent.")
                        .with("Allow", "GET, POST"));
        };
    }

    private PageReply routed(PageRequest request) {
        try {
            Matcher asset = ASSET.matcher(request.path());
            if (asset.matches()) {
                return Assets.serve(asset.group(1)).orElseGet(Console::nowhere);
            }
            if (!request.path().startsWith(Link.ROOT)) {
                return onward(request);
            }
            // Browsers send the cookie for pages of other ports of this host, too. What those fetch nobody has looked
            // at,
            // and the record must not say so.
            Optional<SignIns.Present> present = cookies.read(request)
                    .filter(ignored -> !request.isUnseen())
                    .flatMap(SCRIPTED.contains(request.path()) ? signIns::look : signIns::present);
            Optional<PageReply> door = door(request, present);
            if (door.isPresent()) {
                return door.get();
            }
            return present.isEmpty() ? signInFirst(request) : inside(new Visit(request, present.get()));
        } catch (RefusedException e) {
            return told(e.status(), "Not done", Words.sentence(String.valueOf(e.getMessage())));
        }
    }

    /**
     * To the page behind an address that people are told. A browser keeps the cookie back from what a page of elsewhere leads to, as a chat's or a
     * mailbox's does, also over redirects; from a page of ours it sends it.
     */
    private static PageReply onward(PageRequest request) {
        Link to = Link.to(request.path().equals("/") ? "" : request.path());
        if (request.fetchSite().filter("cross-site"::equals).isEmpty()) {
            return PageReply.seeOther(to.toString());
        }
        Html more = Html.of(Tag.P, Html.of(Tag.A, href(to), text("Go on to Reeve")));
        return PageReply.html(200, Frame.door("One moment", more).document()).with("Refresh", "0; url=" + to);
    }

    /** A page that is meant for a person leads to the door, and from there back to it; what a script asks for is only refused. */
    private static PageReply signInFirst(PageRequest request) {
        if (!request.method().equals("GET") || SCRIPTED.contains(request.path())) {
            return told(401, "Signed out", "Please sign in again.");
        }
        Link door = Link.to("/sign-in");
        return PageReply.seeOther(Link.wanted(request.path())
                .map(to -> door.with(SignInPages.TO, to.path()))
                .orElse(door)
                .toString());
    }

    /** Pages for those who are not signed in. */
    private Optional<PageReply> door(PageRequest request, Optional<SignIns.Present> present) throws RefusedException {
        boolean isPost = request.method().equals("POST");
        return switch (request.path().substring(Link.ROOT.length())) {
            case "/sign-in" ->
                Optional.of(
                        isPost
                                ? doors.signIn(request)
                                : present.isPresent()
                                        ? PageReply.seeOther(SignInPages.wanted(request.query()))
                                        : doors.form(200, Optional.empty(), request.query()));
            case "/welcome" -> Optional.of(isPost ? doors.accept(request) : doors.welcome(request, Optional.empty()));
            default -> Optional.empty();
        };
    }

    private PageReply inside(Visit visit) {
        return visit.request().method().equals("POST") ? done(visit) : shown(visit);
    }

    private PageReply shown(Visit visit) {
        String path = visit.request().path();
        try {
            if (path.equals(Link.ROOT)) {
                return actions(visit);
            }
            if (path.equals(Link.ROOT + "/live")) {
                return live.open(visit);
            }
            Matcher one = ACTION.matcher(path);
            if (one.matches()) {
                return one.group(2) == null ? action.show(visit, one.group(1)) : action.proof(visit, one.group(1));
            }
            Optional<PageReply> place = place(visit, path.substring(Link.ROOT.length()));
            if (place.isPresent()) {
                return place.get();
            }
            Matcher token = TOKEN.matcher(path);
            if (token.matches()) {
                return tokens.show(visit, token.group(1), Optional.empty());
            }
            Matcher asked = APPROVAL.matcher(path);
            return asked.matches() ? approvals.show(visit, asked.group(1), Optional.empty()) : nowhere();
        } catch (Operations.FailedException e) {
            return told(e.status(), "It cannot be shown", Words.sentence(String.valueOf(e.getMessage())));
        }
    }

    /** Those that the head of each page leads to. */
    private Optional<PageReply> place(Visit visit, String path) throws Operations.FailedException {
        return switch (path) {
            case ApprovalPages.PATH -> Optional.of(approvals.list(visit));
            case ApprovalPages.MARK -> Optional.of(approvals.mark(visit));
            case SecondsPage.PATH -> Optional.of(seconds.show(visit, Optional.empty()));
            case StopsPage.PATH -> Optional.of(stops.show(visit, Optional.empty()));
            case LimitsPage.PATH -> Optional.of(limits.show(visit));
            case GrantsPage.PATH -> Optional.of(grants.show(visit, Optional.empty()));
            case TokensPage.PATH -> Optional.of(tokens.list(visit));
            default -> Optional.empty();
        };
    }

    private PageReply actions(Visit visit) {
        try {
            return actions.show(visit);
        } catch (Operations.FailedException e) {
            return actions.trouble(visit, e);
        }
    }

    private PageReply done(Visit visit) {
        Map<String, String> fields = Forms.read(
                        visit.request().body(), Set.of("csrf", "answer", "reason", "scope", "name", "for", "free"))
                .orElse(Map.of());
        if (!visit.present().session().isCsrf(fields.getOrDefault("csrf", ""))) {
            refused.accept("csrf");
            return told(403, "Not from here", "The form is not of this session. Open the page again.");
        }
        if (visit.request().path().equals(Link.ROOT + "/sign-out")) {
            signIns.signOut(visit.present().session());
            return PageReply.seeOther(Link.ROOT + "/sign-in").withCookie(cookies.end(visit.request()));
        }
        Matcher asked = APPROVAL.matcher(visit.request().path());
        Matcher token = TOKEN.matcher(visit.request().path());
        try {
            if (token.matches()) {
                return tokens.revealed(visit, token.group(1), fields);
            }
            if (visit.request().path().equals(Link.ROOT + StopsPage.PATH)) {
                return stops.changed(visit, fields);
            }
            if (visit.request().path().equals(Link.ROOT + SecondsPage.PATH)) {
                return seconds.changed(visit, fields);
            }
            if (visit.request().path().equals(Link.ROOT + GrantsPage.PATH)) {
                return grants.changed(visit, fields);
            }
            return asked.matches() ? approvals.answered(visit, asked.group(1), fields) : nowhere();
        } catch (Operations.FailedException e) {
            return told(e.status(), "Not done", Words.sentence(String.valueOf(e.getMessage())));
        }
    }

    private static PageReply nowhere() {
        return told(404, "There is no such page", "");
    }

    private static PageReply told(int status, String title, String said) {
        return PageReply.html(
                status,
                Frame.door(
                                title,
                                Html.of(Tag.P, text(dev.reeve.audit.EventText.escape(said))),
                                Html.of(Tag.P, Html.of(Tag.A, href(Link.to("")), text("To the actions"))))
                        .document());
    }

    @Override
    public void close() {
        closed = true;
    }
}
