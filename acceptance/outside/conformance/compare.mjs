// Runs the server scenarios of both conformance suites against a server directly and through a gateway, and compares check by check.
//
//   node compare.mjs --direct URL --through URL --older URL --token KEY [--only REGEX] [--runs REGEX] [--rows FILE] [--details]
//
// Exits with 1 if a check is worse through the gateway. A suite's SDK always asks for the newest revision with sessions; runs with `held`
// have it held to their revision on the way. A gateway asks the server in the newest revision, which has no streams that are taken up again: what is
// about those goes through --older, where the gateway speaks 2025-11-25 with the server.
import { parseArgs } from 'node:util';
import { between } from './between.mjs';
import { compareScenario, listScenarios, report, runSuite, withResults } from './suites.mjs';

const SCENARIO_SECONDS = 40;
const OF_OLDER_SERVERS = new Set(['server-sse-polling']);
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
        direct: { type: 'string' }, through: { type: 'string' }, older: { type: 'string' }, token: { type: 'string' }, only: { type: 'string', default: '' },
        runs: { type: 'string', default: '' }, rows: { type: 'string' }, details: { type: 'boolean' },
    },
});

async function scenarios(run) {
    const mine = (await listScenarios(run.suite, '--server')).filter(each => each.revisions.includes(run.extensions ? 'extension' : run.spec));
    return mine.map(each => each.name).filter(name => new RegExp(options.only).test(name));
}

function measure(run, names, url, singly = Boolean(run.extensions || options.only)) {
    return withResults(async folder => {
        const common = ['server', '--url', url, '-o', folder, ...(run.spec ? ['--spec-version', run.spec] : [])];
        if (!singly) {
            await runSuite(run.suite, [...common, '--suite', 'all'], SCENARIO_SECONDS * 10);
            return;
        }
        for (const name of names) {
            await runSuite(run.suite, [...common, '--scenario', name], SCENARIO_SECONDS);
        }
    });
}

async function compareRun(run) {
    const names = await scenarios(run);
    if (names.length === 0) {
        return [];
    }
    const plain = await between(options.direct, { revision: run.held });
    const gateway = await between(options.through, { revision: run.held, token: options.token });
    const older = await between(options.older ?? options.through, { revision: run.held, token: options.token });
    const apart = names.filter(name => OF_OLDER_SERVERS.has(name));
    try {
        const direct = await measure(run, names, plain.url);
        const through = {
            ...await measure(run, names.filter(name => !OF_OLDER_SERVERS.has(name)), gateway.url),
            ...(apart.length ? await measure(run, apart, older.url, true) : {}),
        };
        return names.map(name => compareScenario(run.name, name, direct[name], through[name]));
    } finally {
        plain.close();
        gateway.close();
        older.close();
    }
}

const rows = [];
for (const run of RUNS.filter(each => new RegExp(options.runs).test(each.name))) {
    rows.push(...await compareRun(run));
}
process.exitCode = report(rows, { file: options.rows, details: options.details });
