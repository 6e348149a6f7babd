// instance: --without serve,work,sandbox --
// A token storm: four processes with 250 calls each in the air, and their token killed every second.
// No call is lost, none is done twice, and a killed token is fetched anew once, by one of them.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { end_all, sleep, start } from './lib/instance.mjs';
import * as sandbox from './lib/sandbox.mjs';

const PROCESSES = 4, KILLS = 6, AT_ONCE = 250;
const SEND = 'message/template/send', TOKEN = 'stable_token';

await start('sandbox', {}, ['--people', '20', '--finish-ms', '60000']);
await start('serve');

const persons = [];
for (let i = 0; i < 10; i++) {
    persons.push(await sandbox.person());
    await persons[i].act('follow');
}
const openids = persons.map(person => person.openid);

function storm(number) {
    let child;
    const report = new Promise((resolve, reject) => {
        child = execFile(`${process.env.DAY21_BUILD}/tests/storm`,
            [process.env.DAY21_CONFIG, 'demo', number, ...openids],
            (error, out, err) => error ? reject(error) : resolve({ ...JSON.parse(out), err }));
    });
    return { report, end: () => child.kill('SIGTERM') };
}

const counted = async () => {
    const calls = await sandbox.calls('demo');
    return [calls[TOKEN] ?? 0, calls[SEND] ?? 0];
};

test('four processes, a thousand calls at once, the token killed every second', async () => {
    const before = await counted(), kills = [];
    const storms = Array.from({ length: PROCESSES }, (_, number) => storm(number));
    while (kills.length < KILLS) {
        await sleep(1000);
        kills.push(sandbox.expire_token('demo')); // it may take a while to be heard
    }
    await Promise.all(kills);
    await sleep(500);
    storms.forEach(one => one.end());
    const reports = await Promise.all(storms.map(one => one.report)), after = await counted();
    const sum = name => reports.reduce((total, report) => total + report[name], 0);
    const fetches = after[0] - before[0], calls = after[1] - before[1];
    console.log(`${sum('calls')} sends, ${calls} calls of ${SEND}; ${KILLS} kills, ${fetches} refreshes ` +
        `(${reports.map(report => report.fetches)}); ${sum('twice')} met two dead tokens, ` +
        `${sum('again')} no answer in time`);

    assert.equal(sum('sent'), sum('calls'), reports.map(report => report.err).join(''));
    assert.ok(sum('calls') >= PROCESSES * AT_ONCE);
    const ids = (await sandbox.sent('demo')).filter(one => one.shown).map(one => one.client_msg_id);
    const wanted = reports.flatMap((report, number) =>
        Array.from({ length: report.calls }, (_, n) => `storm-${number}-${n}`));
    assert.deepEqual(ids.sort(), wanted.sort(), 'each send was shown, once');

    assert.equal(sum('fetches'), fetches);
    assert.ok(fetches >= 2, 'the kills were felt');
    assert.ok(fetches <= KILLS + 1, `${fetches} refreshes for ${KILLS} kills`);
});

test('end', end_all);
