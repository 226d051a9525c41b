package dev.reeve.identity;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class PersonNameTest {
    /** Where two people are needed, one does not become two by the way the name is written. */
    @Test
    void namesThatMayBeOnePersonsAreTakenForOne() {
        for (String one : List.of("ana", "Ana", " ana ", "ana@example.com", "ANA @x", "\uff41na", "ana\u00a0@x")) {
            assertTrue(PersonName.isSame("ana", one), one);
        }
        for (String other : List.of("anna", "bo", "an", "ana.b@example.com")) {
            assertFalse(PersonName.isSame("ana", other), other);
        }
    }

    @Test
    void nobodyIsCalledLikeWhatIsNoPerson() {
        for (String name : List.of(
                "owner",
                "group:x",
                "role:admin",
                "user:ana",
                "local:ana",
                "file:ana",
                "reeve",
                "Reeve@x",
                "anonymous",
                "agent",
                "first-admin",
                " ana",
                "ana ")) {
            assertTrue(PersonName.isTaken(name), name);
        }
        for (String name : List.of("ana", "ana@example.com", "Ana Maria", "reeves")) {
            assertFalse(PersonName.isTaken(name), name);
        }
    }
}
