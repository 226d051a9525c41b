package dev.reeve.control;

import dev.reeve.agents.Activity;
import dev.reeve.agents.Agent;
import dev.reeve.agents.Credential.ApiKey;
import dev.reeve.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** What the API shows; nothing that is secret, except where a name says so. */
final class Views {
    private final Administration administration;
    private final Activity activity;

    Views(Administration administration, Activity activity) {
        this.administration = administration;
        this.activity = activity;
    }

    Json.Obj agent(Agent agent, List<ApiKey> keys, Instant now) {
        long active =
                keys.stream().filter(key -> key.state(now).equals("active")).count();
        return Differences.of(agent)
                .with("tenant", Json.of(agent.tenant()))
                .with("origin", Json.of(agent.origin()))
                .with("created", time(agent.created()))
                .with("active_keys", Json.of(active))
                .with(
                        "last_used",
                        activity.lastOfAgent(agent.name()).map(Views::time).orElse(Json.Null.NULL));
    }

    Json.Obj key(ApiKey key, Instant now) {
        return Json.object()
                .put("id", key.id())
                .put("agent", key.agent())
                .put("state", key.state(now))
                .put("created", time(key.created()))
                .put("by", administration.maker(key).<Json>map(Json::of).orElse(Json.Null.NULL))
                .put("expires", time(key.expires()))
                .put("revoked", key.revoked().map(Views::time).orElse(Json.Null.NULL))
                .put("replaced_by", key.replacedBy().<Json>map(Json::of).orElse(Json.Null.NULL))
                .put("last_used", activity.last(key.id()).map(Views::time).orElse(Json.Null.NULL))
                .build();
    }

    static Json.Obj retirement(Retirement retirement) {
        List<Json> tried = retirement.credentials().stream()
                .<Json>map(one -> Json.object()
                        .put("id", one.id())
                        .put("tried", one.answer())
                        .put("fails", one.fails())
                        .build())
                .toList();
        return Json.object()
                .put("agent", retirement.agent().name())
                .put("state", retirement.agent().state().name().toLowerCase(Locale.ROOT))
                .put("complete", retirement.complete())
                .put("credentials", new Json.Arr(tried))
                .build();
    }

    static Json.Obj token(Administrators.Token token, Instant now) {
        return Json.object()
                .put("id", token.id())
                .put("person", token.person())
                .put("role", token.role().wire())
                .put("state", token.revoked().isPresent() ? "revoked" : token.good(now) ? "active" : "expired")
                .put("created", time(token.created()))
                .put("expires", time(token.expires()))
                .build();
    }

    static Json time(Instant time) {
        return Json.of(time.toString());
    }
}
