// What both halves of the reference server share: revisions, errors, and how an error becomes a status of HTTP.

export const MODERN = '2026-07-28';
export const LEGACY = ['2025-11-25', '2025-06-18', '2025-03-26'];
export const META = 'io.modelcontextprotocol/';
export const TASKS = 'io.modelcontextprotocol/tasks';
export const SKILLS = 'io.modelcontextprotocol/skills';

export const Code = {
    PARSE: -32700, INVALID_REQUEST: -32600, NO_METHOD: -32601, INVALID_PARAMS: -32602, INTERNAL: -32603,
    NO_RESOURCE: -32002, HEADER_MISMATCH: -32020, MISSING_CAPABILITY: -32021, UNSUPPORTED_VERSION: -32022,
};

export class RpcError extends Error {
    constructor(code, message, data) {
        super(message);
        this.code = code;
        this.data = data;
    }

    body(id) {
        const error = { code: this.code, message: this.message };
        return { jsonrpc: '2.0', id: id ?? null, error: this.data === undefined ? error : { ...error, data: this.data } };
    }

    /** Of 2026-07-28: what was refused before a method ran has a status of its own. */
    status() {
        const bad = [Code.PARSE, Code.INVALID_REQUEST, Code.HEADER_MISMATCH, Code.MISSING_CAPABILITY, Code.UNSUPPORTED_VERSION];
        return this.code === Code.NO_METHOD ? 404 : bad.includes(this.code) || this.refused ? 400 : 200;
    }
}

/** A tool or prompt of 2026-07-28 that cannot go on without the client. */
export class InputRequired extends Error {
    constructor(requests, state) {
        super('input required');
        this.result = { resultType: 'input_required', inputRequests: requests, ...(state ? { requestState: state } : {}) };
    }
}

/** A tool that goes on as a task. */
export class BecameTask extends Error {
    constructor(task) {
        super('became a task');
        this.result = { resultType: 'task', ...task };
    }
}

export const missing = capabilities =>
    new RpcError(Code.MISSING_CAPABILITY, 'the client did not declare a capability that this needs', { requiredCapabilities: capabilities });

export const isObject = value => typeof value === 'object' && value !== null && !Array.isArray(value);
export const pause = milliseconds => new Promise(done => setTimeout(done, milliseconds));
