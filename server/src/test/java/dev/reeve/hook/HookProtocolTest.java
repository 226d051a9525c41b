package dev.reeve.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Operation;
import dev.reeve.gate.Effect.Told;
import dev.reeve.json.Json;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Events in the form that each agent documents, and what they touch. */
final class HookProtocolTest {
    private static final HostActions ACTIONS =
            new HostActions("/home/u", (server, tool) -> server.equals("pg") && tool.equals("query"));

    static Json.Obj json(String text) {
        try {
            return StrictJson.readObject(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8), JsonLimits.REQUEST);
        } catch (dev.reeve.strict.JsonRefusedException e) {
            throw new AssertionError(text, e);
        }
    }

    private static Operation operation(String client, String event) throws HookEvent.UnreadableException {
        HookEvent read = HookProtocol.find(client).orElseThrow().read(json(event));
        return ACTIONS.read(client, (HookEvent.Before) read).operation();
    }

    private static String touches(String client, String event) throws HookEvent.UnreadableException {
        return ((Operation.HostCall) operation(client, event))
                .touches().stream()
                        .map(touch -> touch.names().getLast() + " " + touch.verb())
                        .collect(Collectors.joining(", "));
    }

    private static String claude(String tool, String input) {
        return "{'session_id':'abc123','transcript_path':'/t.jsonl','cwd':'/p','permission_mode':'default','hook_event_name':'PreToolUse',"
                + "'tool_name':'" + tool + "','tool_input':" + input + ",'tool_use_id':'toolu_01'}";
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            quoteCharacter = '~',
            value = {
                "Bash => {'command':'git push origin > log','description':'d','timeout':1} => file:/p/log update, shell:git push origin execute",
                "Bash => {'command':'rm -rf $X'} => shell:rm -rf execute, opaque:file execute",
                "Bash => {'command':'echo $((x'} => opaque:shell execute",
                "Bash => {} => opaque:shell execute",
                "Bash => {'command':'PATH=x ls 2>/dev/null'} => shell:PATH= execute, shell:ls execute, file:/p read",
                "Bash => {'command':'x=1'} => shell:: execute",
                "Read => {'file_path':'/p/a','limit':5} => file:/p/a read",
                "Write => {'file_path':'/p/./a','content':'x'} => file:/p/a update",
                "Edit => {'file_path':'b','old_string':'x','new_string':'y'} => file:/p/b update",
                "Edit => {'old_string':'x'} => opaque:file execute",
                "MultiEdit => {'file_path':'/p/../etc/x','edits':[]} => file:/p/../etc/x update",
                "NotebookEdit => {'notebook_path':'/p/n.ipynb','new_source':''} => file:/p/n.ipynb update",
                "Glob => {'pattern':'**/*.ts'} => glob:/p/** read",
                "Glob => {'pattern':'/etc/*'} => glob:/etc/* read, glob:/p/** read",
                "Glob => {'pattern':'../*'} => opaque:file execute, glob:/p/** read",
                "Grep => {'pattern':'x','path':'/p/src'} => glob:/p/src/** read",
                "WebFetch => {'url':'https://e.example/x','prompt':'p'} => url:https://e.example/x read",
                "WebSearch => {'query':'q'} => tool:claude-code.WebSearch execute",
                "Task => {'prompt':'p'} => tool:claude-code.Task execute",
                "mcp__other__do => {} => tool:claude-code.mcp__other__do execute",
                "mcp__pg__drop => {} => tool:claude-code.mcp__pg__drop execute",
            })
    void toolsOfClaudeCodeBecomeWhatTheyTouch(String tool, String input, String expected)
            throws HookEvent.UnreadableException {
        assertEquals(expected, touches("claude-code", claude(tool, input)));
    }

    @Test
    void aToolOfAServerBehindReeveIsThatTool() throws HookEvent.UnreadableException {
        Operation.ToolCall call = assertInstanceOf(
                Operation.ToolCall.class, operation("claude-code", claude("mcp__pg__query", "{'sql':'x'}")));
        assertEquals("pg.query", call.subject());
        assertEquals("{\"sql\":\"x\"}", call.arguments().toString());
    }

    @Test
    void whatComesAfterNamesTheCall() throws HookEvent.UnreadableException {
        HookProtocol claude = HookProtocol.find("claude-code").orElseThrow();
        String after = claude("Write", "{'file_path':'/p/a'}").replace("PreToolUse", "PostToolUse");
        assertEquals(new HookEvent.After("abc123", "toolu_01", Told.SUCCESS), claude.read(json(after)));
        assertEquals(
                new HookEvent.After("abc123", "toolu_01", Told.FAILURE),
                claude.read(json(after.replace("PostToolUse", "PostToolUseFailure"))));
        assertEquals(new HookEvent.Other(), claude.read(json("{'hook_event_name':'Stop'}")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'hook_event_name':1}",
                "{'hook_event_name':'PreToolUse','cwd':'/p','tool_input':{}}",
                "{'hook_event_name':'PreToolUse','cwd':'/p','tool_name':'Bash'}",
                "{'hook_event_name':'PreToolUse','tool_name':'Bash','tool_input':{'command':'ls'}}",
                "{'hook_event_name':'PreToolUse','cwd':'p','tool_name':'Bash','tool_input':{'command':'ls'}}",
                "{'hook_event_name':'PreToolUse','cwd':'/p','tool_name':'a b','tool_input':{}}",
            })
    void whatIsNoWholeEventIsRefused(String event) {
        assertThrows(HookEvent.UnreadableException.class, () -> operation("claude-code", event));
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            quoteCharacter = '~',
            value = {
                "codex => {'session_id':'s','turn_id':'t','hook_event_name':'PreToolUse','cwd':'/p','tool_name':'Bash','tool_use_id':'c','tool_input':{'command':'id'}} => shell:id execute",
                "codex => {'session_id':'s','hook_event_name':'PreToolUse','cwd':'/p','tool_name':'apply_patch','tool_input':{'command':'*** Begin Patch\\n*** Update File: a.txt\\n@@\\n-x\\n*** Delete File: /etc/x\\n*** End Patch'}} => file:/p/a.txt update, file:/etc/x update",
                "codex => {'session_id':'s','hook_event_name':'PreToolUse','cwd':'/p','tool_name':'apply_patch','tool_input':{'patch':'?'}} => opaque:file execute",
                "cursor => {'hook_event_name':'beforeShellExecution','conversation_id':'c','generation_id':'g','workspace_roots':['/p'],'command':'npm install','cwd':''} => shell:npm install execute",
                "cursor => {'hook_event_name':'beforeReadFile','conversation_id':'c','workspace_roots':['/p'],'file_path':'/p/.env','content':'K=v','attachments':[]} => file:/p/.env read",
                "cursor => {'hook_event_name':'beforeMCPExecution','conversation_id':'c','workspace_roots':['/p'],'tool_name':'db','tool_input':'{}','command':'npx x'} => tool:cursor.mcp__db execute",
                "cursor => {'hook_event_name':'preToolUse','conversation_id':'c','cwd':'/p','tool_name':'Delete','tool_input':{'path':'x'},'tool_use_id':'u'} => file:/p/x delete",
                "copilot => {'sessionId':'s','timestamp':1,'cwd':'/p','toolName':'bash','toolArgs':{'command':'id'}} => shell:id execute",
                "copilot => {'sessionId':'s','timestamp':1,'cwd':'/p','toolName':'bash','toolArgs':'{\\'command\\':\\'id\\'}'} => shell:id execute",
                "copilot => {'hook_event_name':'PreToolUse','session_id':'s','timestamp':'t','cwd':'/p','tool_name':'Bash','tool_input':{'command':'npm test'}} => shell:npm test execute",
                "copilot => {'sessionId':'s','timestamp':1,'cwd':'/p','toolName':'view','toolArgs':{'path':'/etc/passwd'}} => file:/etc/passwd read",
                "copilot => {'sessionId':'s','timestamp':1,'cwd':'/p','toolName':'edit','toolArgs':{'path':'a','old_str':'x','new_str':'y'}} => file:/p/a update",
                "copilot => {'sessionId':'s','timestamp':1,'cwd':'/p','toolName':'edit','toolArgs':{'file':'a'}} => opaque:file execute",
                "copilot => {'sessionId':'s','timestamp':1,'cwd':'/p','toolName':'apply_patch','toolArgs':{'input':'*** Begin Patch\\n*** Add File: b\\n+x\\n*** End Patch'}} => file:/p/b update",
                "copilot => {'sessionId':'s','timestamp':1,'cwd':'/p','toolName':'web_fetch','toolArgs':{'url':'https://e.example/x'}} => url:https://e.example/x read",
                "copilot => {'sessionId':'s','timestamp':1,'cwd':'/p','toolName':'grep','toolArgs':{'pattern':'x','glob':'*.java'}} => glob:/p/** read",
                "copilot => {'sessionId':'s','timestamp':1,'cwd':'/p','toolName':'task','toolArgs':{'prompt':'x'}} => tool:copilot.task execute",
                "vscode => {'hookEventName':'PreToolUse','sessionId':'s','timestamp':'t','cwd':'/p','tool_name':'run_in_terminal','tool_input':{'command':'rm a'},'tool_use_id':'u'} => shell:rm a execute, file:/p/a delete",
                "vscode => {'hookEventName':'PreToolUse','sessionId':'s','cwd':'/p','tool_name':'editFiles','tool_input':{'files':['src/main.ts','b']},'tool_use_id':'u'} => file:/p/src/main.ts update, file:/p/b update",
                "vscode => {'hookEventName':'PreToolUse','sessionId':'s','cwd':'/p','tool_name':'multi_replace_string_in_file','tool_input':{'replacements':[{'filePath':'/p/a'},{'filePath':'/p/b'}]}} => file:/p/a update, file:/p/b update",
                "vscode => {'hookEventName':'PreToolUse','sessionId':'s','cwd':'/p','tool_name':'multi_replace_string_in_file','tool_input':{'replacements':[{'filePath':'/p/a'},{}]}} => opaque:file execute",
                "vscode => {'hookEventName':'PreToolUse','sessionId':'s','cwd':'/p','tool_name':'fetch_webpage','tool_input':{'urls':['https://a.example/','https://b.example/']}} => url:https://a.example/ read, url:https://b.example/ read",
                "gemini => {'session_id':'s','transcript_path':'/t','cwd':'/p','hook_event_name':'BeforeTool','timestamp':'t','tool_name':'run_shell_command','tool_input':{'command':'id','dir_path':'sub'}} => shell:id execute",
                "gemini => {'session_id':'s','cwd':'/p','hook_event_name':'BeforeTool','tool_name':'write_file','tool_input':{'file_path':'a','content':''}} => file:/p/a update",
                "gemini => {'session_id':'s','cwd':'/p','hook_event_name':'BeforeTool','tool_name':'web_fetch','tool_input':{'prompt':'x'}} => tool:gemini.web_fetch execute",
            })
    void eventsOfOtherAgentsBecomeWhatTheyTouch(String client, String event, String expected)
            throws HookEvent.UnreadableException {
        assertEquals(expected, touches(client, event));
    }

    /** The model writes the input, and may write more into it than the tool heeds. */
    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            quoteCharacter = '~',
            value = {
                "vscode => replace_string_in_file => {'filePath':'/etc/x','input':'*** Update File: /p/a'} => file:/etc/x update, file:/p/a update",
                "vscode => replace_string_in_file => {'filePath':'/etc/x','path':'/p/a'} => file:/p/a update, file:/etc/x update",
                "vscode => apply_patch => {'filePath':'/p/a','input':'unreadable'} => opaque:file execute",
                "vscode => apply_patch => {'command':'*** Add File: b','input':'*** Delete File: /etc/x'} => file:/p/b update, file:/etc/x update",
                "vscode => apply_patch => {'command':'*** Add File: b','input':7} => opaque:file execute",
                "vscode => multi_replace_string_in_file => {'filePath':'/etc/x','replacements':[{'filePath':'a'}]} => file:/etc/x update, file:/p/a update",
                "vscode => multi_replace_string_in_file => {'filePath':'/p/a'} => opaque:file execute",
                "vscode => run_in_terminal => {'command':'echo x > .git/config','cwd':'/p/sub'} => file:/p/.git/config update, file:/p/sub/.git/config update, shell:echo x execute",
                "claude-code => Bash => {'command':'> x','cwd':'sub','workdir':'/t'} => file:/p/x update, file:/p/sub/x update, file:/t/x update",
                "claude-code => Bash => {'command':'ls','cwd':7} => opaque:shell execute",
                "claude-code => Bash => {'command':'ls','env':{'PATH':'/t'}} => opaque:shell execute",
                "claude-code => Bash => {'command':'ls','shell':'/t/evil'} => opaque:shell execute",
                "codex => apply_patch => {'command':'*** Add File: b','input':'*** Add File: /etc/x'} => file:/p/b update, file:/etc/x update",
                "gemini => glob => {'dir_path':'sub','path':'/etc','pattern':'*'} => glob:/p/sub/** read, glob:/etc/** read, glob:/p/** read",
                "gemini => glob => {'path':'/etc','pattern':'*'} => glob:/etc/** read, glob:/p/** read",
                "gemini => read_many_files => {'include':['a','/etc/*']} => glob:/etc/* read, glob:/p/** read",
                "claude-code => Glob => {'pattern':'{a,/etc/*}'} => opaque:file execute, glob:/p/** read",
                "claude-code => Glob => {'pattern':'*','path':['/etc']} => opaque:file execute",
            })
    void membersThatAToolMayNotHeedTakeNothingAway(String client, String tool, String input, String expected)
            throws HookEvent.UnreadableException {
        String before = client.equals("gemini") ? "BeforeTool" : "PreToolUse";
        String event = "{'hook_event_name':'" + before + "','session_id':'s','cwd':'/p','tool_name':'" + tool
                + "','tool_input':" + input + "}";
        assertEquals(expected, touches(client, event));
    }

    /** Let through, it would be an action that nothing decided and nothing recorded. */
    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            quoteCharacter = '~',
            value = {
                "vscode => {'hookEventName':'preToolUse','cwd':'/p','tool_name':'create_file','tool_input':{'filePath':'/etc/x'}}",
                "vscode => {'hookEventName':'PreToolUse','hook_event_name':'PostToolUse','cwd':'/p','tool_name':'create_file','tool_input':{}}",
                "copilot => {'hook_event_name':'Stop','toolName':'bash','toolArgs':{'command':'id'}}",
                "copilot => {'cwd':'/p','toolName':'view','tool_name':'bash','toolArgs':{'command':'id'}}",
                "copilot => {'cwd':'/p','toolName':'bash','toolArgs':{'command':'id'},'tool_input':{'command':'rm x'}}",
                "claude-code => {'hook_event_name':'preToolUse','cwd':'/p','tool_name':'Bash','tool_input':{'command':'id'}}",
                "claude-code => {'hook_event_name':'PermissionRequest','cwd':'/p','tool_name':'Bash','tool_input':{'command':'id'}}",
                "codex => {'hook_event_name':'PreShell','cwd':'/p','command':'id'}",
                "gemini => {'hook_event_name':'beforeTool','cwd':'/p','tool_name':'write_file','tool_input':{}}",
                "cursor => {'hook_event_name':'BeforeShellExecution','cwd':'/p','command':'id'}",
                "cursor => {'hook_event_name':'beforeEdit','cwd':'/p','file_path':'/etc/x'}",
            })
    void anEventOfAnUnknownNameThatCarriesAToolIsRefused(String client, String event) {
        HookProtocol protocol = HookProtocol.find(client).orElseThrow();
        assertThrows(HookEvent.UnreadableException.class, () -> protocol.read(json(event)));
    }

    @Test
    void whatCursorTellsAfterwardsIsLetThroughAndWhatATabReadsIsDecided() throws HookEvent.UnreadableException {
        HookProtocol cursor = HookProtocol.find("cursor").orElseThrow();
        for (String name : java.util.List.of("afterFileEdit", "afterShellExecution", "stop")) {
            String event = "{'hook_event_name':'" + name + "'"
                    + (name.equals("stop") ? "}" : ",'command':'id','file_path':'/p/a'}");
            assertEquals(new HookEvent.Other(), cursor.read(json(event)));
        }
        assertEquals(
                "file:/etc/x read",
                touches("cursor", "{'hook_event_name':'beforeTabFileRead','cwd':'/p','file_path':'/etc/x'}"));
    }

    @Test
    void cursorAndGeminiNeverRecordTheContentOfAFileThatIsRead() throws HookEvent.UnreadableException {
        String event =
                "{'hook_event_name':'beforeReadFile','conversation_id':'c','workspace_roots':['/p'],'file_path':'/p/a','content':'SECRET'}";
        assertTrue(!operation("cursor", event).arguments().toString().contains("SECRET"));
    }

    @Test
    void eachAgentIsAnsweredInItsOwnWords() {
        Json.Obj pre = json("{'hook_event_name':'PreToolUse'}");
        HookProtocol claude = HookProtocol.find("claude-code").orElseThrow();
        assertEquals("0 o {}", line(claude.allow(pre)));
        assertEquals(
                "0 o {\"hookSpecificOutput\":{\"hookEventName\":\"PreToolUse\",\"permissionDecision\":\"deny\",\"permissionDecisionReason\":\"no\"}}",
                line(claude.deny(pre, "no")));
        assertTrue(line(claude.ask(pre, "why")).contains("\"permissionDecision\":\"ask\""));
        assertTrue(line(HookProtocol.find("codex").orElseThrow().ask(pre, "why"))
                .contains("\"permissionDecision\":\"deny\""));
        HookProtocol cursor = HookProtocol.find("cursor").orElseThrow();
        Json.Obj shell = json("{'hook_event_name':'beforeShellExecution'}");
        assertEquals("0 o {\"permission\":\"allow\"}", line(cursor.allow(shell)));
        assertTrue(line(cursor.ask(shell, "why")).contains("\"permission\":\"ask\""));
        assertTrue(line(cursor.ask(json("{'hook_event_name':'beforeReadFile'}"), "why"))
                .contains("\"permission\":\"deny\""));
        HookProtocol gemini = HookProtocol.find("gemini").orElseThrow();
        assertEquals("0 o {\"decision\":\"deny\",\"reason\":\"no\"}", line(gemini.deny(pre, "no")));
        assertTrue(line(gemini.ask(pre, "why")).contains("deny"));
        assertEquals("2 e a\u0001b", line(HookReply.refusal("a\nb")));
    }

    private static String line(HookReply reply) {
        return new String(reply.line(), StandardCharsets.UTF_8);
    }

    /** Each of the two reads its own words; a refusal in one of them is a refusal. */
    @Test
    void copilotAndVsCodeGetOneAnswerInTheWordsOfBoth() throws HookEvent.UnreadableException {
        HookProtocol copilot = HookProtocol.find("copilot").orElseThrow();
        Json.Obj before = json("{'sessionId':'s','cwd':'/p','toolName':'bash','toolArgs':{'command':'id'}}");
        for (String decision : java.util.List.of("deny", "ask")) {
            HookReply reply = decision.equals("deny") ? copilot.deny(before, "why") : copilot.ask(before, "why");
            assertEquals(0, reply.exit());
            Json.Obj said = json(reply.text());
            assertEquals(decision, said.string("permissionDecision").orElseThrow());
            Json.Obj inner = said.object("hookSpecificOutput").orElseThrow();
            assertEquals(decision, inner.string("permissionDecision").orElseThrow());
            assertEquals("why", inner.string("permissionDecisionReason").orElseThrow());
        }
        assertEquals("{}", copilot.allow(before).text());
    }

    @Test
    void copilotsOtherSpellingIsToldByWhatItBrings() throws HookEvent.UnreadableException {
        HookProtocol copilot = HookProtocol.find("copilot").orElseThrow();
        String common = "{'sessionId':'s','cwd':'/p','toolName':'bash','toolArgs':{'command':'id'}";
        HookEvent.Before before = assertInstanceOf(HookEvent.Before.class, copilot.read(json(common + "}")));
        HookEvent.After after = assertInstanceOf(
                HookEvent.After.class, copilot.read(json(common + ",'toolResult':{'resultType':'success'}}")));
        assertEquals(new HookEvent.After("s", before.call(), Told.SUCCESS), after);
        assertEquals(
                new HookEvent.After("s", before.call(), Told.FAILURE),
                copilot.read(json(common + ",'error':'it broke'}")));
        assertEquals(new HookEvent.Other(), copilot.read(json("{'hook_event_name':'Stop','session_id':'s'}")));
        for (String event : java.util.List.of(
                "{}",
                "{'sessionId':'s','cwd':'/p'}",
                "{'cwd':'/p','toolName':'bash'}",
                "{'cwd':'/p','toolName':'bash','toolArgs':'no object'}",
                "{'toolName':'bash','toolArgs':{'command':'id'}}")) {
            assertThrows(HookEvent.UnreadableException.class, () -> copilot.read(json(event)), event);
        }
    }
}
