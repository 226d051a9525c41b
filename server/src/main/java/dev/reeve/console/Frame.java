package dev.reeve.console;

import static dev.reeve.console.Html.action;
import static dev.reeve.console.Html.attribute;
import static dev.reeve.console.Html.href;
import static dev.reeve.console.Html.src;
import static dev.reeve.console.Html.style;
import static dev.reeve.console.Html.text;

import dev.reeve.audit.EventText;
import dev.reeve.console.Html.Tag;
import dev.reeve.control.PageReply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What stands around every page. */
final class Frame {
    /** Where one can go. */
    private record Place(String path, String word, int count) {}

    private final Operations operations;

    Frame(Operations operations) {
        this.operations = operations;
    }

    private List<Place> places(Visit visit) {
        List<Place> places = new ArrayList<>(List.of(new Place("", "Actions", 0)));
        if (ApprovalPages.may(visit)) {
            places.add(new Place(ApprovalPages.PATH, "Approvals", ApprovalPages.waiting(operations, visit)));
        }
        if (SecondsPage.may(visit)) {
            places.add(new Place(SecondsPage.PATH, "Second person", SecondsPage.waiting(operations, visit)));
        }
        if (GrantsPage.may(visit)) {
            places.add(new Place(GrantsPage.PATH, "Grants", 0));
        }
        if (TokensPage.may(visit)) {
            places.add(new Place(TokensPage.PATH, "Tokens", 0));
        }
        if (LimitsPage.may(visit)) {
            places.add(new Place(LimitsPage.PATH, "Limits", 0));
        }
        if (StopsPage.may(visit)) {
            places.add(new Place(StopsPage.PATH, "Stop", 0));
        }
        return places;
    }

    private static Html count(int count) {
        return count == 0
                ? Html.nothing()
                : Html.of(
                        Tag.SPAN,
                        style("count"),
                        text(Integer.toString(count)),
                        Html.of(Tag.SPAN, style("unseen-word"), text(" wait")));
    }

    /** For somebody who is signed in. */
    Html page(Visit visit, String title, String here, Html... content) {
        return document(
                title,
                Html.of(
                        Tag.BODY,
                        Html.of(Tag.A, style("skip"), new Html.Attribute("href", "#main"), text("To the content")),
                        header(visit, here),
                        Html.of(
                                Tag.MAIN,
                                attribute("id", "main"),
                                attribute("tabindex", "-1"),
                                Html.of(Tag.H1, text(title)),
                                Html.all(List.of(content)))));
    }

    private Html header(Visit visit, String here) {
        List<Html> items = new ArrayList<>();
        for (Place place : places(visit)) {
            Html.Attribute current = attribute(place.path().equals(here) ? "aria-current" : "data-place", "page");
            items.add(Html.of(
                    Tag.LI,
                    Html.of(Tag.A, href(Link.to(place.path())), current, text(place.word()), count(place.count()))));
        }
        return Html.of(
                Tag.HEADER,
                style("top"),
                Html.of(Tag.A, style("brand"), href(Link.to("")), mark(), Html.of(Tag.SPAN, text("Reeve"))),
                Html.of(Tag.NAV, attribute("aria-label", "Pages"), Html.of(Tag.UL, Html.all(items))),
                Html.of(
                        Tag.FORM,
                        style("person"),
                        attribute("method", "post"),
                        action(Link.to("/sign-out")),
                        csrf(visit),
                        Html.of(
                                Tag.SPAN,
                                style("name"),
                                Foreign.line(visit.present().caller().person())),
                        Html.of(Tag.BUTTON, style("quiet"), attribute("type", "submit"), text("Sign out"))));
    }

    static Html csrf(Visit visit) {
        return Html.of(
                Tag.INPUT, attribute("type", "hidden"), attribute("name", "csrf"), attribute("value", visit.csrf()));
    }

    private static Html mark() {
        return Html.of(
                Tag.SVG,
                attribute("viewbox", "0 0 24 24"),
                attribute("aria-hidden", "true"),
                style("mark"),
                Html.of(Tag.PATH, attribute("d", "M4 21V6l8-4 8 4v15h-6v-7a2 2 0 0 0-4 0v7z")));
    }

    /** For somebody who is not signed in: one thing to do, in the middle. */
    static Html door(String title, Html... content) {
        return document(
                title,
                Html.of(
                        Tag.BODY,
                        style("door"),
                        Html.of(
                                Tag.MAIN,
                                attribute("id", "main"),
                                Html.of(Tag.P, style("brand"), mark(), Html.of(Tag.SPAN, text("Reeve"))),
                                Html.of(Tag.H1, text(title)),
                                Html.all(List.of(content)))));
    }

    private static Html document(String title, Html body) {
        return Html.of(
                Tag.HTML,
                attribute("lang", "en"),
                Html.of(
                        Tag.HEAD,
                        Html.of(Tag.META, attribute("charset", "utf-8")),
                        Html.of(
                                Tag.META,
                                attribute("name", "viewport"),
                                attribute("content", "width=device-width, initial-scale=1")),
                        Html.of(Tag.META, attribute("name", "color-scheme"), attribute("content", "light dark")),
                        Html.of(Tag.TITLE, text(title + " · Reeve")),
                        Html.of(Tag.LINK, attribute("rel", "icon"), href(Assets.link("icon.svg"))),
                        Html.of(Tag.LINK, attribute("rel", "stylesheet"), href(Assets.link("style.css"))),
                        Html.of(Tag.SCRIPT, src(Assets.link("console.js")), attribute("defer", ""))),
                body);
    }

    /** Something went wrong, or right: read out by screen readers when the page opens. */
    static Html notice(String role, String said) {
        return Html.of(Tag.P, style("notice " + role), attribute("role", role), text(said));
    }

    static Html field(String label, Html.Element input, String hint) {
        String id = input.attributes().stream()
                .filter(one -> one.name().equals("id"))
                .map(Html.Attribute::value)
                .findFirst()
                .orElseThrow();
        return Html.of(
                Tag.DIV,
                style("field"),
                Html.of(Tag.LABEL, attribute("for", id), text(label)),
                input,
                hint.isEmpty() ? Html.nothing() : Html.of(Tag.P, style("hint"), text(hint)));
    }

    static Html hidden(String name, String value) {
        return Html.of(Tag.INPUT, attribute("type", "hidden"), attribute("name", name), attribute("value", value));
    }

    static Html button(String answer, String classes, String word) {
        return Html.of(
                Tag.BUTTON,
                attribute("type", "submit"),
                attribute("name", "answer"),
                attribute("value", answer),
                style(classes),
                text(word));
    }

    /**
     * One thing of an inbox: what it is, and a form that does something about it and leads back to the page.
     *
     * @param hidden what names it
     * @param said in one line
     * @param more what one reads before
     */
    static Html card(Visit visit, String path, Html hidden, Html said, Html more, Html buttons) {
        return Html.of(
                Tag.LI,
                Html.of(
                        Tag.FORM,
                        style("card"),
                        attribute("method", "post"),
                        action(Link.to(path)),
                        csrf(visit),
                        hidden,
                        Html.of(Tag.P, style("said"), said),
                        more,
                        Html.of(Tag.DIV, style("buttons"), buttons)));
    }

    /** Why something was not done, for the page that it was asked for on. */
    static Optional<String> trouble(Operations.FailedException e) {
        return Optional.of(EventText.escape(Words.sentence(String.valueOf(e.getMessage()))));
    }

    /** Cards one below the other, or what is said where there are none. */
    static Html inbox(String id, String empty, List<Html> cards) {
        return cards.isEmpty()
                ? Html.of(Tag.P, style("empty"), text(empty))
                : Html.of(Tag.OL, style("inbox"), attribute("id", id), Html.all(cards));
    }

    /** A page that a form leads back to. */
    PageReply answer(Visit visit, String title, String path, Optional<String> trouble, Html content) {
        return PageReply.html(
                trouble.isPresent() ? 409 : 200,
                page(
                                visit,
                                title,
                                path,
                                trouble.map(said -> notice("alert", said)).orElse(Html.nothing()),
                                content)
                        .document());
    }
}
