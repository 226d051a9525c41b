package dev.reeve.enforcement;

import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import dev.reeve.gate.RuleRef;
import java.util.Optional;

/**
 * A verdict, as an enforcement point is told it.
 *
 * @param held a person must approve it first; it is not allowed meanwhile
 * @param ticket the record's id; empty if there is none
 * @param denial why not
 */
public record Judged(boolean allowed, boolean held, String ticket, Optional<Denial> denial) {
    /** What a thing that does not exist is answered with, and so everything that may not be seen (R10). */
    static final String NOTHING_ALLOWS = "no_rule_allows";

    /** The code that may be told to the one who was refused. */
    public String code() {
        return denial.filter(it -> !it.concealed()).map(Denial::code).orElse(NOTHING_ALLOWS);
    }

    public ReasonClass reasonClass() {
        return denial.filter(it -> !it.concealed()).map(Denial::reasonClass).orElse(ReasonClass.POLICY);
    }

    /** For the one who was refused. */
    public String words() {
        Optional<String> told = denial.filter(it -> !it.concealed()).flatMap(Denial::tell);
        return told.orElse(
                held
                        ? "a person must approve this first"
                        : switch (reasonClass()) {
                            case POLICY -> "this is not allowed";
                            case ARGUMENTS -> "this is not allowed in this form";
                            case APPROVAL -> "a person must look at this first";
                            case IDENTITY -> "the access of this subject has ended";
                            case LIMIT -> "this is too much at present";
                            case UNAVAILABLE -> "this cannot be decided at present";
                        });
    }

    /** For operators, and for a point that may see what they see. */
    public Optional<String> operatorWords() {
        return denial.map(it -> it.code() + ": " + it.reason()
                + it.nearest().map(near -> "; " + near.missing()).orElse(""));
    }

    public Optional<RuleRef> rule() {
        return denial.flatMap(Denial::rule);
    }
}
