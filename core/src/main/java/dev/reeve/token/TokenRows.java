package dev.reeve.token;

import dev.reeve.gate.UnrecordableException;
import java.util.Collection;
import java.util.List;

/** Where tokens are kept, their values unreadable to who has only the folder. Each write is durable when it returns. */
public interface TokenRows {
    List<Token> tokens() throws UnrecordableException;

    /** All or none, whether they were there or not. */
    void put(Collection<Token> tokens) throws UnrecordableException;

    /** All or none; what they held cannot be read from the file any more. */
    void remove(Collection<Token> tokens) throws UnrecordableException;
}
