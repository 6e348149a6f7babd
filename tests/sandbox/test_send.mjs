// WeChat's API side: which templates there are, subscription notices, typing, and mass sending.

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { accounts, element, Sandbox } from './driver.mjs';

const month = 31 * 86400;
let sandbox, used = 0;

before(async () => { sandbox = await Sandbox.start({ options: ['--people', '40'] }); });
after(() => sandbox.end());
afterEach(async () => {
    sandbox.bot.pushes.length = 0;
    await sandbox.page('POST', 'clock', { offset_s: 0 });
});

const call = async (endpoint, body, name = 'demo', method = 'POST') => {
    const path = endpoint.startsWith('wxaapi/') ? `../${endpoint}` : endpoint;
    const uri = new URL(`http://x/sandbox/wechat/cgi-bin/${path}`).pathname;
    const got = await sandbox.raw(method, `${uri}?access_token=${await sandbox.accessToken(name)}` +
        (method === 'GET' && body ? `&${new URLSearchParams(body)}` : ''),
        method === 'POST' ? JSON.stringify(body) : '');
    return JSON.parse(got.body);
};
const code = async (...rest) => (await call(...rest)).errcode ?? 0;

async function follower(name = 'demo') {
    const person = await sandbox.person(name, used++);
    await person.act('follow');
    await sandbox.until(() => sandbox.bot.pushes.length);
    sandbox.bot.pushes.length = 0;
    return person;
}

const pushed = event => sandbox.until(() =>
    sandbox.bot.pushes.find(({ plain }) => element(plain, 'Event') === event));

describe('templates', () => {
    test('are added once for each short id, and then want all their fields', async () => {
        const person = await follower();
        const add = { template_id_short: '43216', keyword_name_list: ['课程名称', '开始时间'] };
        const { template_id } = await call('template/api_add_template', add);
        assert.match(template_id, /^[A-Za-z0-9_-]{43}$/);
        assert.equal((await call('template/api_add_template', add)).template_id, template_id);
        const { template_list } = await call('template/get_all_private_template', null, 'demo', 'GET');
        assert.deepEqual(template_list.map(entry => entry.template_id),
            [accounts.demo.template, template_id]);
        assert.equal(template_list[1].content, '课程名称：{{thing1.DATA}}\n开始时间：{{time2.DATA}}\n');
        assert.match(template_list[0].content, /\{\{thing1\.DATA\}\}/);
        const send = data => code('message/template/send',
            { touser: person.openid, template_id, data });
        assert.equal(await send({ thing1: { value: '安全' } }), 47003);
        assert.equal(await send({ thing1: { value: '安全' }, time2: { value: '九点' } }), 47003);
        assert.equal(await send({ thing1: { value: '安全' }, time2: { value: '09:00' } }), 0);
        assert.deepEqual((await person.feed()).items.at(-1).fields.map(({ label }) => label),
            ['课程名称', '开始时间']);
        assert.equal(await code('template/del_private_template', { template_id }), 0);
        assert.equal(await send({ thing1: { value: '安全' }, time2: { value: '09:00' } }), 40037);
        assert.equal(await code('template/del_private_template', { template_id }), 40037);
    });

    test('are at most 25', async () => {
        const codes = [];
        for (let i = 0; i < 25; i++)
            codes.push(await code('template/api_add_template',
                { template_id_short: `OPENTM${1000 + i}` }, 'both'));
        assert.deepEqual(codes, [...Array(24).fill(0), 45026]);
        assert.equal(await code('template/api_add_template', { template_id_short: 'poem' }), 40037);
    });

    test('have industries', async () => {
        assert.equal(await code('template/api_set_industry', { industry_id1: '1', industry_id2: 16 }), 0);
        assert.deepEqual(await call('template/get_industry', null, 'demo', 'GET'), {
            primary_industry: { first_class: 'IT科技', second_class: '互联网|电子商务' },
            secondary_industry: { first_class: '教育', second_class: '培训' } });
        assert.equal(await code('template/api_set_industry', { industry_id1: '1', industry_id2: '99' }), 40102);
    });
});

describe('a subscription notice', () => {
    const send = (openid, template_id, rest = {}) => call('message/subscribe/bizsend', {
        touser: openid, template_id, page: 'https://a.b/c',
        data: { thing1: { value: '安全生产' }, time2: { value: '2026-01-01 09:00' } }, ...rest });

    async function noticeMade() {
        const { data: titles } = await call('wxaapi/newtmpl/getpubtemplatetitles',
            { ids: '616', start: 0, limit: 30 }, 'demo', 'GET');
        const { tid } = titles.find(({ title }) => title === '课程开课提醒');
        const { data } = await call('wxaapi/newtmpl/getpubtemplatekeywords', { tid }, 'demo', 'GET');
        assert.deepEqual(data.slice(0, 2).map(({ kid, rule }) => [kid, rule]), [[1, 'thing'], [2, 'time']]);
        const got = await call('wxaapi/newtmpl/addtemplate', { tid: String(tid), kidList: [1, 2] });
        assert.equal(got.errcode, 0);
        return got.priTmplId;
    }

    test('is sent once for each time somebody has accepted it', async () => {
        const person = await follower(), id = await noticeMade();
        assert.equal((await send(person.openid, id)).errcode, 43101);
        await person.act('subscribe', { templates: { [id]: 'accept' } });
        const { plain } = await pushed('subscribe_msg_popup_event');
        assert.deepEqual(['TemplateId', 'SubscribeStatusString', 'PopupScene'].map(name =>
            element(plain, name)), [id, 'accept', '2']);
        assert.deepEqual(await send(person.openid, id), { errcode: 0, errmsg: 'ok' });
        const item = (await person.feed()).items.at(-1);
        assert.deepEqual([item.kind, item.title, item.fields[1].label],
            ['notice', '课程开课提醒', '开课时间']);
        const { plain: told } = await pushed('subscribe_msg_sent_event');
        assert.deepEqual(['TemplateId', 'ErrorCode', 'ErrorStatus'].map(name => element(told, name)),
            [id, '0', 'success']);
        assert.equal((await send(person.openid, id)).errcode, 43101);
        await person.act('subscribe', { templates: { [id]: 'accept' } });
        await person.act('subscribe', { templates: { [id]: 'reject' } });
        assert.equal((await send(person.openid, id)).errcode, 43101);
    });

    test('is refused for what is wrong with it', async () => {
        const person = await follower(), id = await noticeMade();
        for (const [errcode, openid, template_id, rest] of [
            [40003, 'oNobody', id, {}], [40037, person.openid, accounts.demo.template, {}],
            [40003, person.openid, id, { data: [] }], [41030, person.openid, id, { page: 'x'.repeat(1025) }],
            [47003, person.openid, id, { data: { thing1: { value: '一' } } }],
            [47003, person.openid, id, { data: { thing1: { value: '一' }, time2: { value: '午后' } } }],
        ])
            assert.equal((await send(openid, template_id, rest)).errcode, errcode);
        await person.act('subscribe', { templates: { nothing: 'accept' } }, 400);
        assert.equal(await code('wxaapi/newtmpl/addtemplate', { tid: '1', kidList: [1, 2] }), 200014);
        assert.equal(await code('wxaapi/newtmpl/addtemplate', { tid: '2001', kidList: [1, 9] }), 200020);
        const { data } = await call('wxaapi/newtmpl/gettemplate', null, 'demo', 'GET');
        assert.ok(data.some(({ priTmplId }) => priTmplId === id));
        assert.equal(await code('wxaapi/newtmpl/deltemplate', { priTmplId: id }), 0);
        assert.equal((await send(person.openid, id)).errcode, 40037);
    });
});

describe('typing', () => {
    test('shows for whoever has just written, until something is said', async () => {
        const person = await follower();
        const typing = command => code('message/custom/typing', { touser: person.openid, command });
        assert.equal(await typing('Typing'), 45080);
        await person.act('text', { content: '在吗' });
        assert.equal(await typing('Dancing'), 45072);
        assert.equal(await typing('Typing'), 0);
        assert.equal((await person.feed()).typing, true);
        assert.equal(await typing('Typing'), 45081);
        assert.equal(await typing('CancelTyping'), 0);
        assert.equal((await person.feed()).typing, false);
        assert.equal(await typing('Typing'), 0);
        await call('message/custom/send', { touser: person.openid, msgtype: 'text', text: { content: '在' } });
        assert.equal((await person.feed()).typing, false);
    });
});

describe('mass sending', () => {
    const text = content => ({ msgtype: 'text', text: { content } });
    const texts = async person => (await person.feed()).items.filter(item =>
        item.side === 'account' && item.kind === 'text').map(item => item.text);
    let one, two, touser;
    before(async () => {
        [one, two] = [await follower('plain'), await follower('plain')];
        touser = [one.openid, two.openid];
    });

    test('reaches whom it is for, and its end is told', async () => {
        const stranger = await sandbox.person('plain', 45);
        const got = await call('message/mass/send', { touser: [...touser, stranger.openid],
            ...text('通知'), clientmsgid: 'first' }, 'plain');
        assert.equal(got.errmsg, 'send job submission success');
        assert.equal((await call('message/mass/get', { msg_id: got.msg_id }, 'plain')).msg_id, got.msg_id);
        const { plain } = await pushed('MASSSENDJOBFINISH');
        assert.deepEqual(['MsgID', 'Status', 'TotalCount', 'FilterCount', 'SentCount', 'ErrorCount']
            .map(name => element(plain, name)), [String(got.msg_id), 'send success', '3', '2', '2', '0']);
        assert.deepEqual([await texts(one), await texts(two)], [['通知'], ['通知']]);
        assert.equal((await call('message/mass/get', { msg_id: String(got.msg_id) }, 'plain')).msg_status,
            'SEND_SUCCESS');
        const again = await call('message/mass/send', { touser, ...text('另外'), clientmsgid: 'first' }, 'plain');
        assert.deepEqual([again.errcode, again.msg_id], [45065, got.msg_id]);
        assert.equal(await code('message/mass/delete', { msg_id: got.msg_id }, 'plain'), 0);
        assert.equal((await call('message/mass/get', { msg_id: got.msg_id }, 'plain')).msg_status, 'DELETE');
    });

    test('reaches one person four times a month', async () => {
        for (let i = 0; i < 5; i++) {
            sandbox.bot.pushes.length = 0;
            await sandbox.page('POST', 'clock', { offset_s: 2 * month + i });
            await call('message/mass/send', { touser, ...text(`第 ${i}`) }, 'plain');
            const { plain } = await pushed('MASSSENDJOBFINISH');
            assert.equal(element(plain, 'SentCount'), i < 4 ? '2' : '0');
        }
        assert.equal((await texts(one)).length, 5);
    });

    test('to all goes four times a month, to a tag while people have room', async () => {
        await sandbox.page('POST', 'clock', { offset_s: 4 * month });
        for (let i = 0; i < 5; i++)
            assert.equal(await code('message/mass/sendall',
                { filter: { is_to_all: true }, ...text(`大家 ${i}`) }, 'plain'), i < 4 ? 0 : 45028);
        const { tag } = await call('tags/create', { tag: { name: '一班' } }, 'plain');
        await call('tags/members/batchtagging', { openid_list: [one.openid], tagid: tag.id }, 'plain');
        await sandbox.page('POST', 'clock', { offset_s: 6 * month });
        await call('message/mass/sendall', { filter: { is_to_all: false, tag_id: tag.id },
            ...text('一班的') }, 'plain');
        await sandbox.until(async () => (await texts(one)).includes('一班的'));
        assert.ok(!(await texts(two)).includes('一班的'));
    });

    test('of the same once more is the same, also without a clientmsgid', async () => {
        const body = { touser, ...text('只要一次') };
        const { msg_id } = await call('message/mass/send', body, 'plain');
        const again = await call('message/mass/send', body, 'plain');
        assert.deepEqual([again.errcode, again.msg_id], [45065, msg_id]);
    });

    test('that WeChat would not take is refused', async () => {
        for (const [errcode, body] of [
            [40130, { touser: touser.slice(1), ...text('一') }], [40130, { touser: one.openid, ...text('一') }],
            [40003, { touser: ['oNobody', ...touser], ...text('一') }], [40008, { touser, msgtype: 'video' }],
            [40007, { touser, msgtype: 'mpnews', mpnews: { media_id: 'none' } }],
            [45067, { touser, ...text('一'), clientmsgid: 'x'.repeat(65) }],
        ])
            assert.equal(await code('message/mass/send', body, 'plain'), errcode, JSON.stringify(body));
        assert.equal(await code('message/mass/get', { msg_id: 1 }, 'plain'), 40059);
        assert.equal(await code('message/mass/delete', { msg_id: 1 }, 'plain'), 40059);
    });

    test('is tried on one person first', async () => {
        assert.equal(await code('message/mass/preview', { touser: one.openid, ...text('预览') }, 'plain'), 0);
        assert.ok((await texts(one)).includes('预览')); // a mass send of before may come in between
        const { name } = (await sandbox.people('plain')).find(({ openid }) => openid === two.openid);
        assert.equal(await code('message/mass/preview', { towxname: name, ...text('看看') }, 'plain'), 0);
        assert.ok((await texts(two)).includes('看看'));
    });

    test('has a speed, and a limit a minute', async () => {
        assert.equal(await code('message/mass/speed/set', { speed: 3 }), 0);
        assert.deepEqual(await call('message/mass/speed/get', {}), { speed: 3, realspeed: 30 });
        assert.equal(await code('message/mass/speed/set', { speed: 5 }), 45083);
        const codes = new Set();
        for (let i = 0; i < 130; i++)
            codes.add(await code('message/mass/speed/get', {}));
        assert.ok(codes.has(45011));
    });
});
