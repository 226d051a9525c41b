package dev.reeve.definitions.checks;

import java.util.Optional;

/** What single characters are. */
final class Characters {
    private Characters() {}

    /** Not seen, and no blank: format characters, fillers, variation selectors, tags (Unicode's default ignorable code points). */
    static boolean drawsNothing(int c) {
        return Character.getType(c) == Character.FORMAT
                || isVariationSelector(c)
                || c == 0x034F
                || c == 0x115F
                || c == 0x1160
                || c == 0x17B4
                || c == 0x17B5
                || between(c, 0x180B, 0x180F)
                || c == 0x2065
                || c == 0x2800
                || c == 0x3164
                || c == 0xFFA0
                || between(c, 0xE0000, 0xE0FFF);
    }

    static boolean isVariationSelector(int c) {
        return between(c, 0xFE00, 0xFE0F) || between(c, 0xE0100, 0xE01EF);
    }

    static boolean isTag(int c) {
        return between(c, 0xE0000, 0xE007F);
    }

    static boolean turnsDirection(int c) {
        return c == 0x200E || c == 0x200F || c == 0x061C || between(c, 0x202A, 0x202E) || between(c, 0x2066, 0x2069);
    }

    static boolean isControl(int c) {
        return Character.getType(c) == Character.CONTROL && c != '\n' && c != '\t' && c != '\r';
    }

    static boolean isRightToLeft(int c) {
        byte direction = Character.getDirectionality(c);
        return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
    }

    /** Joiners have a use between letters of scripts that join, and between the parts of an emoji. */
    static boolean mayJoin(int before) {
        return (before >= 0x0600 && Character.isLetter(before))
                || (before >= 0x2190 && Character.getType(before) == Character.OTHER_SYMBOL)
                || before >= 0x1F000
                || before == 0xFE0F
                || (before >= 0x0900 && Character.getType(before) == Character.NON_SPACING_MARK);
    }

    /** Letters in another dress: mathematical, circled, full width, superscript. */
    static boolean isStyled(int c) {
        return between(c, 0x1D400, 0x1D7FF)
                || between(c, 0x24B6, 0x24E9)
                || (between(c, 0xFF21, 0xFF5A) && Character.isLetter(c))
                || between(c, 0x1F130, 0x1F189);
    }

    /** What nobody sees, or sees elsewhere, and has no use where it stands: which check that is. */
    static Optional<Check> unseen(int c, int before, boolean amongRightToLeft) {
        if (isTag(c)) {
            return Optional.of(Check.TAG_CHARACTERS);
        }
        if (isVariationSelector(c)) {
            return isUsefulSelector(c, before) ? Optional.empty() : Optional.of(Check.VARIATION_SELECTORS);
        }
        if (turnsDirection(c)) {
            boolean mark = c == 0x200E || c == 0x200F || c == 0x061C;
            return mark && amongRightToLeft ? Optional.empty() : Optional.of(Check.DIRECTION_CHARACTERS);
        }
        boolean joiner = c == 0x200C || c == 0x200D;
        boolean beginning = c == 0xFEFF && before == 0;
        return !isControl(c) && drawsNothing(c) && !(joiner && mayJoin(before)) && !beginning
                ? Optional.of(Check.INVISIBLE_CHARACTERS)
                : Optional.empty();
    }

    /** One behind an emoji or an ideograph is ordinary. */
    private static boolean isUsefulSelector(int c, int before) {
        boolean run = isVariationSelector(before);
        boolean onLatin = before < 0x80 && Character.isLetter(before);
        return !run && !onLatin && (c < 0xE0100 || Character.isIdeographic(before));
    }

    private static boolean between(int c, int first, int last) {
        return c >= first && c <= last;
    }
}
