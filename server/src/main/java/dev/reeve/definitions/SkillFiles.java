package dev.reeve.definitions;

import dev.reeve.action.Action;
import dev.reeve.action.Operation;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import dev.reeve.gate.Facts;
import dev.reeve.gate.ResultFinding;
import dev.reeve.gate.ResultStage;
import dev.reeve.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Withholds a file of a skill that is not the file whose digest is pinned: what was approved is what an agent reads. Says nothing of skills whose server
 * makes their files anew each time, nor of what the server's other resources hold.
 */
public record SkillFiles(PinnedDefinitions definitions) implements ResultStage {
    @Override
    public String name() {
        return "skills";
    }

    @Override
    public ResultFinding examine(Action action, Facts facts, Json.Obj result) {
        if (!(action.operation() instanceof Operation.ResourceRead read)) {
            return new ResultFinding.Unchanged(name());
        }
        Optional<Skill> skill = definitions.skill(read.upstream(), read.uri());
        boolean pinned = skill.isPresent() && !skill.get().files().isEmpty();
        return !pinned || result.array("contents").isEmpty() || isPinned(skill.get(), read.uri(), result)
                ? new ResultFinding.Unchanged(name())
                : new ResultFinding.Withheld(name(), changed(read));
    }

    private static boolean isPinned(Skill skill, String uri, Json.Obj result) {
        Json.Arr contents = result.array("contents").orElse(Json.Arr.EMPTY);
        return contents.items().size() == 1
                && contents.items().getFirst() instanceof Json.Obj content
                && content.string("uri").equals(Optional.of(uri))
                && bytes(content)
                        .map(bytes -> new Skill.File(digest(bytes), Integer.toString(bytes.length)))
                        .equals(Optional.ofNullable(skill.files().get(uri)));
    }

    private static Optional<byte[]> bytes(Json.Obj content) {
        Optional<String> text = content.string("text");
        if (text.isPresent()) {
            return content.has("blob") ? Optional.empty() : text.map(it -> it.getBytes(StandardCharsets.UTF_8));
        }
        try {
            return content.string("blob").map(Base64.getDecoder()::decode);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String digest(byte[] bytes) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    private static Denial changed(Operation.ResourceRead read) {
        return Denial.of(
                        "skill_file_changed",
                        ReasonClass.APPROVAL,
                        "`" + read.uri() + "` of `" + read.upstream() + "` is not the file whose digest is pinned")
                .withHelp("if the server has a new version of the skill, `reeve tools diff " + read.upstream()
                        + "` shows it when the server lists it; approve it there")
                .withTell("this file is not the one that was approved");
    }
}
