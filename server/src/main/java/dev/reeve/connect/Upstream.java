package dev.reeve.connect;

import dev.reeve.secrets.Secret;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A server as it is to stand in the operator's file. Values are not in it: they go to the secrets file under {@code NAME.VARIABLE}.
 *
 * @param command the program and its arguments; empty for a server with a URL
 * @param folder where the program runs
 * @param values of variables, or of headers for a server with a URL
 * @param start how its program starts
 */
record Upstream(
        String name,
        List<String> command,
        Optional<String> folder,
        Optional<String> url,
        Map<String, Secret> values,
        Start start) {
    /** How a program starts; means nothing for a server with a URL. */
    sealed interface Start {
        /** @param folders what it may see and change beside what every program needs; no network */
        record Confined(List<String> folders) implements Start {
            public Confined {
                folders = List.copyOf(folders);
            }
        }

        /** @param why in words for a person */
        record Unconfined(String why) implements Start {}
    }

    Upstream(
            String name,
            List<String> command,
            Optional<String> folder,
            Optional<String> url,
            Map<String, Secret> values) {
        this(name, command, folder, url, values, new Start.Unconfined(""));
    }

    Upstream with(Start other) {
        return new Upstream(name, command, folder, url, values, other);
    }

    /** It starts wherever Reeve likes. */
    Upstream withoutFolder() {
        return new Upstream(name, command, Optional.empty(), url, values, start);
    }

    boolean isConfined() {
        return url.isEmpty() && start instanceof Start.Confined;
    }

    /** What a rule, a tool's prefix and a command line can carry; stricter than what clients allow. */
    private static final int LONGEST_NAME = 64;

    Upstream {
        command = List.copyOf(command);
        values = Map.copyOf(values);
        if (command.isEmpty() == url.isEmpty()) {
            throw new IllegalArgumentException("either a command or a URL");
        }
    }

    /** The client's name for it with everything replaced that our names do not allow; empty if nothing is left. */
    static Optional<String> nameFor(String clientName) {
        String name = clientName.replaceAll("[^A-Za-z0-9_-]+", "-").replaceAll("^[-_]+|-+$", "");
        return name.isEmpty()
                ? Optional.empty()
                : Optional.of(name.substring(0, Math.min(name.length(), LONGEST_NAME)));
    }

    static String secretName(String upstream, String variable) {
        return upstream + "." + variable;
    }

    /** The addresses of a host that is this machine by its very name; no name is resolved. */
    static Optional<List<String>> loopback(URI url) {
        String host = String.valueOf(url.getHost()).toLowerCase(Locale.ROOT);
        if (host.equals("localhost")) {
            return Optional.of(List.of("127.0.0.1/32", "::1/128"));
        }
        if (host.equals("[::1]")) {
            return Optional.of(List.of("::1/128"));
        }
        return host.matches("127(\\.[0-9]{1,3}){3}") ? Optional.of(List.of(host + "/32")) : Optional.empty();
    }

    List<String> valueNames() {
        return values.keySet().stream().sorted().toList();
    }

    /** The members of its entry in {@code upstreams:}, one line each, as YAML that is JSON at its leaves. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (url.isPresent()) {
            lines.add("url: " + Yaml.quoted(url.get()));
            // R25: an address of this machine must be named for this one server.
            loopback(URI.create(url.get())).ifPresent(blocks -> lines.add("allow_addresses: " + Yaml.list(blocks)));
            if (!values.isEmpty()) {
                lines.add("headers: " + Yaml.list(valueNames()));
            }
        } else {
            lines.add("stdio: " + Yaml.list(command));
            folder.ifPresent(path -> lines.add("folder: " + Yaml.quoted(path)));
            if (!values.isEmpty()) {
                lines.add("env: " + Yaml.list(valueNames()));
            }
            switch (start) {
                case Start.Unconfined ignored -> lines.add("confine: none");
                case Start.Confined(List<String> folders) -> {
                    lines.add("confine: default");
                    if (!folders.isEmpty()) {
                        lines.add("folders: "
                                + folders.stream()
                                        .map(path -> "{ path: " + Yaml.quoted(path) + ", mode: rw }")
                                        .collect(java.util.stream.Collectors.joining(", ", "[", "]")));
                    }
                }
            }
        }
        lines.add("definitions: hold");
        return lines;
    }
}
