package dev.reeve.hook;

import dev.reeve.connector.ConnectorService;
import dev.reeve.connector.HookMain;
import dev.reeve.identity.Identification;
import java.util.Optional;

/** Hooks on the socket of the connectors: a name that no upstream can have says that it is one. Everything else goes on to MCP. */
public final class HookLines implements ConnectorService {
    private final ConnectorService others;
    private final HookDesk desk;

    public HookLines(ConnectorService others, HookDesk desk) {
        this.others = others;
        this.desk = desk;
    }

    @Override
    public Optional<Talk> open(Identification.Known who, String upstream, String session, Answers answers) {
        if (!upstream.startsWith(HookMain.NAME)) {
            return others.open(who, upstream, session, answers);
        }
        String client = upstream.substring(HookMain.NAME.length());
        return HookDesk.knows(client) ? Optional.of(new One(who, client, answers)) : Optional.empty();
    }

    /** One event, answered at once on the thread of its connection. */
    private final class One implements Talk {
        private final Identification.Known who;
        private final String client;
        private final Answers answers;
        private boolean answered;

        One(Identification.Known who, String client, Answers answers) {
            this.who = who;
            this.client = client;
            this.answers = answers;
        }

        @Override
        public void line(byte[] line) {
            if (!answered) {
                answered = true;
                answers.send(desk.answer(who, client, line).line());
            }
        }

        @Override
        public void gone() {
            // Nothing runs here.
        }

        @Override
        public void finished() {
            // Nothing runs here.
        }
    }
}
