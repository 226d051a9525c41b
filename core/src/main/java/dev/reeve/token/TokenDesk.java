package dev.reeve.token;

import dev.reeve.approval.Answerer;
import dev.reeve.approval.ApprovalActs;
import dev.reeve.approval.Eligibility;
import dev.reeve.approval.NotDecidedException;
import dev.reeve.approval.NotDecidedException.Kind;
import dev.reeve.approval.People;
import dev.reeve.approval.Person;
import dev.reeve.gate.GateClock;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Where people see which tokens live, and turn one back. Whoever calls vouches that the person is signed in to Reeve as that person (R16).
 *
 * <p>Security guarantees: a value is shown to nobody whom the guardrail does not name that made the token; that it is shown, to whom and why is in the
 * record before it is.
 */
public final class TokenDesk {
    private static final int LONGEST_REASON = 1_000;

    private final TokenBook book;
    private final ApprovalActs acts;
    private final People people;
    private final GateClock clock;

    public TokenDesk(TokenBook book, ApprovalActs acts, People people, GateClock clock) {
        this.book = book;
        this.acts = acts;
        this.people = people;
        this.clock = clock;
    }

    /**
     * Those that live, newest first.
     *
     * @param agent empty: any
     */
    public List<Token> list(Optional<String> agent, int most) {
        Instant now = clock.latest();
        return book.all()
                .filter(token -> token.livesAt(now))
                .filter(token ->
                        agent.isEmpty() || agent.get().equals(token.scope().agent()))
                .sorted(Comparator.comparing(Token::created).reversed().thenComparing(Token::id))
                .limit(most)
                .toList();
    }

    /** One that lives, with its kind, as agents see it, or its id alone. */
    public Optional<Token> find(String written) {
        return book.find(id(written)).filter(token -> token.livesAt(clock.latest()));
    }

    public int size() {
        return book.size();
    }

    /**
     * What a token stands for.
     *
     * @param written with its kind, as agents see it, or its id alone
     * @param reason 1 to {@value #LONGEST_REASON} characters
     */
    public Token reveal(String written, Answerer person, String reason) throws NotDecidedException {
        if (reason.isBlank() || reason.length() > LONGEST_REASON) {
            throw new NotDecidedException(
                    Kind.INVALID,
                    "reason_needed",
                    "a reason of 1 to " + LONGEST_REASON + " characters is needed",
                    "say why");
        }
        Token token = find(written)
                .orElseThrow(() -> new NotDecidedException(
                        Kind.UNKNOWN, "token_unknown", "there is no such token, or it has expired", ""));
        mayTurnBack(token, person);
        try {
            acts.record(person.name(), "token_revealed", token.id(), difference(token, reason));
        } catch (UnrecordableException e) {
            throw NotDecidedException.unrecordable(e);
        }
        return token;
    }

    private static String id(String written) {
        var matcher = Token.WRITTEN.matcher(written);
        return matcher.matches() ? matcher.group(2) : written;
    }

    private void mayTurnBack(Token token, Answerer who) throws NotDecidedException {
        Optional<Person> person = people.person(who);
        boolean may = !token.by().isEmpty()
                && person.isPresent()
                && Eligibility.mayGive(token.by(), token.owner(), token.scope().user(), person.get());
        if (!may) {
            throw new NotDecidedException(
                    Kind.FORBIDDEN,
                    "not_for_you",
                    "the guardrail that made the token does not let `" + who.name() + "` turn it back",
                    "it names who may with `by`");
        }
    }

    private static Json.Obj difference(Token token, String reason) {
        return Json.object()
                .put("agent", token.scope().agent())
                .put("instance", token.scope().instance())
                .put("kind", token.kind())
                .put("reason", reason)
                .put("user", token.scope().user())
                .build();
    }

    /** What time brings about: values of what has expired are wiped. */
    public void tick() throws UnrecordableException {
        book.sweep();
    }
}
