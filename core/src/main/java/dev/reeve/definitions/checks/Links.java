package dev.reeve.definitions.checks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Addresses in texts, and runs of digits that are no words. */
final class Links {
    private static final int BLOB = 100;
    private static final String SAMPLES = "example";

    private Links() {}

    /** @param own domains of the server itself */
    static List<Finding> in(Place place, Set<String> own) {
        List<Finding> findings = new ArrayList<>();
        if (place.role() == Place.Role.ICON) {
            return findings;
        }
        image(place, findings);
        String text = place.text();
        boolean foreign = false;
        for (int at = text.indexOf("://"); at >= 0; at = text.indexOf("://", at + 3)) {
            int end = end(text, at + 3);
            String address = text.substring(at + 3, end);
            if (carriesData(address) && isWeb(text, at)) {
                findings.add(place.finding(
                        Check.LINK_WITH_DATA, Math.max(0, at - 5), end, "data is to be put into the address"));
                return findings;
            }
            if (!foreign && isWeb(text, at) && !isOwn(address, own)) {
                foreign = true;
                findings.add(place.finding(
                        Check.FOREIGN_LINK, Math.max(0, at - 5), end, "it leads out of the server's own domain"));
            }
        }
        blob(place, findings);
        return findings;
    }

    private static void image(Place place, List<Finding> findings) {
        String text = place.text();
        int at = text.indexOf("![");
        int tag = text.toLowerCase(Locale.ROOT).indexOf("<img");
        boolean picture = at >= 0 && text.indexOf("](", at) > at;
        if (picture || tag >= 0) {
            int begin = tag >= 0 ? tag : at;
            findings.add(place.finding(Check.IMAGE_LINK, begin, begin + 60, "a client that shows it fetches it"));
        }
    }

    private static boolean isWeb(String text, int at) {
        String scheme = text.substring(Math.max(0, at - 5), at).toLowerCase(Locale.ROOT);
        return scheme.endsWith("http") || scheme.endsWith("https");
    }

    private static int end(String text, int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) > ' ' && "\"'`<>)]".indexOf(text.charAt(i)) < 0) {
            i++;
        }
        return i;
    }

    /** A query that is to be filled: {@code ?d={conversation}}, {@code ?q=DATA_HERE}. */
    private static boolean carriesData(String address) {
        int query = address.indexOf('?');
        if (query < 0) {
            return false;
        }
        String asked = address.substring(query);
        return asked.indexOf('{') >= 0
                || asked.indexOf('[') >= 0
                || asked.endsWith("=")
                || asked.toLowerCase(Locale.ROOT)
                        .matches("\\?[a-z0-9_&=-]{0,40}=(data|secret|token|base64|content)[a-z_]{0,20}");
    }

    private static boolean isOwn(String address, Set<String> own) {
        String host = host(address);
        return host.indexOf('.') < 0
                || host.contains(SAMPLES)
                || own.stream().anyMatch(domain -> host.equals(domain) || host.endsWith("." + domain));
    }

    static String host(String address) {
        int end = 0;
        while (end < address.length() && "/?#:".indexOf(address.charAt(end)) < 0) {
            end++;
        }
        return address.substring(0, end).toLowerCase(Locale.ROOT);
    }

    private static void blob(Place place, List<Finding> findings) {
        String text = place.text();
        int begin = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || !isDigit(text.charAt(i))) {
                if (i - begin >= BLOB && isMixed(text, begin, i)) {
                    findings.add(
                            place.finding(Check.ENCODED_TEXT, begin, i, (i - begin) + " characters that are no words"));
                    return;
                }
                begin = i + 1;
            }
        }
    }

    private static boolean isDigit(char c) {
        return c < 0x80 && (Character.isLetterOrDigit(c) || c == '+' || c == '/' || c == '=');
    }

    private static boolean isMixed(String text, int begin, int end) {
        return text.substring(begin, end).chars().anyMatch(Character::isDigit);
    }
}
