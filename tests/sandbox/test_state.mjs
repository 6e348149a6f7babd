// The program itself: what it finds again, how it stops, and what it says when it cannot start.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { accounts, Sandbox, text } from './driver.mjs';

const program = process.env.DAY21_SANDBOX ?? 'build/check/day21-sandbox';

// Stops a sandbox and starts another where it was.
async function again(sandbox, change = () => {}) {
    await sandbox.stop();
    change(path.join(sandbox.directory, 'state', 'journal.ndjson'));
    return Sandbox.start({ directory: sandbox.directory });
}

test('chats, followers, menus and what was sent are found again', async () => {
    let sandbox = await Sandbox.start(), person = await sandbox.person('plain');
    sandbox.bot.answers = () => text(accounts.plain, person.openid, '欢迎');
    await person.says('follow');
    const token = await sandbox.accessToken('plain');
    await sandbox.wechat('POST', 'menu/create', `access_token=${token}`,
        { button: [{ type: 'click', name: '签到', key: 'checkin' }] });
    await sandbox.wechat('POST', 'message/template/send', `access_token=${token}`,
        { touser: person.openid, template_id: accounts.plain.template, client_msg_id: 'once',
            data: { thing1: { value: '一' } } });
    const feed = await person.feed(), { sent } = await sandbox.page('GET', 'sent?account=plain');
    assert.equal(feed.items.length, 3);
    for (let i = 0; i < 2; i++) {
        sandbox = await again(sandbox);
        person = await sandbox.person('plain');
        assert.deepEqual(await person.feed(), feed);
        assert.deepEqual((await sandbox.page('GET', 'sent?account=plain')).sent, sent);
        assert.equal((await sandbox.people('plain'))[0].unread, 0);
    }
    assert.equal((await sandbox.page('GET', `raw?seq=${feed.seq}`)).exchanges.length, 0);
    assert.ok(await person.act('text', { content: '还在' }) > feed.seq, 'numbers go on');
    await sandbox.end();
});

test('what an account has put into WeChat\'s keeping is found again', async () => {
    const png = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
    let sandbox = await Sandbox.start();
    const person = await sandbox.person('plain');
    await person.act('follow', { scene: 'lobby' });
    const ask = async (method, endpoint, body, query = '') => sandbox.wechat(method, endpoint,
        `access_token=${await sandbox.accessToken('plain')}&${query}`, body);
    const { tag } = await ask('POST', 'tags/create', { tag: { name: '新' } });
    await ask('POST', 'tags/members/batchtagging', { openid_list: [person.openid], tagid: tag.id });
    await ask('POST', 'tags/members/batchblacklist', { openid_list: [person.openid] });
    const { ticket } = await ask('POST', 'qrcode/create', { action_name: 'QR_LIMIT_STR_SCENE',
        action_info: { scene: { scene_str: 'door' } } });
    const { media_id } = await sandbox.upload('media/upload',
        `access_token=${await sandbox.accessToken('plain')}&type=image`, png);
    const all = async () => [await ask('GET', 'user/info', '', `openid=${person.openid}`),
        await ask('GET', 'tags/get'), await ask('POST', 'tags/members/getblacklist', { begin_openid: '' }),
        await ask('GET', 'user/get')];
    const before = await all();
    assert.deepEqual([before[0].tagid_list, before[0].qr_scene_str, before[1].tags[1].count,
        before[2].total, before[3].total], [[tag.id], 'lobby', 1, 1, 1]);
    for (let i = 0; i < 2; i++) {
        sandbox = await again(sandbox);
        assert.deepEqual(await all(), before);
        const got = await sandbox.raw('GET', `/sandbox/api/media?account=plain&media_id=${media_id}`);
        assert.deepEqual(got.content, png);
        const other = await sandbox.person('plain', i + 1);
        await other.act('scan', { ticket });
        before[3] = await ask('GET', 'user/get');
    }
    await sandbox.end();
});

test('a torn last line is dropped', async () => {
    let sandbox = await Sandbox.start(), person = await sandbox.person();
    await person.act('follow');
    await person.act('text', { content: '一' });
    sandbox = await again(sandbox, journal => fs.truncateSync(journal, fs.statSync(journal).size - 5));
    person = await sandbox.person();
    assert.deepEqual((await person.feed()).items.map(item => item.kind), ['event']);
    await sandbox.end();
});

test('a line that was never a record stops the start, in one sentence', async () => {
    const sandbox = await Sandbox.start(), { directory } = sandbox;
    await sandbox.stop();
    const journal = path.join(directory, 'state', 'journal.ndjson');
    fs.writeFileSync(journal, 'garbage\n{"r":"menu","account":"demo","menu":null}\n');
    const got = start('-c', path.join(directory, 'day21.yaml'), '--listen',
        path.join(directory, 's.sock'), '--state', path.join(directory, 'state'));
    assert.equal(got.status, 1);
    assert.match(got.stderr, /^day21-sandbox: .*journal\.ndjson: line 1 is no record of a sandbox\n$/);
    fs.rmSync(directory, { recursive: true });
});

const start = (...options) => spawnSync(program, options, { encoding: 'utf8', timeout: 20000 });

test('only one sandbox keeps its state in a directory', async () => {
    const sandbox = await Sandbox.start();
    const got = start('-c', path.join(sandbox.directory, 'day21.yaml'), '--listen',
        path.join(sandbox.directory, 'other.sock'), '--state', path.join(sandbox.directory, 'state'));
    assert.equal(got.status, 1);
    assert.match(got.stderr, /another sandbox keeps its state here/);
    await sandbox.end();
});

test('at most 500 items of a chat are kept', async () => {
    const sandbox = await Sandbox.start(), person = await sandbox.person('plain');
    await person.act('follow');
    let last = 0;
    for (let i = 0; i < 520; i++)
        last = await person.act('text', { content: String(i) });
    const { items } = await person.feed();
    assert.equal(items.length, 500);
    assert.deepEqual([items.at(-1).seq, items.at(-1).text], [last, '519']);
    assert.equal((await sandbox.page('GET', 'raw?seq=1')).exchanges.length, 0);
    await sandbox.end();
});

test('SIGTERM answers who waits and ends at once, whatever is under way', async () => {
    const sandbox = await Sandbox.start({ options: ['--wait-ms', '30000'] });
    const person = await sandbox.person('plain');
    sandbox.bot.answers = () => null;
    await person.act('follow');
    const { seq } = await person.feed();
    await sandbox.page('POST', 'fault', { endpoint: 'menu/get', latency_ms: 30000 });
    const waiting = [person.feed(seq, 25),
        sandbox.wechat('GET', 'menu/get', `access_token=${await sandbox.accessToken('plain')}`),
        sandbox.page('POST', 'push', { account: 'plain', xml: '<xml/>' })];
    await sandbox.until(() => sandbox.bot.pushes.length === 2);
    await sandbox.stop();
    const [feed, menu, push] = await Promise.all(waiting);
    assert.deepEqual(feed.items, []);
    assert.equal(menu.errcode, 46003);
    assert.equal(push.replies[0].status, 0);
    fs.rmSync(sandbox.directory, { recursive: true });
});

test('further people can be asked for', async () => {
    const sandbox = await Sandbox.start({ options: ['--people', '30'] });
    const people = await sandbox.people();
    assert.equal(people.length, 36);
    assert.equal(new Set(people.map(({ openid }) => openid)).size, 36);
    await sandbox.end();
});

test('a wrong command line is answered with the usage', () => {
    for (const options of [[], ['-c', 'x'], ['-c', 'x', '--listen', 'y', '--state', 'z', 'more'],
        ['-c', 'x', '--listen', 'y', '--state', 'z', '--wait-ms', 'soon']])
        assert.equal(start(...options).status, 2);
    const got = start('-c', '/nowhere.yaml', '--listen', 'y', '--state', 'z');
    assert.equal(got.status, 1);
    assert.match(got.stderr, /^day21-sandbox: .*\/nowhere\.yaml/);
});
