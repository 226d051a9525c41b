package dev.reeve.sql.jsqlparser;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Says that a node holds nothing but what its caller looks at. A parser grows clauses with each release; a clause that nobody here knows
 * refuses the statement instead of being passed over.
 */
final class Nodes {
    /** Views of other properties, or positions in the text. */
    private static final Set<String> DERIVED = Set.of(
            "class",
            "astnode",
            "selectbody",
            "plainselect",
            "setoperationlist",
            "parent",
            "values",
            "ascdescpresent",
            "features",
            "unquotedaliasname",
            "dblinkname");

    private static final Map<Class<?>, List<Method>> GETTERS = new ConcurrentHashMap<>();

    private Nodes() {}

    /** @param known properties in lower case that the caller looks at, or that change nothing that is touched */
    static void only(Object node, Set<String> known) {
        for (Method getter : GETTERS.computeIfAbsent(node.getClass(), Nodes::getters)) {
            String property = property(getter);
            if (!known.contains(property) && !DERIVED.contains(property) && isSet(node, getter)) {
                throw new RefusedSqlException(
                        "sql_not_supported", "the clause or option `" + property + "` is not accepted");
            }
        }
    }

    private static List<Method> getters(Class<?> type) {
        List<Method> getters = new ArrayList<>();
        for (Method method : type.getMethods()) {
            boolean getter = method.getParameterCount() == 0
                    && !Modifier.isStatic(method.getModifiers())
                    && method.getDeclaringClass() != Object.class
                    && !method.getDeclaringClass().getName().startsWith("java.")
                    && !property(method).isEmpty();
            if (getter) {
                getters.add(method);
            }
        }
        return List.copyOf(getters);
    }

    private static String property(Method method) {
        String name = method.getName();
        if (name.startsWith("get") && name.length() > 3) {
            return name.substring(3).toLowerCase(Locale.ROOT);
        }
        return name.startsWith("is") && name.length() > 2 ? name.substring(2).toLowerCase(Locale.ROOT) : "";
    }

    private static boolean isSet(Object node, Method getter) {
        try {
            Object value = getter.invoke(node);
            return switch (value) {
                case null -> false;
                case Boolean flag -> flag;
                case Number number -> number.longValue() != 0;
                case Collection<?> list -> !list.isEmpty();
                case Map<?, ?> map -> !map.isEmpty();
                case String text -> !text.isEmpty();
                case Enum<?> choice -> !choice.name().equals("NONE");
                default -> true;
            };
        } catch (InvocationTargetException | ClassCastException e) {
            // A view as another class, asked of a node that is none.
            return false;
        } catch (IllegalAccessException e) {
            throw new RefusedSqlException("sql_not_supported", "a clause cannot be looked at");
        }
    }
}
