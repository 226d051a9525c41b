package dev.reeve.child;

import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.outbound.Departure;
import dev.reeve.secrets.KnownSecrets;
import dev.reeve.secrets.Secret;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A child that tries to get out ({@code hostile.py}), and what it answers. */
final class Hostile implements Child.Listener, AutoCloseable {
    private static final String ENDED = "ended";

    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
    final LastWords lastWords = new LastWords(KnownSecrets.of(List.of()));
    final Child child;

    private Hostile(Command command) throws Exception {
        child = Child.start(command, System.getenv(), 1 << 20, LongLines.usual(), lastWords, this);
        String first = next();
        if (!first.equals("ready")) {
            throw new IllegalStateException(first + " " + lastWords.lines());
        }
    }

    static Hostile with(Confinement confinement) throws Exception {
        return new Hostile(new Command(
                List.of("python3", "-S", "-E", script().toString()),
                Path.of("/"),
                Map.of("TOKEN", Secret.of("sesame-open")),
                Optional.of(confinement)));
    }

    /** It sees its own script, and these. */
    static Confinement seeing(List<Path> hidden, ChildLimits limits, Confinement.Folder... folders) throws Exception {
        List<Confinement.Folder> all = new ArrayList<>(List.of(folders));
        all.add(new Confinement.Folder(script(), false));
        return new Confinement(all, hidden, limits);
    }

    static Path script() throws URISyntaxException {
        return Path.of(Hostile.class.getResource("hostile.py").toURI());
    }

    String does(String what) throws Exception {
        return does(Json.object().put("do", what));
    }

    String does(Json.Builder request) throws Exception {
        if (!child.send(JsonWriter.bytes(request.build()), Departure.FREE, () -> {})) {
            return ENDED;
        }
        return next();
    }

    private String next() throws InterruptedException {
        String line = said.poll(60, TimeUnit.SECONDS);
        return line == null ? "silence" : line.replaceAll("^\"|\"$", "");
    }

    @Override
    public void started(Child started) {
        // Nothing to say to it yet.
    }

    @Override
    public void line(byte[] line, boolean whole) {
        said.add(new String(line, StandardCharsets.UTF_8));
    }

    @Override
    public void ended() {
        said.add(ENDED);
    }

    @Override
    public void close() {
        child.kill();
    }
}
