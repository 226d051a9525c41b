package dev.reeve.shell;

import dev.reeve.openapi.SentRequest;
import dev.reeve.shell.ShellUse.Way;
import dev.reeve.shell.ShellUse.What;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What curl and wget are told to fetch, to send, to read and to write. What is no option is an address, with or without a scheme; an option that is
 * not known here makes the program opaque. Sources: the manual pages of curl 8 and wget 1.
 */
final class Transfers {
    private enum Takes {
        NOTHING,
        TEXT,
        /** A text, or {@code @} and the file that holds it. */
        DATA,
        /** The same behind a name. */
        NAMED_DATA,
        FORM,
        /** A file, unless it holds an equals sign. */
        COOKIES,
        READS,
        WRITES,
        ADDRESS,
        PROXY,
        /** Nothing; but what is fetched is written under its own name. */
        OWN_NAME,
        /** Nothing; and it is not written under its own name. */
        NO_NAME,
        /** The folder for files under their own names. */
        FOLDER
    }

    private static final Map<String, Takes> CURL = curl();
    private static final Map<String, Takes> WGET = wget();
    private static final Pattern SCHEME = Pattern.compile("(?i)[a-z][a-z0-9+.-]*://.*");

    /** Whatever a pattern behind the host becomes, it is on that host. */
    private static final Pattern HOST_IS_WRITTEN = Pattern.compile("(?i)https?://[a-z0-9.-]+(:[0-9]+)?/.*");

    private static final Pattern LINES = Pattern.compile("[\\r\\n]");
    private static final Set<String> TEXTS_OF_LINES = Set.of("--data-raw", "--form-string");

    private static final Set<String> CERTIFICATES = Set.of("-E", "--cert");
    private static final Pattern PASSWORD_BEHIND = Pattern.compile("[:\\\\]");

    /** But for an address of IPv6. */
    private static final Pattern EXPANDED = Pattern.compile("[{}]|(?<!^https?://)\\[");

    /** Beginnings of a value in quotation marks after which no more can become the name of a file. */
    private static final Pattern BEGINS_AS_TEXT = Pattern.compile("\"[^$`@\\\\\"].*", Pattern.DOTALL);

    private final boolean wget;
    private final Map<String, Takes> known;
    private final Uses uses;
    private final TransferRequest request;
    private final List<String> addresses = new ArrayList<>();
    private boolean ownName;
    /** Braces and brackets of an address stand for several, which curl makes of it. */
    private boolean expands;

    private String folder = "";
    /** What {@code -o} names, in a folder that may be told behind it. */
    private final List<Word> outputs = new ArrayList<>();

    private Transfers(boolean wget, Uses uses) {
        this.wget = wget;
        this.known = wget ? WGET : CURL;
        this.ownName = wget;
        this.expands = !wget;
        this.request = new TransferRequest(wget, uses);
        this.uses = uses;
    }

    /** @param program {@code curl} or {@code wget} */
    static Transfers of(String program, Uses uses) {
        return new Transfers(program.equals("wget"), uses);
    }

    private static Map<String, Takes> curl() {
        Map<String, Takes> known = new HashMap<>();
        put(
                known,
                Takes.NOTHING,
                "-s --silent -S --show-error -f --fail --fail-with-body -L --location -v --verbose -k --insecure -I --head -i --include");
        put(
                known,
                Takes.NOTHING,
                "-g --globoff -G --get -# --progress-bar --no-progress-meter -N --no-buffer -4 --ipv4 -6 --ipv6 --compressed -q --disable");
        put(
                known,
                Takes.NOTHING,
                "-0 --http1.0 --http1.1 --http2 --create-dirs --next -V --version --retry-connrefused --retry-all-errors --tlsv1.2 --tlsv1.3");
        put(
                known,
                Takes.TEXT,
                "-X --request -A --user-agent -e --referer -m --max-time --connect-timeout --retry --retry-delay --retry-max-time -r --range");
        put(
                known,
                Takes.TEXT,
                "-u --user --limit-rate --max-filesize --max-redirs --oauth2-bearer -y -Y --data-raw --form-string -C --continue-at");
        put(known, Takes.DATA, "-d --data --data-ascii --data-binary --json -H --header -w --write-out");
        put(known, Takes.NAMED_DATA, "--data-urlencode");
        put(known, Takes.FORM, "-F --form");
        put(known, Takes.COOKIES, "-b --cookie");
        put(known, Takes.READS, "-T --upload-file -E --cert --key --cacert --capath");
        put(known, Takes.WRITES, "-o --output -c --cookie-jar -D --dump-header --trace --trace-ascii --stderr");
        put(known, Takes.ADDRESS, "--url");
        put(known, Takes.PROXY, "-x --proxy");
        put(known, Takes.OWN_NAME, "-O --remote-name --remote-name-all");
        put(known, Takes.FOLDER, "--output-dir");
        return Map.copyOf(known);
    }

    private static Map<String, Takes> wget() {
        Map<String, Takes> known = new HashMap<>();
        put(
                known,
                Takes.NOTHING,
                "-q --quiet -v --verbose -nv --no-verbose -c --continue -N --timestamping -S --server-response --no-check-certificate -4 -6");
        put(
                known,
                Takes.NOTHING,
                "--inet4-only --inet6-only -nc --no-clobber -nd --no-directories --no-cache --no-cookies --https-only --show-progress -d --debug");
        put(
                known,
                Takes.TEXT,
                "-U --user-agent -T --timeout -t --tries --header --method --post-data --body-data --user --password --referer -w --wait");
        put(
                known,
                Takes.TEXT,
                "--waitretry -Q --quota --limit-rate --max-redirect --connect-timeout --read-timeout --dns-timeout");
        put(known, Takes.READS, "--post-file --body-file --certificate --private-key --ca-certificate --load-cookies");
        put(known, Takes.WRITES, "-O --output-document -o --output-file -a --append-output --save-cookies");
        put(known, Takes.NO_NAME, "--spider");
        put(known, Takes.FOLDER, "-P --directory-prefix");
        return Map.copyOf(known);
    }

    private static void put(Map<String, Takes> known, Takes takes, String options) {
        for (String option : options.split(" ", -1)) {
            known.put(option, takes);
        }
    }

    void read(List<Word> arguments) {
        boolean options = true;
        for (int at = 0; at < arguments.size(); at++) {
            Word word = arguments.get(at);
            String text = word.text();
            if (options && word.is("--")) {
                options = false;
            } else if (!options || !word.isLiteral() || !text.startsWith("-") || text.equals("-")) {
                address(word).ifPresent(addresses::add);
            } else if (option(
                    text, at + 1 < arguments.size() ? arguments.get(at + 1) : new Word("", Word.Kind.LITERAL))) {
                at++;
            }
        }
        send();
        if (ownName) {
            addresses.forEach(this::ownName);
        }
        if (!folder.isEmpty()) {
            outputs.forEach(this::inFolder);
        }
    }

    /** Options count wherever they stand. */
    private void send() {
        if (expands && addresses.stream().anyMatch(one -> EXPANDED.matcher(one).find())) {
            uses.opaque(What.PROGRAM, "an address stands for several");
        }
        List<SentRequest> requests = request.requests(addresses.size());
        for (String address : addresses) {
            String sent = request.address(address, addresses.size()).orElse(address);
            if (requests.isEmpty()) {
                uses.fetches(sent, Optional.empty());
            }
            requests.forEach(one -> uses.fetches(sent, Optional.of(one)));
        }
    }

    /** @return whether the next word was its value */
    private boolean option(String text, Word next) {
        int equals = text.startsWith("--") ? text.indexOf('=') : -1;
        String name = equals > 0 ? text.substring(0, equals) : text;
        Takes takes = known.get(name);
        if (takes != null && equals > 0) {
            take(name, takes, new Word(text.substring(equals + 1), Word.Kind.LITERAL));
            return false;
        }
        if (takes != null || text.startsWith("--")) {
            return takes(name, takes, next);
        }
        return letters(text, next);
    }

    /** Letters of options without a value, the last perhaps with one, which may be joined to it. */
    private boolean letters(String text, Word next) {
        for (int i = 1; i < text.length(); i++) {
            String name = "-" + text.charAt(i);
            Takes takes = known.get(name);
            if (takes == null || takesNext(takes)) {
                if (takes != null && i + 1 < text.length()) {
                    take(name, takes, new Word(text.substring(i + 1), Word.Kind.LITERAL));
                    return false;
                }
                return takes(name, takes, next);
            }
            takes(name, takes, next);
        }
        return false;
    }

    private boolean takes(String name, @org.jspecify.annotations.Nullable Takes takes, Word next) {
        if (takes == null) {
            uses.opaque(What.PROGRAM, "an option of a transfer is not known");
            return false;
        }
        if (takesNext(takes)) {
            take(name, takes, next);
            return true;
        }
        request.flag(name);
        expands &= !name.equals("-g") && !name.equals("--globoff");
        ownName = takes == Takes.OWN_NAME || (ownName && takes != Takes.NO_NAME);
        return false;
    }

    private static boolean takesNext(Takes takes) {
        return takes != Takes.NOTHING && takes != Takes.OWN_NAME && takes != Takes.NO_NAME;
    }

    private void take(String name, Takes takes, Word value) {
        request.option(name, value);
        switch (takes) {
            case READS -> reads(name, value);
            case WRITES -> writes(name, value);
            case ADDRESS -> address(value).ifPresent(addresses::add);
            case PROXY -> address(value).ifPresent(proxy -> uses.fetches(proxy, Optional.empty()));
            case FOLDER -> {
                uses.file(value, Way.WRITE);
                folder = value.text().replaceFirst("/*$", "/");
            }
            case TEXT -> {
                if (!value.isLiteral() && Evaluations.splits(value)) {
                    uses.opaque(What.PROGRAM, "a value of an option may become several words");
                }
                if (!name.endsWith("-data")
                        && !TEXTS_OF_LINES.contains(name)
                        && LINES.matcher(value.text()).find()) {
                    uses.opaque(What.PROGRAM, "a value of an option may add a header");
                }
            }
            case DATA, NAMED_DATA, FORM, COOKIES -> data(takes, value);
            case NOTHING, OWN_NAME, NO_NAME -> {}
        }
    }

    /** A pattern of curl's own names several files. */
    private void reads(String name, Word value) {
        if (CERTIFICATES.contains(name) && PASSWORD_BEHIND.matcher(value.text()).find()) {
            uses.opaque(What.FILE, "which part of a certificate's name is a password is not known");
        }
        if (value.text().contains("{") || value.text().contains("[")) {
            uses.opaque(What.FILE, "a pattern names the files that are sent");
        }
        uses.file(value, Way.READ);
    }

    private void writes(String name, Word value) {
        uses.file(value, Way.WRITE);
        if (!wget && (name.equals("-o") || name.equals("--output"))) {
            outputs.add(value);
        }
        if (name.equals("-O") || name.equals("--output-document")) {
            ownName = false;
        }
    }

    /** {@code --output-dir} stands before every name, an absolute one too. */
    private void inFolder(Word output) {
        uses.file(new Word(folder + output.text(), output.kind()), Way.WRITE);
    }

    private void data(Takes takes, Word value) {
        String text = value.text();
        if (!value.isLiteral()) {
            boolean named = takes == Takes.DATA && BEGINS_AS_TEXT.matcher(text).matches();
            if (!named || Evaluations.splits(value)) {
                uses.opaque(What.FILE, "what is sent may be a file, and is not written out");
            }
            return;
        }
        int equals = text.indexOf('=');
        int file = text.indexOf('@');
        switch (takes) {
            case NAMED_DATA -> sent(file >= 0 && (equals < 0 || file < equals) ? text.substring(file + 1) : "");
            case FORM -> form(text.substring(equals + 1));
            case COOKIES -> sent(equals >= 0 ? "" : text.replaceFirst("^@", ""));
            default -> {
                if (text.contains("%output")) {
                    uses.opaque(What.FILE, "a file is written by name in a format");
                }
                sent(file == 0 ? text.substring(1) : "");
            }
        }
    }

    private void form(String content) {
        if (content.contains("headers=") || content.matches("(?s)[@<].*[\",\\\\].*")) {
            uses.opaque(What.FILE, "a form names its files in a way that is not known");
        }
        sent(content.matches("(?s)[@<].*") ? content.substring(1).replaceFirst("(?s);.*", "") : "");
    }

    private void sent(String file) {
        uses.path(file, Way.READ, false);
    }

    private Optional<String> address(Word word) {
        String text = word.text();
        boolean written = word.isLiteral()
                || (word.kind() == Word.Kind.PATTERN
                        && HOST_IS_WRITTEN.matcher(text).matches());
        if (!written || text.startsWith("@")) {
            uses.opaque(What.PROGRAM, "an address is not written out");
        } else if (text.regionMatches(true, 0, "file:", 0, "file:".length())) {
            uses.opaque(What.FILE, "an address names a file");
        } else if (!text.isEmpty()) {
            return Optional.of(SCHEME.matcher(text).matches() ? text : "http://" + text);
        }
        return Optional.empty();
    }

    /** wget takes the query into the name. */
    private void ownName(String address) {
        String path = address.replaceFirst("^[^:]*://[^/?#]*", "");
        String name = (wget ? path : path.replaceFirst("[?#].*", "")).replaceFirst("(?s).*/", "");
        String nameless = wget ? "index.html" : "curl_response";
        uses.path(folder + (name.isEmpty() ? nameless : name), Way.WRITE, false);
    }
}
