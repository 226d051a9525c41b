package dev.reeve.control;

import dev.reeve.budget.Budgets;
import dev.reeve.budget.Limit;
import dev.reeve.budget.Limits;
import dev.reeve.budget.Per;
import dev.reeve.budget.Prices;
import dev.reeve.budget.Quantity;
import dev.reeve.budget.Use;
import dev.reeve.control.Route.Access;
import dev.reeve.json.Json;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** How much of the limits is used up. */
public final class LimitRoutes {
    /** So many are shown: the fullest. */
    private static final int MOST = 200;

    private final Budgets budgets;
    private final Supplier<Limits> inForce;

    private LimitRoutes(Budgets budgets, Supplier<Limits> inForce) {
        this.budgets = budgets;
        this.inForce = inForce;
    }

    public static List<Route> of(Budgets budgets, Supplier<Limits> inForce) {
        LimitRoutes routes = new LimitRoutes(budgets, inForce);
        return List.of(new Route("GET", "/v1/limits", Access.ADMINISTRATOR, routes::list));
    }

    private ControlReply list(ControlRequest request) throws RefusedException {
        request.query("", Set.of());
        Limits limits = inForce.get();
        String currency = limits.prices().currency();
        return ControlReply.json(Json.object()
                .put(
                        "limits",
                        new Json.Arr(limits.all().stream()
                                .<Json>map(limit -> view(limit, currency).build())
                                .toList()))
                .put(
                        "used",
                        new Json.Arr(budgets.fullest(MOST).stream()
                                .<Json>map(use -> view(use, currency))
                                .toList()))
                .put("counted", Json.Num.of(budgets.counted()))
                .build());
    }

    private static Json.Builder view(Limit limit, String currency) {
        return Json.object()
                .put("limit", limit.ref().name())
                .put("file", limit.ref().file())
                .put("line", Json.Num.of(limit.ref().line()))
                .put("count", limit.count().word())
                .put(
                        "per",
                        Json.Arr.ofStrings(limit.per().stream().map(Per::word).toList()))
                .put("max", amount(limit, limit.max()))
                .put("window", limit.span())
                .put(
                        "unit",
                        limit.count() == Quantity.MONEY
                                ? currency
                                : limit.count().word())
                .put("reason", limit.reason());
    }

    private static Json view(Use use, String currency) {
        return view(use.limit(), currency)
                .put("subject", use.subject())
                .put("used", amount(use.limit(), use.used()))
                .put("share", Json.Num.of(Math.round(use.share() * 1_000) / 1_000.0))
                .put("rests_until", use.restsUntil().map(Object::toString))
                .build();
    }

    /** Money in its currency, anything else as it is counted. */
    private static Json amount(Limit limit, long counted) {
        return limit.count() == Quantity.MONEY ? new Json.Num(Prices.text(counted)) : Json.Num.of(counted);
    }
}
