package dev.reeve.control;

import dev.reeve.control.Route.Access;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;

/** Ends the process, from the machine itself only. It narrows what runs, so it is done also when it cannot be recorded (R14). */
public final class StopRoute {
    private static final System.Logger LOG = System.getLogger("dev.reeve.control");

    private final AdminRecords records;
    private final Runnable stop;

    private StopRoute(AdminRecords records, Runnable stop) {
        this.records = records;
        this.stop = stop;
    }

    /** @param stop begins the end and returns at once: the answer is to be sent yet */
    public static Route of(AdminRecords records, Runnable stop) {
        return new Route("POST", "/v1/stop", Access.LOCAL, new StopRoute(records, stop)::handle);
    }

    private ControlReply handle(ControlRequest request) throws RefusedException {
        request.body();
        try {
            records.record(request.person(), "serve_stop", "serve", Json.Obj.EMPTY);
        } catch (UnrecordableException e) {
            LOG.log(System.Logger.Level.WARNING, "the stop is not recorded: " + e.getMessage());
        }
        stop.run();
        return ControlReply.json(
                202,
                Json.object()
                        .put("stopping", true)
                        .put("pid", ProcessHandle.current().pid())
                        .build());
    }
}
