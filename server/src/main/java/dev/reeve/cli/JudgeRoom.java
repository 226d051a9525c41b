package dev.reeve.cli;

import dev.reeve.audit.AuditReader;
import dev.reeve.config.JudgeConfig;
import dev.reeve.config.ReeveConfig;
import dev.reeve.gate.Journal;
import dev.reeve.judge.EmbeddedJudge;
import dev.reeve.judge.History;
import dev.reeve.judge.Judge;
import dev.reeve.judge.JudgeDesk;
import dev.reeve.judge.ModelJudge;
import dev.reeve.outbound.AddressCheck;
import dev.reeve.outbound.HttpOrigin;
import dev.reeve.outbound.HttpPool;
import dev.reeve.outbound.PoolTls;
import dev.reeve.policy.PolicySource;
import dev.reeve.policy.Problem;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Who may be heard before something is done: the embedded judge, and those of {@code judges:}. */
final class JudgeRoom implements AutoCloseable {
    private final JudgeDesk desk;
    private final History history;
    private final List<ModelJudge> models = new ArrayList<>();

    private JudgeRoom(Foundation foundation, TlsRoom tls, EventLoopGroup loops) {
        ReeveConfig config = foundation.config();
        this.history = new History(
                new AuditReader(config.data().resolve("ledger")),
                work -> Thread.ofVirtual().name("history").start(work),
                incident -> Log.warn("judge", incident));
        Map<String, Judge> judges = new LinkedHashMap<>();
        judges.put(JudgeDesk.EMBEDDED, new EmbeddedJudge(history));
        InstantSource clock = foundation.clock().source();
        for (JudgeConfig judge : config.judges()) {
            ModelJudge model = new ModelJudge(
                    judge.settings(),
                    pool(judge, tls, loops),
                    value -> foundation.secrets().mask(value),
                    () -> foundation.ids().next(""),
                    clock);
            models.add(model);
            judges.put(judge.name(), model);
        }
        this.desk = new JudgeDesk(judges);
    }

    static JudgeRoom open(Foundation foundation, TlsRoom tls, EventLoopGroup loops) {
        JudgeRoom room = new JudgeRoom(foundation, tls, loops);
        foundation.room().health().tell("judges", room.desk::status);
        return room;
    }

    /** Entries of `soft_guardrails` that name a judge which is nowhere. */
    static List<Problem> unknown(PolicySource source, ReeveConfig config) {
        Set<String> known = new TreeSet<>();
        known.add(JudgeDesk.EMBEDDED);
        config.judges().forEach(judge -> known.add(judge.name()));
        return source.softs().stream()
                .filter(soft -> !known.contains(soft.judge()))
                .map(soft -> Problem.error(
                                soft.place(),
                                "soft_guardrails." + soft.name(),
                                "there is no judge `" + soft.judge() + "`")
                        .withFix("known are " + String.join(", ", known)
                                + "; others stand under `judges` of reeve.yaml"))
                .toList();
    }

    private static HttpPool pool(JudgeConfig judge, TlsRoom tls, EventLoopGroup loops) {
        HttpOrigin origin = HttpOrigin.of(judge.url());
        Optional<PoolTls> spoken = origin.tls() ? Optional.of(tls.judge(judge, origin.host())) : Optional.empty();
        HttpPool.Limits limits =
                new HttpPool.Limits(judge.settings().atOnce(), judge.settings().timeout(), Duration.ofSeconds(4));
        return new HttpPool(origin, AddressCheck.forHost(origin.host(), judge.allowAddresses()), loops, limits, spoken);
    }

    JudgeDesk desk() {
        return desk;
    }

    /** What was allowed becomes what is usual. */
    Journal learning(Journal journal) {
        return history.learning(journal);
    }

    @Override
    public void close() {
        models.forEach(ModelJudge::close);
    }
}
