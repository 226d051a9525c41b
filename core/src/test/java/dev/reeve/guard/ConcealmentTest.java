package dev.reeve.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConcealmentTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            +1 (415) 555-2671        | +1 (415) 555-2671
            +1 (415) 555-2671        | +14155552671
            +1 (415) 555-2671        | %2B14155552671
            +1 (415) 555-2671        | %2b1%20%28415%29%20555-2671
            +1 (415) 555-2671        | %2B1+%28415%29+555-2671
            DE89 3704 0044 0532 0130 | de893704004405320130
            DE89 3704 0044 0532 0130 | DE89%203704%200044%200532%200130
            pat.o'hara@holm.example  | pat.o'hara%40holm.example
            pat.o'hara@holm.example  | PAT.O%27HARA%40HOLM.EXAMPLE
            """)
    void aValueIsFoundInTheSpellingsThatServersAnswerWith(String value, String said) {
        assertEquals("<[it]>", Concealment.of(Map.of(value, "[it]")).in("<" + said + ">"));
    }
}
