// instance: --without serve,work,sandbox --
// A token storm: four processes with 250 calls each in the air, and their token killed again and
// again. No call is lost, none is done twice, and a killed token is fetched anew once, by one of them.
//
// The sandbox kills a token with its USES-th call, so what has to come of it does not hang on how fast
// this machine is.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { end_all, start } from './lib/instance.mjs';
import * as sandbox from './lib/sandbox.mjs';

const PROCESSES = 4, CALLS = 1500, USES = 1100; // SENT_KEPT of the sandbox is 20000
const SEND = 'message/template/send', TOKEN = 'stable_token';

await start('sandbox', {}, ['--people', '20', '--finish-ms', '60000']);
await start('serve');

const persons = [];
for (let i = 0; i < 10; i++) {
    persons.push(await sandbox.person());
    await persons[i].act('follow');
}
const openids = persons.map(person => person.openid);

const storm = number => new Promise((resolve, reject) =>
    execFile(`${process.env.DAY21_BUILD}/tests/storm`,
        [process.env.DAY21_CONFIG, 'demo', number, CALLS, ...openids],
        (error, out, err) => error ? reject(error) : resolve({ ...JSON.parse(out), err })));

test('four processes, a thousand calls at once, the token killed again and again', async () => {
    await sandbox.token_life('demo', { uses: USES });
    await sandbox.expire_token('demo');
    const before = await sandbox.calls('demo');
    const reports = await Promise.all(Array.from({ length: PROCESSES }, (_, number) => storm(number)));
    const after = await sandbox.calls('demo'), accepted = await sandbox.sent('demo');
    const sum = name => reports.reduce((total, report) => total + report[name], 0);
    const made = name => (after[name] ?? 0) - (before[name] ?? 0);
    const refreshes = made(TOKEN), tokens = Math.ceil(accepted.length / USES);
    console.log(`${sum('calls')} sends, ${made(SEND)} calls of ${SEND}; ${tokens} tokens, ` +
        `${refreshes} refreshes (${reports.map(report => report.fetches)}); ` +
        `${sum('twice')} met two dead tokens, ${sum('again')} no answer in time`);

    assert.equal(sum('sent'), PROCESSES * CALLS, reports.map(report => report.err).join(''));
    const ids = accepted.filter(one => one.shown).map(one => one.client_msg_id);
    const wanted = reports.flatMap((_, number) =>
        Array.from({ length: CALLS }, (_, n) => `storm-${number}-${n}`));
    assert.deepEqual(ids.sort(), wanted.sort(), 'each send was shown, once');

    assert.equal(sum('fetches'), refreshes);
    assert.equal(refreshes, tokens, 'each killed token was fetched anew, once');
});

test('end', end_all);
