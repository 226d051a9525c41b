package dev.reeve.console;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A piece of a page, as a value. Text can only be written escaped; there are no event handlers, no inline style or script, and what an
 * address is made of is a {@link Link}: so nothing that an agent says can become more than text (R9). Serialised as the HTML Standard's
 * section 13.1 wants it.
 */
sealed interface Html extends Part {
    /** What there is. What is not here, no page has. */
    enum Tag {
        A,
        BDI,
        BODY,
        BUTTON,
        CODE,
        DD,
        DETAILS,
        DIV,
        DL,
        DT,
        FOOTER,
        FORM,
        H1,
        H2,
        HEAD,
        HEADER,
        HTML,
        INPUT,
        KBD,
        LABEL,
        LI,
        LINK,
        MAIN,
        MARK,
        META,
        METER,
        NAV,
        NOSCRIPT,
        OL,
        OPTION,
        P,
        PATH,
        PRE,
        SCRIPT,
        SECTION,
        SELECT,
        SPAN,
        STRONG,
        SUMMARY,
        SVG,
        TEMPLATE,
        TEXTAREA,
        TIME,
        TITLE,
        UL;

        private static final Set<Tag> VOID = Set.of(INPUT, LINK, META);

        private String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** Written escaped, in quotes. */
    record Attribute(String name, String value) implements Part {}

    record Element(Tag tag, List<Attribute> attributes, List<Html> children) implements Html {}

    record Text(String text) implements Html {}

    record Many(List<? extends Html> all) implements Html {}

    static Many nothing() {
        return new Many(List.of());
    }

    /** Attributes whose value is text of any kind. Others have a method of their own. */
    Set<String> PLAIN = Set.of(
            "aria-controls",
            "aria-current",
            "aria-describedby",
            "aria-expanded",
            "aria-hidden",
            "aria-label",
            "aria-live",
            "aria-pressed",
            "autocapitalize",
            "autocomplete",
            "autofocus",
            "charset",
            "class",
            "content",
            "datetime",
            "d",
            "dir",
            "fill",
            "for",
            "hidden",
            "high",
            "id",
            "lang",
            "low",
            "max",
            "maxlength",
            "media",
            "method",
            "min",
            "minlength",
            "name",
            "open",
            "optimum",
            "rel",
            "readonly",
            "required",
            "role",
            "rows",
            "selected",
            "spellcheck",
            "tabindex",
            "title",
            "type",
            "value",
            "viewbox",
            "defer");

    Pattern DATA = Pattern.compile("data-[a-z-]{1,30}");

    static Element of(Tag tag, Part... parts) {
        List<Attribute> attributes = new java.util.ArrayList<>();
        List<Html> children = new java.util.ArrayList<>();
        for (Part part : parts) {
            switch (part) {
                case Attribute attribute -> attributes.add(attribute);
                case Html child -> children.add(child);
            }
        }
        if ((Tag.VOID.contains(tag) || tag == Tag.SCRIPT) && !children.isEmpty()) {
            throw new IllegalArgumentException(tag + " has no content here");
        }
        return new Element(tag, List.copyOf(attributes), List.copyOf(children));
    }

    static Text text(String text) {
        return new Text(text);
    }

    static Many all(List<? extends Html> all) {
        return new Many(List.copyOf(all));
    }

    static Attribute attribute(String name, String value) {
        if (!PLAIN.contains(name) && !DATA.matcher(name).matches()) {
            throw new IllegalArgumentException("pages have no attribute " + name);
        }
        return new Attribute(name, value);
    }

    static Attribute style(String classes) {
        return attribute("class", classes);
    }

    static Attribute href(Link link) {
        return new Attribute("href", link.toString());
    }

    static Attribute src(Link link) {
        return new Attribute("src", link.toString());
    }

    static Attribute action(Link link) {
        return new Attribute("action", link.toString());
    }

    /** As a whole document. */
    default String document() {
        StringBuilder out = new StringBuilder("<!doctype html>");
        write(this, out);
        return out.toString();
    }

    private static void write(Html html, StringBuilder out) {
        switch (html) {
            case Text text -> escape(text.text(), out);
            case Many many -> many.all().forEach(one -> write(one, out));
            case Element element -> {
                out.append('<').append(element.tag().word());
                for (Attribute attribute : element.attributes()) {
                    out.append(' ').append(attribute.name()).append("=\"");
                    escape(attribute.value(), out);
                    out.append('"');
                }
                out.append('>');
                if (!Tag.VOID.contains(element.tag())) {
                    // A line break at its begin would be dropped by the parser.
                    if (element.tag() == Tag.PRE || element.tag() == Tag.TEXTAREA) {
                        out.append('\n');
                    }
                    element.children().forEach(child -> write(child, out));
                    out.append("</").append(element.tag().word()).append('>');
                }
            }
        }
    }

    Map<Character, String> ESCAPES =
            Map.of('&', "&amp;", '<', "&lt;", '>', "&gt;", '"', "&quot;", '\'', "&#39;", '`', "&#96;");

    private static void escape(String text, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            String escaped = c < 0x80 ? ESCAPES.get(c) : null;
            if (escaped != null) {
                out.append(escaped);
            } else if (c == 0) {
                out.append('\uFFFD');
            } else {
                out.append(c);
            }
        }
    }
}
