package dev.reeve.connect;

import dev.reeve.secrets.Secret;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** A person who has decided beforehand. After the last answer it is yes. */
final class ScriptedPerson implements Person {
    final List<String> heard = new ArrayList<>();
    final List<String> asked = new ArrayList<>();
    private final Deque<Boolean> answers = new ArrayDeque<>();
    private final Optional<String> typed;

    ScriptedPerson(Boolean... answers) {
        this(Optional.empty(), answers);
    }

    ScriptedPerson(Optional<String> typed, Boolean... answers) {
        this.typed = typed;
        this.answers.addAll(List.of(answers));
    }

    String everything() {
        return String.join("\n", heard) + "\n" + String.join("\n", asked);
    }

    @Override
    public void say(String line) {
        heard.add(line);
    }

    @Override
    public boolean confirms(String question) {
        asked.add(question);
        return answers.isEmpty() || answers.poll();
    }

    @Override
    public Optional<Secret> secret(String question) {
        asked.add(question);
        return typed.map(Secret::of);
    }
}
