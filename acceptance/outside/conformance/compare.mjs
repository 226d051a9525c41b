// Runs the server scenarios of both conformance suites against a server directly and through a gateway, and compares check by check.
//
//   node compare.mjs --direct URL --through URL --token KEY [--only REGEX] [--runs REGEX] [--rows FILE] [--details]
//
// Prints a table of suite, revision and scenario, then each check that is worse through the gateway. Exits with 1 if there is one.
// --rows writes a line for each scenario: run, scenario, direct (pass, FAIL, not run), through (same, worse, not run), why; by tabs.
// A suite's SDK always asks for the newest revision with sessions; runs with `held` have it held to their revision on the way.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { between } from './between.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const SEVERITY = { SUCCESS: 0, INFO: 1, SKIPPED: 1, WARNING: 2, FAILURE: 3 };
/** What the suites note on the way; no verdicts. */
const NOTES = new Set(['outgoing-request', 'incoming-response', 'incoming-sse-event', 'stream-closed']);
const SCENARIO_SECONDS = 40;

const RUNS = [
    { name: 'next/2026-07-28', suite: 'conformance-next', spec: '2026-07-28' },
    { name: 'next/extensions', suite: 'conformance-next', extensions: true },
    { name: 'next/2025-11-25', suite: 'conformance-next', spec: '2025-11-25' },
    { name: 'next/2025-06-18', suite: 'conformance-next', spec: '2025-06-18', held: '2025-06-18' },
    { name: 'next/2025-03-26', suite: 'conformance-next', spec: '2025-06-18', held: '2025-03-26' },
    { name: 'stable/2025-11-25', suite: 'conformance-stable', spec: '2025-11-25' },
    { name: 'stable/2025-06-18', suite: 'conformance-stable', spec: '2025-06-18', held: '2025-06-18' },
];

const { values: options } = parseArgs({
    options: {
        direct: { type: 'string' }, through: { type: 'string' }, token: { type: 'string' }, only: { type: 'string', default: '' },
        runs: { type: 'string', default: '' }, rows: { type: 'string' }, details: { type: 'boolean' },
    },
});

/** The suites of the later kind need Node 22, which is installed beside them for the usual platforms. */
function node() {
    const own = join(HERE, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
    return existsSync(own) ? own : process.execPath;
}

function suite(run, words, seconds) {
    const script = join(HERE, 'node_modules', run.suite, 'dist', 'index.js');
    return new Promise(done => {
        const child = spawn(node(), [script, ...words], { stdio: ['ignore', 'pipe', 'pipe'], timeout: seconds * 1000, killSignal: 'SIGKILL' });
        let said = '';
        child.stdout.on('data', chunk => said += chunk);
        child.stderr.on('data', chunk => said += chunk);
        child.on('close', code => done({ code, said }));
    });
}

async function scenarios(run) {
    const { said } = await suite(run, ['list', '--server'], 30);
    const all = [...said.matchAll(/^\s+- (\S+) \[([^\]]*)\]/gm)].map(([, name, revisions]) => ({ name, revisions: revisions.split(',') }));
    const mine = all.filter(each => run.extensions ? each.revisions.includes('extension') : each.revisions.includes(run.spec));
    return mine.map(each => each.name).filter(name => new RegExp(options.only).test(name));
}

function results(folder) {
    const found = {};
    for (const name of readdirSync(folder)) {
        const scenario = name.replace(/^server-/, '').replace(/-\d{4}-\d{2}-\d{2}T.*$/, '');
        found[scenario] = JSON.parse(readFileSync(join(folder, name, 'checks.json'), 'utf8')).filter(check => !NOTES.has(check.id));
    }
    return found;
}

async function measure(run, names, url) {
    const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
    try {
        const spec = run.spec ? ['--spec-version', run.spec] : [];
        const common = ['server', '--url', url, '-o', folder, ...spec];
        if (run.extensions || options.only) {
            for (const name of names) {
                await suite(run, [...common, '--scenario', name], SCENARIO_SECONDS);
            }
        } else {
            await suite(run, [...common, '--suite', 'all'], SCENARIO_SECONDS * 10);
        }
        return results(folder);
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

/** Ids repeat within a scenario: the worst of each counts. */
function worst(checks) {
    const by = new Map();
    for (const check of checks ?? []) {
        const known = by.get(check.id);
        if (!known || SEVERITY[check.status] > SEVERITY[known.status]) {
            by.set(check.id, check);
        }
    }
    return by;
}

function compareScenario(run, scenario, direct, through) {
    const [here, there] = [worst(direct), worst(through)];
    const gone = { status: 'FAILURE', errorMessage: 'the check was not reached' };
    const worse = [];
    for (const [id, check] of here) {
        const other = there.get(id) ?? gone;
        if (SEVERITY[other.status] > SEVERITY[check.status]) {
            worse.push({ id, direct: check.status, through: other.status, why: other.errorMessage ?? '', details: other.details });
        }
    }
    for (const [id, check] of there) {
        if (!here.has(id) && SEVERITY[check.status] > SEVERITY.INFO) {
            worse.push({ id, direct: 'absent', through: check.status, why: check.errorMessage ?? '', details: check.details });
        }
    }
    const count = by => [...by.values()].filter(check => check.status === 'SUCCESS').length;
    const failed = by => [...by.values()].some(check => check.status === 'FAILURE');
    return {
        run: run.name, scenario, worse,
        direct: here.size === 0 ? 'not run' : failed(here) ? 'FAIL' : 'pass',
        through: there.size === 0 ? 'not run' : worse.length ? 'worse' : 'same',
        counts: `${count(here)}/${count(there)}`,
    };
}

async function compareRun(run) {
    const names = await scenarios(run);
    if (names.length === 0) {
        return [];
    }
    const plain = await between(options.direct, { revision: run.held });
    const gateway = await between(options.through, { revision: run.held, token: options.token });
    try {
        const direct = await measure(run, names, plain.url);
        const through = await measure(run, names, gateway.url);
        return names.map(name => compareScenario(run, name, direct[name], through[name]));
    } finally {
        plain.close();
        gateway.close();
    }
}

function table(rows) {
    const widest = Math.max(8, ...rows.map(row => row.scenario.length));
    const line = (run, scenario, direct, through, checks) =>
        `${run.padEnd(18)} ${scenario.padEnd(widest)} ${direct.padEnd(8)} ${through.padEnd(8)} ${checks}`;
    console.log(line('suite/revision', 'scenario', 'direct', 'through', 'checks that succeed, direct/through'));
    rows.forEach(row => console.log(line(row.run, row.scenario, row.direct, row.through, row.counts)));
    const count = (key, value) => rows.filter(row => row[key] === value).length;
    console.log(`${rows.length} scenarios: ${count('direct', 'pass')} pass directly, ${count('through', 'same')} are the same through the gateway`);
}

const rows = [];
for (const run of RUNS.filter(each => new RegExp(options.runs).test(each.name))) {
    rows.push(...await compareRun(run));
}
table(rows);
for (const row of rows.filter(each => each.worse.length)) {
    console.log(`\n${row.run} ${row.scenario}`);
    for (const check of row.worse) {
        console.log(`  ${check.id}: ${check.direct} -> ${check.through}: ${check.why}`);
        if (options.details && check.details) {
            console.log(`    ${JSON.stringify(check.details).slice(0, 4000)}`);
        }
    }
}
if (options.rows) {
    const first = row => row.worse.map(check => `${check.id}: ${check.through}: ${check.why}`.replace(/\s+/g, ' ')).join('; ');
    writeFileSync(options.rows, rows.map(row => [row.run, row.scenario, row.direct, row.through, first(row)].join('\t') + '\n').join(''));
}
process.exitCode = rows.some(row => row.worse.length || row.direct !== 'pass') ? 1 : 0;
