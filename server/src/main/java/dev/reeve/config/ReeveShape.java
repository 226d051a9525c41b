package dev.reeve.config;

import static dev.reeve.config.Shape.choice;
import static dev.reeve.config.Shape.either;
import static dev.reeve.config.Shape.may;
import static dev.reeve.config.Shape.must;
import static dev.reeve.config.Shape.struct;
import static dev.reeve.config.Shape.text;

import dev.reeve.definitions.checks.Check;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/** Every key of {@code reeve.yaml}. */
final class ReeveShape {
    static final Pattern UPSTREAM_NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
    private static final Pattern HEADER = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}");

    /** The schema version that may stand in every file. */
    static final Shape.Field VERSION =
            may("reeve", choice("1"), "1", "Version of the language. It is 1 until a form must change its meaning.");

    /** A value that stands in the folder of keys. */
    private static final Shape NAMED_SECRET = struct(must(
            "secret",
            text("the name of a secret", "[A-Za-z0-9_.-]{1,200}"),
            "Name of a line in `secrets.yaml` in the folder of keys."));

    private static final Shape ADDRESSES =
            new Shape.ListOf(text("an address or a block, as 10.1.0.0/16", "[0-9a-fA-F:.]+(/[0-9]{1,3})?"), 0, false);

    private static final Shape.Field KEY_PASSWORD =
            may("key_password", NAMED_SECRET, "Password of the key, if it is encrypted (PKCS#8).");

    static final Shape.Struct LISTENER_TLS = struct(
            must(
                    "certificate",
                    text(),
                    "PEM file: own certificate first, then those that issued it. Changed files are taken without a restart."),
            must("key", text(), "PEM file of its private key, for Reeve's user alone (0600)."),
            KEY_PASSWORD,
            may(
                    "client_ca",
                    text(),
                    "PEM file of authorities. Clients then show a certificate that one of them issued."),
            may(
                    "client_certificates",
                    choice("required", "optional"),
                    "required",
                    "Whether a client without a certificate is refused, where `client_ca` is there."));

    static final Shape.Struct UPSTREAM_TLS = struct(
            may("ca", text(), "PEM file of the only authorities that are trusted. The system's if it is not there."),
            may("certificate", text(), "PEM file of a client certificate, own first. Needs `key`."),
            may("key", text(), "PEM file of its private key, for Reeve's user alone (0600)."),
            KEY_PASSWORD,
            may(
                    "server_name",
                    text("a host name", "[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?"),
                    "Host name that the certificate must be for, if it is not the one in `url`."));

    private static final Shape.Field ADDRESS =
            may("address", address(), "Host and port. Anything but loopback needs `tls`.");

    private static final Shape.Field NAMES = may(
            "names",
            new Shape.ListOf(text("a host name", "[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?"), 0, true),
            "Host names that clients may call it by, beside those of its certificate and loopback.");

    private static final Shape.Field TLS = may("tls", LISTENER_TLS, "Speak HTTPS only.");

    static final Shape.Struct LISTENER = struct(ADDRESS, NAMES, TLS);

    static final Shape.Struct LOG_LISTENER = struct(
            ADDRESS,
            NAMES,
            TLS,
            may(
                    "readers",
                    choice("administrators", "anybody"),
                    "administrators",
                    "Who may read: `administrators` with their token, or `anybody` who reaches the address. Entries name agents and people."));

    static final Shape.Struct LISTEN = struct(
                    may(
                            "agents",
                            either(address(), LISTENER),
                            "127.0.0.1:7070",
                            "Where agents connect: an address, or the keys below. Anything but loopback needs `tls`."),
                    may(
                            "control",
                            either(address(), LISTENER),
                            "127.0.0.1:7071",
                            "Where people and their tools connect. No agent credential works there."),
                    may(
                            "log",
                            either(address(), LOG_LISTENER),
                            "Where the record is read by others' verifiers (C2SP tlog-tiles). Nowhere if it is not there; see docs/witnesses.md."),
                    may(
                            "ext_authz",
                            either(address(), LISTENER),
                            "Where proxies ask by Envoy's ext_authz (gRPC). Nowhere if it is not there; see docs/integrations/envoy.md."))
            .others(Map.of("tls", "each listener has its own: `agents: { address: HOST:PORT, tls: { ... } }`"));

    static final Shape.Struct TIMEOUTS = struct(
            may("connect", time("10ms", "2m"), "5s", "For a connection, TLS included."),
            may("first_byte", time("10ms", "1h"), "60s", "Until an answer begins."),
            may("call", time("10ms", "1d"), "5m", "For one action in all."),
            may("idle", time("1s", "1d"), "10m", "After which an unused session or child is ended."));

    private static final Shape SECRET_OR_TEXT = either(text(), NAMED_SECRET);

    private static final Shape FOLDER = either(
            text(),
            struct(
                    must("path", text(), "The folder, or a file."),
                    may("mode", choice("ro", "rw"), "ro", "`rw` lets the program write there.")));

    static final Shape.Struct CHILD_LIMITS = struct(
            may("memory", size("16MiB", "1024GiB"), "2GiB", "Data of one process; with a cgroup, of all together."),
            may("processes", new Shape.Whole(1, 100_000), "256", "Processes and threads at once."),
            may("open_files", new Shape.Whole(16, 1_000_000), "1024", "Open files of one process."),
            may("file_size", size("0", "1024GiB"), "1GiB", "Size of a file that it writes."),
            may(
                    "cpu_time",
                    time("1s", "365d"),
                    "CPU time of one process, after which it is ended. None if it is not there."),
            may("nice", new Shape.Whole(0, 19), "5", "How much it gives way to other programs."),
            may("tmp", size("64KiB", "1024GiB"), "256MiB", "Size of its private `/tmp`."));

    private static final Shape.Field ALLOW_ADDRESSES = may(
            "allow_addresses",
            ADDRESSES,
            "Blocks of addresses that are not globally reachable, and yet may be connected to for this one server.");

    static final Shape.Struct UPSTREAM = struct(
                    may(
                            "stdio",
                            new Shape.ListOf(text(), 1, false),
                            "Program and arguments of a server that Reeve starts. No shell is used."),
                    may("folder", text(), ".", "Where the program runs."),
                    may(
                            "env",
                            either(
                                    new Shape.MapOf("the name of a variable", VARIABLE, SECRET_OR_TEXT),
                                    new Shape.ListOf(text("the name of a variable", VARIABLE.pattern()), 0, false)),
                            "Variables of the program. A list of names takes each value from the secret `UPSTREAM.NAME`."),
                    may(
                            "confine",
                            choice("default", "none"),
                            "default",
                            "`default`: the program sees the system, its interpreter and `folders`, and has no network; Linux only. `none`: it can do whatever you can do."),
                    may(
                            "folders",
                            new Shape.ListOf(FOLDER, 0, false),
                            "Folders that the confined program sees, under their own names. A path alone is read-only. Nothing of Reeve's."),
                    may("limits", CHILD_LIMITS, "What the confined program may use up."),
                    may("url", text(), "Address of a server that runs already: https, or http to loopback."),
                    may(
                            "headers",
                            either(
                                    new Shape.MapOf("the name of a header", HEADER, SECRET_OR_TEXT),
                                    new Shape.ListOf(text("the name of a header", HEADER.pattern()), 0, false)),
                            "Headers of every request. A list of names takes each value from the secret `UPSTREAM.NAME`."),
                    ALLOW_ADDRESSES,
                    may(
                            "sessions",
                            choice("per-principal", "stateless"),
                            "per-principal",
                            "`stateless` if the server keeps nothing between calls: principals then share a session."),
                    may(
                            "definitions",
                            choice("hold", "trust-first-use"),
                            "hold",
                            "Whether new tools, prompts and resources wait for `reeve tools approve`. What changed always does."),
                    may(
                            "accept_findings",
                            new Shape.ListOf(choice(Check.holdingIds()), 0, false),
                            "Checks of definitions that do not hold what this server offers, with `trust-first-use`; see docs/reviewing-tools.md."),
                    may(
                            "revision",
                            choice("2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26"),
                            "Revision of MCP to speak. Agreed with the server if it is not there."),
                    may(
                            "elicitation",
                            choice("safe", "any", "deny"),
                            "safe",
                            "What the server may put before the client's user: `safe` is forms that ask for no secrets, and URLs of the server's own domain."),
                    may("sampling", choice("allow", "deny"), "allow", "Whether the server may use the client's model."),
                    may(
                            "roots",
                            choice("allow", "deny"),
                            "allow",
                            "Whether the server may ask which folders the client works in."),
                    may("timeouts", TIMEOUTS, "How long things may take."),
                    may("max_answer", size("1KiB", "256MiB"), "16MiB", "Size of one answer."),
                    may("max_sessions", new Shape.Whole(1, 10_000), "1024", "Sessions, or children, at once."),
                    may(
                            "max_connections",
                            new Shape.Whole(1, 10_000),
                            "256",
                            "Connections for calls at a time, where there is a `url`; one agent has half of them at most. Streams that only listen have their own."),
                    may("tls", UPSTREAM_TLS, "Own authorities and client certificate for an https address."))
            .later("oauth", "socket")
            .others(Map.of(
                    "command", "write program and arguments as `stdio: [program, argument]`",
                    "args", "write program and arguments as `stdio: [program, argument]`",
                    "cwd", "did you mean \"folder\"?",
                    "type", "the key `stdio` or `url` says what it is"));

    static final Shape KEY_OF_WITNESS = text(
            "a witness's public key, as name+1a2b3c4d+base64",
            "[^\\s+]{1,255}\\+[0-9a-f]{8}\\+[A-Za-z0-9+/]{40,60}={0,2}");

    static final Shape.Struct WITNESS = struct(
            must("url", text(), "Its submission prefix: https, or http to loopback. `/add-checkpoint` is added."),
            must("key", KEY_OF_WITNESS, "Its public key, from its operator."),
            ALLOW_ADDRESSES,
            may("tls", UPSTREAM_TLS, "Own authorities and client certificate for an https address."));

    static final Shape.Struct WITNESSES = struct(
            must(
                    "ask",
                    new Shape.MapOf("a name of letters, digits, `_` and `-`", UPSTREAM_NAME, WITNESS),
                    "Who is asked, by a name of yours; at most 32."),
            must("quorum", new Shape.Whole(1, 32), "How many of them must have cosigned a checkpoint."),
            may("every", time("1s", "1h"), "10s", "How often they are asked, while there is something new."),
            may(
                    "alarm_after",
                    time("10s", "30d"),
                    "10m",
                    "How long new entries may be without their quorum before that is an alarm."));

    static final Shape.Struct GATEWAY = struct(
            may("max_body", size("1KiB", "64MiB"), "4MiB", "Size of one request."),
            may("max_bodies", size("64KiB", "4GiB"), "64MiB", "Size of all request bodies that are held at a time."),
            may(
                    "max_answers",
                    size("1MiB", "64GiB"),
                    "32MiB",
                    "Size of all answers over 1 MiB that are held at a time; the next waits. Each costs memory about five times."),
            may("max_depth", new Shape.Whole(8, 128), "64", "Nesting of a request's JSON."),
            may("max_tokens", new Shape.Whole(100, 2_000_000), "200000", "Names and values of a request's JSON."),
            may("max_header_bytes", size("1KiB", "256KiB"), "16KiB", "Size of all headers of a request."),
            may("max_headers", new Shape.Whole(8, 1_000), "64", "Headers of a request."),
            may("max_connections", new Shape.Whole(1, 100_000), "12000", "Connections at a time."),
            may(
                    "max_handshakes",
                    new Shape.Whole(1, 100_000),
                    "512",
                    "TLS handshakes under way at a time; a connection beyond is closed."),
            may("max_pipelined", new Shape.Whole(0, 64), "4", "Requests of a connection that wait behind one."),
            may("max_in_flight", new Shape.Whole(1, 100_000), "1024", "Requests that run at a time."),
            may("max_in_flight_per_agent", new Shape.Whole(1, 100_000), "256", "Actions of one agent at a time."),
            may("max_in_flight_per_instance", new Shape.Whole(1, 100_000), "64", "Actions of one key at a time."),
            may("max_sessions", new Shape.Whole(1, 200_000), "20000", "MCP sessions at a time."),
            may(
                    "max_sessions_per_agent",
                    new Shape.Whole(1, 200_000),
                    "1000",
                    "MCP sessions of one agent; half of all at most."),
            may("max_streams", new Shape.Whole(1, 100_000), "12000", "Event streams at a time."),
            may("max_in_flight_per_session", new Shape.Whole(1, 10_000), "64", "Requests of one session at a time."),
            may("max_followed", new Shape.Whole(1, 256), "128", "Resources that a session, or a stream, follows."),
            may(
                    "max_rounds",
                    new Shape.Whole(1, 64),
                    "16",
                    "Rounds that a request may take because its server asks something first."),
            may(
                    "max_tasks",
                    new Shape.Whole(1, 1_000_000),
                    "10000",
                    "Tasks that are known; the oldest of the agent that has most is forgotten."),
            may(
                    "max_tasks_per_agent",
                    new Shape.Whole(1, 1_000_000),
                    "256",
                    "Tasks of one agent that are known; half of all at most."),
            may("max_evaluations", new Shape.Whole(1, 1_000), "100", "Questions of one request of the decision API."),
            may("max_children", new Shape.Whole(1, 10_000), "512", "Servers that Reeve has started, at a time."),
            may("max_connectors", new Shape.Whole(1, 10_000), "256", "Processes of `reeve mcp` at a time."),
            may("page_size", new Shape.Whole(1, 1_000), "250", "Entries of one page of a list."),
            may("read_timeout", time("100ms", "10m"), "10s", "From the first byte of a request to its last."),
            may("write_timeout", time("100ms", "10m"), "30s", "That a client may leave an answer unread."),
            may("handshake_timeout", time("100ms", "1m"), "5s", "For a TLS handshake."),
            may("idle_timeout", time("1s", "1h"), "75s", "Between two requests of a connection."),
            may("session_idle", time("10s", "7d"), "1h", "After which an MCP session ends."),
            may("heartbeat", time("1s", "10m"), "25s", "After which a silent event stream gets a sign of life."),
            may("call_timeout", time("100ms", "1d"), "5m", "For one action, from its decision to its answer."));

    private static final String NOTHING_ELSE = "Only events with this.";

    static final Shape.Struct EXPORT_FILTER = struct(
            may("agent", text(), NOTHING_ELSE),
            may("user", text(), NOTHING_ELSE),
            may("tool", text(), "Only of this tool, with or without its upstream; `*` at the end stands for anything."),
            may("upstream", text(), NOTHING_ELSE),
            may("resource", text(), NOTHING_ELSE),
            may("status", text(), "Only with this outcome, as `denied`."),
            may("kind", choice("action", "control", "summary"), "Only what agents did, what operators did, or counts."),
            may("rule", text(), "Only what this rule or role decided."));

    static final Shape.Struct EXPORT = struct(
                    must("kind", choice("file", "syslog", "webhook", "otlp"), "Who gets it."),
                    may(
                            "format",
                            choice("jsonl", "csv", "ocsf", "cef", "otel"),
                            "How events are written. `cef` for `syslog`, `otel` for `otlp`, else `jsonl`, if it is not there."),
                    may("path", text(), "The file that is appended to, for `file`."),
                    may(
                            "address",
                            text("a host and a port, as siem.example.com:6514", "[^\\s/]{1,255}:[0-9]{1,5}"),
                            "The receiver, for `syslog`. TLS is always spoken."),
                    may("url", text(), "The receiver, for `webhook` and `otlp`: https, or http to loopback."),
                    may(
                            "headers",
                            new Shape.MapOf("the name of a header", HEADER, SECRET_OR_TEXT),
                            "Headers of every request, for `webhook` and `otlp`."),
                    may(
                            "sign",
                            NAMED_SECRET,
                            "Sign every request with HMAC-SHA-256 (Standard Webhooks), for `webhook`."),
                    may("tls", UPSTREAM_TLS, "Own authorities and client certificate."),
                    may(
                            "allow_addresses",
                            ADDRESSES,
                            "Blocks of addresses that are not globally reachable, and yet may be connected to for this one receiver."),
                    may("values", new Shape.Flag(), "false", "Also hidden values: arguments, reasons, resources."),
                    may(
                            "filter",
                            EXPORT_FILTER,
                            "Which events; all of its parts must hold. All events if it is not there."))
            .others(Map.of("type", "did you mean \"kind\"?", "host", "write `address: HOST:PORT`"));

    static final Shape.Struct JUDGE = struct(
            must(
                    "kind",
                    choice("openai", "anthropic"),
                    "How it is spoken to. `openai` is what most local servers speak too."),
            must(
                    "url",
                    text(),
                    "Its base address, as https://api.openai.com/v1 or https://api.anthropic.com: https, or http to loopback."),
            must("model", text("the name of a model", "[^\\s\\p{Cntrl}]{1,200}"), "The model that judges."),
            may("key", NAMED_SECRET, "The key for the provider."),
            may("timeout", time("100ms", "60s"), "3s", "For an opinion in all, every try included."),
            may(
                    "tries",
                    new Shape.Whole(1, 5),
                    "2",
                    "How often it is asked when it is busy, down or answers nothing that counts."),
            may(
                    "at_once",
                    new Shape.Whole(1, 256),
                    "8",
                    "Questions at a time, of one agent half of them at most, and two; beyond them it counts as down."),
            may(
                    "max_per_hour",
                    new Shape.Whole(1, 1_000_000),
                    "1000",
                    "Questions in any hour, of one agent half of them at most, and two; beyond them it counts as down."),
            may(
                    "max_tokens_per_day",
                    new Shape.Whole(1_000, 2_000_000_000),
                    "2000000",
                    "Tokens in any day, of one agent half at most, counted at their worst until the provider reports fewer."),
            may("cache", time("0s", "1d"), "10m", "How long the same question has the same answer."),
            may("tls", UPSTREAM_TLS, "Own authorities and client certificate."),
            may(
                    "allow_addresses",
                    ADDRESSES,
                    "Blocks of addresses that are not globally reachable, and yet may be connected to for this one judge."));

    static final Shape.Struct SEARCH = struct(
            may(
                    "share",
                    new Shape.Whole(0, 100),
                    "10",
                    "Percent of one core that the index takes at most while nobody searches: 0 follows only when somebody searches, 100 never rests."));

    static final Shape.Struct REVIEW = struct(
            may(
                    "every",
                    new Shape.Time(Duration.ofMinutes(10), Duration.ofDays(30)),
                    "1d",
                    "From one review to the next; each looks at what was recorded since the last one."),
            may(
                    "at",
                    text("a time as 03:00", "([01][0-9]|2[0-3]):[0-5][0-9]"),
                    "When of the day, in UTC; with whole days only."),
            may("keep", new Shape.Whole(1, 1_000), "30", "So many reports are kept in `reviews` of the data folder."));

    private static final Shape.Struct WEBHOOK = struct(
            must(
                    "url",
                    SECRET_OR_TEXT,
                    "The address of an incoming webhook, as Slack and Mattermost give: https, or http to loopback. A secret where whoever knows it may write there."),
            may(
                    "headers",
                    new Shape.MapOf("the name of a header", HEADER, SECRET_OR_TEXT),
                    "Headers of every request."),
            may("sign", NAMED_SECRET, "Sign every request with HMAC-SHA-256 (Standard Webhooks)."),
            may(
                    "allow_addresses",
                    ADDRESSES,
                    "Blocks of addresses that are not globally reachable, and yet may be connected to for this."));

    private static final Shape MAIL_ADDRESS = text(
            "an address as reeve@example.com",
            "[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?");

    private static final Shape.Struct MAIL = struct(
            must(
                    "server",
                    text("a host and a port, as smtp.example.com:587", "[A-Za-z0-9.-]{1,253}:[1-9][0-9]{0,4}"),
                    "Where mail is handed in by SMTP."),
            may(
                    "tls",
                    choice("starttls", "implicit", "none"),
                    "starttls",
                    "`implicit` begins with TLS, as port 465 has it; `none` is for loopback."),
            may("user", text(), "Who hands in, where the server wants that."),
            may("password", NAMED_SECRET, "The password of `user`."),
            must("from", MAIL_ADDRESS, "Whose mail it is."),
            must("to", new Shape.ListOf(MAIL_ADDRESS, 1, true), "Who is told."),
            may(
                    "allow_addresses",
                    ADDRESSES,
                    "Blocks of addresses that are not globally reachable, and yet may be connected to for this."));

    private static final Shape.Struct APPROVALS = struct(
            may(
                    "address",
                    text(
                            "an address of https, as https://reeve.example.com:7071",
                            "https?://[A-Za-z0-9._:\\[\\]-]{1,255}(/[A-Za-z0-9._/-]{0,200})?"),
                    "Where people reach the control listener; links begin with it. Its own address if it is not there."),
            may(
                    "webhook",
                    WEBHOOK,
                    "A chat that is told of what waits, with a link; it says nothing of the arguments."),
            may("mail", MAIL, "People who are told the same by mail."));

    static final Shape.Struct ROOT = struct(
                    VERSION,
                    may("listen", LISTEN, "Addresses of the listeners. Port 0 takes any that is free."),
                    may("data", text(), "reeve-data", "Folder of the ledger and the store."),
                    may(
                            "keys",
                            text(),
                            "Folder of keys and `secrets.yaml`, outside of `data`. `reeve` in the user's configuration folder if it is not there; `--keys` wins."),
                    may(
                            "upstreams",
                            new Shape.MapOf("a name of letters, digits, `_` and `-`", UPSTREAM_NAME, UPSTREAM),
                            "The MCP servers, by name. A tool is `NAME.tool` in policies."),
                    may(
                            "exports",
                            new Shape.MapOf("a name of letters, digits, `_` and `-`", UPSTREAM_NAME, EXPORT),
                            "Who else gets the record, by name."),
                    may(
                            "judges",
                            new Shape.MapOf(
                                    "a name of small letters, digits, `_` and `-`",
                                    Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}"),
                                    JUDGE),
                            "Models that soft guardrails may ask, by name. `embedded` is there without an entry."),
                    may("search", SEARCH, "What the index of the record may cost."),
                    may(
                            "review",
                            REVIEW,
                            "When the record is reviewed without being asked. Never, if it is not there."),
                    may("gateway", GATEWAY, "What clients may cost."),
                    may(
                            "system_users",
                            new Shape.MapOf(
                                    "a name of a user of the operating system",
                                    Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.@$-]{0,63}"),
                                    new Shape.ListOf(text(), 1, true)),
                            "Which people work at the machine as which user: none of them is the second person for what that user did. A user that is not named stands for who has that name."),
                    may("approvals", APPROVALS, "How people are reached who approve single calls."),
                    may(
                            "witnesses",
                            WITNESSES,
                            "Who cosigns the record, so that no second history can be signed unnoticed."))
            .later("egress", "models", "secrets", "store", "tenants", "alerts", "integrations", "replicas")
            .others(Map.of(
                    "mcpservers", "servers stand under `upstreams`; `reeve connect` moves them there",
                    "servers", "did you mean \"upstreams\"?",
                    "limits", "what clients may cost stands under `gateway`",
                    "agents", "agents stand in a file of the folder `policies`",
                    "rules", "rules stand in a file of the folder `policies`",
                    "tools", "tools stand in a file of the folder `catalog`"));

    private ReeveShape() {}

    static Shape address() {
        return text("a host and a port, as 127.0.0.1:7070", "[^\\s/]{1,255}:[0-9]{1,5}");
    }

    private static Shape time(String least, String most) {
        return new Shape.Time(time(least), time(most));
    }

    private static Duration time(String text) {
        return Units.time(text).orElseThrow();
    }

    private static Shape size(String least, String most) {
        return new Shape.Size(Units.size(least).orElseThrow(), Units.size(most).orElseThrow());
    }
}
