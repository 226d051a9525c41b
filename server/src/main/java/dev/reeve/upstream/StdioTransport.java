package dev.reeve.upstream;

import dev.reeve.child.CannotConfineException;
import dev.reeve.child.Child;
import dev.reeve.child.Command;
import dev.reeve.child.LastWords;
import dev.reeve.child.Slots;
import dev.reeve.json.Json;
import dev.reeve.secrets.KnownSecrets;
import dev.reeve.upstream.CallFailedException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Children of one upstream, one for each principal instance unless the operator declared it stateless (R13). */
final class StdioTransport implements Transport {
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private final UpstreamSettings.Stdio settings;
    private final Failures failures;
    private final News news;
    private final Slots slots;
    private final Map<String, String> ours;
    private final Launching launching;
    private final LastWords lastWords;
    private final Restarts restarts =
            new Restarts(() -> ThreadLocalRandom.current().nextDouble());

    StdioTransport(
            UpstreamSettings.Stdio settings,
            Failures failures,
            News news,
            Slots slots,
            Map<String, String> ours,
            Launching launching) {
        this.settings = settings;
        this.failures = failures;
        this.news = news;
        this.slots = slots;
        this.ours = ours;
        this.launching = launching;
        this.lastWords = new LastWords(KnownSecrets.of(settings.environment().values()));
    }

    @Override
    public Link open(Links.Key key, Optional<Agreement> known) throws CallFailedException {
        Optional<String> resting = restarts.refusal(key, System.nanoTime());
        if (resting.isPresent()) {
            throw failures.resting(resting.get() + lastWords.last());
        }
        boolean olderFixed =
                settings.revision().filter(Agreement::isKnownLegacy).isPresent();
        if (known.isEmpty() && !olderFixed) {
            StdioLink first = start(key);
            try {
                return agree(first, discover(first), key.offered());
            } catch (CallFailedException e) {
                boolean lives = first.isOpen();
                Thread.startVirtualThread(first::close);
                // Some servers end when the first thing that they hear is not `initialize`.
                if (lives || e.kind() == Kind.NOT_SENT) {
                    throw e;
                }
            } catch (RuntimeException | Error e) {
                abandon(first);
                throw e;
            }
        }
        return openAgain(key, known);
    }

    private Link openAgain(Links.Key key, Optional<Agreement> known) throws CallFailedException {
        StdioLink link = start(key);
        try {
            return agree(link, known.filter(Agreement::modern), key.offered());
        } catch (CallFailedException e) {
            boolean lives = link.isOpen();
            String lastWill = link.lastWill();
            Thread.startVirtualThread(link::close);
            throw lives ? e : failures.down(lastWill);
        } catch (RuntimeException | Error e) {
            abandon(link);
            throw e;
        }
    }

    /** A fault of ours, or no memory: nobody would end the child, nor give its place back. */
    private static void abandon(StdioLink link) {
        Thread.startVirtualThread(link::close);
    }

    private Link agree(StdioLink link, Optional<Agreement> modern, Offered offered) throws CallFailedException {
        Discovery.refuseIfNotAsFixed(modern, settings.revision(), failures);
        Agreement agreed = modern.isPresent() ? modern.get() : initialize(link, offered);
        link.agree(agreed);
        if (agreed.modern()) {
            listen(link);
        }
        return link;
    }

    private Optional<Agreement> discover(StdioLink link) throws CallFailedException {
        Duration firstByte = settings.limits().firstByte();
        Call own = Call.own(firstByte.compareTo(SILENCE) < 0 ? firstByte : SILENCE);
        Answer answer;
        try {
            answer = link.ask(Envelope.discover(), own, true);
        } catch (CallFailedException e) {
            if (e.kind() == Kind.LOST && link.isOpen()) {
                return Optional.empty();
            }
            throw e;
        }
        return Discovery.read(Optional.of(answer), failures);
    }

    private Agreement initialize(StdioLink link, Offered offered) throws CallFailedException {
        Call own = Call.own(settings.limits().firstByte());
        Answer answer = link.ask(Envelope.initialize(settings.revision(), offered), own, false);
        if (settings.revision().isEmpty() && Discovery.isNewerOnly(Optional.of(answer))) {
            Optional<Agreement> late = discover(link);
            if (late.isPresent()) {
                return late.get();
            }
        }
        Agreement agreed = Discovery.initialized(Optional.of(answer), "on its pipe", failures);
        if (!link.tell(Envelope.notification("notifications/initialized", Json.Obj.EMPTY))) {
            throw failures.down("its process does not take its input");
        }
        return agreed;
    }

    /** The answer comes when the stream ends, and nobody waits for it. */
    private void listen(StdioLink link) {
        Ask ask = Envelope.listen(link.agreement());
        boolean wanted = ask.params()
                .object("notifications")
                .filter(it -> !it.members().isEmpty())
                .isPresent();
        if (wanted && !link.tell(Envelope.request(Envelope.freshId(), ask, true, Optional.empty()))) {
            news.drop();
        }
    }

    private StdioLink start(Links.Key key) throws CallFailedException {
        takeSlot();
        StdioLink link =
                new StdioLink(failures, news, lastWords, settings.limits().answerBytes());
        boolean started = false;
        try {
            Command command = launching.of(settings);
            Child child =
                    Child.start(command, ours, settings.limits().answerBytes(), slots.longLines(), lastWords, link);
            started = true;
            child.gone().thenRun(() -> {
                slots.giveBack();
                restarts.ended(key, child.age(), child.wasClosed(), System.nanoTime());
            });
            return link;
        } catch (CannotConfineException | LaunchRefusedException e) {
            throw failures.down(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw failures.down(
                    Files.isDirectory(settings.folder())
                            ? "its program cannot be started; check that `"
                                    + settings.argv().getFirst() + "` is installed and may be run" + shown(e)
                            : "its folder `" + settings.folder() + "` is not there");
        } finally {
            if (!started) {
                slots.giveBack();
            }
        }
    }

    /** Of a confined child a folder may be the reason. */
    private String shown(IOException why) {
        return settings.confinement().isPresent()
                ? ", and that its `folders` are there (" + why.getMessage() + ")"
                : "";
    }

    private void takeSlot() throws CallFailedException {
        try {
            if (!slots.take()) {
                throw failures.crowded("all " + slots.most() + " places for child processes are in use");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failures.cancelled(false);
        }
    }

    @Override
    public long crashes() {
        return restarts.total();
    }

    @Override
    public List<String> lastWords() {
        return lastWords.lines();
    }

    @Override
    public boolean sharesFate() {
        return false;
    }

    @Override
    public boolean hasHeaders() {
        return false;
    }

    @Override
    public void close() {
        // Nothing beside the links, and those are closed by whoever opened them.
    }
}
