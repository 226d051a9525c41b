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
        if (Characters.isTag(c)) {
            flagOrTag(c, at);
        } else if (Characters.isVariationSelector(c)) {
            selector(c, before, at);
        } else if (Characters.turnsDirection(c)) {
            direction(c, at);
        } else if (Characters.isControl(c)) {
            first.putIfAbsent(Check.CONTROL_CHARACTERS, at);
        } else if (Characters.drawsNothing(c)) {
            invisible(c, before, at);
        } else if (Characters.isStyled(c) && ++styled == STYLED) {
            first.putIfAbsent(Check.STYLED_LETTERS, at);
        }
    }

    private void flagOrTag(int c, int at) {
        first.putIfAbsent(Check.TAG_CHARACTERS, at);
        if (c >= 0xE0020 && c < 0xE007F && tags.length() < 120) {
            tags.append((char) (c - 0xE0000));
        }
    }

    /** One behind an emoji or an ideograph is ordinary. */
    private void selector(int c, int before, int at) {
        boolean run = Characters.isVariationSelector(before);
        boolean onLatin = before < 0x80 && Character.isLetter(before);
        if (run || onLatin || (c >= 0xE0100 && !Character.isIdeographic(before))) {
            selectors++;
            first.putIfAbsent(Check.VARIATION_SELECTORS, at);
        }
    }

    private void direction(int c, int at) {
        boolean mark = c == 0x200E || c == 0x200F || c == 0x061C;
        if (!(mark && rightToLeft)) {
            first.putIfAbsent(Check.DIRECTION_CHARACTERS, at);
        }
    }

    private void invisible(int c, int before, int at) {
        boolean joiner = c == 0x200C || c == 0x200D;
        boolean beginning = c == 0xFEFF && at == 0;
        if (!(joiner && Characters.mayJoin(before)) && !beginning) {
            first.putIfAbsent(Check.INVISIBLE_CHARACTERS, at);
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
