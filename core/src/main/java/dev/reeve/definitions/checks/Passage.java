package dev.reeve.definitions.checks;

import java.util.Optional;

/** The looks of a {@link Review} that hold for any text that a model may read, by single characters and passages. Pure. */
public final class Passage {
    private static final int LONGEST = 8_192;

    private Passage() {}

    /**
     * Whether nobody sees this character, or sees it elsewhere, though it has no use there.
     *
     * @param before the character before it; 0 at the beginning
     * @param amongRightToLeft whether letters that are written from right to left stand around it
     */
    public static Optional<Check> unseen(int c, int before, boolean amongRightToLeft) {
        return Characters.unseen(c, before, amongRightToLeft);
    }

    public static boolean isRightToLeft(int c) {
        return Characters.isRightToLeft(c);
    }

    /** Whether it is a letter of another script that looks like a Latin one. */
    public static boolean isLookAlike(int c) {
        return Confusables.isLookAlike(c);
    }

    /** The Latin letter that it looks like; itself if there is none. */
    public static int latin(int c) {
        return Confusables.latin(c);
    }

    /** Whether it speaks to a model instead of describing something. English; of a longer text the first 8,192 characters. */
    public static boolean isOrder(String text) {
        String read = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
        Place place = new Place("", Place.Role.TEXT, read);
        return Orders.in(place, Words.of(Folded.of(read))).stream()
                .anyMatch(finding -> finding.check() != Check.BEFORE_OTHER_WORK);
    }
}
