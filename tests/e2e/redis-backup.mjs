// instance: --without redis,serve,work,sandbox --
// A backup as README.md says, taken while learners check in, and a Redis that begins with it: who was
// told so before it was begun has the points, and nobody has them twice.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { away_from_midnight, end_all, redis as connect, start, until, variable } from './lib/instance.mjs';
import { Crowd, disperse, kind_of } from './lib/crowd.mjs';
import { accounts, deliver, say, somebody } from './lib/wechat.mjs';

const RATE = 100;
const data = path.join(variable, 'redis'), backup = path.join(variable, 'backup');

// The commands of README.md's paragraph on backups, for this instance.
const readme = fs.readFileSync('README.md', 'utf8');
const commands = readme.match(/^- \*\*Backup\*\*[^]*?\n\n((?: {6}.*\n)+)/m)[1].split('\n')
    .map(line => line.trim()).filter(Boolean)
    .map(line => line.replaceAll('/run/redis/redis-server.sock', path.join(variable, 'run/redis.sock'))
        .replaceAll('/var/lib/redis', data).replace('day21-$(date +%F)', backup));
const shell = async command => (await promisify(execFile)('sh', ['-c', command])).stdout;

await away_from_midnight();
let redis = await start('redis');
await start('serve');
const crowd = new Crowd(RATE, deliver);
const answered = (phase, times) => until(
    () => crowd.answers.filter(one => one.phase === phase && one.kind === 'done').length >= times, phase);

test('a copy while learners check in', async () => {
    const client = await connect();
    await answered('before', RATE);
    await client.say('BGREWRITEAOF'); // so that the first command has something to wait for
    crowd.phase = 'while it is copied';
    const [stop, look, copy, go_on] = commands;
    await shell(stop);
    await until(async () => /:0\s/.test(await shell(look)), 'no rewrite');
    await answered('while it is copied', RATE / 2);
    await shell(copy);
    await shell(go_on);
    assert.deepEqual(await client.say('CONFIG', 'GET', 'auto-aof-rewrite-percentage'),
        ['auto-aof-rewrite-percentage', '100']);
    client.close();
    crowd.phase = 'lost';
    await answered('lost', RATE);
    await crowd.stop();
});

test('it is put back', async () => {
    await redis.end('SIGKILL');
    fs.rmSync(path.join(data, 'appendonlydir'), { recursive: true });
    fs.renameSync(backup, path.join(data, 'appendonlydir'));
    redis = await start('redis');
    const client = await connect();
    crowd.answers = crowd.answers.filter(one => one.phase === 'before');
    assert.ok(crowd.answers.length >= RATE);
    await crowd.check_points(client);
    client.close();
    await until(async () => kind_of(await say(accounts.demo, somebody(), '签到')) === 'done', 'it goes on');
});

test('end', async () => {
    disperse();
    await end_all();
});
