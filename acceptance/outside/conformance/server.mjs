// The reference server: MCP over HTTP in every revision, written on the plain wire, for the conformance suites to measure.
//
//   node server.mjs [--port 0]       its first line is {"url": "http://127.0.0.1:PORT/mcp"}
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { legacyDelete, legacyGet, legacyListeners, legacyPost } from './legacy.mjs';
import { modern, modernListeners } from './modern.mjs';
import { Code, isObject, LEGACY, META, RpcError } from './wire.mjs';

const LOCAL = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;
const MAX_BODY = 4 * 1024 * 1024;

const tellAll = (kind, more) => {
    modernListeners(kind, more);
    legacyListeners(kind, more);
};

/** The answer to one request of 2026-07-28: JSON, or a stream of events from the first notification on. */
class Reply {
    constructor(response) {
        this.response = response;
    }

    onClose(run) {
        this.response.on('close', run);
    }

    notify(method, params) {
        if (!this.response.headersSent) {
            this.response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' });
        }
        this.event({ jsonrpc: '2.0', method, params });
    }

    event(message) {
        this.response.write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
    }

    end(status, message) {
        if (this.response.headersSent) {
            this.event(message);
            this.response.end();
        } else {
            this.response.writeHead(status, { 'Content-Type': 'application/json' });
            this.response.end(JSON.stringify(message));
        }
    }
}

async function body(request) {
    const chunks = [];
    let size = 0;
    for await (const chunk of request) {
        size += chunk.length;
        if (size > MAX_BODY) {
            throw new RpcError(Code.INVALID_REQUEST, 'Too long');
        }
        chunks.push(chunk);
    }
    try {
        return JSON.parse(Buffer.concat(chunks).toString('utf8'));
    } catch {
        throw new RpcError(Code.PARSE, 'Parse error');
    }
}

/** A version that no session can have, or what only the later revision puts into a message. */
function isModern(message, headers) {
    const version = headers['mcp-protocol-version'];
    return (version !== undefined && !LEGACY.includes(version)) || message?.params?._meta?.[`${META}protocolVersion`] !== undefined;
}

async function modernPost(message, headers, response) {
    const reply = new Reply(response);
    if (isObject(message) && message.id === undefined) {
        response.writeHead(202).end();
        return;
    }
    try {
        if (!isObject(message) || typeof message.method !== 'string') {
            throw new RpcError(Code.INVALID_REQUEST, 'Invalid request');
        }
        reply.end(200, { jsonrpc: '2.0', id: message.id, result: await modern(message, headers, reply, tellAll) });
    } catch (e) {
        const error = e instanceof RpcError ? e : new RpcError(Code.INTERNAL, String(e.message));
        reply.end(error.status(), error.body(message?.id));
    }
}

async function handle(request, response) {
    const { host, origin } = request.headers;
    if (!LOCAL.test(host ?? '') || (origin !== undefined && !LOCAL.test(origin.replace(/^https?:\/\//, '')))) {
        response.writeHead(403).end();
    } else if (request.url !== '/mcp') {
        response.writeHead(404).end();
    } else if (request.method === 'POST') {
        const message = await body(request);
        await (isModern(message, request.headers) ? modernPost : legacyPost)(message, request.headers, response, tellAll);
    } else if (request.method === 'GET' && request.headers['mcp-session-id'] !== undefined) {
        legacyGet(request.headers, response);
    } else if (request.method === 'DELETE' && request.headers['mcp-session-id'] !== undefined) {
        legacyDelete(request.headers, response);
    } else {
        response.writeHead(405, { Allow: 'POST' }).end();
    }
}

const { values: options } = parseArgs({ options: { port: { type: 'string', default: '0' } } });
const server = createServer((request, response) => handle(request, response).catch(e => {
    if (!response.headersSent) {
        response.writeHead(400, { 'Content-Type': 'application/json' });
    }
    response.end(JSON.stringify((e instanceof RpcError ? e : new RpcError(Code.INTERNAL, String(e.message))).body()));
}));
server.listen(Number(options.port), '127.0.0.1', () => {
    console.log(JSON.stringify({ url: `http://127.0.0.1:${server.address().port}/mcp` }));
});
