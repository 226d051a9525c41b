package dev.reeve.definitions.checks;

import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What names alone tell: of arguments, of words in two scripts, of tools that claim only to read. */
final class Names {
    private static final Set<String> SIDE = Set.of(
            "sidenote",
            "sidenotes",
            "conversationhistory",
            "chathistory",
            "messagehistory",
            "prompthistory",
            "systemprompt",
            "systemmessage",
            "previousmessages",
            "conversationlog",
            "conversationtranscript",
            "fullconversation",
            "entireconversation",
            "fullcontext",
            "toolslist",
            "toolcallhistory",
            "chainofthought",
            "hiddeninstructions",
            "contextdump");
    private static final Set<String> INVITING = Set.of(
            "context",
            "conversation",
            "conversationcontext",
            "conversationsummary",
            "reasoning",
            "rationale",
            "thoughts",
            "memory",
            "userintent",
            "usermessage",
            "userprompt",
            "originalprompt",
            "originalquery");
    private static final Phrase CHANGES = new Phrase(
            "delete|remove|drop|write|update|create|send|execute|exec|run|insert|modify|edit|upload|post|put|kill|destroy|purge|pay|transfer");

    private Names() {}

    static Optional<Finding> argument(Place place) {
        if (place.role() != Place.Role.ARGUMENT) {
            return Optional.empty();
        }
        String plain = Confusables.plain(Folded.of(place.text()).text());
        if (SIDE.contains(plain)) {
            return Optional.of(
                    place.finding(Check.SIDE_PARAMETER, "the argument asks for what the task does not need"));
        }
        return INVITING.contains(plain)
                ? Optional.of(
                        place.finding(Check.CONVERSATION_PARAMETER, "the argument invites more than the task needs"))
                : Optional.empty();
    }

    /** A word in Latin letters with one of another script that looks like Latin. */
    static Optional<Finding> mixed(Place place) {
        String text = place.text();
        int begin = 0;
        boolean latin = false;
        int alike = -1;
        for (int i = 0; i <= text.length(); ) {
            int c = i == text.length() ? ' ' : text.codePointAt(i);
            if (Character.isLetter(c)) {
                latin |= Character.UnicodeScript.of(c) == Character.UnicodeScript.LATIN && c < 0x250;
                alike = alike < 0 && Confusables.isLookAlike(c) ? i : alike;
            } else if (latin && alike >= 0 && letters(text, begin, i) > 3) {
                return Optional.of(
                        place.finding(Check.MIXED_SCRIPTS, begin, i, "a word is made of letters of two scripts"));
            } else {
                latin = false;
                alike = -1;
                begin = i + 1;
            }
            i += Character.charCount(c);
        }
        return Optional.empty();
    }

    private static long letters(String text, int begin, int end) {
        return text.substring(begin, end)
                .codePoints()
                .filter(Character::isLetter)
                .count();
    }

    static List<Finding> claims(Json.Obj definition) {
        List<Finding> findings = new ArrayList<>();
        boolean reads = definition
                .object("annotations")
                .flatMap(annotations -> annotations.get("readOnlyHint"))
                .equals(Optional.of(Json.Bool.TRUE));
        String name = definition.string("name").orElse("");
        Words words = Words.of(Folded.of(separated(name)));
        if (reads && words.size() > 0 && CHANGES.matches(words, 0) > 0) {
            findings.add(new Place("/annotations/readOnlyHint", Place.Role.TEXT, name)
                    .finding(Check.READS_ONLY_CLAIM, "the name says that it changes something"));
        }
        return findings;
    }

    /** {@code sendMail} as {@code send_Mail}. */
    static String separated(String name) {
        StringBuilder out = new StringBuilder(name.length() + 8);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (i > 0 && Character.isUpperCase(c) && Character.isLowerCase(name.charAt(i - 1))) {
                out.append('_');
            }
            out.append(c);
        }
        return out.toString();
    }
}
