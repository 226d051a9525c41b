// Runs the conformance suites and compares what they found, check by check; what compare.mjs and clients.mjs share.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
const SEVERITY = { SUCCESS: 0, INFO: 1, SKIPPED: 1, WARNING: 2, FAILURE: 3 };
/** What the suites note on the way; no verdicts. */
const NOTES = /^(outgoing|incoming)-|^stream-closed$/;

/** The later suite needs Node 22, which is installed beside it for Linux; elsewhere the one that runs this must do. */
function node() {
    const own = join(HERE, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
    return existsSync(own) ? own : process.execPath;
}

/** Runs a command of a suite to its end; `env` comes on top of the environment. */
export function runSuite(suite, words, seconds, env = {}) {
    const script = join(HERE, 'node_modules', suite, 'dist', 'index.js');
    return new Promise(done => {
        const child = spawn(node(), [script, ...words], {
            stdio: ['ignore', 'pipe', 'pipe'], timeout: seconds * 1000, killSignal: 'SIGKILL', env: { ...process.env, ...env },
        });
        let said = '';
        child.stdout.on('data', chunk => said += chunk);
        child.stderr.on('data', chunk => said += chunk);
        child.on('close', code => done({ code, said }));
    });
}

/** The scenarios of a side, `--server` or `--client`, with the revisions that each is for. */
export async function listScenarios(suite, side) {
    const { said } = await runSuite(suite, ['list', side], 30);
    return [...said.matchAll(/^\s+- (\S+) \[([^\]]*)\]/gm)].map(([, name, revisions]) => ({ name, revisions: revisions.split(',') }));
}

/** Gives a folder to the run, and what the suite wrote there: checks by scenario. */
export async function withResults(run) {
    const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
    try {
        await run(folder);
        return results(folder, '');
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

function results(folder, prefix) {
    const found = {};
    for (const entry of readdirSync(folder, { withFileTypes: true }).filter(each => each.isDirectory())) {
        const file = join(folder, entry.name, 'checks.json');
        const scenario = prefix + entry.name.replace(/^server-/, '').replace(/-\d{4}-\d{2}-\d{2}T.*$/, '');
        if (existsSync(file)) {
            found[scenario] = JSON.parse(readFileSync(file, 'utf8')).filter(check => !NOTES.test(check.id));
        } else {
            Object.assign(found, results(join(folder, entry.name), `${entry.name}/`));
        }
    }
    return found;
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

/** What is worse there than here: a check that fails, warns, is skipped or not reached, or one that only turns up to fail. */
function worseChecks(here, there) {
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
    return worse;
}

const count = by => [...by.values()].filter(check => check.status === 'SUCCESS').length;

export function compareScenario(run, scenario, direct, through) {
    const [here, there] = [worst(direct), worst(through)];
    const worse = worseChecks(here, there);
    const failed = [...here.values()].some(check => check.status === 'FAILURE');
    return {
        run, scenario, worse,
        direct: here.size === 0 ? 'not run' : failed ? 'FAIL' : 'pass',
        through: there.size === 0 ? 'not run' : worse.length ? 'worse' : 'same',
        counts: `${count(here)}/${count(there)}`,
    };
}

/** Prints a table, then each check that is worse; writes a line for each scenario: run, scenario, direct, through, why, by tabs. */
export function report(rows, { file, details }) {
    const widest = Math.max(8, ...rows.map(row => row.scenario.length));
    const line = (run, scenario, direct, through, checks) =>
        console.log(`${run.padEnd(18)} ${scenario.padEnd(widest)} ${direct.padEnd(8)} ${through.padEnd(8)} ${checks}`);
    line('suite/revision', 'scenario', 'direct', 'through', 'checks that succeed, direct/through');
    rows.forEach(row => line(row.run, row.scenario, row.direct, row.through, row.counts));
    const number = (key, value) => rows.filter(row => row[key] === value).length;
    console.log(`${rows.length} scenarios: ${number('direct', 'pass')} pass directly, ${number('through', 'same')} are the same through the gateway`);
    for (const row of rows.filter(each => each.worse.length)) {
        console.log(`\n${row.run} ${row.scenario}`);
        for (const check of row.worse) {
            console.log(`  ${check.id}: ${check.direct} -> ${check.through}: ${check.why}`);
            if (details && check.details) {
                console.log(`    ${JSON.stringify(check.details).slice(0, 4000)}`);
            }
        }
    }
    if (file) {
        const why = row => row.worse.map(check => `${check.id}: ${check.through}: ${check.why}`.replace(/\s+/g, ' ')).join('; ');
        writeFileSync(file, rows.map(row => [row.run, row.scenario, row.direct, row.through, why(row)].join('\t') + '\n').join(''));
    }
    return rows.some(row => row.worse.length || row.direct !== 'pass' || row.through === 'not run') ? 1 : 0;
}
