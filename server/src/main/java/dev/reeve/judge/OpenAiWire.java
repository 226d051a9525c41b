package dev.reeve.judge;

import dev.reeve.json.Json;
import dev.reeve.secrets.Secret;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * OpenAI's Chat Completions with structured output, which most local servers (vLLM, llama.cpp, Ollama, LM Studio) speak too.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat">API reference</a>
 */
final class OpenAiWire implements Wire {
    @Override
    public String path() {
        return "/chat/completions";
    }

    @Override
    public Map<String, String> headers(Optional<Secret> key) {
        Map<String, String> headers = new LinkedHashMap<>();
        key.ifPresent(it -> headers.put("Authorization", "Bearer " + it.exposeTextInsecurely()));
        return headers;
    }

    @Override
    public Json.Obj request(String model, Brief brief) {
        return Json.object()
                .put("model", model)
                .put(
                        "messages",
                        new Json.Arr(List.of(message("system", brief.system()), message("user", brief.user()))))
                .put(
                        "response_format",
                        Json.object()
                                .put("type", "json_schema")
                                .put(
                                        "json_schema",
                                        Json.object()
                                                .put("name", "opinion")
                                                .put("strict", true)
                                                .put("schema", Brief.ANSWER)))
                .put("max_completion_tokens", MOST_TOKENS)
                .build();
    }

    private static Json message(String role, String content) {
        return Json.object().put("role", role).put("content", content).build();
    }

    @Override
    public Verdicts.Answer answer(Json.Obj response) throws JudgeException {
        Json.Obj choice = response.array("choices")
                .filter(choices -> choices.items().size() == 1)
                .map(choices -> choices.items().getFirst())
                .filter(Json.Obj.class::isInstance)
                .map(Json.Obj.class::cast)
                .orElseThrow(() -> Verdicts.malformed("it has not one choice"));
        if (!choice.string("finish_reason").orElse("stop").equals("stop")) {
            throw Verdicts.malformed("the model was cut off, or declined");
        }
        String content = choice.object("message")
                .flatMap(message -> message.string("content"))
                .orElseThrow(() -> Verdicts.malformed("it has no content"));
        return Verdicts.read(content, Wire.count(response.object("usage"), "total_tokens"));
    }
}
