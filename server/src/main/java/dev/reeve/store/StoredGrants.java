package dev.reeve.store;

import dev.reeve.gate.TimedGrant;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.grant.Grant;
import dev.reeve.grant.GrantRows;
import dev.reeve.grant.Recipient;
import dev.reeve.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What people gave for a time, in the store, under the seal (R29). */
public final class StoredGrants implements GrantRows {
    private final JsonRows rows;

    public StoredGrants(Store store) {
        this.rows = new JsonRows(store, "grants", "id");
    }

    @Override
    public List<Grant> grants() throws UnrecordableException {
        return rows.all(StoredGrants::read);
    }

    @Override
    public Optional<Grant> put(Grant grant) throws UnrecordableException {
        return rows.put(grant.id(), grant.asJson(), grant.version())
                ? Optional.of(grant.at(grant.version() + 1))
                : Optional.empty();
    }

    @Override
    public void remove(Grant grant) throws UnrecordableException {
        rows.remove(grant.id());
    }

    /** What is read had the right MAC; if it is not what was written, that is a bug and throws. */
    private static Grant read(String id, Json.Obj body, long version) {
        return new Grant(
                id,
                recipient(body.object("to").orElseThrow()),
                TimedGrant.read(body.object("gives").orElseThrow()),
                new Grant.Needs(
                        ApprovalJson.texts(body, "by"), ApprovalJson.whole(body, "quorum"), body.string("owner")),
                ApprovalJson.list(
                        body,
                        "givers",
                        one -> new Grant.Giver(
                                ApprovalJson.text(one, "person"),
                                ApprovalJson.text(one, "reason"),
                                ApprovalJson.time(one, "at"))),
                Duration.parse(ApprovalJson.text(body, "length")),
                ApprovalJson.time(body, "created"),
                ApprovalJson.time(body, "until"),
                Grant.State.valueOf(ApprovalJson.text(body, "state").toUpperCase(Locale.ROOT)),
                body.string("ticket"),
                version);
    }

    private static Recipient recipient(Json.Obj body) {
        return new Recipient(
                ApprovalJson.text(body, "tenant"),
                ApprovalJson.text(body, "agent"),
                body.string("instance"),
                body.string("user"),
                body.object("exactly")
                        .map(it -> new Recipient.Exactly(ApprovalJson.texts(it, "actors"), it.string("owner"))));
    }
}
