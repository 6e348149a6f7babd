// Faults on request, a clock that runs off, tokens that die early, and people by the thousand.

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { accounts, element, Sandbox, text } from './driver.mjs';

let sandbox, used = 0;

before(async () => { sandbox = await Sandbox.start({ options: ['--people', '20'] }); });
after(() => sandbox.end());
afterEach(async () => {
    sandbox.bot.answers = () => 'success';
    sandbox.bot.pushes.length = 0;
    await sandbox.page('POST', 'clock', { offset_s: 0 });
    await sandbox.page('POST', 'fault', { clear: true });
});

const fault = (rest, status) => sandbox.page('POST', 'fault', { account: 'plain', ...rest }, status);
const menu = async () => (await sandbox.wechat('GET', 'menu/get',
    `access_token=${await sandbox.accessToken('plain')}`)).errcode;
async function follower() {
    const person = await sandbox.person('plain', used++);
    await person.act('follow');
    await sandbox.until(() => sandbox.bot.pushes.length);
    sandbox.bot.pushes.length = 0;
    return person;
}

describe('a fault', () => {
    test('by rate strikes about so often, and the same for the same seed', async () => {
        const run = async () => {
            await fault({ endpoint: 'menu/get', errcode: -1, rate: 0.3, times: 0, seed: 7 });
            const got = [];
            for (let i = 0; i < 200; i++)
                got.push(await menu());
            await fault({ clear: true });
            return got;
        };
        const first = await run(), struck = first.filter(errcode => errcode === -1).length;
        assert.ok(struck > 30 && struck < 90, `${struck} of 200`);
        assert.ok(first.every(errcode => [-1, 46003].includes(errcode)));
        assert.deepEqual(await run(), first);
    });

    test('of every endpoint is listed, with what is left of it', async () => {
        await fault({ endpoint: '*', errcode: 45011, times: 2 });
        assert.equal((await sandbox.wechat('GET', 'getcallbackip', 'access_token=x')).errcode, 40001,
            'a caller who is unknown is not this account');
        assert.equal((await sandbox.wechat('POST', 'stable_token', '', {
            appid: accounts.plain.appid })).errcode, 45011);
        const { faults } = await sandbox.page('GET', 'faults');
        assert.deepEqual(faults.map(({ endpoint, times, errcode }) => [endpoint, times, errcode]),
            [['*', 1, 45011]]);
        const person = await sandbox.person('plain', 25);
        await person.act('follow');
        assert.equal((await sandbox.page('GET', 'faults')).faults.length, 1, 'a callback is no endpoint');
    });

    test('may say which address is not allowed', async () => {
        await fault({ endpoint: 'menu/get', errcode: 40164 });
        const got = await sandbox.wechat('GET', 'menu/get',
            `access_token=${await sandbox.accessToken('plain')}`);
        assert.match(got.errmsg, /^invalid ip 127\.0\.0\.1 ipv6 ::ffff:127\.0\.0\.1, not in whitelist rid: /);
    });

    test('may cut an answer short of what was promised', async () => {
        await fault({ endpoint: 'menu/get', cut: 5 });
        const got = await sandbox.raw('GET', '/sandbox/wechat/cgi-bin/menu/get?access_token=' +
            await sandbox.accessToken('plain'));
        assert.equal(got.body, '{"err');
        assert.ok(Number(got.headers['content-length']) > 5);
        assert.equal(got.headers['x-accel-buffering'], 'no', 'else nginx keeps the connection');
    });

    test('may befall a message on its way to somebody', async () => {
        const person = await follower();
        const send = async (endpoint, body) => sandbox.wechat('POST', endpoint,
            `access_token=${await sandbox.accessToken('plain')}`, body);
        const status = event => sandbox.until(() => sandbox.bot.pushes.find(({ plain }) =>
            element(plain, 'Event') === event)).then(({ plain }) => element(plain, 'Status'));
        await fault({ endpoint: 'finish', errcode: 1 });
        await send('message/template/send', { touser: person.openid,
            template_id: accounts.plain.template, data: { thing1: { value: '一' } } });
        assert.equal(await status('TEMPLATESENDJOBFINISH'), 'failed: system failed');
        await fault({ endpoint: 'finish', errcode: 20001 });
        const other = await sandbox.person('plain', 24);
        assert.equal((await send('message/mass/send', { touser: [person.openid, other.openid],
            msgtype: 'text', text: { content: '大家' } })).errcode, 0);
        assert.equal(await status('MASSSENDJOBFINISH'), 'err(20001)');
    });

    test('that cannot be is refused', async () => {
        for (const rest of [{}, { endpoint: 'token', rate: 2 }, { endpoint: 'token', rate: 0 },
            { endpoint: 'token', latency_ms: 60001 }, { endpoint: 'token', times: -1 },
            { endpoint: 'callback', again: 11 }, { endpoint: 'token', account: 'nobody' }])
            assert.ok((await fault(rest, 400)).error, JSON.stringify(rest));
    });
});

describe('a callback', () => {
    test('may come several times at once, and is shown one answer', async () => {
        const person = await follower();
        sandbox.bot.answers = () => text(accounts.plain, person.openid, '好');
        await fault({ endpoint: 'callback', again: 2 });
        const seq = await person.act('text', { content: '一' });
        await sandbox.until(() => sandbox.bot.pushes.length === 3);
        assert.equal(new Set(sandbox.bot.pushes.map(({ plain }) => element(plain, 'MsgId'))).size, 1);
        await sandbox.until(async () => (await sandbox.page('GET', `raw?seq=${seq}`)).exchanges.length === 3);
        assert.equal((await person.feed(seq)).items.length, 1);
    });

    test('may come after the next one', async () => {
        const person = await follower();
        await fault({ endpoint: 'callback', hold: true });
        await person.act('text', { content: '一' });
        await person.act('text', { content: '二' });
        await sandbox.until(() => sandbox.bot.pushes.length === 2);
        assert.deepEqual(sandbox.bot.pushes.map(({ plain }) => element(plain, 'Content')), ['二', '一']);
    });
});

describe('time', () => {
    test('may run off', async () => {
        const { now } = await sandbox.page('POST', 'clock', { offset_s: 10, drift: 1000 });
        await follower();
        await sandbox.page('POST', 'push', { account: 'plain', xml: '<xml/>' });
        const { timestamp } = sandbox.bot.pushes.at(-1).query;
        assert.ok(Number(timestamp) - now / 1000 >= 1, `${timestamp} of ${now}`);
        await sandbox.page('POST', 'clock', { offset_s: 0, drift: 1001 }, 400);
    });

    test('of a token may end early', async () => {
        await sandbox.page('POST', 'token/expire', { account: 'plain' });
        await sandbox.page('POST', 'token/life', { account: 'plain', seconds: 60 });
        const token = await sandbox.accessToken('plain');
        const errcode = async () =>
            (await sandbox.wechat('GET', 'menu/get', `access_token=${token}`)).errcode;
        assert.equal(await errcode(), 46003);
        await sandbox.page('POST', 'clock', { offset_s: 61 });
        assert.equal(await errcode(), 40001);
        await sandbox.page('POST', 'token/life', { account: 'plain', seconds: 0 });
        assert.notEqual(await sandbox.accessToken('plain'), token);
        await sandbox.page('POST', 'token/life', { account: 'plain', seconds: 7201 }, 400);
    });

    test('of a token may be so many calls', async () => {
        await sandbox.page('POST', 'token/expire', { account: 'plain' });
        await sandbox.page('POST', 'token/life', { account: 'plain', uses: 2 });
        const token = await sandbox.accessToken('plain');
        const errcode = async () =>
            (await sandbox.wechat('GET', 'menu/get', `access_token=${token}`)).errcode;
        assert.deepEqual([await errcode(), await errcode(), await errcode()], [46003, 46003, 40001]);
        await sandbox.page('POST', 'token/life', { account: 'plain' });
        assert.notEqual(await sandbox.accessToken('plain'), token);
        await sandbox.page('POST', 'token/life', { account: 'plain', uses: -1 }, 400);
    });
});

describe('a crowd', () => {
    const crowd = () => sandbox.page('GET', 'crowd?account=both');
    const begin = (rest, status) => sandbox.page('POST', 'crowd', { account: 'both', ...rest }, status);
    const script = [{ type: 'text', content: '签到', weight: 3 }, { type: 'click', key: 'k' }];
    const over = () => sandbox.until(async () => {
        const got = await crowd();
        return !got.running && !got.in_flight && got;
    });

    test('follows, and then does what its script says', async () => {
        assert.deepEqual(await crowd(), { running: false, done: 0 });
        await begin({ people: 300, seed: 5, rate: 0, seconds: 1, script });
        assert.ok((await begin({ people: 300 }, 400)).error, 'one at a time');
        const got = await over();
        assert.equal(got.done, got.answered);
        assert.equal(got.failed + got.refused, 0);
        const pushes = sandbox.bot.pushes.filter(({ account }) => account === accounts.both);
        assert.equal(got.done, pushes.length);
        const kinds = pushes.map(({ plain }) =>
            element(plain, 'Event') ?? element(plain, 'Content'));
        assert.deepEqual([...new Set(kinds)].sort(), ['CLICK', 'subscribe', '签到']);
        assert.equal(kinds.filter(kind => kind === 'subscribe').length, got.follows);
        const state = await sandbox.page('GET', 'state');
        const account = state.accounts.find(({ name }) => name === 'both');
        assert.deepEqual([account.people_count, account.people.length, account.followers],
            [306, 200, got.follows]);
        assert.ok(account.people.every(person => person.unread === 0));
    });

    test('does the same for the same seed', async () => {
        const fresh = await Sandbox.start(); // of which nobody follows yet
        const run = async (account, seed) => {
            fresh.bot.pushes.length = 0;
            await fresh.page('POST', 'crowd', { account, people: 20, seed, rate: 100, seconds: 1, script });
            await fresh.until(() => fresh.bot.pushes.length === 100);
            const { people } = (await fresh.page('GET', 'state')).accounts
                .find(({ name }) => name === account);
            const number = new Map(people.map(({ openid }, i) => [openid, i]));
            return fresh.bot.pushes.map(({ plain }) => [number.get(element(plain, 'FromUserName')),
                element(plain, 'Event') ?? element(plain, 'Content')].join(' ')).sort();
        };
        const first = await run('demo', 9);
        assert.deepEqual(await run('plain', 9), first);
        assert.notDeepEqual(await run('both', 8), first);
        await fresh.end();
    });

    test('can be seen, and be stopped', async () => {
        await begin({ people: 5, rate: 50, seconds: 3600, shown: true, script: [{ type: 'text', content: '看' }] });
        const person = await sandbox.person('both', 6);
        await sandbox.until(async () => (await person.feed()).items.some(item => item.text === '看'));
        await sandbox.page('POST', 'crowd/stop', { account: 'both' });
        const got = await over();
        assert.ok(got.done < 3600 * 50);
    });

    test('that cannot be is refused', async () => {
        for (const rest of [{ people: 0 }, { people: 200001 }, { people: 1, rate: -1 },
            { people: 1, seconds: 0 }, { people: 1, script: [] }, { people: 1, script: [{ weight: 1 }] },
            { people: 1, script: [{ type: 'text', weight: 0 }] }])
            assert.ok((await begin(rest, 400)).error, JSON.stringify(rest));
    });
});
