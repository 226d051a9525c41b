package dev.reeve.definitions.checks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Characters that people do not see or see elsewhere (R9); one pass over the text. */
final class HiddenText {
    private static final int STYLED = 4;

    private final Place place;
    /** Of each check, where it was found first. */
    private final Map<Check, Integer> first = new TreeMap<>();

    private final StringBuilder tags = new StringBuilder();
    private int styled;
    private int selectors;
    private boolean rightToLeft;

    private HiddenText(Place place) {
        this.place = place;
    }

    static List<Finding> in(Place place) {
        if (place.text().chars().allMatch(c -> (c >= ' ' && c < 0x7f) || c == '\n')) {
            return List.of();
        }
        HiddenText hidden = new HiddenText(place);
        hidden.read();
        return hidden.findings();
    }

    private void read() {
        String text = place.text();
        rightToLeft = text.codePoints().anyMatch(Characters::isRightToLeft);
        int before = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            look(c, before, i);
            before = c;
            i += Character.charCount(c);
        }
    }

    private void look(int c, int before, int at) {
        Characters.unseen(c, before, rightToLeft).ifPresent(check -> first.putIfAbsent(check, at));
        if (Characters.isTag(c)) {
            spell(c);
        } else if (Characters.isVariationSelector(c)) {
            selectors += Characters.unseen(c, before, rightToLeft).isPresent() ? 1 : 0;
        } else if (Characters.isControl(c)) {
            first.putIfAbsent(Check.CONTROL_CHARACTERS, at);
        } else if (Characters.isStyled(c) && ++styled == STYLED) {
            first.putIfAbsent(Check.STYLED_LETTERS, at);
        }
    }

    private void spell(int c) {
        if (c >= 0xE0020 && c < 0xE007F && tags.length() < 120) {
            tags.append((char) (c - 0xE0000));
        }
    }

    private List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        first.forEach((check, at) -> findings.add(place.finding(check, at, at + 1, reason(check))));
        return List.copyOf(findings);
    }

    private String reason(Check check) {
        return switch (check) {
            case TAG_CHARACTERS -> "tag characters spell `" + Excerpt.ascii(tags.toString()) + "`, which nobody sees";
            case VARIATION_SELECTORS -> selectors + " variation selectors that change no letter can carry hidden bytes";
            case DIRECTION_CHARACTERS -> "the text is shown in another order than it is read";
            case CONTROL_CHARACTERS -> "a terminal obeys these characters instead of showing them";
            case STYLED_LETTERS -> "letters in another form than people type";
            default -> "characters that draw nothing stand between those that are seen";
        };
    }
}
