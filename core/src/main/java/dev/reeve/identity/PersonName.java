package dev.reeve.identity;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;

/** Names of people, which come from several places: tokens, sign-in, files, the operating system. */
public final class PersonName {
    /** Who stands in the record where it was no person. */
    private static final Set<String> NOBODY = Set.of("reeve", "anonymous", "agent", "first-admin");

    private PersonName() {}

    /** Whether two names may be one person's: {@code ana@example.com} is taken for {@code ana}. Where two people are needed, doubt counts as one. */
    public static boolean isSame(String one, String other) {
        return plain(one).equals(plain(other));
    }

    /** Whether this means something else where rules name people: nobody may be called so, and it names nobody. */
    public static boolean isSelector(String name) {
        return name.equals("owner")
                || name.startsWith("user:")
                || name.startsWith("group:")
                || name.startsWith("role:")
                || name.startsWith("local:");
    }

    /** Whether nobody may be given this name: it means something else in rules or in the record, or reads like another. */
    public static boolean isTaken(String name) {
        return isSelector(name)
                || name.startsWith("file:")
                || !name.equals(name.strip())
                || NOBODY.contains(plain(name));
    }

    /** What stands before an {@code @}, in lower case, with letters of other widths and forms as the usual ones (NFKC). */
    public static String plain(String person) {
        String usual = Normalizer.normalize(person, Normalizer.Form.NFKC).strip();
        int at = usual.indexOf('@');
        return (at < 0 ? usual : usual.substring(0, at))
                .toLowerCase(Locale.ROOT)
                .strip();
    }
}
