// Runs the client scenarios of the later conformance suite: the suite's server, a client that is not the gateway's, and the gateway
// between them, so that what the suite sees is the gateway as a client.
//
//   node clients.mjs --client 'COMMAND' --gateway 'COMMAND' [--only REGEX] [--rows FILE] [--details]
//
// COMMAND gets the address of the suite's server as its last argument. Scenarios of OAuth are left out: what they measure is a client that
// signs a person in, which is the client's work and not the gateway's; the caller's token never reaches an upstream.
import { parseArgs } from 'node:util';
import { compareScenario, listScenarios, report, runSuite, withResults } from './suites.mjs';

const SUITE = 'conformance-next';
const SECONDS = 200;

const { values: options } = parseArgs({
    options: {
        client: { type: 'string' }, gateway: { type: 'string' }, only: { type: 'string', default: '' }, rows: { type: 'string' },
        details: { type: 'boolean' },
    },
});

function measure(scenario, spec, command) {
    return withResults(folder => runSuite(
        SUITE,
        ['client', '--command', command, '--scenario', scenario, '--spec-version', spec, '--timeout', `${(SECONDS - 10) * 1000}`, '-o', folder],
        SECONDS));
}

const rows = [];
for (const { name, revisions } of await listScenarios(SUITE, '--client')) {
    if (name.startsWith('auth/') || !new RegExp(options.only).test(name)) {
        continue;
    }
    for (const spec of revisions.filter(each => each !== 'extension')) {
        const [direct] = Object.values(await measure(name, spec, options.client));
        const [through] = Object.values(await measure(name, spec, options.gateway));
        rows.push(compareScenario(`client/${spec}`, name, direct, through));
    }
}
process.exitCode = report(rows, { file: options.rows, details: options.details });
