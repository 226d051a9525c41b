package dev.reeve.analysis;

import dev.reeve.policy.Glob;
import dev.reeve.policy.NameSearch;
import dev.reeve.policy.ServerFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What else a thing behind a door is called beside its narrowest name: what is written is about it if it matches any of its names.
 */
sealed interface Naming {
    /** Narrowest names that something written may match. More than these are never matched. */
    List<Glob> mayMatch(Glob written);

    /** Narrowest names that are matched by what is written, whatever else is. */
    List<Glob> surelyMatched(Glob written);

    /** Of the database or API whose parts are among the resources. */
    default Optional<String> whole() {
        return Optional.empty();
    }

    /** Whether all names of a thing can be told from its narrowest one. */
    default boolean isTold() {
        return true;
    }

    /**
     * It has no other name, or it is a part of {@code whole}.
     *
     * @param dotted names of tables have dots in them, or fields have fields, so that a dot need not begin a column
     */
    record Parts(List<Glob> resources, Optional<String> whole, boolean dotted, boolean isAboutTables)
            implements Naming {
        public Parts {
            resources = List.copyOf(resources);
        }

        static Parts of(List<Glob> resources, Optional<String> whole, boolean dotted) {
            boolean tables = resources.stream().anyMatch(glob -> glob.prefix().startsWith("db:"));
            return new Parts(resources, whole, dotted, tables);
        }

        @Override
        public boolean isTold() {
            return whole.isPresent() || !isAboutTables;
        }

        @Override
        public List<Glob> mayMatch(Glob written) {
            return !isTold() && written.prefix().indexOf(':') < 0 ? resources : surelyMatched(written);
        }

        @Override
        public List<Glob> surelyMatched(Glob written) {
            if (whole.filter(written::matches).isPresent()) {
                return resources;
            }
            boolean tables = isAboutTables && (!written.isLiteral() || isTable(written.toString()));
            return tables ? List.of(written, Glob.of(written + ".**")) : List.of(written);
        }

        boolean isOnce() {
            return whole.isEmpty() && !isAboutTables;
        }

        private boolean isTable(String name) {
            return name.startsWith("db:") && (dotted || name.indexOf('.', name.indexOf('/') + 1) < 0);
        }
    }

    /**
     * Anything that has a name: it is asked about by its narrowest one.
     *
     * @param tables names of databases of the catalogue
     * @param apis names of its APIs
     */
    record Asked(Set<String> tables, Set<String> apis) implements Naming {
        /** What is put around a pattern; one that leaves no room for it is about anything. */
        private static final int LONGEST_ROUND = "api:/**".length();

        private static final Glob DATABASES = Glob.of("db:**");

        public Asked {
            tables = Set.copyOf(tables);
            apis = Set.copyOf(apis);
        }

        @Override
        public List<Glob> mayMatch(Glob written) {
            String text = written.toString();
            if (text.length() > Glob.LONGEST - LONGEST_ROUND) {
                return List.of(Globs.ANYTHING);
            }
            List<Glob> all = new ArrayList<>(List.of(written));
            if (written.prefix().indexOf(':') < 0) {
                all.add(Glob.of("db:" + text + "/**"));
                all.add(Glob.of("api:" + text + "/**"));
            }
            if (NameSearch.overlap(written, DATABASES)) {
                all.add(Glob.of(text + ".**"));
            }
            return List.copyOf(all);
        }

        @Override
        public List<Glob> surelyMatched(Glob written) {
            List<Glob> all = new ArrayList<>(List.of(written));
            String text = written.toString();
            if (text.length() > Glob.LONGEST - LONGEST_ROUND) {
                return List.copyOf(all);
            }
            if (text.indexOf('/') < 0
                    && !text.contains("**")
                    && written.prefix().indexOf(':') < 0) {
                all.add(Glob.of("db:" + text + "/**"));
                all.add(Glob.of("api:" + text + "/**"));
            }
            if (written.prefix().startsWith("db:") && text.indexOf('/') > 0) {
                all.add(Glob.of(text + ".**"));
            }
            return List.copyOf(all);
        }

        /** As {@link #mayMatch}, without parts that nothing of the catalogue has. */
        List<Glob> worthTelling(Glob written) {
            List<Glob> all = new ArrayList<>(List.of(written));
            tables.stream().filter(written::matches).forEach(name -> all.add(Glob.of("db:" + name + "/**")));
            apis.stream().filter(written::matches).forEach(name -> all.add(Glob.of("api:" + name + "/**")));
            return List.copyOf(all);
        }
    }

    /**
     * Files of a server, by the names that they have there. Each is also called by its bare name.
     *
     * @param server {@code *} for any
     */
    record Files(String server) implements Naming {
        Glob all() {
            return Glob.of("mcp:" + server + "/file:///**");
        }

        @Override
        public List<Glob> mayMatch(Glob written) {
            return matched(written, List.of(all()));
        }

        @Override
        public List<Glob> surelyMatched(Glob written) {
            return matched(written, List.of());
        }

        /** @param tooLong what stands for what would be too long a pattern */
        private List<Glob> matched(Glob written, List<Glob> tooLong) {
            List<Glob> all = new ArrayList<>();
            if (!written.isShy()) {
                all.add(written);
            }
            for (String rest : written.after("file:")) {
                ServerFiles.at(server, "file:" + rest)
                        .ifPresent(name -> all.addAll(name.length() > Glob.LONGEST ? tooLong : List.of(Glob.of(name))));
            }
            return List.copyOf(all);
        }
    }

    /** Requests below the URL of an API that the catalogue describes: each is also called by its URL, and by the API's name. */
    record ByUrl(ApiUrl url) implements Naming {
        @Override
        public Optional<String> whole() {
            return Optional.of(url.resource());
        }

        @Override
        public boolean isTold() {
            return false;
        }

        @Override
        public List<Glob> mayMatch(Glob written) {
            return url.mayMatch(written);
        }

        @Override
        public List<Glob> surelyMatched(Glob written) {
            return url.surelyMatched(written);
        }
    }
}
