// 2025-11-25, 2025-06-18 and 2025-03-26 on the wire: sessions, streams that can be taken up again, requests from server to client.
import { randomUUID } from 'node:crypto';
import { callTool, complete, getPrompt, listPrompts, listResources, listTools, readResource, TEMPLATES } from './features.mjs';
import { Code, LEGACY, missing, RpcError } from './wire.mjs';

const LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'];
const NEEDS = { 'elicitation/create': 'elicitation', 'sampling/createMessage': 'sampling', 'roots/list': 'roots' };
const sessions = new Map();
const RETRY_MS = 50;

/** The events of one answer; what nobody reads waits until somebody asks for what came after an id. */
class Stream {
    constructor(session) {
        this.session = session;
        this.id = `${session.streams.size}`;
        this.events = [];
        session.streams.set(this.id, this);
    }

    open(response, primed) {
        this.response = response;
        response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache', 'Mcp-Session-Id': this.session.id });
        response.flushHeaders();
        response.on('close', () => {
            if (this.response === response) {
                this.response = undefined;
            }
        });
        if (primed) {
            response.write(`id: ${this.add('')}\nretry: ${RETRY_MS}\ndata: \n\n`);
        }
    }

    add(data) {
        this.events.push(data);
        return `${this.id}-${this.events.length}`;
    }

    send(message) {
        const data = JSON.stringify(message);
        const id = this.add(data);
        this.response?.write(`id: ${id}\nevent: message\ndata: ${data}\n\n`);
    }

    notify(method, params) {
        this.send({ jsonrpc: '2.0', method, ...(params ? { params } : {}) });
    }

    replay(after, response) {
        this.open(response, false);
        this.events.slice(after).forEach((data, index) => data && response.write(`id: ${this.id}-${after + index + 1}\nevent: message\ndata: ${data}\n\n`));
        if (this.over) {
            response.end();
        }
    }

    /** Closes what is open; the stream itself goes on. */
    detach() {
        this.response?.end();
        this.response = undefined;
    }

    finish() {
        this.over = true;
        this.detach();
    }
}

class Session {
    constructor(version, capabilities) {
        Object.assign(this, { id: randomUUID(), version, capabilities, level: 'info', streams: new Map(), waiting: new Map(), watched: new Set() });
        this.asked = 0;
    }

    ask(stream, method, params) {
        if (!this.capabilities[NEEDS[method]]) {
            return Promise.reject(missing({ [NEEDS[method]]: {} }));
        }
        const id = `server-${++this.asked}`;
        return new Promise((done, failed) => {
            this.waiting.set(id, message => message.error ? failed(new RpcError(message.error.code, message.error.message)) : done(message.result));
            stream.send({ jsonrpc: '2.0', id, method, params });
        });
    }

    answered(message) {
        this.waiting.get(message.id)?.(message);
        this.waiting.delete(message.id);
    }
}

/** For both eras: who has a stream open hears of it. */
export function legacyListeners(kind, more) {
    for (const session of sessions.values()) {
        if (kind !== 'updated') {
            session.standalone?.notify(`notifications/${kind}/list_changed`);
        } else if (session.watched.has(more.uri)) {
            session.standalone?.notify('notifications/resources/updated', more);
        }
    }
}

function context(session, stream, params, tellAll) {
    const token = params._meta?.progressToken;
    return {
        args: params.arguments ?? {}, capabilities: session.capabilities, modern: false,
        gather: async requests => {
            const answers = Object.entries(requests).map(async ([key, each]) => [key, await session.ask(stream, each.method, each.params)]);
            return Object.fromEntries(await Promise.all(answers));
        },
        log: (level, data) => LEVELS.indexOf(level) >= LEVELS.indexOf(session.level) && stream.notify('notifications/message', { level, data }),
        progress: (progress, total) => token !== undefined && stream.notify('notifications/progress', { progressToken: token, progress, total }),
        closeStream: () => stream.detach(),
        changed: kind => tellAll(kind),
        updated: uri => tellAll('updated', { uri }),
    };
}

function read({ uri }) {
    const content = readResource(uri);
    if (!content) {
        throw new RpcError(Code.NO_RESOURCE, 'Resource not found', { uri });
    }
    return { contents: [content] };
}

function setLevel(session, { level }) {
    if (!LEVELS.includes(level)) {
        throw new RpcError(Code.INVALID_PARAMS, 'Unknown level');
    }
    session.level = level;
    return {};
}

const methods = {
    'ping': () => ({}),
    'logging/setLevel': (session, params) => setLevel(session, params),
    'tools/list': () => ({ tools: listTools() }),
    'tools/call': (session, params, stream, tellAll) => callTool(params.name, context(session, stream, params, tellAll)),
    'prompts/list': () => ({ prompts: listPrompts() }),
    'prompts/get': (session, params, stream, tellAll) => getPrompt(params.name, context(session, stream, params, tellAll)),
    'resources/list': () => ({ resources: listResources() }),
    'resources/templates/list': () => ({ resourceTemplates: TEMPLATES }),
    'resources/read': (session, params) => read(params),
    'resources/subscribe': (session, { uri }) => {
        session.watched.add(uri);
        return {};
    },
    'resources/unsubscribe': (session, { uri }) => {
        session.watched.delete(uri);
        return {};
    },
    'completion/complete': (session, params) => complete(params),
};

async function answer(session, request, stream, tellAll) {
    try {
        const run = Object.hasOwn(methods, request.method) && methods[request.method];
        if (!run) {
            throw new RpcError(Code.NO_METHOD, 'Method not found');
        }
        stream.send({ jsonrpc: '2.0', id: request.id, result: await run(session, request.params ?? {}, stream, tellAll) });
    } catch (e) {
        stream.send((e instanceof RpcError ? e : new RpcError(Code.INTERNAL, e.message)).body(request.id));
    }
}

function initialize(request, response) {
    const wanted = request.params?.protocolVersion;
    const session = new Session(LEGACY.includes(wanted) ? wanted : LEGACY[0], request.params?.capabilities ?? {});
    sessions.set(session.id, session);
    const result = {
        protocolVersion: session.version,
        serverInfo: { name: 'reeve-reference', version: '1.0.0' },
        capabilities: {
            tools: { listChanged: true }, prompts: { listChanged: true }, resources: { subscribe: true, listChanged: true },
            logging: {}, completions: {},
        },
        instructions: 'A server to measure by.',
    };
    response.writeHead(200, { 'Content-Type': 'application/json', 'Mcp-Session-Id': session.id });
    response.end(JSON.stringify({ jsonrpc: '2.0', id: request.id, result }));
}

function fail(response, status, code, message) {
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(new RpcError(code, message).body()));
}

/** The session that the request names, or nothing after an answer that says why. */
function sessionOf(headers, response) {
    const id = headers['mcp-session-id'];
    const version = headers['mcp-protocol-version'];
    if (version !== undefined && !LEGACY.includes(version)) {
        fail(response, 400, Code.INVALID_REQUEST, 'Unsupported protocol version');
    } else if (id === undefined) {
        fail(response, 400, Code.INVALID_REQUEST, 'No session');
    } else if (!sessions.has(id)) {
        fail(response, 404, Code.INVALID_REQUEST, 'Unknown session');
    } else {
        return sessions.get(id);
    }
    return undefined;
}

export async function legacyPost(body, headers, response, tellAll) {
    if (body?.method === 'initialize') {
        initialize(body, response);
        return;
    }
    const session = sessionOf(headers, response);
    if (!session) {
        return;
    }
    if (Array.isArray(body) && session.version !== '2025-03-26') {
        fail(response, 400, Code.INVALID_REQUEST, 'Batches belong to 2025-03-26');
        return;
    }
    const messages = [body].flat();
    messages.filter(each => each.method === undefined && each.id !== undefined).forEach(each => session.answered(each));
    const requests = messages.filter(each => each.method !== undefined && each.id !== undefined);
    if (requests.length === 0) {
        response.writeHead(202).end();
        return;
    }
    const stream = new Stream(session);
    stream.open(response, session.version === '2025-11-25');
    await Promise.all(requests.map(each => answer(session, each, stream, tellAll)));
    stream.finish();
}

export function legacyGet(headers, response) {
    const session = sessionOf(headers, response);
    if (!session) {
        return;
    }
    const last = headers['last-event-id'];
    if (last !== undefined) {
        const [id, after] = last.split('-');
        const stream = session.streams.get(id);
        if (!stream) {
            fail(response, 404, Code.INVALID_REQUEST, 'Unknown event');
            return;
        }
        stream.replay(Number(after), response);
        return;
    }
    session.standalone = new Stream(session);
    session.standalone.open(response, session.version === '2025-11-25');
}

export function legacyDelete(headers, response) {
    const session = sessionOf(headers, response);
    if (session) {
        sessions.delete(session.id);
        session.streams.forEach(stream => stream.finish());
        response.writeHead(204).end();
    }
}
