package dev.reeve.judge;

import dev.reeve.json.Json;
import dev.reeve.secrets.Secret;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Anthropic's Messages with one tool that the model must use: its input is the answer.
 *
 * @see <a href="https://docs.anthropic.com/en/api/messages">API reference</a>
 */
final class AnthropicWire implements Wire {
    private static final String TOOL = "opinion";

    @Override
    public String path() {
        return "/v1/messages";
    }

    @Override
    public Map<String, String> headers(Optional<Secret> key) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("anthropic-version", "2023-06-01");
        key.ifPresent(it -> headers.put("x-api-key", it.exposeTextInsecurely()));
        return headers;
    }

    @Override
    public Json.Obj request(String model, Brief brief) {
        return Json.object()
                .put("model", model)
                .put("max_tokens", MOST_TOKENS)
                .put("system", brief.system())
                .put(
                        "messages",
                        new Json.Arr(List.of(Json.object()
                                .put("role", "user")
                                .put("content", brief.user())
                                .build())))
                .put(
                        "tools",
                        new Json.Arr(List.of(Json.object()
                                .put("name", TOOL)
                                .put("description", "Says how risky the action is.")
                                .put("input_schema", Brief.ANSWER)
                                .build())))
                .put("tool_choice", Json.object().put("type", "tool").put("name", TOOL))
                .build();
    }

    @Override
    public Verdicts.Answer answer(Json.Obj response) throws JudgeException {
        Json.Obj input = response.array("content").map(Json.Arr::items).orElse(List.of()).stream()
                .filter(Json.Obj.class::isInstance)
                .map(Json.Obj.class::cast)
                .filter(block -> block.string("type").orElse("").equals("tool_use"))
                .filter(block -> block.string("name").orElse("").equals(TOOL))
                .findFirst()
                .flatMap(block -> block.object("input"))
                .orElseThrow(() -> Verdicts.malformed("it does not use the tool"));
        if (!response.string("stop_reason").orElse("").equals("tool_use")) {
            throw Verdicts.malformed("the model was cut off, or declined");
        }
        Optional<Json.Obj> usage = response.object("usage");
        long in = Wire.count(usage, "input_tokens");
        long out = Wire.count(usage, "output_tokens");
        return Verdicts.read(input, in < 0 || out < 0 ? -1 : in + out);
    }
}
