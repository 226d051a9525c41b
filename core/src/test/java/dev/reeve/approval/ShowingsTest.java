package dev.reeve.approval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.reeve.approval.ApprovalDesk.Filter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who sees what agents want to do is in the record before, and looking often does not fill it (R15, R27). */
final class ShowingsTest {
    private final ApprovalHouse house = new ApprovalHouse();

    ShowingsTest() throws Exception {}

    private List<String> shown() {
        return house.happened.stream()
                .filter(one -> one.startsWith("arguments_shown"))
                .toList();
    }

    private void looks(String person) throws NotDecidedException {
        house.desk().showing(person, house.desk().list(Filter.ALL));
    }

    @Test
    void eachPersonAndQuestionIsRecordedOnce() throws Exception {
        String first = house.held(100);
        looks("ana");
        looks("ana");
        looks("bo");
        assertEquals(List.of("arguments_shown " + first + " by ana", "arguments_shown " + first + " by bo"), shown());
        house.held(200);
        String third = house.held(300);
        looks("ana");
        looks("ana");
        assertEquals("arguments_shown approvals by ana", shown().getLast());
        assertEquals(3, shown().size(), "two that are new to her are one record");
        house.desk().showing("bo", List.of(house.desk().show(third).orElseThrow()));
        assertEquals("arguments_shown " + third + " by bo", shown().getLast());
    }

    @Test
    void whatCannotBeRecordedIsNotShownAndIsRecordedWhenItIs() throws Exception {
        String ticket = house.held(100);
        house.full = true;
        assertEquals(
                "unrecordable",
                assertThrows(NotDecidedException.class, () -> looks("ana")).code());
        house.full = false;
        looks("ana");
        assertEquals(List.of("arguments_shown " + ticket + " by ana"), shown());
        house.full = true;
        looks("ana");
    }

    @Test
    void whatEndedHasNoArgumentsToShow() throws Exception {
        String ticket = house.held(100);
        house.desk().decide(ticket, house.as("ana"), false, "no");
        looks("bo");
        assertEquals(List.of(), shown());
    }
}
