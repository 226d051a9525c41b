package dev.reeve.budget;

import dev.reeve.action.Access;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** By what a limit counts apart. */
public enum Per {
    AGENT,
    INSTANCE,
    ROLE,
    TENANT,
    TOOL,
    MODEL,
    USER,
    SESSION,
    EVERYTHING;

    /** As it is written. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Who did what, as far as limits tell it apart; what an action has and what its record has.
     *
     * @param models that it touches, none if that was not known yet
     */
    public record Who(
            String tenant,
            String agent,
            String instance,
            Set<String> roles,
            String user,
            String session,
            String subject,
            Set<String> models) {
        private static final String MODEL = "model:";

        /** As another, of which it is known what it touches. */
        Who(Who who, List<Access> accesses) {
            this(who.tenant, who.agent, who.instance, who.roles, who.user, who.session, who.subject, models(accesses));
        }

        /** For every action, of which hardly one asks a model: nothing is made where none does. */
        private static Set<String> models(List<Access> accesses) {
            Set<String> models = Set.of();
            for (Access access : accesses) {
                for (String name : access.names()) {
                    if (name.startsWith(MODEL)) {
                        models = models.isEmpty() ? new HashSet<>() : models;
                        models.add(name.substring(MODEL.length()));
                    }
                }
            }
            return models;
        }

        /** Those among the names of what is touched. */
        public static Set<String> models(Stream<String> names) {
            return names.filter(name -> name.startsWith(MODEL))
                    .map(name -> name.substring(MODEL.length()))
                    .collect(Collectors.toUnmodifiableSet());
        }
    }
}
