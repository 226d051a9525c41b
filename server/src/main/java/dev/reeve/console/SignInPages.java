package dev.reeve.console;

import static dev.reeve.console.Html.action;
import static dev.reeve.console.Html.attribute;
import static dev.reeve.console.Html.text;

import dev.reeve.agents.KeyText;
import dev.reeve.console.Html.Tag;
import dev.reeve.control.PageReply;
import dev.reeve.control.PageRequest;
import dev.reeve.control.RefusedException;
import dev.reeve.control.SignIns;
import dev.reeve.secrets.Secret;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Signing in, and setting a password by a link. */
final class SignInPages {
    static final String TO = "to";

    private final SignIns signIns;
    private final Cookies cookies;
    private final Consumer<String> refused;

    /** @param refused takes the code of each attempt that failed (R15) */
    SignInPages(SignIns signIns, Cookies cookies, Consumer<String> refused) {
        this.signIns = signIns;
        this.cookies = cookies;
        this.refused = refused;
    }

    /** Where somebody goes after signing in: a page that was asked for before, or the first one. */
    static String wanted(Map<String, String> fields) {
        return Link.wanted(fields.getOrDefault(TO, "")).orElse(Link.to("")).toString();
    }

    /** @param fields of the address, or of the form that was sent before */
    PageReply form(int status, Optional<String> trouble, Map<String, String> fields) {
        Html form = Html.of(
                Tag.FORM,
                attribute("method", "post"),
                action(Link.to("/sign-in")),
                Link.wanted(fields.getOrDefault(TO, ""))
                        .<Html>map(to -> Frame.hidden(TO, to.path()))
                        .orElse(Html.nothing()),
                Frame.field("Name", input("name", "text", "username"), ""),
                Frame.field("Password", input("password", "password", "current-password"), ""),
                Html.of(Tag.BUTTON, attribute("type", "submit"), text("Sign in")));
        return PageReply.html(
                status,
                Frame.door(
                                "Sign in",
                                trouble.map(said -> Frame.notice("alert", said)).orElse(Html.nothing()),
                                form)
                        .document());
    }

    private static Html.Element input(String name, String type, String fill) {
        return Html.of(
                Tag.INPUT,
                attribute("id", name),
                attribute("name", name),
                attribute("type", type),
                attribute("autocomplete", fill),
                attribute("maxlength", "200"),
                attribute("autocapitalize", "none"),
                attribute("spellcheck", "false"),
                attribute("required", ""));
    }

    PageReply signIn(PageRequest request) throws RefusedException {
        Optional<Map<String, String>> fields = Forms.read(request.body(), Set.of("name", "password", TO));
        if (fields.isEmpty()
                || !fields.get().containsKey("name")
                || !fields.get().containsKey("password")) {
            return form(400, Optional.of("That was no form of this page. Please try again."), Map.of());
        }
        String name = fields.get().getOrDefault("name", "");
        Secret password = Secret.of(fields.get().getOrDefault("password", ""));
        return switch (signIns.signIn(name, password, request.source(), cookies.readDevice(request))) {
            case SignIns.Answer.In in -> entered(request, in, wanted(fields.get()));
            case SignIns.Answer.Wrong ignored -> {
                refused.accept("sign_in_wrong");
                yield form(401, Optional.of("Name or password is not right."), fields.get());
            }
            case SignIns.Answer.Later ignored -> {
                refused.accept("sign_in_later");
                yield form(429, Optional.of("There were too many attempts. Please wait a minute."), fields.get());
            }
        };
    }

    private PageReply entered(PageRequest request, SignIns.Answer.In in, String to) {
        return PageReply.seeOther(to)
                .withCookie(cookies.set(request, in.cookie()))
                .withCookie(cookies.setDevice(request, in.device()));
    }

    /** The page behind a link. To look at it does not use it up: browsers and mail programs look. */
    PageReply welcome(PageRequest request, Optional<String> trouble) {
        Secret link = Secret.of(request.query().getOrDefault("link", ""));
        Optional<SignIns.Welcome> whose =
                request.isLocal() || !KeyText.FIRST.meant(link) ? signIns.welcome(link) : Optional.empty();
        return whose.map(it -> welcome(it, link, trouble)).orElseGet(this::useless);
    }

    private PageReply useless() {
        refused.accept("link_refused");
        return PageReply.html(
                403,
                Frame.door(
                                "This link is not good",
                                Html.of(
                                        Tag.P,
                                        text("It was used, is too old, or never was. On the machine itself, "),
                                        Html.of(Tag.CODE, text("reeve admin invite NAME")),
                                        text(" makes another one.")))
                        .document());
    }

    private static PageReply welcome(SignIns.Welcome whose, Secret link, Optional<String> trouble) {
        Html name = switch (whose) {
            case SignIns.Welcome.First ignored ->
                Frame.field(
                        "Your name", input("name", "text", "username"), "It stands in the record beside what you do.");
            case SignIns.Welcome.Invited invited ->
                Frame.field(
                        "Your name",
                        Html.of(
                                Tag.INPUT,
                                attribute("id", "name"),
                                attribute("name", "name"),
                                attribute("type", "text"),
                                attribute("autocomplete", "username"),
                                attribute("readonly", ""),
                                attribute("value", invited.name())),
                        "It stands in the record beside what you do.");
        };
        Html form = Html.of(
                Tag.FORM,
                attribute("method", "post"),
                action(Link.to("/welcome")),
                Html.of(
                        Tag.INPUT,
                        attribute("type", "hidden"),
                        attribute("name", "link"),
                        attribute("value", link.exposeTextInsecurely())),
                name,
                Frame.field(
                        "Password",
                        input("password", "password", "new-password"),
                        "15 characters or more. A sentence is easy to remember."),
                Frame.field("Password, once more", input("again", "password", "new-password"), ""),
                Html.of(Tag.BUTTON, attribute("type", "submit"), text("Set password and sign in")));
        return PageReply.html(
                trouble.isPresent() ? 400 : 200,
                Frame.door(
                                "Welcome",
                                trouble.map(said -> Frame.notice("alert", said)).orElse(Html.nothing()),
                                form)
                        .document());
    }

    PageReply accept(PageRequest request) {
        Optional<Map<String, String>> read = Forms.read(request.body(), Set.of("link", "name", "password", "again"));
        if (read.isEmpty() || read.get().size() != 4) {
            return useless();
        }
        Map<String, String> fields = read.get();
        Secret link = Secret.of(fields.getOrDefault("link", ""));
        if (KeyText.FIRST.meant(link) && !request.isLocal()) {
            return useless();
        }
        if (!fields.getOrDefault("password", "").equals(fields.get("again"))) {
            return again(link, "The two passwords are not the same.");
        }
        try {
            return entered(
                    request,
                    signIns.accept(
                            link,
                            fields.getOrDefault("name", ""),
                            Secret.of(fields.getOrDefault("password", "")),
                            request.source()),
                    Link.ROOT);
        } catch (RefusedException e) {
            refused.accept("link_refused");
            return again(link, Words.sentence(String.valueOf(e.getMessage())));
        }
    }

    private PageReply again(Secret link, String trouble) {
        return signIns.welcome(link)
                .map(whose -> welcome(whose, link, Optional.of(trouble)))
                .orElseGet(this::useless);
    }
}
