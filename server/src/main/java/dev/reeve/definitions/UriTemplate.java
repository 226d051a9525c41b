package dev.reeve.definitions;

/** Whether a URI may come from a template (RFC 6570): the literal parts must be there, in their order. In linear time for one template. */
final class UriTemplate {
    private UriTemplate() {}

    static boolean mayMake(String template, String uri) {
        int from = 0;
        int at = 0;
        while (true) {
            int open = template.indexOf('{', at);
            String literal = template.substring(at, open < 0 ? template.length() : open);
            boolean first = at == 0;
            if (open < 0) {
                return first ? uri.equals(literal) : uri.length() - literal.length() >= from && uri.endsWith(literal);
            }
            int found = first ? (uri.startsWith(literal) ? 0 : -1) : uri.indexOf(literal, from);
            int close = template.indexOf('}', open);
            if (found < 0 || close < 0) {
                return false;
            }
            from = found + literal.length();
            at = close + 1;
        }
    }
}
