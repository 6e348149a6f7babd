// instance: --without serve,work,sandbox --
// 提问: somebody asks on the phone, the nearest mentor is told and answers with a course, the asker gets it;
// mentors come and go, and what they leave is handed on; operators see it all.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { away_from_midnight, day21, end_all, log, redis as connect, start, until, variable }
    from './lib/instance.mjs';
import { AWAKE } from './lib/reminders.mjs';
import * as sandbox from './lib/sandbox.mjs';

await away_from_midnight(120);
const redis = await connect();
await start('sandbox', {}, ['--people', '10']);
await start('serve');
await start('work', { ...AWAKE, daily_cap: 100 });

// ---- people ----

const employees = [['1', '林小满', '公司/门店部/城东店', ''], ['2', '何以宁', '公司/门店部', '骨干；导师'],
    ['3', '夏知了', '公司/市场部', '导师'], ['4', '白露', '公司/门店部', '导师生']];

async function import_roster(list) {
    const roster = path.join(variable, 'roster.csv');
    fs.writeFileSync(roster, ['工号,姓名,部门,标签,手机', ...list.map(one => [...one, '1234'].join(','))].join('\n'));
    const done = await day21('roster', 'import', 'demo', roster, '--apply', '--drop-share', '100');
    assert.equal(done.status, 0, done.err);
}

async function hears(person, content, answer) {
    const item = await person.does('text', { content });
    assert.match(item.text, answer, content);
    return item.text;
}

// Does something, and waits for what comes by itself.
const comes = (person, after, pattern) => until(async () => (await person.feed(after))
    .find(item => item.re === undefined && pattern.test(JSON.stringify(item))), `${pattern} for ${person.openid}`);
const newest = async person => (await person.feed()).at(-1).seq;

async function colleague(number) {
    const person = await sandbox.person('demo');
    await person.does('follow');
    await hears(person, `绑定 ${number} 1234`, /绑|认出来/);
    return person;
}

await import_roster(employees);
const [asker, near, far] = [await colleague('1'), await colleague('2'), await colleague('3')];

async function question(...words) {
    const done = await day21('question', words[0], 'demo', ...words.slice(1));
    return { ...done, text: done.out + done.err };
}

// ---- tests ----

test('is asked step by step, and goes to the nearest mentor', async () => {
    const before = await newest(near);
    await hears(asker, '提问', /导师 24 小时内/);
    // Words of keywords stand in it.
    const said = await hears(asker, '客户说积分太少，请假的时候怎么跟他解释，签到又算不算？', /第 1 号问题/);
    assert.match(said, /何以宁/);
    assert.match(said, /24 小时/);
    assert.match(said, /\+5 分/);
    await comes(near, before, /有同事的问题等你回答[^]*客户说积分太少/);
    await hears(asker, '客户怎么办', /一天|21 天|玩/); // nothing is waited for any more: help
    await hears(asker, '我的提问', /1\. 客户说积分太少[^]*何以宁在看，还剩 2[34] 小时/);
});

test('keywords by themselves still win, and 取消 ends it', async () => {
    await hears(asker, '提问', /导师 24 小时内/);
    await hears(asker, '我的积分', /分/);
    await hears(asker, '取消', /放一放/);
    await hears(asker, '我要说的是怎么处理客诉', /一天|21 天|玩/);
});

test('the mentor sees it, and answers with a course', async () => {
    const before = await newest(asker);
    const desk = await hears(near, '待答', /有 1 个问题在等你/);
    assert.match(desk, /msgmenucontent=回答1&msgmenuid=64">回答 1<\/a>　还剩 2[34] 小时\n林小满：客户说积分太少/);
    await hears(far, '待答', /没有在等你/);
    await hears(asker, '待答', /导师答题的地方/);
    await hears(near, '回答', /带上编号/);
    await hears(near, '回答 1 #99 好', /没有这一节课，一共 21 节/);
    await hears(near, '回答 7 好', /没有第 7 号/);
    await hears(far, '回答 1 好', /不在你手上/);
    const said = await hears(near, '回答　１：＃7 先别急着解释，听他说完。', /第 1 号/);
    assert.match(said, /林小满/);
    assert.match(said, /\+6 分/);
    assert.match(said, /答完了/);
    await comes(asker, before, /何以宁回答了你的问题[^]*第 1 号[^]*先别急着解释，听他说完。[^]*h5\/demo\/course\//);
    await hears(near, '回答 1 再补一句', /已经有回答/);
    await hears(asker, '我的提问', /✅ 何以宁：先别急着解释，听他说完。[^]*📖/);
});

test('tapped, the answer is the next text', async () => {
    await hears(asker, '提问：门店的灯坏了 <b>', /第 2 号/);
    assert.match(await hears(near, '回答2', /林小满：/), /现在把回答发过来/);
    await hears(near, '回答2第1课', /还剩 2[34] 小时\n林小满：「门店的灯坏了 ＜b＞」\n\n📖/);
    await hears(near, '这个怎么说呢，找物业', /第 2 号/);
    await hears(asker, '我的提问', /2\. 门店的灯坏了 ＜b＞\n✅ 何以宁：这个怎么说呢，找物业\n\n📖/);
});

test('a mentor leaves the company: the next one has it', async () => {
    await hears(asker, '提问 新来的同事怎么带，先教什么？', /第 3 号[^]*何以宁/);
    await hears(near, '待答', /有 1 个/);
    const before = await newest(far);
    await import_roster(employees.filter(([number]) => number !== '2'));
    await comes(far, before, /新来的同事怎么带/);
    await hears(far, '待答', /回答 3[^]*新来的同事怎么带/);
    await hears(near, '待答', /导师答题的地方/);
    await hears(near, '回答 3 好', /不在你手上/);
});

test('nobody is left: it is kept for who comes next', async () => {
    await hears(far, '解绑', /确认解绑/);
    await hears(far, '确认解绑', /解好了/);
    assert.match((await question('list', '--unassigned')).out, /^3 {2}open, nobody's/);
    await hears(asker, '提问 夏天的茶怎么存？', /第 4 号[^]*没有空着的导师/);
    await hears(asker, '我的提问', /还在找导师/);
    const fourth = await colleague('4');
    await hears(fourth, '待答', /导师答题的地方/); // 导师生 is another tag
    const before = await newest(fourth);
    await import_roster([...employees.slice(0, 1), ...employees.slice(2, 3), ['4', '白露', '公司/门店部', '骨干、导师']]);
    await comes(fourth, before, /问题等你回答/);
    await until(async () => /有 2 个/.test((await fourth.does('text', { content: '待答' })).text), 'both are there');
});

test('an operator sees who waits for what, and gives it to another', async () => {
    const open = (await question('list', '--open')).out;
    assert.match(open, /^3 {2}open, with 白露, [^\n]*\n {4}林小满: 新来的同事怎么带，先教什么？\n4 {2}open/);
    assert.equal((await question('list', '--overdue')).out, 'no questions\n');
    assert.match((await question('show', '1')).out, /answered[^]*客户说积分太少[^]*先别急着解释/);
    assert.match((await question('show', '99')).err, /there is no question 99/);
    await hears(far, '绑定 3 1234', /夏知了/);
    assert.match((await question('assign', '3', '1')).err, /no mentor|asked it/);
    assert.match((await question('assign', '3', '77')).err, /on the roster/);
    assert.equal((await question('assign', '3', '3')).status, 0);
    await hears(far, '待答', /回答 3/);
    assert.match((await question('assign', '1', '3')).err, /not open/);
    for (const words of [['list', '--all'], ['list', '--open', '--overdue'], ['show'], ['show', 'x'], ['assign', '3'],
        ['ask', '1']])
        assert.equal((await question(...words)).status, 2, words.join(' '));
});

test('a leaver\'s own questions are nobody\'s work any more', async () => {
    await import_roster([['3', '夏知了', '公司/市场部', '导师'], ['4', '白露', '公司/门店部', '导师']]);
    await hears(far, '待答', /没有在等你/);
    await hears(far, '回答 3 好', /离开公司/);
    assert.equal((await question('list', '--open')).out, 'no questions\n');
});

test('what was asked is in no log', () => {
    assert.doesNotMatch(log('serve') + log('work'), /客户说|先别急着|物业/);
});

test('end', async () => {
    redis.close();
    await end_all();
});
