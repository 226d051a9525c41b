package dev.reeve.definitions.checks;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Sentences that speak to the model instead of describing the thing. */
final class Orders {
    private static final String RULES =
            "instruction*|prompt|prompts|rule|rules|guideline*|directive*|restriction*|guardrail*|safeguard*|orders";
    private static final String NOT = "not|never|dont|without|mustnt|shouldnt|avoid|cannot|refrain";
    private static final String USER = "user|users|human|humans|customer|operator|person|owner|anyone|anybody";
    private static final String GIVE =
            "pass|include|append|attach|add|send|forward|put|provide|supply|insert|copy|paste|upload|post|embed|share|transmit|write|store|place";

    private record Order(Check check, Phrase phrase, String reason) {}

    private static final List<Order> ORDERS = Stream.of(
                    orders(
                            Check.OVERRIDES_ORDERS,
                            "it tells the model to drop or replace its instructions",
                            "ignore|disregard|forget|neglect|discard ..3 previous|prior|above|earlier|preceding|existing|system|safety|all|any|your ..3 "
                                    + RULES,
                            "ignore|disregard|forget|neglect|discard ..2 " + RULES
                                    + " ..2 above|before|earlier|previously|given",
                            "override|overrides|supersede|supersedes|replace|replaces ..2 previous|prior|above|earlier|preceding|all|any|your ..3 "
                                    + "instruction*|prompt|prompts|guideline*|directive*",
                            "not|dont|never|stop ..2 follow|following|obey|obeying ..4 " + RULES,
                            "you are now ..3 a|an|in|the|free",
                            "you are no longer",
                            "your new|real|true|actual task|goal|role|objective|instructions|instruction|purpose|mission",
                            "from now on ..3 you|always|every|all|never",
                            "new|updated system|developer instruction*|prompt|message",
                            "pretend ..2 you ..2 are|have"),
                    orders(
                            Check.HIDES_FROM_USER,
                            "it tells the model to keep something from the user",
                            NOT
                                    + " ..3 tell|telling|inform|informing|notify|notifying|mention|mentioning|alert|alerting|disclose|disclosing"
                                    + " ..8 " + USER,
                            NOT + " ..1 mention|mentioning|disclose|disclosing ..1 this|that|it|these",
                            NOT + " ..3 reveal|revealing|explain|show|display ..1 this|that|it|these ..6 " + USER,
                            "keep|keeping|remain|stay ..4 secret|hidden|confidential|invisible|unnoticed ..2 from ..3 "
                                    + USER,
                            "hide|hiding|conceal|concealing ..4 from ..3 " + USER,
                            "without ..5 " + USER
                                    + " ..1 knowledge|knowing|noticing|consent|awareness|realizing|seeing",
                            USER + " ..3 not|never|mustnt|shouldnt ..3 know|notice|aware|informed|told|notified",
                            "silently|secretly|covertly|discreetly|stealthily ..4 send|sends|read|reads|call|pass|copy|forward|upload|include|invoke|add|collect"),
                    orders(
                            Check.EXFILTRATION_ORDER,
                            "it wants what the conversation or another place holds",
                            GIVE
                                    + " ..6 full|entire|whole|complete|previous|all|prior|current ..3 conversation|chat|dialogue|transcript|context",
                            GIVE + " ..6 conversation|chat|message|prompt|session history|log|transcript|context",
                            GIVE + " ..5 system|developer|original prompt|message|instructions",
                            "exfiltrate|exfiltrates|exfiltrating|exfiltration",
                            "read|cat|open|load|fetch|list ..12 and|then ..3 pass|send|include|append|put|provide|forward|attach|upload ..3 "
                                    + "content|contents|it|its|them|their|output|result|results ..2 as|in|to|into|via|through",
                            "change|replace|redirect|alter|swap|modify ..3 recipient|recipients|destination|payee|beneficiary",
                            "add|include|put|set ..3 bcc|cc ..3 to|of|as|every|all",
                            "content|contents ..2 of|from ..3 file|files ..3 as|into ..2 parameter|argument|sidenote|note"),
                    orders(
                            Check.BEFORE_OTHER_WORK,
                            "it wants a say in when other calls are made",
                            "before ..2 using|use|calling|call|invoking|invoke|running|executing ..4 tool|tools|function|functions",
                            "always|must ..2 call|use|invoke|run|execute ..2 this ..2 first|before",
                            "every|each|whenever|any ..4 tool|tools ..3 is|are ..1 called|used|invoked|executed",
                            "when|whenever|after ..3 another|other|any ..2 tool|tools"))
            .flatMap(List::stream)
            .toList();

    private Orders() {}

    private static List<Order> orders(Check check, String reason, String... phrases) {
        return Stream.of(phrases)
                .map(phrase -> new Order(check, new Phrase(phrase), reason))
                .toList();
    }

    /** The orders by the words that they begin with: most words of a text begin none. */
    private static final Map<String, List<Order>> BY_FIRST_WORD = new HashMap<>();

    private static final List<Order> BY_BEGINNING = new ArrayList<>();

    static {
        for (Order order : ORDERS) {
            Set<String> first = order.phrase().firstWords();
            if (first.isEmpty()) {
                BY_BEGINNING.add(order);
            }
            first.forEach(word -> BY_FIRST_WORD
                    .computeIfAbsent(word, ignored -> new ArrayList<>())
                    .add(order));
        }
    }

    /** At most one of each check: the first. */
    static List<Finding> in(Place place, Words words) {
        Map<Check, Finding> findings = new EnumMap<>(Check.class);
        for (int i = 0; i < words.size(); i++) {
            match(place, words, i, BY_FIRST_WORD.getOrDefault(words.at(i), List.of()), findings);
            match(place, words, i, BY_BEGINNING, findings);
        }
        return List.copyOf(findings.values());
    }

    private static void match(Place place, Words words, int from, List<Order> orders, Map<Check, Finding> findings) {
        for (Order order : orders) {
            int end = findings.containsKey(order.check()) ? -1 : order.phrase().matches(words, from);
            if (end >= 0) {
                int last = words.place(end - 1) + words.at(end - 1).length();
                findings.put(order.check(), place.finding(order.check(), words.place(from), last, order.reason()));
            }
        }
    }
}
