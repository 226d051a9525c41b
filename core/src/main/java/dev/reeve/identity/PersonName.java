package dev.reeve.identity;

import java.util.Locale;

/** Names of people, which come from several places: tokens, sign-in, files, the operating system. */
public final class PersonName {
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

    /** What stands before an {@code @}, in lower case. */
    public static String plain(String person) {
        int at = person.indexOf('@');
        return (at < 0 ? person : person.substring(0, at)).toLowerCase(Locale.ROOT);
    }
}
