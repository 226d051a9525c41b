// Stands between a conformance suite and a server: adds the credential that the suite cannot send, and, where it is told to, holds a
// session to an older revision than the suite would ask for. Everything else passes as it came, streams byte by byte.
import { createServer, request as send } from 'node:http';

const OWN = new Set(['host', 'origin', 'authorization', 'content-length', 'transfer-encoding']);

/** Headers as they came, in their order; host and origin of this server become those of the other one. */
function headers(request, here, there, token) {
    const kept = [];
    for (let at = 0; at < request.rawHeaders.length; at += 2) {
        const [name, value] = request.rawHeaders.slice(at, at + 2);
        const lower = name.toLowerCase();
        if (!OWN.has(lower)) {
            kept.push(name, value);
        } else if (lower === 'host') {
            kept.push(name, value === here ? there : value);
        } else if (lower === 'origin') {
            kept.push(name, value === `http://${here}` ? `http://${there}` : value);
        }
    }
    return token ? [...kept, 'Authorization', `Bearer ${token}`] : kept;
}

function held(body, revision) {
    if (!revision || !body.includes('"initialize"')) {
        return body;
    }
    const message = JSON.parse(body.toString('utf8'));
    if (message.method === 'initialize' && message.params) {
        message.params.protocolVersion = revision;
    }
    return Buffer.from(JSON.stringify(message));
}

async function pass(request, response, target, here, { token, revision }) {
    const chunks = [];
    for await (const chunk of request) {
        chunks.push(chunk);
    }
    const body = held(Buffer.concat(chunks), revision);
    const length = request.method === 'POST' ? ['Content-Length', String(body.length)] : [];
    const onward = send(target, { method: request.method, headers: [...headers(request, here, target.host, token), ...length], agent: false }, answer => {
        response.writeHead(answer.statusCode, answer.rawHeaders);
        response.flushHeaders();
        answer.pipe(response);
        answer.on('error', () => response.destroy());
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    onward.end(body);
}

/** Resolves to the address to give to the suite, and how to stop. */
export function between(url, options = {}) {
    const target = new URL(url);
    const server = createServer((request, response) => {
        pass(request, response, target, `127.0.0.1:${server.address().port}`, options).catch(() => response.destroy());
    });
    return new Promise(done => server.listen(0, '127.0.0.1', () => done({
        url: `http://127.0.0.1:${server.address().port}${target.pathname}`,
        close: () => {
            server.closeAllConnections();
            server.close();
        },
    })));
}
