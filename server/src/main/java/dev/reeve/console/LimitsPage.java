package dev.reeve.console;

import static dev.reeve.console.Html.attribute;
import static dev.reeve.console.Html.style;
import static dev.reeve.console.Html.text;

import dev.reeve.console.Html.Tag;
import dev.reeve.control.PageReply;
import dev.reeve.control.Role;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How much of the limits is used up, and by whom, as bars; the fullest first. For administrators. */
final class LimitsPage {
    static final String PATH = "/limits";
    private static final double NEARLY = 0.8;

    private final Operations operations;
    private final Frame frame;

    LimitsPage(Operations operations, Frame frame) {
        this.operations = operations;
        this.frame = frame;
    }

    static boolean may(Visit visit) {
        return visit.may(Role.ADMIN);
    }

    PageReply show(Visit visit) throws Operations.FailedException {
        Json.Obj all = operations.get(visit.present().caller(), "/v1/limits", Map.of());
        return PageReply.html(200, frame.page(visit, "Limits", PATH, used(all)).document());
    }

    private static Html used(Json.Obj all) {
        List<Html> cards = new ArrayList<>();
        for (Json item : all.array("used").orElse(Json.Arr.EMPTY).items()) {
            cards.add(card((Json.Obj) item));
        }
        if (!cards.isEmpty()) {
            return Html.of(Tag.OL, style("inbox"), attribute("id", "limits"), Html.all(cards));
        }
        boolean none = all.array("limits").orElse(Json.Arr.EMPTY).items().isEmpty();
        String said = none ? "The policy has no limits." : "Nothing is used up of any limit.";
        return Html.of(Tag.P, style("empty"), text(said));
    }

    private static Html card(Json.Obj use) {
        double share = use.get("share").orElse(Json.Null.NULL) instanceof Json.Num number ? number.value() : 0;
        String amount = number(use, "used") + " of " + number(use, "max") + " "
                + use.string("unit").orElse("");
        return Html.of(
                Tag.LI,
                style("card use"),
                Html.of(
                        Tag.P,
                        style("said"),
                        share >= 1 ? new Verdicts("denied", "Used up").badge() : Html.nothing(),
                        Html.of(Tag.STRONG, Foreign.line(use.string("subject").orElse("?")))),
                Html.of(
                        Tag.METER,
                        attribute("min", "0"),
                        attribute("max", "1"),
                        attribute("low", "0"),
                        attribute("high", Double.toString(NEARLY)),
                        attribute("optimum", "0"),
                        attribute("value", Double.toString(Math.min(1, share))),
                        attribute("aria-label", "used up")),
                Html.of(
                        Tag.P,
                        style("hint"),
                        Foreign.line(amount + window(use) + ", by the limit "),
                        Foreign.line(use.string("limit").orElse("?")),
                        Foreign.line(use.string("rests_until")
                                .map(until -> "; nothing is let through before " + until)
                                .orElse(""))));
    }

    private static String window(Json.Obj use) {
        return use.string("window").map(span -> " in " + span).orElse(" at the same time");
    }

    private static String number(Json.Obj use, String name) {
        return use.get(name).orElse(Json.Null.NULL) instanceof Json.Num number ? number.text() : "?";
    }
}
