// instance: --without serve,work,sandbox --
// day21 roster: an import shows what it would change and changes nothing, refuses to drop many, can
// be killed at any moment and run again, and the export gives back what came.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { day21, redis as connect, sleep, variable } from './lib/instance.mjs';

const redis = await connect();
const HEAD = '工号,姓名,部门,手机尾号,离职日期,标签';

function file(name, rows, encode = text => Buffer.from(text)) {
    const where = path.join(variable, name);
    fs.writeFileSync(where, encode([HEAD, ...rows, ''].join('\r\n')));
    return where;
}
const gb18030 = text => execFileSync('iconv', ['-f', 'utf-8', '-t', 'gb18030'], { input: text });
const row = (i, team = i % 10) => `${10000 + i},员工${i},公司/部门${team},${1000 + i},,`;
const rows = (from, to, of = row) => Array.from({ length: to - from }, (_, i) => of(from + i));

async function import_(account, ...words) {
    const done = await day21('roster', 'import', account, ...words);
    return { ...done, text: done.out + done.err };
}
async function exported(account) {
    const where = path.join(variable, 'export.csv');
    execFileSync('sh', ['-c', `"$DAY21_BUILD/day21" roster export ${account} -c "$DAY21_CONFIG" >${where}`]);
    return fs.readFileSync(where);
}

test('shows what would change, and changes nothing without --apply', async () => {
    const first = file('first.csv', rows(0, 100));
    const before = await redis.everything();
    const shown = await import_('demo', first);
    assert.equal(shown.status, 0);
    assert.match(shown.out, /joins: 100\n {2}10000 员工0, 公司\/部门0\n[^]*and 80 more\n/);
    assert.match(shown.out, /nothing has been changed/);
    assert.equal(await redis.everything(), before);
    assert.equal((await import_('demo', first, '--apply')).status, 0);
    assert.match((await import_('demo', first)).out, /^nothing has been changed/);

    const next = file('next.csv', [
        ...rows(1, 50, i => row(i, i % 10 === 3 ? '三' : i % 10)),
        ...rows(50, 60, i => row(i, 7)), ...rows(60, 98, i => row(i, i % 10 === 3 ? '三' : i % 10)),
        '10098,员工九八,公司/部门8,0098,,', '10099,员工99,公司/部门9,1099,,骨干',
        '20000,新人,公司/部门1,,,', ',无号,公司,,,', '20001,,公司,,,', '20000,又来,公司,,,',
    ]);
    const planned = (await import_('demo', next)).out;
    assert.match(planned, /bad rows: 3,/);
    assert.match(planned, /line 102: no employee number\n {2}line 103: no name\n {2}line 104: employee number 20000/);
    assert.match(planned, /renamed departments: 1\n {2}公司\/部门3 -> 公司\/部门三, 9 of its people\n/);
    assert.match(planned, /joins: 1\n {2}20000 新人/);
    assert.match(planned, /moves: 9\n {2}10050 员工50: 公司\/部门0 -> 公司\/部门7\n/);
    assert.match(planned, /other changes: 2\n {2}10098 员工九八: 姓名, 手机尾号\n {2}10099 员工99: 标签\n/);
    assert.match(planned, /1 are not in the file and stay because of the bad rows/);
    assert.doesNotMatch(planned, /leavers/);
});

test('refuses to drop more than a share of the people', async () => {
    const fewer = file('fewer.csv', rows(6, 100)), before = await redis.everything();
    const refused = await import_('demo', fewer, '--apply');
    assert.equal(refused.status, 1);
    assert.match(refused.text, /leavers: 6 of 100[^]*refused: more than 5 %/);
    assert.equal(await redis.everything(), before);
    assert.equal((await import_('demo', fewer, '--apply', '--drop-share', '5')).status, 1);
    assert.equal((await import_('demo', fewer, '--apply', '--drop-share', '6')).status, 0);
    assert.equal(await redis.say('ZCARD', '{demo}:roster'), 94);
    for (const words of [['--drop-share', '101'], ['--drop-share'], ['--aply'], [fewer]])
        assert.equal((await import_('demo', fewer, ...words)).status, 2, words.join(' '));
});

test('the export is the file again, to the byte', async () => {
    const odd = ['0007,"欧阳　娜","公司/""甲""",0012,2026/01/02,"=1+1"', 'E-8,@李四,,,,"a,b\nc"'];
    for (const encode of [Buffer.from, gb18030, text => Buffer.from(`\ufeff${text}`),
        text => Buffer.from(text.replaceAll('\r\n', '\n').trimEnd())]) {
        const where = file('odd.csv', [...odd, ...rows(0, 300)], encode);
        assert.equal((await import_('demo', where, '--apply', '--drop-share', '100')).status, 0);
        assert.deepEqual(await exported('demo'), fs.readFileSync(where));
    }
});

test('which encoding it is can be said', async () => {
    const small = path.join(variable, 'small.csv');
    fs.writeFileSync(small, gb18030('number,name,department\n1,小一,小一\n'));
    const all = ['--apply', '--drop-share', '100'];
    assert.equal((await import_('demo', small, ...all, '--encoding', 'gb18030')).status, 0);
    assert.equal(await redis.say('HGET', '{demo}:employee:1', 'nm'), '小一');
    assert.deepEqual(await exported('demo'), fs.readFileSync(small));
    assert.equal((await import_('demo', small, ...all)).status, 0);
    assert.equal(await redis.say('HGET', '{demo}:employee:1', 'nm'), '\u0421\u04bb');
    assert.equal((await import_('demo', small, '--encoding', 'latin1')).status, 2);
    fs.writeFileSync(small, gb18030('工号,姓名,部门\n1,欧阳娜,公司\n'));
    const done = await import_('demo', small, '--encoding', 'utf-8');
    assert.equal(done.status, 1);
    assert.match(done.err, /small\.csv: it is not valid UTF-8/);
});

test('a file that is none changes nothing', async () => {
    const before = await redis.everything();
    const none = path.join(variable, 'none.csv');
    for (const content of ['', '姓名\n张三\n', Buffer.from([0xff, 0xfe, 0x31, 0]), 'a\0b', `${HEAD}\n1,"张三,公司\n`]) {
        fs.writeFileSync(none, content);
        const done = await import_('demo', none, '--apply');
        assert.equal(done.status, 1);
        assert.match(done.err, /none\.csv: /);
    }
    assert.equal((await import_('demo', `${none}.not`)).status, 1);
    assert.equal(await redis.everything(), before);
});

// What an account's roster is in Redis, whatever the account is called.
const state = async account => (await redis.everything()).split('\n')
    .filter(line => line.startsWith(`{${account}}`) && !line.includes('roster_lock'))
    .map(line => line.replace(`{${account}}`, '')).join('\n');

test('killed again and again while it applies, it ends as if nothing had been', async () => {
    await redis.say('FLUSHALL');
    const one = file('one.csv', rows(0, 3000));
    const two = file('two.csv', [...rows(100, 2000, i => row(i, i % 10 === 3 ? '三' : i % 7)),
        ...rows(2000, 2050, i => row(i).replace(',,', ',2020-01-01,')), ...rows(3000, 6000)]);
    for (const account of ['demo', 'plain'])
        assert.equal((await import_(account, one, '--apply')).status, 0);
    assert.equal((await import_('plain', two, '--apply', '--drop-share', '50')).status, 0);
    const other = file('other.csv', rows(0, 10));
    let kills = 0;
    for (;;) {
        const day = spawn(path.join(process.env.DAY21_BUILD, 'day21'), ['roster', 'import', 'demo', two,
            '--apply', '--drop-share', '50', '-c', process.env.DAY21_CONFIG], { stdio: 'ignore' });
        const ended = new Promise(done => day.on('exit', done));
        const written = async () => Number(await redis.say('DBSIZE'));
        const before = await written();
        while (day.exitCode === null && await written() < before + 500)
            await sleep(1);
        day.kill('SIGKILL');
        if (await ended === 0)
            break;
        kills++;
        assert.match((await import_('demo', other, '--apply', '--drop-share', '100')).err,
            /another import has the roster/);
    }
    assert.ok(kills >= 2, `killed ${kills} times`);
    assert.equal(await state('demo'), await state('plain'));
    assert.deepEqual(await exported('demo'), fs.readFileSync(two));
});

test('end', () => redis.close());
