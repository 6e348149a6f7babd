// WeChat's API side: followers, tags, the blacklist, menus for some, and QR codes with a scene.

import assert from 'node:assert/strict';
import zlib from 'node:zlib';
import { after, afterEach, before, describe, test } from 'node:test';
import { element, Sandbox } from './driver.mjs';

let sandbox, token, used = 0;

before(async () => {
    sandbox = await Sandbox.start({ options: ['--people', '60'] });
    token = `access_token=${await sandbox.accessToken('plain')}`;
});
after(() => sandbox.end());
afterEach(async () => {
    sandbox.bot.pushes.length = 0;
    await sandbox.page('POST', 'clock', { offset_s: 0 });
});

const get = (endpoint, query = '') => sandbox.wechat('GET', endpoint, `${token}&${query}`);
const post = (endpoint, body) => sandbox.wechat('POST', endpoint, token, body);
const code = async (endpoint, body) => (await post(endpoint, body)).errcode ?? 0;

async function follower(act = {}) {
    const person = await sandbox.person('plain', used++);
    await person.act('follow', act);
    return person;
}

async function tagMade(name) {
    const got = await post('tags/create', { tag: { name } });
    assert.ok(got.tag?.id >= 100, JSON.stringify(got));
    return got.tag.id;
}

describe('a follower', () => {
    test('is told of without name and picture, one by one and by the hundred', async () => {
        const person = await follower({ scene: 'lobby' }), stranger = await sandbox.person('plain', 65);
        const one = await get('user/info', `openid=${person.openid}&lang=zh_CN`);
        assert.equal(one.subscribe, 1);
        assert.deepEqual([one.nickname, one.qr_scene_str, one.subscribe_scene, one.tagid_list],
            ['', 'lobby', 'ADD_SCENE_QR_CODE', []]);
        assert.ok(Math.abs(one.subscribe_time - Date.now() / 1000) < 60);
        const none = await get('user/info', `openid=${stranger.openid}`);
        assert.deepEqual([none.subscribe, none.openid, none.subscribe_time],
            [0, stranger.openid, undefined]);
        const { user_info_list: both } = await post('user/info/batchget',
            { user_list: [{ openid: person.openid }, { openid: stranger.openid }] });
        assert.deepEqual(both.map(({ subscribe }) => subscribe), [1, 0]);
        assert.equal((await get('user/info', 'openid=oNobody')).errcode, 40003);
        assert.equal(await code('user/info/batchget', { user_list: [] }), 40032);
        assert.equal(await code('user/info/batchget',
            { user_list: Array(101).fill({ openid: person.openid }) }), 40032);
    });

    test('has a remark of less than 30 characters', async () => {
        const { openid } = await follower();
        assert.equal(await code('user/info/updateremark', { openid, remark: '讲师' }), 0);
        assert.equal((await get('user/info', `openid=${openid}`)).remark, '讲师');
        assert.equal(await code('user/info/updateremark', { openid, remark: '长'.repeat(30) }), 40035);
    });

    test('stands in the list, behind whom one has read to', async () => {
        const first = await follower(), second = await follower();
        const all = await get('user/get');
        assert.equal(all.total, all.count);
        assert.ok(all.data.openid.includes(first.openid));
        assert.equal(all.next_openid, all.data.openid.at(-1));
        const rest = await get('user/get', `next_openid=${first.openid}`);
        assert.deepEqual(rest.data.openid, [second.openid]);
        assert.deepEqual(await get('user/get', `next_openid=${second.openid}`),
            { count: 0, next_openid: '', total: all.total });
        assert.equal((await get('user/get', 'next_openid=oNobody')).errcode, 40003);
    });
});

describe('a person', () => {
    const pushed = async (person, type, rest) => {
        sandbox.bot.pushes.length = 0;
        await person.act(type, rest);
        return (await sandbox.until(() => sandbox.bot.pushes.find(({ plain }) =>
            element(plain, 'FromUserName') === person.openid &&
            element(plain, 'Event') !== 'subscribe'))).plain; // that of having followed may still come
    };
    const all = (xml, ...names) => names.map(name => element(xml, name));

    test('takes back what the account may know', async () => {
        const person = await follower();
        for (const [type, event] of [['modify', 'user_info_modified'], ['revoke', 'user_authorization_revoke'],
            ['cancel', 'user_authorization_cancellation']])
            assert.deepEqual(all(await pushed(person, type, { content: '206' }), 'Event', 'OpenID', 'AppID',
                'RevokeInfo'), [event, person.openid, 'wxd21d21d21d21d210', '206']);
    });

    test('does what a menu asks of the phone', async () => {
        const person = await follower(), key = 'k';
        for (const [type, name, value] of [['scancode_push', 'ScanResult', '<a>&'],
            ['scancode_waitmsg', 'ScanResult', '<a>&'], ['pic_sysphoto', 'Count', '1'],
            ['pic_photo_or_album', 'Count', '1'], ['pic_weixin', 'Count', '1'],
            ['location_select', 'Label', '<a>&']])
            assert.deepEqual(all(await pushed(person, type, { key, content: '<a>&' }), 'Event', 'EventKey', name),
                [type, key, value]);
        assert.deepEqual(all(await pushed(person, 'locate'), 'Event', 'Latitude'), ['LOCATION', '31.239692']);
        assert.deepEqual(all(await pushed(person, 'link', { url: 'https://a.b', content: '题' }),
            'MsgType', 'Url', 'Title'), ['link', 'https://a.b', '题']);
    });
});

describe('tags', () => {
    test('are made, renamed, listed and deleted', async () => {
        const id = await tagMade('新员工');
        assert.equal(await code('tags/update', { tag: { id, name: '老员工' } }), 0);
        const { tags } = await get('tags/get');
        assert.deepEqual(tags, [{ id: 2, name: '星标组', count: 0 }, { id, name: '老员工', count: 0 }]);
        for (const [errcode, endpoint, tag] of [
            [45157, 'tags/create', { name: '老员工' }], [45157, 'tags/create', { name: '' }],
            [45158, 'tags/create', { name: '长'.repeat(31) }], [45058, 'tags/delete', { id: 2 }],
            [45159, 'tags/delete', { id: 9999 }], [45058, 'tags/update', { id: 1, name: 'x' }],
            [0, 'tags/delete', { id }], [45159, 'tags/update', { id, name: 'x' }],
        ])
            assert.equal(await code(endpoint, { tag }), errcode, `${endpoint} ${JSON.stringify(tag)}`);
    });

    test('are put on people and taken off, at most 20 on one', async () => {
        const { openid } = await follower(), other = await sandbox.person('plain', 65);
        const tagid = await tagMade('讲师');
        const put = (list, id = tagid) => code('tags/members/batchtagging',
            { openid_list: list, tagid: id });
        assert.equal(await put([openid]), 0);
        assert.deepEqual(await post('tags/getidlist', { openid }), { tagid_list: [tagid] });
        assert.deepEqual(await post('user/tag/get', { tagid, next_openid: '' }),
            { count: 1, next_openid: openid, data: { openid: [openid] } });
        assert.equal((await get('tags/get')).tags.find(({ id }) => id === tagid).count, 1);
        assert.equal(await put([]), 40032);
        assert.equal(await put(Array(51).fill(openid)), 40032);
        assert.equal(await put(['oNobody']), 40003);
        assert.equal(await put([other.openid]), 49003);
        assert.equal(await put([openid], 9999), 45159);
        for (let i = 1; i < 20; i++)
            assert.equal(await put([openid], await tagMade(`标签${i}`)), 0);
        assert.equal(await put([openid], await tagMade('一个太多')), 45059);
        assert.equal(await code('tags/members/batchuntagging', { openid_list: [openid], tagid }), 0);
        assert.equal((await post('tags/getidlist', { openid })).tagid_list.length, 19);
    });

    test('are at most 100', async () => {
        let last = 0, made = 0;
        while (!last && made++ < 101)
            last = await code('tags/create', { tag: { name: `多 ${made}` } });
        assert.equal(last, 45056);
        for (const { id } of (await get('tags/get')).tags.filter(tag => tag.id >= 100))
            assert.equal(await code('tags/delete', { tag: { id } }), 0);
    });
});

describe('the blacklist', () => {
    test('keeps messages from who is on it', async () => {
        const person = await follower(), openid_list = [person.openid];
        await person.act('text', { content: '在' });
        assert.equal(await code('tags/members/batchblacklist', { openid_list }), 0);
        const list = await post('tags/members/getblacklist', { begin_openid: '' });
        assert.deepEqual([list.total, list.data.openid], [1, openid_list]);
        const text = { touser: person.openid, msgtype: 'text', text: { content: '好' } };
        assert.equal(await code('message/custom/send', text), 43019);
        assert.equal(await code('tags/members/batchunblacklist', { openid_list }), 0);
        assert.equal(await code('message/custom/send', text), 0);
        assert.equal(await code('tags/members/batchblacklist',
            { openid_list: Array(21).fill(person.openid) }), 40032);
    });
});

describe('a menu for some', () => {
    const button = name => [{ type: 'click', name, key: 'k' }];

    test('needs one for all, and is seen by those it is for', async () => {
        const person = await follower(), tag_id = await tagMade('经理');
        const rule = { button: button('经理'), matchrule: { tag_id } };
        assert.equal(await code('menu/addconditional', rule), 65303);
        assert.deepEqual(await get('get_current_selfmenu_info'), { is_menu_open: 0 });
        assert.equal(await code('menu/create', { button: [...button('大家'),
            { name: '更多', sub_button: button('里面') }] }), 0);
        assert.equal(await code('menu/addconditional', { ...rule, matchrule: {} }), 65304);
        const { menuid } = await post('menu/addconditional', rule);
        assert.ok(menuid);
        const seen = async () => (await post('menu/trymatch', { user_id: person.openid })).button[0].name;
        assert.equal(await seen(), '大家');
        await post('tags/members/batchtagging', { openid_list: [person.openid], tagid: tag_id });
        assert.equal(await seen(), '经理');
        assert.equal((await person.feed()).menu.button[0].name, '经理');
        const both = await get('menu/get');
        assert.equal(both.menu.button[0].name, '大家');
        assert.deepEqual(both.conditionalmenu.map(menu => [menu.menuid, menu.matchrule]),
            [[Number(menuid), { tag_id }]]);
        assert.deepEqual((await get('get_current_selfmenu_info')).selfmenu_info.button[1].sub_button,
            { list: button('里面') });
        assert.equal(await code('menu/delconditional', { menuid: 1 }), 65301);
        assert.equal(await code('menu/delconditional', { menuid }), 0);
        assert.equal(await seen(), '大家');
        assert.equal(await code('menu/trymatch', { user_id: 'nobody' }), 65302);
        assert.equal((await get('menu/delete')).errcode, 0);
        assert.equal((await get('menu/get')).errcode, 46003);
    });
});

describe('a QR code', () => {
    const create = (action_name, scene, rest = {}) =>
        post('qrcode/create', { action_name, action_info: { scene }, ...rest });

    test('brings its scene and ticket when it is scanned', async () => {
        const person = await sandbox.person('plain', used++);
        for (const [action, scene, key] of [['QR_STR_SCENE', { scene_str: '食堂' }, '食堂'],
            ['QR_SCENE', { scene_id: 4294967295 }, '4294967295'],
            ['QR_LIMIT_SCENE', { scene_id: 100000 }, '100000'],
            ['QR_LIMIT_STR_SCENE', { scene_str: 'x'.repeat(64) }, 'x'.repeat(64)]]) {
            const { ticket, url, expire_seconds } = await create(action, scene);
            assert.match(url, /^http:\/\/weixin\.qq\.com\/q\//);
            assert.equal(expire_seconds, action.includes('LIMIT') ? undefined : 60);
            for (const [event, prefix] of [['subscribe', 'qrscene_'], ['SCAN', '']]) {
                sandbox.bot.pushes.length = 0;
                await person.act('scan', { ticket });
                const { plain } = await sandbox.until(() => sandbox.bot.pushes[0]);
                assert.deepEqual(['Event', 'EventKey', 'Ticket'].map(name => element(plain, name)),
                    [event, prefix + key, ticket]);
            }
            await person.act('unfollow');
        }
    });

    test('of a permanent scene stays the same; one that is not ends in time', async () => {
        const person = await sandbox.person('plain', used++);
        const lasting = await create('QR_LIMIT_STR_SCENE', { scene_str: '门' });
        assert.deepEqual(await create('QR_LIMIT_STR_SCENE', { scene_str: '门' }), lasting);
        const { ticket } = await create('QR_STR_SCENE', { scene_str: '窗' }, { expire_seconds: 604800 });
        await sandbox.page('POST', 'clock', { offset_s: 604801 });
        await person.act('scan', { ticket }, 409);
        await person.act('scan', { ticket: lasting.ticket });
    });

    test('of no right scene is refused', async () => {
        for (const [action, scene] of [['QR_SCENE', { scene_id: 0 }], ['QR_SCENE', { scene_str: '1' }],
            ['QR_STR_SCENE', { scene_str: '' }], ['QR_STR_SCENE', { scene_str: 'x'.repeat(65) }],
            ['QR_LIMIT_SCENE', { scene_id: 100001 }], ['QR_DANCE', { scene_id: 1 }]])
            assert.equal((await create(action, scene)).errcode, 40053, action);
    });

    test('has a picture for whoever knows its ticket', async () => {
        const { ticket } = await create('QR_STR_SCENE', { scene_str: '图' });
        const got = await sandbox.raw('GET',
            `/sandbox/wechat/cgi-bin/showqrcode?ticket=${encodeURIComponent(ticket)}`);
        assert.deepEqual([got.status, got.headers['content-type']], [200, 'image/png']);
        const png = got.content, side = png.readUInt32BE(16);
        assert.equal(png.subarray(0, 8).toString('latin1'), '\x89PNG\r\n\x1a\n');
        assert.equal(png.readUInt32BE(20), side);
        const rows = zlib.inflateSync(png.subarray(41, 41 + png.readUInt32BE(33)));
        assert.equal(rows.length, side * (side + 1));
        const module = (x, y) => rows[(y + 4) * 8 * (side + 1) + 1 + (x + 4) * 8];
        assert.deepEqual([module(-1, 0), module(0, 0), module(1, 1), module(6, 6)], [255, 0, 255, 0],
            'a finder pattern in a corner');
        const none = await sandbox.raw('GET', '/sandbox/wechat/cgi-bin/showqrcode?ticket=none');
        assert.equal(none.status, 404);
    });
});
