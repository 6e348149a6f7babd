// WeChat's API side: tokens, template and customer-service messages, menus, and their errcodes.

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { accounts, element, Sandbox } from './driver.mjs';

const day = 86400;
let sandbox;

// Sends end late enough for somebody to leave in between, also on a busy machine.
before(async () => { sandbox = await Sandbox.start({ options: ['--people', '20', '--finish-ms', '2000'] }); });
after(() => sandbox.end());
afterEach(async () => {
    sandbox.bot.pushes.length = 0;
    await sandbox.page('POST', 'clock', { offset_s: 0 });
    await sandbox.page('POST', 'fault', { clear: true });
});

const fetchToken = (name, rest = '') => sandbox.wechat('GET', 'token',
    `grant_type=client_credential&appid=${accounts[name].appid}&secret=${accounts[name].secret}${rest}`);

const stable = (name, rest = {}) => sandbox.wechat('POST', 'stable_token', '', {
    grant_type: 'client_credential', appid: accounts[name].appid, secret: accounts[name].secret,
    ...rest });

const call = async (endpoint, body, name = 'demo') =>
    sandbox.wechat('POST', endpoint, `access_token=${await sandbox.accessToken(name)}`, body);

const shift = offset_s => sandbox.page('POST', 'clock', { offset_s });

const usable = async token =>
    (await sandbox.wechat('GET', 'menu/get', `access_token=${token}`)).errcode;

// People are used up by the tests, so that windows and doubles of one do not reach another.
let used = 0;
async function follower(name = 'demo') {
    const person = await sandbox.person(name, used++);
    await person.act('follow');
    await sandbox.until(() => sandbox.bot.pushes.length);
    sandbox.bot.pushes.length = 0;
    return person;
}

describe('tokens', () => {
    test('of stable_token stay the same, and say how long they last', async () => {
        const first = await stable('demo'), second = await stable('demo');
        assert.match(first.access_token, /^[A-Za-z0-9_-]{100,512}$/);
        assert.equal(first.expires_in, 7200);
        assert.equal(second.access_token, first.access_token);
        await shift(7200 - 400);
        assert.deepEqual((await stable('demo')).access_token, first.access_token);
        await shift(7200 - 200);
        const third = await stable('demo');
        assert.notEqual(third.access_token, first.access_token);
        assert.equal(third.expires_in, 7200);
        assert.equal(await usable(first.access_token), 46003, 'both are valid for a while');
        await shift(7200 + 1);
        assert.equal(await usable(first.access_token), 42001);
        assert.equal(await usable(third.access_token), 46003);
    });

    test('of token end the one before, five minutes later', async () => {
        const stableOne = (await stable('plain')).access_token;
        const first = (await fetchToken('plain')).access_token;
        const second = (await fetchToken('plain')).access_token;
        assert.notEqual(first, second);
        assert.equal(await usable(first), 46003);
        await shift(301);
        assert.equal(await usable(first), 42001);
        assert.equal(await usable(second), 46003);
        assert.equal(await usable(stableOne), 46003, 'the two kinds know nothing of each other');
    });

    test('are refreshed by force at most every 30 s, and what leaked is dead', async () => {
        const first = (await stable('both')).access_token;
        const second = (await stable('both', { force_refresh: true })).access_token;
        assert.notEqual(first, second);
        assert.equal(await usable(first), 40001);
        assert.equal((await stable('both', { force_refresh: true })).access_token, second);
    });

    test('are refreshed by force twenty times a day', async () => {
        const tokens = new Set(), force = async offset_s => {
            await shift(offset_s);
            tokens.add((await stable('plain', { force_refresh: true })).access_token);
        };
        await stable('plain');
        for (let i = 0; i < 25; i++)
            await force(2 * day - Math.floor(Date.now() / 1000 + 8 * 3600) % day + i * 60);
        assert.equal(tokens.size, 20);
        await force(3 * day);
        assert.equal(tokens.size, 21);
    });

    test('can be expired at once', async () => {
        const token = await sandbox.accessToken('demo'), other = await sandbox.accessToken('plain');
        await sandbox.page('POST', 'token/expire', { account: 'demo' });
        assert.equal(await usable(token), 40001);
        assert.equal(await usable(other), 46003);
        assert.notEqual(await sandbox.accessToken('demo'), token);
    });

    test('are given to nobody without the right credentials', async () => {
        for (const [errcode, rest] of [
            [40002, { grant_type: 'password' }], [41002, { appid: '' }], [41004, { secret: '' }],
            [40013, { appid: 'wx0000000000000000' }], [40125, { secret: accounts.plain.secret }],
        ])
            assert.equal((await stable('demo', rest)).errcode, errcode, JSON.stringify(rest));
        assert.equal((await sandbox.wechat('GET', 'stable_token')).errcode, 43002);
        assert.equal((await sandbox.wechat('POST', 'stable_token', '', '{"appid"')).errcode, 47001);
        assert.equal((await sandbox.wechat('GET', 'token', 'grant_type=client_credential')).errcode, 41002);
    });

    test('have a quota a day', async () => {
        let got = {};
        for (let i = 0; i < 2001; i++)
            got = await fetchToken('both');
        assert.equal(got.errcode, 45009);
        await shift(day);
        assert.ok((await fetchToken('both')).access_token);
    });
});

describe('every call', () => {
    test('without its token, method or JSON is told so, with a rid', async () => {
        const token = `access_token=${await sandbox.accessToken()}`;
        for (const [errcode, method, endpoint, query, body] of [
            [41001, 'POST', 'message/template/send', '', {}],
            [40001, 'POST', 'message/template/send', 'access_token=wrong', {}],
            [43002, 'GET', 'message/template/send', token],
            [43001, 'POST', 'menu/get', token, {}],
            [44002, 'POST', 'menu/create', token],
            [47001, 'POST', 'menu/create', token, '{"button":['],
            [47001, 'POST', 'message/custom/send', token, '[]'],
            [40066, 'POST', 'message/carrier/pigeon', token, {}],
        ]) {
            const got = await sandbox.wechat(method, endpoint, query, body);
            assert.equal(got.errcode, errcode, `${method} ${endpoint}`);
            assert.match(got.errmsg, / rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/);
        }
    });

    test('is answered as no JSON client would expect', async () => {
        const got = await sandbox.raw('GET', '/sandbox/wechat/cgi-bin/menu/get');
        assert.equal(got.headers['content-type'], 'application/json; encoding=utf-8');
    });

    test('may be made to fail, to wait, or to lose its answer', async () => {
        const person = await follower();
        const body = { touser: person.openid, msgtype: 'text', text: { content: '好' } };
        const endpoint = 'message/custom/send', fault = rest =>
            sandbox.page('POST', 'fault', { account: 'demo', endpoint, ...rest });
        assert.deepEqual(await fault({ errcode: -1, times: 2 }), { faults: 1 });
        assert.equal((await call(endpoint, body)).errcode, -1);
        assert.equal((await call(endpoint, body)).errcode, -1);
        assert.equal((await call(endpoint, body)).errcode, 0);
        await fault({ latency_ms: 300 });
        const began = performance.now();
        assert.equal((await call(endpoint, body)).errcode, 0);
        assert.ok(performance.now() - began >= 290);
        await fault({ drop: true });
        const lost = await sandbox.raw('POST',
            `/sandbox/wechat/cgi-bin/${endpoint}?access_token=${await sandbox.accessToken()}`,
            JSON.stringify(body));
        assert.deepEqual([lost.status, lost.body], [502, '']);
        const { items } = await person.feed();
        assert.equal(items.filter(item => item.kind === 'text').length, 3, 'it was processed');
    });
});

describe('a template message', () => {
    const template = accounts.demo.template;
    const send = (openid, rest = {}) => call('message/template/send', {
        touser: openid, template_id: template, url: 'https://a.b/c',
        data: { thing1: { value: '今天还没签到' }, number2: { value: '5' } }, ...rest });

    test('is shown, and its end is told', async () => {
        const person = await follower();
        const got = await send(person.openid);
        assert.equal(got.errcode, 0);
        assert.equal(got.errmsg, 'ok');
        assert.ok(Number.isSafeInteger(got.msgid));
        const item = (await person.feed()).items.at(-1);
        assert.deepEqual([item.side, item.kind, item.template_id, item.url, item.status],
            ['account', 'template', template, 'https://a.b/c', 'success']);
        assert.deepEqual(item.fields.map(({ name, value }) => [name, value]),
            [['thing1', '今天还没签到'], ['number2', '5']]);
        const [push] = await sandbox.until(() => sandbox.bot.pushes.length && sandbox.bot.pushes);
        assert.equal(element(push.plain, 'Event'), 'TEMPLATESENDJOBFINISH');
        assert.equal(element(push.plain, 'MsgID'), String(got.msgid));
        assert.equal(element(push.plain, 'Status'), 'success');
        const { exchanges } = await sandbox.until(async () => {
            const raw = await sandbox.page('GET', `raw?seq=${item.seq}`);
            return raw.exchanges.length === 2 && raw;
        });
        assert.equal(exchanges[0].request.url, '/cgi-bin/message/template/send?access_token=***');
        assert.equal(JSON.parse(exchanges[0].response.body).msgid, got.msgid);
    });

    test('to someone who blocks in between ends with failed:user block', async () => {
        const person = await follower();
        await sandbox.page('POST', 'fault', { endpoint: 'callback', latency_ms: 1 });
        await Promise.all([send(person.openid), sandbox.until(async () =>
            (await person.feed()).items.some(item => item.kind === 'template'))
            .then(() => person.act('unfollow'))]);
        const push = await sandbox.until(() => sandbox.bot.pushes.find(({ plain }) =>
            element(plain, 'Event') === 'TEMPLATESENDJOBFINISH'));
        assert.equal(element(push.plain, 'Status'), 'failed:user block');
    });

    test('with the client_msg_id of another is that one again, for ten minutes', async () => {
        const person = await follower();
        const first = await send(person.openid, { client_msg_id: 'once' });
        assert.deepEqual(await send(person.openid, { client_msg_id: 'once' }), first);
        await shift(599);
        assert.deepEqual(await send(person.openid, { client_msg_id: 'once' }), first);
        assert.equal((await person.feed()).items.filter(item => item.kind === 'template').length, 1);
        await shift(601);
        assert.notEqual((await send(person.openid, { client_msg_id: 'once' })).msgid, first.msgid);
        const { sent, calls } = await sandbox.page('GET', `sent?account=demo&openid=${person.openid}`);
        assert.deepEqual(sent.map(entry => entry.shown), [true, false, false, true]);
        assert.deepEqual(sent.map(entry => entry.client_msg_id), Array(4).fill('once'));
        assert.ok(calls['message/template/send'] >= 4 && calls.stable_token >= 1);
    });

    test('is refused for what is wrong with its recipient or template', async () => {
        const person = await follower(), stranger = (await sandbox.people()).at(-1);
        for (const [errcode, openid, rest] of [
            [40003, 'oNobody', {}], [43004, stranger.openid, {}],
            [40037, person.openid, { template_id: accounts.plain.template }],
            [47003, person.openid, { data: {} }], [47003, person.openid, { data: undefined }],
        ])
            assert.equal((await send(openid, rest)).errcode, errcode);
        const escaped = `{"touser":"${person.openid}","template_id":"${template}",` +
            '"data":{"thing1":{"value":"\\u4eca"}}}';
        assert.equal((await call('message/template/send', escaped)).errcode, 40033);
        assert.equal((await call('message/template/send', escaped.replace('\\u', '\\\\u'))).errcode, 0);
    });

    test('has fields of the right kind and length', async () => {
        const person = await follower();
        const cases = {
            thing1: [['啊'.repeat(20), '今天 5 天'], ['啊'.repeat(21), '', 'a\nb']],
            number2: [['12', '3.5', '-1'], ['十二', '5天', '1'.repeat(33)]],
            letter3: [['abC'], ['a1', 'a'.repeat(33)]],
            symbol4: [['%¥'], ['a', '%%%%%%']],
            character_string5: [['A-1.2'], ['编号', 'x'.repeat(33)]],
            time6: [['23:59', '2024-05-01 09:00', '2024年5月1日 09:00', '08:00~09:30'], ['九点', '9', '今天 09:00']],
            date7: [['2024-05-01', '2024年5月1日', '2024年5月1日 15:01'], ['5月1日', '明天']],
            amount8: [['¥12.50', '12元', '1'], ['十元', '12345678901']],
            phone_number9: [['+86-10 1234'], ['电话', '1'.repeat(18)]],
            car_number10: [['粤A8Z888挂'], ['粤A8Z888888']],
            name11: [['林晓雨', 'Ann Lee'], ['林'.repeat(11), 'x'.repeat(21)]],
            phrase12: [['进行中'], ['进行中a', '进行中进行中']],
            const13: [['学习'], ['学'.repeat(21)]],
            keyword14: [['啊'.repeat(30)], ['']],
            thing: [[], ['没有号码']],
            poem15: [[], ['床前明月光']],
        };
        for (const [field, [right, wrong]] of Object.entries(cases)) {
            for (const value of right)
                assert.equal((await send(person.openid, { data: { [field]: { value } } })).errcode, 0,
                    `${field}: ${value}`);
            for (const value of wrong) {
                const got = await send(person.openid, { data: { [field]: { value } } });
                assert.equal(got.errcode, 47003, `${field}: ${value}`);
                assert.ok(got.errmsg.includes(`data.${field}.value`), got.errmsg);
            }
        }
    });

    test('shows neither first nor remark, and an old keyword only in part', async () => {
        const person = await follower('plain');
        await call('message/template/send', { touser: person.openid,
            template_id: accounts.plain.template, data: { first: { value: '您好' },
                keyword1: { value: '啊'.repeat(30) }, remark: { value: '点击' } } }, 'plain');
        assert.deepEqual((await person.feed()).items.at(-1).fields.map(field => field.value),
            ['啊'.repeat(20)]);
    });
});

describe('a customer-service message', () => {
    const send = (openid, rest = { msgtype: 'text', text: { content: '好' } }) =>
        call('message/custom/send', { touser: openid, ...rest }, 'both');
    const codes = async (openid, count) => {
        const got = [];
        for (let i = 0; i < count; i++)
            got.push((await send(openid)).errcode);
        return got;
    };

    test('can be sent three times in the minute after a tap', async () => {
        const { openid } = await follower('both');
        assert.deepEqual(await codes(openid, 4), [0, 0, 0, 45047]);
        await shift(61);
        assert.deepEqual(await codes(openid, 1), [45015]);
    });

    test('can be sent five times in the 48 hours after a message', async () => {
        const person = await follower('both');
        await shift(120);
        await person.act('text', { content: '在吗' });
        assert.deepEqual(await codes(person.openid, 6), [0, 0, 0, 0, 0, 45047]);
        await person.act('text', { content: '点的', menuid: '1' });
        assert.deepEqual(await codes(person.openid, 1), [45047], 'a menu link adds nothing');
        await person.act('text', { content: '写的' });
        await shift(120 + 2 * day + 1);
        assert.deepEqual(await codes(person.openid, 1), [45015]);
    });

    test('does not reach who has left', async () => {
        const person = await follower('both');
        await person.act('text', { content: '在吗' });
        await person.act('unfollow');
        assert.deepEqual(await codes(person.openid, 1), [45015]);
    });

    test('of each kind is shown, or refused for what it lacks', async () => {
        const person = await follower('both');
        const article = { title: 't', description: 'd', picurl: 'p', url: 'u' };
        for (const [errcode, rest, kind, expected] of [
            [0, { msgtype: 'news', news: { articles: [article] } }, 'news', { articles: [article] }],
            [0, { msgtype: 'msgmenu', msgmenu: { head_content: '满意吗', tail_content: '谢谢',
                list: [{ id: '1', content: '满意&' }] } }, 'text', { text: '满意吗\n' +
                '<a href="weixin://bizmsgmenu?msgmenucontent=%E6%BB%A1%E6%84%8F%26&msgmenuid=1">满意&#38;</a>\n谢谢' }],
            [45008, { msgtype: 'news', news: { articles: [article, article] } }],
            [44004, { msgtype: 'text', text: { content: '' } }],
            [45002, { msgtype: 'text', text: { content: 'x'.repeat(2049) } }],
            [40007, { msgtype: 'image', image: {} }], [40007, { msgtype: 'image', image: { media_id: 'm' } }],
            [40008, { msgtype: 'hologram' }],
        ]) {
            await person.act('text', { content: '来' });
            assert.equal((await send(person.openid, rest)).errcode, errcode, JSON.stringify(rest));
            const item = (await person.feed()).items.at(-1);
            if (kind)
                assert.equal(item.kind, kind);
            for (const [name, value] of Object.entries(expected ?? {}))
                assert.deepEqual(item[name], value);
        }
        assert.equal((await send('oNobody')).errcode, 40003);
    });
});

describe('a menu', () => {
    const click = { type: 'click', name: '签到', key: 'checkin' };
    const create = button => call('menu/create', { button }, 'plain');

    test('is kept, and given back as WeChat does', async () => {
        assert.equal((await call('menu/create', { button: [click] })).errcode, 0);
        const token = await sandbox.accessToken();
        assert.deepEqual(await sandbox.wechat('GET', 'menu/get', `access_token=${token}`),
            { menu: { button: [{ ...click, sub_button: [] }] } });
        const state = await sandbox.page('GET', 'state');
        assert.deepEqual(state.accounts[0].menu, { button: [click] });
        assert.equal(state.accounts[1].menu, null);
    });

    test('that WeChat would not take is refused for the reason it has', async () => {
        const view = { type: 'view', name: '课程', url: 'https://a.b' };
        const sub = (...sub_button) => [{ name: '更多', sub_button }];
        for (const [errcode, button] of [
            [40016, []], [40016, [click, click, click, click]], [40016, undefined],
            [40017, [{ ...click, type: 'dance' }]], [40018, [{ ...click, name: '一二三四五六' }]],
            [40018, [{ ...click, name: '' }]], [40019, [{ ...click, key: 'k'.repeat(129) }]],
            [40019, [{ type: 'click', name: '签到' }]], [40020, [{ ...view, url: undefined }]],
            [40020, [{ ...view, url: `https://${'u'.repeat(1024)}` }]],
            [40022, sub({ name: '再', sub_button: [click] })],
            [40023, sub(...Array(6).fill(click))], [40024, sub({ ...click, type: 'dance' })],
            [40025, sub({ ...click, name: '长'.repeat(21) })],
            [40026, sub({ ...click, key: '' })], [40027, sub({ ...view, url: '' })],
            [0, [click, view, { name: '更多', sub_button: Array(5).fill({ ...click, name: '长'.repeat(20) }) }]],
        ])
            assert.equal((await create(button)).errcode, errcode, JSON.stringify(button));
        assert.equal((await call('menu/create',
            '{"button":[{"type":"click","name":"\\u7b7e","key":"k"}]}')).errcode, 40033);
    });

    test('gives its names to what is tapped', async () => {
        const person = await sandbox.person('plain', 25);
        await create([{ name: '更多', sub_button: [click] }]);
        await person.act('follow');
        await person.act('click', { key: 'checkin' });
        assert.equal((await person.feed()).items.at(-1).text, '你点了菜单「签到」');
    });
});
