// The skills extension of 2026-07-28: one skill of three files.
import { createHash } from 'node:crypto';
import { Code, RpcError } from './wire.mjs';

const ROOT = 'skill://measuring';
const FRONTMATTER = { name: 'measuring', description: 'Measure a thing twice before you cut it' };
const files = {
    'SKILL.md': ['text/markdown', `---\nname: ${FRONTMATTER.name}\ndescription: ${FRONTMATTER.description}\n---\n\nMeasure. Measure again. Cut.\n`],
    'references/UNITS.md': ['text/markdown', 'Use millimetres.\n'],
    'references/TOOLS.md': ['text/markdown', 'Use a ruler.\n'],
};
const NAMES = { 'SKILL.md': FRONTMATTER };
const DIRECTORY = 'inode/directory';

const uriOf = path => `${ROOT}/${path}`;
const digest = words => `sha256:${createHash('sha256').update(words, 'utf8').digest('hex')}`;
const described = path => ({ uri: uriOf(path), name: path.split('/').at(-1), description: 'A file of the skill', ...NAMES[path], mimeType: files[path][0] });
const entry = {
    uri: uriOf('SKILL.md'),
    frontmatter: FRONTMATTER,
    resources: Object.entries(files).map(([path, [, words]]) => ({ uri: uriOf(path), digest: digest(words), size: Buffer.byteLength(words) })),
};
const directories = {
    [ROOT]: [described('SKILL.md'), { uri: uriOf('references'), name: 'references', mimeType: DIRECTORY }],
    [uriOf('references')]: [described('references/UNITS.md'), described('references/TOOLS.md')],
};
const cached = result => ({ ...result, ttlMs: 1000, cacheScope: 'public' });

export const skillResources = () => Object.keys(files).map(described);

export function skillResource(uri) {
    const path = uri?.startsWith?.(`${ROOT}/`) ? uri.slice(ROOT.length + 1) : '';
    const file = Object.hasOwn(files, path) ? files[path] : undefined;
    return file && { uri, mimeType: file[0], text: file[1] };
}

function found(value, uri) {
    if (!value) {
        throw new RpcError(Code.INVALID_PARAMS, 'Not found', { uri });
    }
    return value;
}

export const skillMethods = {
    'skills/list': () => cached({ skills: [entry] }),
    'skills/get': ({ uri }) => cached({ skill: found(uri === entry.uri && entry, uri) }),
    'resources/directory/read': ({ uri }) => ({ resources: found(Object.hasOwn(directories, uri ?? '') && directories[uri], uri) }),
};
