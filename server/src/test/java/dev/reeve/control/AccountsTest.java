package dev.reeve.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.reeve.audit.Scope;
import dev.reeve.secrets.Secret;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
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

    private SignIns.Answer signIn(String name, Secret password, String source) throws RefusedException {
        return signIns.signIn(name, password, source, Optional.empty());
    }

    private Secret invited(String name) throws RefusedException {
        return room.accounts().invite("local:root", name, Set.of(Role.ADMIN), Scope.ALL);
    }

    /** Whoever has the old password begins a session while its owner sets another because of them. */
    @Test
    void aSignInWithAPasswordThatIsChangedMeanwhileIsNone() throws Exception {
        room.accounts().accept(invited("bo"), OLD);
        assertInstanceOf(SignIns.Answer.In.class, signIn("bo", OLD, "here"));
        Secret again = invited("bo");
        duringSignIn(() -> room.accounts().accept(again, FRESH));
        assertEquals(
                "person_changed",
                assertThrows(RefusedException.class, () -> signIn("bo", OLD, "here"))
                        .code());
        assertInstanceOf(SignIns.Answer.Wrong.class, signIn("bo", OLD, "here"));
        assertInstanceOf(SignIns.Answer.In.class, signIn("bo", FRESH, "here"));
        duringSignIn(() -> room.accounts().remove("local:root", "bo"));
        assertEquals(
                "person_changed",
                assertThrows(RefusedException.class, () -> signIn("bo", FRESH, "here"))
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
                boolean tried = signIn("ana", FRESH, "198.51.100." + address) instanceof SignIns.Answer.Wrong;
                wrong += tried ? 1 : 0;
            }
        }
        assertEquals(12 + SignIns.TRIES_OF_ALL, wrong, "one that is free for each address, and then those of all");
        assertInstanceOf(SignIns.Answer.Later.class, signIn("ana", OLD, "198.51.100.1"), "what is right waits");
        assertInstanceOf(SignIns.Answer.In.class, signIn("ana", OLD, "203.0.113.7"));
    }

    @Test
    void whoHasANetworkHasNoMoreTriesThanWhoHasAnAddress() throws Exception {
        room.accounts().accept(invited("ana"), OLD);
        for (int i = 0; i < SignIns.TRIES; i++) {
            assertInstanceOf(SignIns.Answer.Wrong.class, signIn("ana", FRESH, "2001:db8:1:2:0:0:0:" + i));
        }
        assertInstanceOf(SignIns.Answer.Later.class, signIn("ana", OLD, "2001:db8:1:2:9:8:7:6%eth0"));
        assertInstanceOf(SignIns.Answer.In.class, signIn("ana", OLD, "2001:db8:1:3:0:0:0:1"));
    }

    /** As on plain loopback, where everybody has one address. */
    private void useUp(String source) throws RefusedException {
        int names = 0;
        while (signIn("nobody-" + names, FRESH, source) instanceof SignIns.Answer.Wrong) {
            names++;
        }
    }

    private Secret device(String name) throws RefusedException {
        return assertInstanceOf(SignIns.Answer.In.class, signIn(name, OLD, "here"))
                .device();
    }

    private SignIns.Answer signIn(Secret password, Secret device) throws RefusedException {
        return signIns.signIn("ana", password, "here", Optional.of(device));
    }

    @Test
    void aBrowserOfAPersonHasTriesThatOthersBehindOneAddressCannotUseUp() throws Exception {
        room.accounts().accept(invited("ana"), OLD);
        room.accounts().accept(invited("eve"), OLD);
        Secret device = device("ana");
        Secret evesOwn = device("eve");
        useUp("here");
        assertInstanceOf(SignIns.Answer.Later.class, signIn("ana", OLD, "here"), "with a browser that is new");
        assertInstanceOf(SignIns.Answer.Later.class, signIn(OLD, evesOwn), "it is good for one name");
        String text = device.exposeTextInsecurely();
        String other = (text.startsWith("A") ? "B" : "A") + text.substring(1);
        for (String wrong : List.of("", "x", other, text + "0", text.replaceFirst("[0-9]+[.]", "9999999999."))) {
            assertInstanceOf(SignIns.Answer.Later.class, signIn(OLD, Secret.of(wrong)), wrong);
        }
        signIns = new SignIns(room, new SecureRandom());
        useUp("here");
        assertInstanceOf(SignIns.Answer.In.class, signIn(OLD, device), "after a restart too");
        for (int i = 1; i < SignIns.TRIES; i++) {
            assertInstanceOf(SignIns.Answer.Wrong.class, signIn(FRESH, device));
        }
        assertInstanceOf(SignIns.Answer.Later.class, signIn(OLD, device), "guessing is bounded there as well");
        house.store.pass(SignIns.DEVICE_LIFE);
        useUp("here");
        assertInstanceOf(SignIns.Answer.Later.class, signIn(OLD, device), "not for ever");
    }

    @Test
    void whoeverHasALinkNeedsNoTryThatOthersUsedUp() throws Exception {
        useUp("here");
        String good = invited("ana").exposeTextInsecurely();
        assertEquals(
                "later",
                assertThrows(RefusedException.class, () -> signIns.accept(Secret.of(good + "x"), "ana", OLD, "here"))
                        .code());
        assertEquals(
                "ana",
                signIns.accept(Secret.of(good), "ana", OLD, "here")
                        .present()
                        .caller()
                        .person());
    }
}
