// The client that the client scenarios of the conformance suite start, on the TypeScript SDK 2.x: does what each scenario waits for.
//
//   node scenario-client.mjs URL                 against the suite's server
//   node scenario-client.mjs --gateway FOLDER URL   against Reeve in front of it: FOLDER/command is a command line as a JSON list
//
// The suite says in MCP_CONFORMANCE_PROTOCOL_VERSION which revision, and in MCP_CONFORMANCE_CONTEXT which calls it wants.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

const MODERN = '2026-07-28';
const { values: options, positionals: [url] } = parseArgs({ allowPositionals: true, options: { gateway: { type: 'string' } } });
const revision = process.env.MCP_CONFORMANCE_PROTOCOL_VERSION ?? '2025-11-25';
const wanted = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? '{}').toolCalls;

// ---- the gateway

const POLICY = `agent_roles:
  tester:
    permissions:
      - { resource: "tool:suite.*", actions: [execute] }
      - { resource: "mcp:suite/**", actions: [read] }
      - { resource: "prompt:suite.*", actions: [read] }
agents:
  tester: { roles: [tester] }
`;

class Gateway {
    constructor(folder) {
        this.command = JSON.parse(readFileSync(join(folder, 'command'), 'utf8'));
        this.home = mkdtempSync(join(folder, 'home-'));
        this.env = { ...process.env, XDG_CONFIG_HOME: join(this.home, 'user-config') };
        ['catalog', 'policies'].forEach(name => mkdirSync(join(this.home, name)));
        mkdirSync(join(this.home, 'user-config'), { mode: 0o700 });
        writeFileSync(join(this.home, 'reeve.yaml'), `listen: { agents: "127.0.0.1:0", control: "127.0.0.1:0" }
upstreams:
  suite: { url: "${url.replace('localhost', '127.0.0.1')}", definitions: trust-first-use }
`);
        writeFileSync(join(this.home, 'policies', 'tester.yaml'), POLICY);
    }

    reeve(...words) {
        const [program, ...rest] = this.command;
        return spawnSync(program, [...rest, ...words, '--home', this.home], { env: this.env, encoding: 'utf8' }).stdout;
    }

    /** The address, when it is ready. */
    async start() {
        const [program, ...rest] = this.command;
        this.process = spawn(program, [...rest, 'serve', '--home', this.home], { env: this.env, stdio: ['ignore', 'pipe', 'inherit'] });
        for await (const line of createInterface({ input: this.process.stdout })) {
            const ready = /ready: agents (\S+)/.exec(line);
            if (ready) {
                this.process.stdout.resume();
                return `${ready[1]}/suite`;
            }
        }
        throw new Error('the gateway did not become ready');
    }

    key() {
        return JSON.parse(this.reeve('key', 'create', 'tester', '--json')).key;
    }

    async stop() {
        if (this.process) {
            const gone = new Promise(done => this.process.on('exit', done));
            this.process.kill();
            await gone;
        }
        rmSync(this.home, { recursive: true, force: true });
    }
}

// ---- the client

function client() {
    const mode = revision === MODERN ? { pin: MODERN } : 'legacy';
    const made = new Client({ name: 'scenario-client', version: '1.0.0' }, {
        versionNegotiation: { mode }, capabilities: { elicitation: { form: { applyDefaults: true } }, sampling: {} },
    });
    made.setRequestHandler('elicitation/create', async () => ({ action: 'accept', content: {} }));
    made.setRequestHandler('sampling/createMessage', async () => (
        { role: 'assistant', content: { type: 'text', text: 'said' }, model: 'none', stopReason: 'endTurn' }));
    return made;
}

const SAMPLES = { string: 'x', number: 2, integer: 2, boolean: true, object: {}, array: [], null: null };

function argumentsFor(tool, tools) {
    if (tool.name === 'json_schema_echo') {
        return { schema: tools.find(each => each.name === 'json_schema_2020_12_tool').inputSchema };
    }
    const needed = tool.inputSchema.required ?? [];
    return Object.fromEntries(needed.map(name => [name, SAMPLES[tool.inputSchema.properties?.[name]?.type] ?? 'x']));
}

async function quietly(run) {
    try {
        return await run();
    } catch (e) {
        console.error(String(e));
        return undefined;
    }
}

async function use(made) {
    // Behind a gateway the list is empty until it has read the server's.
    let tools = [];
    for (let round = 0; round < 40 && tools.length === 0; round++) {
        tools = ((await quietly(() => made.listTools()))?.tools ?? []).filter(tool => tool.name !== 'reeve_status');
        if (tools.length === 0 && !options.gateway) {
            break;
        }
        await new Promise(done => setTimeout(done, tools.length ? 0 : 250));
    }
    const calls = wanted ?? tools.map(tool => ({ name: tool.name, arguments: argumentsFor(tool, tools) }));
    for (const call of calls) {
        await quietly(() => made.callTool(call));
    }
    const resources = (await quietly(() => made.listResources()))?.resources ?? [];
    for (const { uri } of resources) {
        await quietly(() => made.readResource({ uri }));
    }
    const prompts = (await quietly(() => made.listPrompts()))?.prompts ?? [];
    for (const { name } of prompts) {
        await quietly(() => made.getPrompt({ name }));
    }
}

// The suite ends only the shell that it started this with, so this ends by itself, and what it started with it.
const SECONDS = 180;
setTimeout(async () => {
    await gateway?.stop();
    process.exit(1);
}, SECONDS * 1000).unref();

const gateway = options.gateway ? new Gateway(options.gateway) : undefined;
try {
    const target = gateway ? await gateway.start() : url;
    const headers = gateway ? { Authorization: `Bearer ${gateway.key()}` } : {};
    const made = client();
    await made.connect(new StreamableHTTPClientTransport(new URL(target), { requestInit: { headers } }));
    await use(made);
    await quietly(() => made.close());
} finally {
    await gateway?.stop();
}
process.exit(0);
