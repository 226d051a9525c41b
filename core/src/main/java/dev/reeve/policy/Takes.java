package dev.reeve.policy;

import dev.reeve.mongo.MongoOperation;
import java.util.Map;

/** How a tool's arguments say what is done, where that is neither a fixed action nor SQL. */
public sealed interface Takes {
    /**
     * {@code mongodb: find}, or a mapping with what its arguments are called.
     *
     * @param arguments from what MongoDB calls it to the dotted path of the argument
     */
    record Mongo(MongoOperation operation, Map<String, String> arguments) implements Takes {
        public Mongo {
            arguments = Map.copyOf(arguments);
        }
    }

    /**
     * {@code parameters: arguments}: the tool is called as an operation of the resource's API.
     *
     * @param path dotted path of the argument that holds the parameters of the operation's path; empty if the arguments themselves are these
     */
    record Parameters(String path) implements Takes {}
}
