// Calls a tool with the TypeScript package for tasks and waits for what comes of it; prints a line of JSON for each state, and one for the end.
//
//   node task-client.mjs URL --token T --call TOOL --args JSON [--cancel]     cancels once it has seen that it waits
import { parseArgs } from 'node:util';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { createTaskSessionFromClient } from '@modelcontextprotocol/ext-tasks/client';

const REVISION = '2026-07-28';
const text = { type: 'string', default: '' };
const { values: options, positionals: [url] } = parseArgs({
    allowPositionals: true, options: { token: text, call: text, args: text, cancel: { type: 'boolean' } },
});
const headers = { Authorization: `Bearer ${options.token}` };
const info = { name: 'reeve-outside-tasks', version: '1.0.0' };
const say = value => process.stdout.write(JSON.stringify(value) + '\n');

let ids = 0;

/** The SDK's client has no codec for tasks: the package leaves their requests to its host. */
async function rawDispatch({ method, params }, { signal } = {}) {
    const response = await fetch(url, {
        method: 'POST', signal,
        headers: {
            ...headers, 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream',
            'MCP-Protocol-Version': REVISION, 'Mcp-Method': method, 'Mcp-Name': params.taskId ?? params.name,
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: `t${++ids}`, method, params }),
    });
    const { result, error } = await response.json();
    return error ? { kind: 'error', error } : { kind: 'result', result };
}

const client = new Client(info, { versionNegotiation: { mode: { pin: REVISION } } });
await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
const session = createTaskSessionFromClient(client, {
    endpointId: url, rawDispatch, v2RequestFraming: { protocolVersion: REVISION, clientInfo: info, clientCapabilities: {} },
});
try {
    const execution = await session.callTool(options.call, JSON.parse(options.args));
    say({ kind: execution.kind });
    if (options.cancel) {
        await execution.cancel();
    }
    const { outcome } = await execution.settle();
    say({ outcome });
} finally {
    await session.close();
    await client.close();
}
