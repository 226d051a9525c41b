// Everything that a server answers to a plan, in one line of JSON, by the TypeScript SDK 2.x: lists, calls, reads and prompts, errors too.
//
//   node answers.mjs --plan JSON http URL [--token T] [--revision auto|legacy|2026-07-28]
//   node answers.mjs --plan JSON stdio -- COMMAND ARG...
//
// The plan: {"calls": [[TOOL, ARGUMENTS]...], "reads": [URI...], "gets": [[PROMPT, ARGUMENTS]...]}
import { parseArgs } from 'node:util';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

const text = fallback => ({ type: 'string', default: fallback });
const { values: options, positionals: [kind, ...target] } = parseArgs({
    allowPositionals: true, options: { plan: text('{}'), token: text(''), revision: text('auto') },
});
const plan = { calls: [], reads: [], gets: [], ...JSON.parse(options.plan) };
const headers = options.token ? { Authorization: `Bearer ${options.token}` } : {};
const transport = kind === 'stdio'
    ? new StdioClientTransport({ command: target[0], args: target.slice(1), env: process.env, stderr: 'ignore' })
    : new StreamableHTTPClientTransport(new URL(target[0]), { requestInit: { headers } });
const mode = ['auto', 'legacy'].includes(options.revision) ? options.revision : { pin: options.revision };
const client = new Client({ name: 'answers', version: '1.0.0' }, { versionNegotiation: { mode } });

async function answer(run) {
    try {
        return await run();
    } catch (e) {
        return { error: { code: e.code ?? null, message: e.message, data: e.data ?? null } };
    }
}

async function each(things, run) {
    const found = [];
    for (const thing of things) {
        found.push(await answer(() => run(thing)));
    }
    return found;
}

await client.connect(transport);
const can = client.getServerCapabilities() ?? {};
const out = {
    tools: await answer(() => client.listTools()),
    ...(can.resources ? { resources: await answer(() => client.listResources()), templates: await answer(() => client.listResourceTemplates()) } : {}),
    ...(can.prompts ? { prompts: await answer(() => client.listPrompts()) } : {}),
    calls: await each(plan.calls, ([name, args]) => client.callTool({ name, arguments: args })),
    reads: await each(plan.reads, uri => client.readResource({ uri })),
    gets: await each(plan.gets, ([name, args]) => client.getPrompt({ name, arguments: args })),
};
await client.close();
process.stdout.write(JSON.stringify(out) + '\n', () => process.exit(0));
