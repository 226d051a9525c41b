// A client for the acceptance tests, on the TypeScript SDK 2.x: lists tools, calls one, prints ONE line of JSON.
//
//   node client.mjs http URL [options]
//   node client.mjs stdio [options] -- COMMAND ARG...
//
// --revision auto|legacy|2026-07-28   auto: discover, else initialize (default); legacy: initialize; pinned: no fallback
// --token T                           Authorization: Bearer T            --header 'Name: value' (repeatable)
// --call TOOL --args JSON             call a tool                        --timeout MILLISECONDS
// --more                              list and read resources, list and get prompts
// --answer JSON                       accept elicitations with this content; --decline declines them
// --listen MILLISECONDS               subscribe to tool changes first, report them for that long after the call
import { parseArgs } from 'node:util';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

const text = (fallback = '') => ({ type: 'string', default: fallback });
const { values: options, positionals } = parseArgs({
    allowPositionals: true,
    options: {
        revision: text('auto'), token: text(), header: { type: 'string', multiple: true, default: [] },
        call: text(), args: text('{}'), more: { type: 'boolean' }, timeout: text('30000'),
        answer: text(), decline: { type: 'boolean' }, listen: text('0'),
    },
});
const [kind, ...target] = positionals;

function transport() {
    if (kind === 'stdio') {
        return new StdioClientTransport({ command: target[0], args: target.slice(1), stderr: 'inherit' });
    }
    const headers = Object.fromEntries(options.header.map(h => h.split(/: (.*)/s).slice(0, 2)));
    if (options.token) {
        headers.Authorization = `Bearer ${options.token}`;
    }
    return new StreamableHTTPClientTransport(new URL(target[0]), { requestInit: { headers } });
}

function failure(error) {
    const { code, message, data } = error;
    return { type: error.name, code, message, data };
}

function client(out) {
    const mode = ['auto', 'legacy'].includes(options.revision) ? options.revision : { pin: options.revision };
    const elicits = options.answer || options.decline;
    const made = new Client(
        { name: 'reeve-outside-ts', version: '1.0.0' },
        { versionNegotiation: { mode }, capabilities: elicits ? { elicitation: { form: {}, url: {} } } : {} },
    );
    if (elicits) {
        made.setRequestHandler('elicitation/create', async request => {
            (out.asked ??= []).push(request.params);
            if (options.decline) {
                return { action: 'decline' };
            }
            return request.params.mode === 'url' ? { action: 'accept' } : { action: 'accept', content: JSON.parse(options.answer) };
        });
    }
    return made;
}

async function more(made, out) {
    const resources = (await made.listResources()).resources;
    out.resources = resources.map(r => r.uri);
    out.templates = (await made.listResourceTemplates()).resourceTemplates.map(t => t.uriTemplate);
    out.read = await Promise.all(resources.slice(0, 1).map(r => made.readResource({ uri: r.uri })));
    const prompts = (await made.listPrompts()).prompts;
    out.prompts = prompts.map(p => p.name);
    out.got = await Promise.all(prompts.slice(0, 1).map(p => made.getPrompt({
        name: p.name, arguments: Object.fromEntries((p.arguments ?? []).map(a => [a.name, 'x'])),
    })));
}

async function call(made, out) {
    const progress = [];
    try {
        out.result = await made.callTool({ name: options.call, arguments: JSON.parse(options.args) }, {
            onprogress: p => progress.push([p.progress, p.total ?? null, p.message ?? null]),
            timeout: Number(options.timeout),
        });
    } catch (error) {
        out.error = failure(error);
    }
    if (progress.length > 0) {
        out.progress = progress;
    }
}

async function run(out) {
    const made = client(out);
    await made.connect(transport(), { timeout: Number(options.timeout) });
    out.version = made.getNegotiatedProtocolVersion();
    out.server = made.getServerVersion();
    const events = [];
    let subscription;
    if (options.listen !== '0') {
        for (const method of ['notifications/tools/list_changed', 'notifications/resources/updated']) {
            made.setNotificationHandler(method, async n => void events.push({ method, params: n.params }));
        }
        subscription = await made.listen({ toolsListChanged: true, resourceSubscriptions: ['config://app'] });
        out.honored = subscription.honoredFilter;
    }
    out.tools = (await made.listTools()).tools.map(t => t.name);
    if (options.more) {
        await more(made, out);
    }
    if (options.call) {
        await call(made, out);
    }
    if (subscription) {
        await new Promise(done => setTimeout(done, Number(options.listen)));
        out.events = events;
        await subscription.close();
    }
    await made.close();
}

const out = {};
try {
    await run(out);
} catch (error) {
    out.failed = failure(error);
}
process.stdout.write(JSON.stringify(out) + '\n', () => process.exit(out.failed ? 1 : 0));
