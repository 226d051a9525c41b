package dev.reeve.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.reeve.audit.Scope;
import dev.reeve.secrets.Secret;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What two people do at the same time, and what one link makes of another. */
final class AccountsTest {
    private static final Secret OLD = Secret.of("correct horse battery staple 9");
    private static final Secret FRESH = Secret.of("another quite long password 7");

    @TempDir
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private ControlHouse house;

    @SuppressWarnings("NullAway.Init")
    private ControlRoom room;

    @SuppressWarnings("NullAway.Init")
    private SignIns signIns;

    @BeforeEach
    void open() throws Exception {
        house = new ControlHouse(folder);
        room = house.open();
        signIns = new SignIns(room, new SecureRandom());
    }

    @AfterEach
    void close() {
        room.close();
    }

    private Secret invited(String name) throws RefusedException {
        return room.accounts().invite("local:root", name, Set.of(Role.ADMIN), Scope.ALL);
    }

    /** Whoever has the old password begins a session while its owner sets another because of them. */
    @Test
    void aSignInWithAPasswordThatIsChangedMeanwhileIsNone() throws Exception {
        room.accounts().accept(invited("bo"), OLD);
        assertInstanceOf(SignIns.Answer.In.class, signIns.signIn("bo", OLD, "here"));
        Secret again = invited("bo");
        duringSignIn(() -> room.accounts().accept(again, FRESH));
        assertEquals(
                "person_changed",
                assertThrows(RefusedException.class, () -> signIns.signIn("bo", OLD, "here"))
                        .code());
        assertInstanceOf(SignIns.Answer.Wrong.class, signIns.signIn("bo", OLD, "here"));
        assertInstanceOf(SignIns.Answer.In.class, signIns.signIn("bo", FRESH, "here"));
        duringSignIn(() -> room.accounts().remove("local:root", "bo"));
        assertEquals(
                "person_changed",
                assertThrows(RefusedException.class, () -> signIns.signIn("bo", FRESH, "here"))
                        .code());
    }

    private interface Act {
        void run() throws RefusedException;
    }

    /** Once, while the next one is being recorded. */
    private void duringSignIn(Act act) {
        AtomicReference<Act> next = new AtomicReference<>(act);
        house.meanwhile = one -> {
            Act now = one.equals("sign_in") ? next.getAndSet(() -> {}) : () -> {};
            try {
                now.run();
            } catch (RefusedException e) {
                throw new AssertionError(e);
            }
        };
    }

    /** It was good for its ten minutes, and made a second administrator. */
    @Test
    void theFirstLinkEndsWhenSomebodyIsAdministratorByAnInvitation() throws Exception {
        Secret first = room.administrators().firstLink().orElseThrow();
        Secret link = invited("ana");
        room.accounts().accept(link, OLD);
        assertEquals(
                "first_admin_refused",
                assertThrows(RefusedException.class, () -> signIns.accept(first, "eve", FRESH, "here"))
                        .code());
        assertEquals(
                "first_admin_refused",
                assertThrows(RefusedException.class, () -> room.administrators().redeem(first, "eve"))
                        .code());
    }

    @Test
    void theFirstLinkIsGoodWhileNobodyIsAdministrator() throws Exception {
        Secret first = room.administrators().firstLink().orElseThrow();
        invited("ana");
        assertInstanceOf(SignIns.Answer.In.class, signIns.accept(first, "eve", FRESH, "here"));
    }

    /** Anybody who reaches the control address could use up the tries of a person whose name they know. */
    @Test
    void triesFromElsewhereLockNobodyOutAndGuessingStaysBounded() throws Exception {
        room.accounts().accept(invited("ana"), OLD);
        int wrong = 0;
        for (int address = 0; address < 12; address++) {
            for (int i = 0; i < SignIns.TRIES; i++) {
                boolean tried = signIns.signIn("ana", FRESH, "198.51.100." + address) instanceof SignIns.Answer.Wrong;
                wrong += tried ? 1 : 0;
            }
        }
        assertEquals(12 + SignIns.TRIES_OF_ALL, wrong, "one that is free for each address, and then those of all");
        assertInstanceOf(SignIns.Answer.Later.class, signIns.signIn("ana", OLD, "198.51.100.1"), "what is right waits");
        assertInstanceOf(SignIns.Answer.In.class, signIns.signIn("ana", OLD, "203.0.113.7"));
    }

    @Test
    void whoHasANetworkHasNoMoreTriesThanWhoHasAnAddress() throws Exception {
        room.accounts().accept(invited("ana"), OLD);
        for (int i = 0; i < SignIns.TRIES; i++) {
            assertInstanceOf(SignIns.Answer.Wrong.class, signIns.signIn("ana", FRESH, "2001:db8:1:2:0:0:0:" + i));
        }
        assertInstanceOf(SignIns.Answer.Later.class, signIns.signIn("ana", OLD, "2001:db8:1:2:9:8:7:6%eth0"));
        assertInstanceOf(SignIns.Answer.In.class, signIns.signIn("ana", OLD, "2001:db8:1:3:0:0:0:1"));
    }
}
