// What the reference server offers: the tools, prompts and resources whose names the suites expect, in one form for all revisions.
// A handler gets a context: args, modern, capabilities, notify(), log(), progress(), gather() and closeStream().
import { missing, pause, RpcError, Code, TASKS } from './wire.mjs';
import { startTask } from './tasks.mjs';

// One red pixel, and a hundredth of a second of silence.
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
const WAV = Buffer.concat([
    Buffer.from('RIFF'), Buffer.from([36 + 80, 0, 0, 0]), Buffer.from('WAVEfmt '),
    Buffer.from([16, 0, 0, 0, 1, 0, 1, 0, 64, 31, 0, 0, 64, 31, 0, 0, 1, 0, 8, 0]),
    Buffer.from('data'), Buffer.from([80, 0, 0, 0]), Buffer.alloc(80, 128),
]).toString('base64');

const text = (words, more = {}) => ({ content: [{ type: 'text', text: words }], ...more });
const image = { type: 'image', data: PNG, mimeType: 'image/png' };
const embedded = (uri, mimeType, words) => ({ type: 'resource', resource: { uri, mimeType, text: words } });
const object = (properties = {}, required = []) => ({ type: 'object', properties, ...(required.length ? { required } : {}) });
const string = description => ({ type: 'string', description });

const elicit = (message, properties, required = Object.keys(properties)) => ({
    method: 'elicitation/create', params: { message, requestedSchema: { type: 'object', properties, required } },
});
const sample = (prompt, maxTokens = 100) => ({
    method: 'sampling/createMessage',
    params: { messages: [{ role: 'user', content: { type: 'text', text: prompt } }], maxTokens },
});
const roots = { method: 'roots/list', params: {} };
const answer = reply => `action=${reply.action}, content=${JSON.stringify(reply.content ?? {})}`;

const NAME = { name: { type: 'string' } };
const DEFAULTS = {
    name: { type: 'string', description: 'Name', default: 'John Doe' },
    age: { type: 'integer', description: 'Age', default: 30 },
    score: { type: 'number', description: 'Score', default: 95.5 },
    status: { type: 'string', description: 'Status', enum: ['active', 'inactive', 'pending'], default: 'active' },
    verified: { type: 'boolean', description: 'Verified', default: true },
};
const titled = words => words.map((title, index) => ({ const: `value${index + 1}`, title }));
const ENUMS = {
    untitledSingle: { type: 'string', enum: ['option1', 'option2', 'option3'] },
    titledSingle: { type: 'string', oneOf: titled(['First Option', 'Second Option', 'Third Option']) },
    legacyEnum: { type: 'string', enum: ['opt1', 'opt2', 'opt3'], enumNames: ['Option One', 'Option Two', 'Option Three'] },
    untitledMulti: { type: 'array', items: { type: 'string', enum: ['option1', 'option2', 'option3'] } },
    titledMulti: { type: 'array', items: { anyOf: titled(['First Choice', 'Second Choice', 'Third Choice']) } },
};

const SCHEMA_2020_12 = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    $defs: {
        address: { $anchor: 'addressDef', type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' } } },
    },
    properties: {
        name: { type: 'string' }, address: { $ref: '#/$defs/address' },
        contactMethod: { type: 'string', enum: ['phone', 'email'] }, phone: { type: 'string' }, email: { type: 'string' },
    },
    allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
    if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
    then: { required: ['phone'] },
    else: { required: ['email'] },
    additionalProperties: false,
};

/** Whether the caller takes a task instead of an answer; only 2026-07-28 knows them. */
const takesTasks = context => context.modern && context.capabilities.extensions?.[TASKS] !== undefined;
const needTasks = context => {
    if (!takesTasks(context)) {
        throw missing({ extensions: { [TASKS]: {} } });
    }
};
/** A task where the caller takes one, else the same work at once. */
const workOn = (context, work) => takesTasks(context) ? startTask(work) : work({ ask: requests => context.gather(requests), pause });

const tools = {
    test_simple_text: ['A plain text.', object(), () => text('This is a simple text response for testing.')],
    test_image_content: ['An image.', object(), () => ({ content: [image] })],
    test_audio_content: ['A sound.', object(), () => ({ content: [{ type: 'audio', data: WAV, mimeType: 'audio/wav' }] })],
    test_embedded_resource: ['An embedded resource.', object(),
        () => ({ content: [embedded('test://embedded-resource', 'text/plain', 'This is an embedded resource content.')] })],
    test_multiple_content_types: ['Several kinds of content.', object(), () => ({
        content: [
            { type: 'text', text: 'Multiple content types test:' }, image,
            embedded('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
        ],
    })],
    test_tool_with_logging: ['Writes three lines to the log.', object(), async context => {
        await context.log('info', 'Tool execution started');
        await pause(50);
        await context.log('info', 'Tool processing data');
        await pause(50);
        await context.log('info', 'Tool execution completed');
        return text('Tool with logging executed successfully');
    }],
    test_tool_with_progress: ['Says how far it is.', object(), async context => {
        for (const step of [0, 50, 100]) {
            await context.progress(step, 100);
            await pause(50);
        }
        return text('Tool with progress executed successfully');
    }],
    test_error_handling: ['Always fails.', object(), () => text('This tool intentionally returns an error for testing', { isError: true })],
    test_sampling: ['Asks the model of the client.', object({ prompt: string('What to ask.') }, ['prompt']), async context => {
        const { said } = await context.gather({ said: sample(context.args.prompt) });
        return text(`LLM response: ${said.content?.text ?? JSON.stringify(said.content)}`);
    }],
    test_elicitation: ['Asks the user.', object({ message: string('What to show.') }, ['message']), async context => {
        const fields = { username: string("User's response"), email: string("User's email address") };
        const { reply } = await context.gather({ reply: elicit(context.args.message, fields) });
        return text(`User response: ${answer(reply)}`);
    }],
    test_elicitation_sep1034_defaults: ['A form with defaults.', object(), async context => {
        const { reply } = await context.gather({ reply: elicit('Please review the defaults', DEFAULTS, []) });
        return text(`Elicitation completed: ${answer(reply)}`);
    }],
    test_elicitation_sep1330_enums: ['A form with every kind of choice.', object(), async context => {
        const { reply } = await context.gather({ reply: elicit('Please choose', ENUMS, []) });
        return text(`Elicitation completed: ${answer(reply)}`);
    }],
    test_elicitation_url: ['Sends the user to an address.', object(), async context => {
        const params = { mode: 'url', message: 'Please sign in', url: 'https://example.com/sign-in', elicitationId: 'sign-in-1' };
        const { reply } = await context.gather({ reply: { method: 'elicitation/create', params } });
        return text(`User went: ${reply.action}`);
    }],
    test_reconnection: ['Closes its stream before it answers.', object(), async context => {
        context.closeStream();
        await pause(150);
        return text('Reconnection test completed successfully');
    }],
    json_schema_2020_12_tool: ['A schema with the vocabulary of 2020-12.', SCHEMA_2020_12, context => text(JSON.stringify(context.args))],
    test_x_mcp_header: ['An argument that HTTP clients mirror as a header.',
        object({ region: { type: 'string', description: 'Where.', 'x-mcp-header': 'Region' } }, ['region']),
        context => text(`in ${context.args.region}`)],
    test_missing_capability: ['Needs sampling.', object(), context => {
        if (!context.capabilities.sampling) {
            throw missing({ sampling: {} });
        }
        return text('The client declared sampling.');
    }],
    test_streaming_elicitation: ['Asks on a stream.', object(), async context => {
        await context.progress(1, 2);
        const { reply } = await context.gather({ reply: elicit('Please confirm', { ok: { type: 'boolean' } }) });
        return text(`Streamed: ${answer(reply)}`);
    }],
    test_logging_tool: ['Writes to the log if the caller wants it.', object(), async context => {
        await context.log('info', 'A line of the log');
        return text('logged');
    }],
    test_trigger_tool_change: ['Adds a tool, or takes it away again.', object(), context => {
        changing.tool = !changing.tool;
        context.changed('tools');
        return text('The list of tools changed.');
    }],
    test_trigger_prompt_change: ['Adds a prompt, or takes it away again.', object(), context => {
        changing.prompt = !changing.prompt;
        context.changed('prompts');
        return text('The list of prompts changed.');
    }],
    test_trigger_resource_update: ['Changes the watched resource.', object(), context => {
        context.updated('test://watched-resource');
        return text('The watched resource changed.');
    }],
    test_input_required_result_elicitation: ['Asks for a name, without a state.', object(), async context => {
        const { user_name } = await context.gather({ user_name: elicit('What is your name?', NAME) }, { stateless: true });
        return text(`Hello, ${user_name.content?.name}!`);
    }],
    test_input_required_result_sampling: ['Asks the model, without a state.', object(), async context => {
        const { capital_question } = await context.gather({ capital_question: sample('What is the capital of France?') }, { stateless: true });
        return text(capital_question.content?.text ?? 'no text');
    }],
    test_input_required_result_list_roots: ['Asks for the roots, without a state.', object(), async context => {
        const { client_roots } = await context.gather({ client_roots: roots }, { stateless: true });
        return text(client_roots.roots.map(root => root.uri).join(' '));
    }],
    test_input_required_result_request_state: ['Asks, and wants its state back.', object(), async context => {
        await context.gather({ confirm: elicit('Please confirm', { ok: { type: 'boolean' } }) });
        return text('state-ok');
    }],
    test_input_required_result_tampered_state: ['Asks, and refuses a state that is not its own.', object(), async context => {
        await context.gather({ confirm: elicit('Please confirm', { ok: { type: 'boolean' } }) });
        return text('state-ok');
    }],
    test_input_required_result_multiple_inputs: ['Asks three things at once.', object(), async context => {
        const all = await context.gather({
            user_name: elicit('What is your name?', NAME), greeting: sample('Generate a greeting', 50), client_roots: roots,
        });
        return text(`${all.greeting.content?.text} ${all.user_name.content?.name} ${all.client_roots.roots.length}`);
    }],
    test_input_required_result_multi_round: ['Asks twice.', object(), async context => {
        const { step1 } = await context.gather({ step1: elicit('Step 1: What is your name?', NAME) });
        const { step2 } = await context.gather({ step2: elicit('Step 2: What is your favorite color?', { color: { type: 'string' } }) });
        return text(`${step1.content?.name} likes ${step2.content?.color}`);
    }],
    test_input_required_result_capabilities: ['Asks what the client can answer.', object(), async context => {
        const able = {
            ...(context.capabilities.sampling ? { model: sample('Say something') } : {}),
            ...(context.capabilities.elicitation ? { user: elicit('What is your name?', NAME) } : {}),
        };
        return text(Object.keys(await context.gather(able)).join(' '));
    }],
    greet: ['Greets.', object({ name: string('Whom.') }, ['name']), context => text(`Hello, ${context.args.name}!`)],
    slow_compute: ['Takes its time.', object({ seconds: { type: 'number' }, label: { type: 'string' } }, ['seconds']),
        context => workOn(context, async task => {
            await task.pause(context.args.seconds * 1000);
            return text(`computed ${context.args.label ?? 'it'}`);
        })],
    failing_job: ['Fails as a tool, after a while.', object(), context => {
        needTasks(context);
        return startTask(async task => {
            await task.pause(500);
            return text('the job failed', { isError: true });
        });
    }],
    protocol_error_job: ['Fails as a server.', object(), context => {
        needTasks(context);
        return startTask(async () => {
            throw new RpcError(Code.INTERNAL, 'the job broke');
        });
    }],
    confirm_delete: ['Asks before it deletes.', object({ filename: string('What to delete.') }, ['filename']),
        context => workOn(context, async task => {
            const { confirm } = await task.ask({ confirm: elicit(`Delete ${context.args.filename}?`, { confirm: { type: 'boolean' } }) });
            return text(confirm.content?.confirm ? `deleted ${context.args.filename}` : 'kept');
        })],
    multi_input: ['Asks two things at once.', object(), context => workOn(context, async task => {
        const { first, second } = await task.ask({ first: elicit('First name?', NAME), second: elicit('Second name?', NAME) });
        return text(`${first.content?.name} and ${second.content?.name}`);
    })],
    test_tool_with_task: ['Asks, and goes on as a task.', object(), async context => {
        needTasks(context);
        const { user_name } = await context.gather({ user_name: elicit('What is your name?', NAME) });
        return startTask(async () => text(`Hello, ${user_name.content?.name}!`));
    }],
};

const changing = { tool: false, prompt: false };
const CHANGING_TOOL = { test_changing_tool: ['Comes and goes.', object(), () => text('here for now')] };

const user = content => ({ role: 'user', content });
const prompts = {
    test_simple_prompt: ['A prompt without arguments.', [],
        () => [user({ type: 'text', text: 'This is a simple prompt for testing.' })]],
    test_prompt_with_arguments: ['A prompt with two arguments.', ['arg1', 'arg2'],
        ({ args }) => [user({ type: 'text', text: `Prompt with arguments: arg1='${args.arg1}', arg2='${args.arg2}'` })]],
    test_prompt_with_embedded_resource: ['A prompt with a resource in it.', ['resourceUri'], ({ args }) => [
        user(embedded(args.resourceUri, 'text/plain', 'Embedded resource content for testing.')),
        user({ type: 'text', text: 'Please process the embedded resource above.' }),
    ]],
    test_prompt_with_image: ['A prompt with an image in it.', [],
        () => [user(image), user({ type: 'text', text: 'Please analyze the image above.' })]],
    test_input_required_result_prompt: ['A prompt that asks first.', [], async context => {
        const { user_context } = await context.gather(
            { user_context: elicit('What context should the prompt use?', { context: { type: 'string' } }) });
        return [user({ type: 'text', text: `In the context of ${user_context.content?.context}` })];
    }],
};
const CHANGING_PROMPT = { test_changing_prompt: ['Comes and goes.', [], () => [user({ type: 'text', text: 'here for now' })]] };

const resources = [
    { uri: 'test://static-text', name: 'Static Text Resource', description: 'A text', mimeType: 'text/plain',
        text: 'This is the content of the static text resource.' },
    { uri: 'test://static-binary', name: 'Static Binary Resource', description: 'An image', mimeType: 'image/png', blob: PNG },
    { uri: 'test://watched-resource', name: 'Watched Resource', description: 'A resource to subscribe to', mimeType: 'text/plain',
        text: 'Watched resource content' },
];
export const TEMPLATES = [{
    uriTemplate: 'test://template/{id}/data', name: 'Resource Template', description: 'A resource for each id', mimeType: 'application/json',
}];

const allTools = () => changing.tool ? { ...tools, ...CHANGING_TOOL } : tools;
const allPrompts = () => changing.prompt ? { ...prompts, ...CHANGING_PROMPT } : prompts;

export const listTools = () =>
    Object.entries(allTools()).map(([name, [description, inputSchema]]) => ({ name, description, inputSchema }));
export const inputSchema = name => allTools()[name]?.[1];
export const listPrompts = () => Object.entries(allPrompts()).map(([name, [description, names]]) => ({
    name, description, ...(names.length ? { arguments: names.map(each => ({ name: each, description: each, required: true })) } : {}),
}));
export const listResources = () => resources.map(({ text: _text, blob: _blob, ...described }) => described);

export async function callTool(name, context) {
    const tool = allTools()[name];
    if (!tool) {
        throw new RpcError(Code.INVALID_PARAMS, `Unknown tool: ${name}`);
    }
    return tool[2](context);
}

export async function getPrompt(name, context) {
    const prompt = allPrompts()[name];
    if (!prompt) {
        throw new RpcError(Code.INVALID_PARAMS, `Unknown prompt: ${name}`);
    }
    const absent = prompt[1].filter(each => typeof context.args[each] !== 'string');
    if (absent.length) {
        throw new RpcError(Code.INVALID_PARAMS, `Missing arguments: ${absent.join(', ')}`);
    }
    return { description: prompt[0], messages: await prompt[2](context) };
}

/** One content, or nothing. */
export function readResource(uri) {
    const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1];
    if (id) {
        return { uri, mimeType: 'application/json', text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }) };
    }
    const found = resources.find(resource => resource.uri === uri);
    return found && { uri, mimeType: found.mimeType, ...(found.blob ? { blob: found.blob } : { text: found.text }) };
}

export function complete({ ref, argument }) {
    const known = ref?.type === 'ref/prompt' ? allPrompts()[ref.name] : TEMPLATES.some(each => each.uriTemplate === ref?.uri);
    if (!known || typeof argument?.name !== 'string') {
        throw new RpcError(Code.INVALID_PARAMS, 'Nothing to complete there');
    }
    const values = ['test-one', 'test-two', 'paris'].filter(word => word.startsWith(argument.value ?? ''));
    return { completion: { values, total: values.length, hasMore: false } };
}
