// 2026-07-28 on the wire: no sessions, each request by itself.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import {
    callTool, complete, getPrompt, inputSchema, listPrompts, listResources, listTools, readResource, TEMPLATES,
} from './features.mjs';
import { skillMethods, skillResource, skillResources } from './skills.mjs';
import { taskMethods } from './tasks.mjs';
import { BecameTask, Code, InputRequired, isObject, LEGACY, META, missing, MODERN, RpcError, SKILLS, TASKS } from './wire.mjs';

const SERVER = { name: 'reeve-reference', version: '1.0.0' };
const SUPPORTED = [MODERN, ...LEGACY];
const CAPABILITIES = {
    tools: { listChanged: true }, prompts: { listChanged: true }, resources: { subscribe: true, listChanged: true },
    completions: {}, logging: {}, extensions: { [TASKS]: {}, [SKILLS]: { directoryRead: true } },
};
const NAMED = {
    'tools/call': 'name', 'prompts/get': 'name', 'resources/read': 'uri', 'tasks/get': 'taskId', 'tasks/update': 'taskId', 'tasks/cancel': 'taskId',
};
const LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'];
const KEY = randomBytes(32);
const listeners = new Set();

// ---- the state that a client carries between two rounds

const mac = text => createHmac('sha256', KEY).update(text).digest('base64url');

function seal(value) {
    const text = Buffer.from(JSON.stringify(value)).toString('base64url');
    return `${text}.${mac(text)}`;
}

function unseal(state, name) {
    const [text, given] = String(state).split('.');
    const expected = mac(text);
    const same = given?.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
    const value = same && state.split('.').length === 2 ? JSON.parse(Buffer.from(text, 'base64url')) : undefined;
    if (value?.name !== name) {
        throw new RpcError(Code.INVALID_PARAMS, 'The request state is not one of this server');
    }
    return value.answers;
}

function gatherer(name, { inputResponses, requestState }, capabilities) {
    if (inputResponses !== undefined && !isObject(inputResponses)) {
        throw new RpcError(Code.INVALID_PARAMS, 'inputResponses must be an object');
    }
    const answers = requestState === undefined ? {} : unseal(requestState, name);
    for (const [key, value] of Object.entries(inputResponses ?? {}).filter(([, value]) => isObject(value))) {
        answers[key] = value;
    }
    const needs = { 'elicitation/create': 'elicitation', 'sampling/createMessage': 'sampling', 'roots/list': 'roots' };
    return async (requests, { stateless = false } = {}) => {
        const lacking = Object.values(requests).map(each => needs[each.method]).find(each => !capabilities[each]);
        if (lacking) {
            throw missing({ [lacking]: {} });
        }
        const open = Object.entries(requests).filter(([key]) => !answers[key]);
        if (open.length) {
            throw new InputRequired(Object.fromEntries(open), stateless ? undefined : seal({ name, answers }));
        }
        return answers;
    };
}

// ---- methods

const complete_ = result => ({ resultType: 'complete', ...result, _meta: { ...result._meta, [`${META}serverInfo`]: SERVER } });
const cached = result => ({ ...result, ttlMs: 1000, cacheScope: 'public' });

function changed(kind, more = {}) {
    const method = kind === 'updated' ? 'notifications/resources/updated' : `notifications/${kind}/list_changed`;
    for (const listener of listeners) {
        const wants = kind === 'updated' ? listener.filter.resourceSubscriptions?.includes(more.uri) : listener.filter[`${kind}ListChanged`];
        if (wants) {
            listener.notify(method, more);
        }
    }
}

/** For both eras: who listens hears of it. */
export const modernListeners = changed;

function context(request, stream, tellAll) {
    const { name, arguments: args = {}, _meta: meta } = request.params;
    const capabilities = meta[`${META}clientCapabilities`];
    const level = meta[`${META}logLevel`];
    return {
        args, capabilities, modern: true,
        gather: gatherer(`${request.method} ${name}`, request.params, capabilities),
        log: (at, data) => level && LEVELS.indexOf(at) >= LEVELS.indexOf(level) && stream.notify('notifications/message', { level: at, data }),
        progress: (progress, total) => meta.progressToken !== undefined
            && stream.notify('notifications/progress', { progressToken: meta.progressToken, progress, total }),
        closeStream: () => undefined,
        changed: kind => tellAll(kind),
        updated: uri => tellAll('updated', { uri }),
    };
}

function read({ uri }) {
    const content = readResource(uri) ?? skillResource(uri);
    if (!content) {
        throw new RpcError(Code.INVALID_PARAMS, 'Resource not found', { uri });
    }
    return cached({ contents: [content] });
}

function listen(request, stream) {
    const filter = request.params.notifications ?? {};
    const tag = { _meta: { [`${META}subscriptionId`]: request.id } };
    const listener = { filter, notify: (method, params) => stream.notify(method, { ...params, ...tag }) };
    listener.notify('notifications/subscriptions/acknowledged', { notifications: filter });
    listeners.add(listener);
    return new Promise(() => stream.onClose(() => listeners.delete(listener)));
}

const methods = {
    'server/discover': () => cached({ supportedVersions: SUPPORTED, capabilities: CAPABILITIES, instructions: 'A server to measure by.' }),
    'tools/list': () => cached({ tools: listTools() }),
    'tools/call': ({ params }, stream, tellAll, self) => callTool(params.name, context(self, stream, tellAll)),
    'prompts/list': () => cached({ prompts: listPrompts() }),
    'prompts/get': ({ params }, stream, tellAll, self) => getPrompt(params.name, context(self, stream, tellAll)),
    'resources/list': () => cached({ resources: [...listResources(), ...skillResources()] }),
    'resources/templates/list': () => cached({ resourceTemplates: TEMPLATES }),
    'resources/read': ({ params }) => read(params),
    'completion/complete': ({ params }) => complete(params),
    'subscriptions/listen': (request, stream) => listen(request, stream),
};
for (const [method, run] of Object.entries(taskMethods)) {
    methods[method] = ({ params }) => {
        if (params._meta[`${META}clientCapabilities`].extensions?.[TASKS] === undefined) {
            throw missing({ extensions: { [TASKS]: {} } });
        }
        return run(params);
    };
}
for (const [method, run] of Object.entries(skillMethods)) {
    methods[method] = ({ params }) => run(params);
}

// ---- what must hold before a method runs

function refused(code, message, data) {
    return Object.assign(new RpcError(code, message, data), { refused: true });
}

const mismatch = header => refused(Code.HEADER_MISMATCH, `Header mismatch: ${header}`);

function checkVersion(request, headers) {
    const header = headers['mcp-protocol-version'];
    const meta = request.params?._meta;
    const version = meta?.[`${META}protocolVersion`];
    if (header === undefined) {
        throw mismatch('MCP-Protocol-Version');
    }
    if (typeof version !== 'string' || !isObject(meta[`${META}clientCapabilities`])) {
        throw refused(Code.INVALID_PARAMS, 'Invalid params: _meta needs protocolVersion and clientCapabilities');
    }
    if (version !== header) {
        throw mismatch('MCP-Protocol-Version');
    }
    if (version !== MODERN) {
        throw refused(Code.UNSUPPORTED_VERSION, 'Unsupported protocol version', { supported: SUPPORTED, requested: version });
    }
}

/** `=?base64?...?=` is decoded, anything else is itself; undefined if it only looks like the former. */
function decoded(value) {
    const inner = /^=\?base64\?(.*)\?=$/.exec(value)?.[1];
    if (inner === undefined) {
        return value;
    }
    const strict = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
    return strict.test(inner) ? Buffer.from(inner, 'base64').toString('utf8') : undefined;
}

function checkHeaders({ method, params }, headers) {
    if (headers['mcp-method']?.trim() !== method) {
        throw mismatch('Mcp-Method');
    }
    const named = NAMED[method] && params[NAMED[method]];
    if (named !== undefined && decoded(headers['mcp-name']?.trim() ?? '') !== named) {
        throw mismatch('Mcp-Name');
    }
    const mirrored = method === 'tools/call' ? Object.entries(inputSchema(params.name)?.properties ?? {}) : [];
    for (const [name, schema] of mirrored.filter(([, each]) => each['x-mcp-header'])) {
        const header = headers[`mcp-param-${schema['x-mcp-header'].toLowerCase()}`];
        const value = params.arguments?.[name];
        if (value === undefined ? header !== undefined : decoded(header?.trim() ?? '') !== String(value)) {
            throw mismatch(`Mcp-Param-${schema['x-mcp-header']}`);
        }
    }
}

/** One request; the stream is opened by its first notification. Throws RpcError. */
export async function modern(request, headers, stream, tellAll) {
    checkVersion(request, headers);
    checkHeaders(request, headers);
    const run = methods[request.method];
    if (!run || !Object.hasOwn(methods, request.method)) {
        throw new RpcError(Code.NO_METHOD, 'Method not found');
    }
    try {
        return complete_(await run(request, stream, tellAll, request));
    } catch (e) {
        if (e instanceof InputRequired || e instanceof BecameTask) {
            return { ...e.result, _meta: { [`${META}serverInfo`]: SERVER } };
        }
        throw e;
    }
}
