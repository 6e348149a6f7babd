// instance: --without serve,work,sandbox --
// Contests: an operator writes one, people and teams play it in chat, it ends in its second, its result
// stays as it is, and is told once to whom it may be told. And the league of the week.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { away_from_midnight, day21, end_all, redis as connect, sleep, start, until, variable }
    from './lib/instance.mjs';
import { AWAKE } from './lib/reminders.mjs';
import * as sandbox from './lib/sandbox.mjs';

await away_from_midnight(120);
await start('sandbox', {}, ['--people', '10']);
await start('serve');
const redis = await connect();

// "2026-11-23 09:00:30" in Shanghai, so many seconds from now
const moment = seconds => new Date(Math.floor(Date.now() / 1000 + seconds) * 1000 + 8 * 3600e3)
    .toISOString().slice(0, 19).replace('T', ' ');

function file(settings) {
    const name = path.join(variable, `${settings.name}.yaml`);
    fs.writeFileSync(name, Object.entries(settings).map(([key, value]) => `${key}: ${value}\n`).join(''));
    return name;
}

const create = (settings, from = 1, to = 600) => day21('contest', 'create', 'demo', file({
    title: '春季学习赛', from: `"${moment(from)}"`, to: `"${moment(to)}"`,
    plays: 'persons', scoring: 'sum', ...settings,
}));

async function created(settings, from, to) {
    const done = await create(settings, from, to);
    assert.equal(done.status, 0, done.err);
    assert.equal(done.out, `${settings.name}: created\n`);
    await sleep(1100 * (from ?? 1));
}

async function shown(name) {
    const got = await day21('contest', 'show', 'demo', name);
    assert.equal(got.status, 0, got.err);
    return got.out;
}

// Follows, is one of the company, and can be asked things.
let employees = [];
async function colleague(number, name, department) {
    const person = await sandbox.person('demo');
    await person.does('follow');
    employees.push([number, name, department, '1234']);
    const roster = path.join(variable, 'roster.csv');
    fs.writeFileSync(roster, ['工号,姓名,部门,手机', ...employees.map(one => one.join(','))].join('\r\n'));
    const done = await day21('roster', 'import', 'demo', roster, '--apply');
    assert.equal(done.status, 0, done.err);
    await hears(person, `绑定 ${number} 1234`, new RegExp(name));
    return person;
}

async function hears(person, text, answer) {
    const item = await person.does('text', { content: text });
    assert.match(item.text, answer);
    return item.text;
}

const [zhang, li] = [await colleague('1', '张三', '公司/销售部'), await colleague('2', '李四', '公司/市场部')];

test('before there is one', async () => {
    await hears(zhang, '竞赛', /没有/);
    await hears(zhang, '联赛', /没有开/);
    assert.equal((await day21('contest', 'list', 'demo')).out, 'no contests\n');
});

test('what an operator writes wrong is said with file and line', async () => {
    let said = await create({ name: 'wrong', counts: '[nothing]' });
    assert.equal(said.status, 1);
    assert.match(said.err, /wrong\.yaml:7: counts\[0\]: no rule and no kind is called "nothing"/);
    said = await create({ name: 'wrong', plays: 'departments', only: '[公司/没有]' });
    assert.match(said.err, /there is no department 公司\/没有/);
    said = await create({ name: 'wrong' }, -60);
    assert.match(said.err, /would have begun already/);
    assert.equal((await day21('contest', 'show', 'demo', 'wrong')).status, 1);
    assert.equal((await day21('contest', 'make', 'demo')).status, 2);
    for (const top of [['--top'], ['--top', '-1'], ['--top', '101'], ['10']])
        assert.equal((await day21('contest', 'show', 'demo', 'none', ...top)).status, 2, top.join(' '));
});

test('persons play, and see rank and gap', async () => {
    await created({ name: 'people', prizes: '一杯奶茶' });
    await hears(zhang, '竞赛', /春季学习赛[^]*还没有得分[^]*奶茶/);
    await hears(zhang, '签到', /\+10/);
    await hears(zhang, '竞赛', /你第 1，10 分/);
    await hears(li, '签到', /\+10/);
    await hears(li, '竞赛', /你第 2，10 分，共 2 人。\n.*张三/);
    assert.match(await shown('people'), /^people {2}running, persons, .* 春季学习赛\nprizes: 一杯奶茶\n2 have earned, 2 on the board\n +1 +10 {2}张三\n +2 +10 {2}李四\n$/);
});

test('closed early it stays as it is, whatever comes', async () => {
    assert.match((await day21('contest', 'announce', 'demo', 'people')).err, /not over yet/);
    assert.match((await day21('contest', 'close', 'demo', 'people')).out, /as it stands now it stays/);
    const before = await shown('people');
    const third = await colleague('3', '王五', '公司/市场部');
    await hears(third, '签到', /\+10/);
    assert.equal(await shown('people'), before);
    assert.match((await day21('contest', 'close', 'demo', 'people')).out, /was over/);
    assert.match((await day21('contest', 'cancel', 'demo', 'people')).err, /its result stays/);
    await hears(zhang, '竞赛', /🏆 春季学习赛[^]*🥇 张三[^]*🥈 李四[^]*你第 1[^]*下一场/);
});

test('a contest ends in its second, and its players are told once', async () => {
    await created({ name: 'short', plays: 'departments', scoring: 'per_head', announce: 'true', title: '部门赛' }, 1, 6);
    const four = await colleague('4', '赵六', '公司/销售部');
    await hears(four, '签到', /\+10/);
    await hears(four, '竞赛', /部门赛[^]*公司\/销售部第 1，人均 5 分/);
    const seq = (await four.feed()).at(-1).seq;
    const workers = [await start('work', { ...AWAKE }), await start('work', { ...AWAKE })];
    const told = () => four.feed(seq).then(items => items.filter(item => item.text?.includes('部门赛')));
    await until(async () => (await told()).length, 'the result is told', 20);
    assert.match((await told())[0].text, /部门赛[^]*🥇 公司\/销售部　人均 5 分\n公司\/销售部第 1/);
    assert.match(await shown('short'), /^short {2}over/);
    assert.match((await day21('contest', 'announce', 'demo', 'short')).out, /have been told/);
    await sleep(1500);
    assert.equal((await told()).length, 1);
    await until(async () => await redis.say('SCARD', '{demo}:contests_told') === 0, 'nobody waits any more');
    for (const work of workers)
        assert.equal(await work.end(), 0);
});

test('a cancelled one has never been', async () => {
    await created({ name: 'mistake' });
    assert.match((await day21('contest', 'cancel', 'demo', 'mistake')).out, /as if it had never been/);
    assert.match((await day21('contest', 'show', 'demo', 'mistake')).err, /no contest mistake/);
    assert.match((await day21('contest', 'list', 'demo')).out, /^short {2}over.*\npeople {2}over.*\n$/);
    assert.equal(await redis.say('EXISTS', '{demo}:contests'), 0);
});

test('the league of the week', async () => {
    await created({ name: 'league', scoring: 'league', title: '联赛' });
    await hears(li, '联赛', /青铜联赛[^]*进一个小组/);
    const five = await colleague('5', '孙七', '公司/销售部');
    await hears(five, '签到', /\+10/);
    await hears(five, '联赛', /青铜联赛，这一组 1 人[^]*1\. 孙七（你）/);
    assert.match((await create({ name: 'second', scoring: 'league', plays: 'persons' })).err, /there is a league/);
    assert.match((await day21('contest', 'close', 'demo', 'league')).out, /closed/);
    await hears(five, '联赛', /没有开/);
});

test('end', async () => {
    redis.close();
    await end_all();
});
