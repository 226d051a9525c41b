package dev.reeve.shell;

import dev.reeve.openapi.ApiBody;
import dev.reeve.openapi.SentBody;
import dev.reeve.openapi.SentRequest;
import dev.reeve.shell.ShellUse.What;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * As which request curl and wget send what they are told to: method and body. What is not certain of it is opaque, since another method does something
 * else. Sources: the manual pages of curl 8 and wget 1.
 */
final class TransferRequest {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String JSON = "application/json";

    private static final Set<String> CURL_DATA =
            Set.of("-d", "--data", "--data-ascii", "--data-binary", "--data-raw", "--data-urlencode", "--json");
    private static final Set<String> WGET_DATA = Set.of("--post-data", "--post-file", "--body-data", "--body-file");

    /** What says where a request ends: a body that is longer would be the next request, which nobody decided on. */
    private static final Set<String> FRAMING = Set.of("content-length", "transfer-encoding", "upgrade");

    /** The name of a header, which a quotation mark may stand before; the value need not be written out. */
    private static final Pattern HEADER = Pattern.compile("\"?([A-Za-z0-9-]+)\\s*[:;](.*)", Pattern.DOTALL);

    private static final Pattern UTF_8 = Pattern.compile("(?i)\\s*application/json\\s*(;\\s*charset=\"?utf-8\"?\\s*)?");
    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    private final boolean wget;
    private final Uses uses;
    private final List<Datum> data = new ArrayList<>();
    private final List<Word> uploads = new ArrayList<>();
    private final List<Optional<String>> media = new ArrayList<>();
    private Optional<String> asked = Optional.empty();
    private boolean form;
    private boolean head;
    private boolean inQuery;
    private boolean clear = true;

    /** @param option by which it is given */
    private record Datum(String option, Word value) {
        /** The text itself, if it is one and no file. */
        Optional<String> text() {
            boolean file = option.endsWith("-file")
                    || (!option.startsWith("--post")
                            && !option.equals("--data-raw")
                            && value.text().startsWith("@"));
            return value.isLiteral() && !file ? Optional.of(value.text()) : Optional.empty();
        }

        /** What goes out exactly as it is written. */
        Optional<String> asSent() {
            return option.equals("--data-urlencode") ? Optional.empty() : text();
        }
    }

    TransferRequest(boolean wget, Uses uses) {
        this.wget = wget;
        this.uses = uses;
    }

    /** An option without a value. */
    void flag(String name) {
        switch (name) {
            case "-I", "--head", "--spider" -> head = true;
            case "-G", "--get" -> inQuery |= !wget;
            case "--next" -> unclear("several requests in one command are not told apart");
            default -> {}
        }
    }

    void option(String name, Word value) {
        if (name.equals("-X") || name.equals("--request") || (wget && name.equals("--method"))) {
            method(value);
        } else if ((wget ? WGET_DATA : CURL_DATA).contains(name)) {
            data.add(new Datum(name, value));
        } else if (name.equals("--header") || (!wget && name.equals("-H"))) {
            header(value);
        } else if (!wget) {
            form |= name.equals("-F") || name.startsWith("--form");
            if (name.equals("-T") || name.equals("--upload-file")) {
                uploads.add(value);
            }
        }
    }

    private void unclear(String why) {
        clear = false;
        uses.opaque(What.PROGRAM, why);
    }

    private void method(Word value) {
        if (value.isLiteral() && SentRequest.verb(value.text()).isPresent()) {
            asked = Optional.of(value.text());
        } else {
            unclear("the method of a request is not known");
        }
    }

    /** A header may say that another host or another method is meant, and what the body is. */
    private void header(Word value) {
        Matcher found = HEADER.matcher(value.text());
        boolean oneLine = value.text().chars().noneMatch(c -> c < ' ');
        if (!found.matches() || !oneLine) {
            unclear("a header of a request is not written out");
            return;
        }
        String name = String.valueOf(found.group(1)).toLowerCase(Locale.ROOT);
        if (SentRequest.misleads(name) || name.equals("host") || FRAMING.contains(name)) {
            unclear("a header says that another method, host or length is meant");
        } else if (name.equals("content-type")) {
            media.add(value.isLiteral() ? Optional.of(String.valueOf(found.group(2))) : Optional.empty());
        }
    }

    /**
     * The same address with what is sent in its query, and with the name of the file that goes below it.
     *
     * @param addresses how many there are
     * @return empty if it is not certain, which is opaque then
     */
    Optional<String> address(String written, int addresses) {
        String address = written;
        if (!uploads.isEmpty() && isFolder(address)) {
            // Of several addresses not all need get a file.
            Optional<String> name = addresses > 1 ? Optional.empty() : uploaded(address);
            if (name.isEmpty()) {
                unclear("which address a file is sent to is not written out");
                return Optional.empty();
            }
            address += name.get();
        }
        if (!inQuery || data.isEmpty()) {
            return Optional.of(address);
        }
        List<String> parts = new ArrayList<>();
        for (Datum one : data) {
            Optional<String> text = one.option().equals("--data-urlencode") ? encoded(one) : one.text();
            if (text.isEmpty()) {
                unclear("what is sent in a query is not written out");
                return Optional.empty();
            }
            parts.add(text.get());
        }
        String query = String.join("&", parts);
        int fragment = address.indexOf('#');
        String bare = fragment < 0 ? address : address.substring(0, fragment);
        if (query.isEmpty() && !bare.contains("?")) {
            return Optional.of(address);
        }
        return Optional.of(bare + (bare.contains("?") ? "&" : "?") + query);
    }

    private static boolean isFolder(String address) {
        String path = address.replaceFirst("^[^:]*://[^/?#]*", "").replaceFirst("[?#].*", "");
        return path.isEmpty() || path.endsWith("/");
    }

    /** Below a folder a file has its own name. */
    private Optional<String> uploaded(String address) {
        Word file = uploads.getFirst();
        if (uploads.size() > 1 || !file.isLiteral() || address.contains("?") || address.contains("#")) {
            return Optional.empty();
        }
        String name = file.text().substring(file.text().lastIndexOf('/') + 1);
        if (name.equals("-") || name.equals(".")) {
            return Optional.of("");
        }
        String slash = address.replaceFirst("^[^:]*://", "").contains("/") ? "" : "/";
        return Optional.of(slash + encoded(name));
    }

    /** As {@code --data-urlencode} has it: {@code content}, {@code =content}, {@code name=content}. */
    private static Optional<String> encoded(Datum datum) {
        String text = datum.value().text();
        int equals = text.indexOf('=');
        if (!datum.value().isLiteral()
                || (equals < 0 && text.contains("@"))
                || (equals >= 0 && text.substring(0, equals).contains("@"))) {
            return Optional.empty();
        }
        String name = equals > 0 ? text.substring(0, equals + 1) : "";
        return Optional.of(name + encoded(text.substring(equals + 1)).replace("%20", "+"));
    }

    private static String encoded(String text) {
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (UNRESERVED.indexOf((char) (b & 0xFF)) >= 0) {
                out.append((char) b);
            } else {
                out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return out.toString();
    }

    /**
     * How addresses are asked; of several, only some may get what is uploaded.
     *
     * @param addresses how many there are
     * @return empty if it is not certain, which is opaque then
     */
    List<SentRequest> requests(int addresses) {
        boolean posts = form || (!data.isEmpty() && !inQuery);
        boolean uploading = !uploads.isEmpty();
        int kinds = (posts ? 1 : 0) + (uploading ? 1 : 0) + (head && !wget ? 1 : 0);
        if (clear && (kinds > 1 || (form && !data.isEmpty()) || (inQuery && (form || uploading)))) {
            unclear("a request is told to be of several kinds");
        }
        // Whether wget looks by HEAD first, and comes back by what it was told, depends on the answer.
        boolean twice = wget && ((posts && asked.isPresent() == isPost()) || (head && (posts || asked.isPresent())));
        if (clear && twice) {
            unclear("the method of a request is not known");
        }
        if (!clear || (wget && head)) {
            return List.of(); // wget looks whether it is there by HEAD, and then perhaps by GET
        }
        String usual = posts ? "POST" : uploading ? "PUT" : head ? "HEAD" : "GET";
        List<SentRequest> all = new ArrayList<>(List.of(new SentRequest(asked.orElse(usual), body())));
        if (uploading && addresses > uploads.size()) {
            all.add(new SentRequest(asked.orElse("GET"), new SentBody.None()));
        }
        return all;
    }

    /** Whether wget is told what to send by an option that says the method, too. */
    private boolean isPost() {
        return data.stream().anyMatch(one -> one.option().startsWith("--post"));
    }

    private SentBody body() {
        if (form) {
            return new SentBody.Hidden(
                    media.isEmpty() ? Optional.of("multipart/form-data") : said().map(ApiBody::bare));
        }
        if (!uploads.isEmpty()) {
            return new SentBody.Hidden(said().map(ApiBody::bare));
        }
        if (data.isEmpty() || inQuery) {
            return new SentBody.None();
        }
        boolean json = data.stream().anyMatch(one -> one.option().equals("--json"));
        Optional<String> type = media.isEmpty() ? Optional.of(json ? JSON : FORM) : said();
        Optional<String> text = data.size() == 1 ? data.getFirst().asSent() : Optional.empty();
        if (text.isPresent() && text.get().isEmpty() && !json) {
            return new SentBody.None();
        }
        if (text.isPresent() && type.filter(it -> UTF_8.matcher(it).matches()).isPresent()) {
            return new SentBody.Written(text.get());
        }
        return new SentBody.Hidden(type.map(ApiBody::bare));
    }

    /** The one type that the headers say. */
    private Optional<String> said() {
        return media.size() == 1
                ? media.getFirst().map(String::strip).filter(type -> !type.isEmpty())
                : Optional.empty();
    }
}
