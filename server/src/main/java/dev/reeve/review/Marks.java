package dev.reeve.review;

import dev.reeve.json.Json;

/** What decisions themselves say of how they came about: warnings, and a clock that was not to be trusted. */
final class Marks implements Detector {
    @Override
    public void take(Seen record, Findings findings) {
        if (!record.isDecision()) {
            return;
        }
        if (record.isAllowed()) {
            for (Json item : record.items("findings")) {
                warned(record, (Json.Obj) item, findings);
            }
        }
        if (record.isClockDoubtful()) {
            findings.add(Check.DOUBTFUL_CLOCK, Severity.MEDIUM, "what time rules was denied meanwhile", record);
        }
    }

    private static void warned(Seen record, Json.Obj found, Findings findings) {
        if (found.string("result").filter("warned"::equals).isEmpty()) {
            return;
        }
        String rule = found.object("rule").flatMap(it -> it.string("name")).orElse("");
        String code = found.string("code").orElse("");
        findings.add(
                Check.WARNED,
                record.changes() ? Severity.MEDIUM : Severity.LOW,
                "code " + code,
                record,
                record.agent(),
                record.subject(),
                rule);
    }
}
