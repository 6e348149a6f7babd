// instance: --without serve,work,sandbox --
// Teams: an operator makes them by hand, from a file, from departments and by lot, and each time is shown
// first what would change; people join and leave in chat, and see how their team stands.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { away_from_midnight, day21, end_all, redis as connect, start, variable } from './lib/instance.mjs';
import { accounts, deliver, say, somebody, text } from './lib/wechat.mjs';

await away_from_midnight(90);
const redis = await connect();
let serve = await start('serve');
const { demo } = accounts;

// ---- people ----

const people = [
    ['1', '张三', '公司/华东/销售', '1111'], ['2', '李四', '公司/华东/市场', '2222'],
    ['3', '王五', '公司/华北/销售', '3333'], ['4', '赵六', '公司/华北', '4444'],
    ['5', '钱七', '公司', '5555'],
];

function file(name, rows) {
    const where = path.join(variable, name);
    fs.writeFileSync(where, rows.map(row => row.join(',')).join('\r\n'));
    return where;
}

async function import_roster(list, ...options) {
    const done = await day21('roster', 'import', 'demo',
        file('roster.csv', [['工号', '姓名', '部门', '手机'], ...list]), '--apply', ...options);
    assert.equal(done.status, 0, done.err);
}

const hears = async (openid, words, answer) => {
    const got = await say(demo, openid, words);
    assert.equal(got.status, 200, got.why);
    assert.match(got.content, answer, words);
    return got.content;
};
const bind = (openid, number) => hears(openid, `绑定 ${number} ${number.repeat(4)}`, /绑|认出来/);

// ---- operators ----

async function team(...words) {
    const done = await day21('team', words[0], 'demo', ...words.slice(1));
    return { ...done, text: done.out + done.err };
}
async function does(...words) {
    const done = await team(...words);
    assert.equal(done.status, 0, done.text);
    return done.out;
}
const refuses = async (why, ...words) => {
    const done = await team(...words);
    assert.equal(done.status, 1, done.text);
    assert.match(done.err, why);
};

const [zhang, li, wang, zhao] = Array.from({ length: 4 }, somebody);

test('an operator makes teams, by names that are one when folded', async () => {
    await import_roster(people);
    assert.equal(await does('list'), 'no teams\n');
    await does('create', 'Red 红队', '--open');
    await does('create', '蓝队', '--open');
    await does('create', '黑队');
    await refuses(/another team has that name/, 'create', 'ｒｅｄ红队');
    await refuses(/control characters/, 'create', 'a\tb');
    await refuses(/1 to 20 characters/, 'create', '长'.repeat(21));
    await refuses(/none of &/, 'create', 'R&D');
    await does('rename', 'red红队', '红队');
    await refuses(/another team/, 'rename', '红队', '蓝队');
    assert.equal((await does('list')).split('\n')[0],
        '红队 (open): 0 people, 0 not bound yet; 0 points this week, 0 ever');
    for (const words of [['show'], ['create'], ['create', '--open'], ['create', 'a', 'b'], ['draw'],
        ['draw', '--size', '0'], ['draw', '--size', '3', '--depth', '2'], ['import'], ['assign', '1'],
        ['draw', '--size', '3', '--seed', 'a b'], ['hire', 'x']])
        assert.equal((await team(...words)).status, 2, words.join(' '));
    assert.match((await team('create', '--open')).err,
        /^usage: day21 \[-c FILE\] team create ACCOUNT NAME \[--open\]\n$/);
    assert.match((await team('hire', 'x')).err, /team list ACCOUNT\n.*team show ACCOUNT TEAM\n/);
});

test('who has no team is told how to get one', async () => {
    await hears(zhang, '我的战队', /绑/);
    await hears(zhang, '加入战队 红队', /绑/);
    await bind(zhang, '1');
    const offer = await hears(zhang, '我的战队', /还没有战队/);
    assert.match(offer, /msgmenucontent=加入战队红队&msgmenuid=22">红队<\/a>　0 人/);
    assert.doesNotMatch(offer, /黑队/);
    await hears(zhang, '加入战队', /哪一支[^]*红队/);
    await hears(zhang, '加入战队 绿队', /没找到[^]*红队/);
    await hears(zhang, '加入战队 黑队', /管理员/);
});

test('joins, moves and leaves; points stay where they were earned', async () => {
    const joins = text(demo, zhang, '加入战队红队');
    const first = await deliver(demo, joins);
    assert.match(first.content, /欢迎加入红队，现在 1 人/);
    assert.equal((await deliver(demo, joins)).plain, first.plain);
    await hears(zhang, '加入战队 红队', /已经在红队/);
    await hears(zhang, '签到', /\+10/);
    await bind(li, '2');
    await hears(li, '加入战队「蓝队」', /欢迎加入蓝队/);
    await hears(li, '加入战队 红队', /从蓝队换到红队吗[^]*确认换队/);
    await hears(li, '取消', /放一放/);
    await hears(li, '确认换队', /哪一支/);
    await hears(li, '加入战队 红队', /从蓝队换到红队吗/);
    await hears(li, '确认换队', /欢迎加入红队，现在 2 人/);
    await hears(li, '签到', /\+10/);
    await hears(zhang, '退出战队', /离开红队吗[^]*确认退队/);
    await hears(zhang, '确认退队', /退出红队/);
    await hears(zhang, '确认退队', /还没有战队/);
    assert.match(await does('show', '红队'),
        /^红队 \(open\): 1 people, 0 not bound yet; 20 points this week, 20 ever\n {2}2 李四, 10 points this week\n$/);
});

test('my team shows its place, its best, and how many have not come, but not who', async () => {
    await bind(wang, '3');
    await does('assign', '1', '红队');
    await does('assign', '3', '蓝队');
    await does('assign', '5', '红队');
    await does('captain', '红队', '2');
    await refuses(/nobody of this number plays for that team/, 'captain', '红队', '3');
    await hears(wang, '我的战队', /蓝队，1 人[^]*还没开张/);
    await hears(wang, '签到', /\+10/);
    const card = await hears(zhang, '我的战队', /红队，2 人，队长 李四/);
    assert.match(card, /这周 20 分，2 队里排第 1/);
    assert.match(card, /1\. 张三（你）　10 分 👈\n2\. 李四　10 分/);
    assert.match(card, /今天全队都到了/);
    await hears(li, '我的战队', /队长就是你/);
    await hears(wang, '我的战队', /这周 10 分，2 队里排第 2。\n再得 11 分，就超过红队/);
    const today = Math.floor((Date.now() / 1000 + 8 * 3600) / 86400);
    assert.equal(await redis.say('DEL', `{demo}:active:${today}`), 1); // nobody has been here
    const alone = await hears(zhang, '我的战队', /还有 1 位队友没来/);
    assert.match(alone, /签到/);
    assert.match(await does('show', '红队'), /captain: 2 李四\n[^]*5 钱七, not bound yet/);
});

test('a team that an operator fills is left through an operator', async () => {
    await does('assign', '3', '黑队');
    await hears(wang, '退出战队', /黑队[^]*管理员/);
    await hears(wang, '加入战队 红队', /黑队[^]*管理员/);
    await refuses(/no such team/, 'assign', '3', '绿队');
    await refuses(/on the roster/, 'assign', '99', '红队');
    await does('assign', '3', '--none');
    await hears(wang, '我的战队', /还没有战队/);
});

test('a team that was closed can be opened, and closed again', async () => {
    await does('open', '黑队');
    assert.match(await does('list'), /黑队 \(open\): 0 people/);
    await hears(wang, '加入战队 黑队', /欢迎加入黑队/);
    await does('close', '黑队');
    await hears(wang, '退出战队', /黑队[^]*管理员/);
    await refuses(/no such team/, 'open', '绿队');
    assert.equal((await team('open')).status, 2);
    await does('assign', '3', '--none');
});

// Only oneself by name: neither the best nor the captain.
test('the others of a team are shown without names, if the account asks for it', async () => {
    const templates = path.join(variable, 'templates'), rules = path.join(templates, 'starter/rules.yaml');
    fs.cpSync('templates', templates, { recursive: true });
    fs.writeFileSync(rules, fs.readFileSync(rules, 'utf8').replace('names: real', 'names: anonymous'));
    await serve.end();
    serve = await start('serve', { templates });
    const card = await hears(zhang, '我的战队', /红队，2 人，队长 学友 \d{4}/);
    assert.match(card, /1\. 张三（你）　10 分 👈\n2\. 学友 \d{4}　10 分/);
    assert.doesNotMatch(card, /李四/);
    await does('captain', '红队', '5'); // is not bound yet: has no number either
    assert.doesNotMatch(await hears(zhang, '我的战队', /红队，2 人/), /钱七|队长/);
    await does('captain', '红队', '2');
    await serve.end();
    serve = await start('serve');
});

test('a file is shown first, and bad rows are told', async () => {
    const where = file('teams.csv', [['工号', '战队'], ['3', '金队'], ['4', '金队'], ['1', '蓝队'], ['9', '金队'],
        ['3', '蓝队'], ['5', '']]);
    const before = await redis.everything();
    const shown = await does('import', where);
    assert.equal(await redis.everything(), before);
    assert.equal(shown, ['bad rows: 3, not imported',
        '  line 5: employee number 9 is not on the roster, or has left',
        '  line 6: employee number 3 is there twice', '  line 7: no team',
        'teams: 2', '  金队 (new): 2 people', '  蓝队: 1 people',
        'play for none yet:', '  3 王五: 金队', '  4 赵六: 金队',
        'leave another team:', '  1 张三: 红队 -> 蓝队',
        'nothing has been changed; --apply does it', ''].join('\n'));
    assert.match(await does('import', where, '--apply'), /\n3 people assigned\n$/);
    assert.match(await does('import', where, '--apply'), /\n0 people assigned\n$/);
    assert.match(await does('show', '金队'), /^金队: 1 people, 1 not bound yet/);
    await bind(zhao, '4');
    await hears(zhao, '我的战队', /金队，2 人/);
});

test('drawn from departments', async () => {
    const before = await redis.everything();
    assert.match(await does('draw', '--departments', '公司'),
        /teams: 2\n {2}华东 \(new\): 2 people\n {2}华北 \(new\): 2 people\n[^]*1 people are in no department that deep/);
    assert.equal(await redis.everything(), before);
    await does('draw', '--departments', '公司', '--apply');
    await hears(zhang, '我的战队', /华东，2 人/);
    assert.match(await does('draw', '--departments', '公司', '--depth', '2'), /华东 销售[^]*华北 销售|华北 销售[^]*华东 销售/);
    await refuses(/nobody is in a department/, 'draw', '--departments', '子公司');
});

test('drawn by lot, which a seed makes again', async () => {
    const [first] = (await does('draw', '--size', '2')).match(/^seed: [0-9a-f]{16}\n/);
    assert.notEqual((await does('draw', '--size', '2')).split('\n')[0], first.trim());
    const shown = await does('draw', '--size', '2', '--seed', 'autumn');
    assert.match(shown, /第 1 队 \(new\): 2 people\n {2}第 2 队 \(new\): 2 people/);
    await does('draw', '--size', '2', '--seed', 'autumn', '--apply');
    assert.match(await does('draw', '--size', '2', '--seed', 'autumn', '--apply'), /\n0 people assigned/);
    assert.match(await does('show', '第1队'), /drawn by lot: seed autumn, teams of 2\n/);
    await refuses(/dissolve it, or give a --prefix/, 'draw', '--size', '2', '--seed', 'winter');
    assert.match(await does('draw', '--size', '2', '--seed', 'winter', '--prefix', '冬'), /冬第 1 队 \(new\)/);
});

test('dissolved, a team is nobody\'s, and its name is free', async () => {
    for (const name of ['红队', '蓝队', '黑队', '金队', '华东', '华北', '第 1 队', '第2队'])
        await does('dissolve', name);
    await refuses(/no such team/, 'dissolve', '红队');
    assert.equal(await does('list'), 'no teams\n');
    await hears(zhang, '我的战队', /还没有战队[^]*管理员来分/);
    const left = (await redis.everything()).split('\n')
        .filter(line => /^\{demo\}:(members|awaiting|teams|teams_open|board:t)/.test(line));
    assert.deepEqual(left, []);
    await does('create', '红队');
    const audit = await day21('points', 'rebuild', 'demo');
    assert.equal(audit.status, 0, audit.out + audit.err); // the ledger's points of teams are missed nowhere
});

test('end', async () => {
    redis.close();
    await end_all();
});
