// instance: --without work --
// `day21 wx`: every call of the table, made by hand as an operator would, against the sandbox; and
// `day21 doctor`, of an installation that is well and of one that is not.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { day21, end_all, redis as connect, until, url, variable } from './lib/instance.mjs';
import * as sandbox from './lib/sandbox.mjs';
import { accounts } from './lib/wechat.mjs';

const made = new Set();

// Makes a call; returns what it printed, as JSON when it is that.
async function wx(name, json, { status = 0, account = 'demo', raw = false } = {}) {
    const words = [...name.split(' '), ...json === undefined ? [] :
        [typeof json === 'string' ? json : JSON.stringify(json)]];
    const got = await day21('wx', account, ...words);
    assert.equal(got.status, status, `${name}: ${got.out}${got.err}`);
    made.add(name);
    return raw ? got : got.out.startsWith('{') ? JSON.parse(got.out) : got.out;
}

const file = (name, ...bytes) => {
    const place = path.join(variable, name);
    fs.writeFileSync(place, Buffer.concat(bytes.map(one => Buffer.from(one, 'latin1'))));
    return place;
};
const png = file('图.png', '\x89PNG\r\n\x1a\n0123456789\0\xff');
const jpg = file('thumb.jpg', '\xff\xd8\xff\xe0 a picture');
const mp4 = file('film.mp4', '\0\0\0\x18ftypmp42 a film');

const person = await sandbox.person(), other = await sandbox.person(), { openid } = person;
await person.act('follow');
await other.act('follow');
await until(async () => (await person.feed()).length > 1, 'welcomed');

test('without arguments it lists the calls', async () => {
    const { status, out } = await day21('wx');
    assert.equal(status, 0);
    assert.match(out, /^ {2}template send +\/cgi-bin\/message\/template\/send +100000 a day +touser, /m);
});

test('tokens are not shown', async () => {
    for (const name of ['token', 'stable token'])
        assert.equal((await wx(name)).access_token, '***');
    assert.equal((await wx('ticket')).ticket, '***');
});

test('menus', async () => {
    assert.equal((await wx('menu create')).errcode, 0); // the pack's
    const { menu } = await wx('menu get');
    assert.ok(menu.button.length > 0);
    assert.ok((await wx('menu current')).selfmenu_info);
    const [tag] = (await wx('tags create', { tag: { name: '讲师' } }), (await wx('tags get')).tags.slice(-1));
    const { menuid } = await wx('menu addconditional',
        { button: menu.button, matchrule: { tag_id: String(tag.id) } });
    assert.ok(await wx('menu trymatch', { user_id: openid }));
    await wx('menu delconditional', { menuid });
    await wx('menu delete');
    await wx('menu get', undefined, { status: 16 });
    assert.equal((await day21('menu', 'push', 'demo')).status, 0);
});

test('templates, notices and customer-service messages', async () => {
    await wx('template set industry', { industry_id1: '1', industry_id2: '16' });
    assert.ok((await wx('template get industry')).primary_industry);
    const { template_id } = await wx('template add', { template_id_short: 'TM00015', keyword_name_list: [] });
    const { template_list } = await wx('template list');
    assert.ok(template_list.some(one => one.template_id === template_id));
    await wx('template delete', { template_id });
    const ours = template_list.find(one => one.template_id !== template_id).template_id;
    const { msgid } = await wx('template send', { touser: openid, template_id: ours,
        client_msg_id: 'wx1', data: { thing1: { value: '今日一课' } } });
    assert.ok(msgid > 0);

    await wx('subscribe categories');
    const titles = await wx('subscribe titles', { ids: '616' });
    const { tid } = titles.data[0];
    const words = (await wx('subscribe keywords', { tid: String(tid) })).data;
    const { priTmplId } = await wx('subscribe add',
        { tid: String(tid), kidList: words.slice(0, 2).map(word => word.kid), sceneDesc: '学习提醒' });
    assert.ok((await wx('subscribe list')).data.some(one => one.priTmplId === priTmplId));
    const refused = await wx('subscribe send', { touser: openid, template_id: priTmplId, data: {} },
        { status: 16 });
    assert.equal(refused.errcode, 47003);
    await wx('subscribe delete', { priTmplId });

    await person.does('text', { content: '签到' });
    await wx('custom typing', { touser: openid });
    await wx('custom send', { touser: openid, msgtype: 'text', text: { content: '人工来了' } });
    await until(async () => (await person.feed()).some(item => item.text === '人工来了'), 'it is shown');
});

test('people, tags, blacklist', async () => {
    assert.equal((await wx('user info', { openid })).subscribe, 1);
    assert.equal((await wx('user batchget', { user_list: [{ openid }] })).user_info_list.length, 1);
    assert.ok((await wx('user get')).data.openid.includes(openid));
    await wx('user remark', { openid, remark: '班长' });
    const { tag } = await wx('tags create', { tag: { name: '一班' } });
    await wx('tags update', { tag: { id: tag.id, name: '二班' } });
    await wx('tags tag', { openid_list: [openid], tagid: tag.id });
    assert.deepEqual((await wx('tags members', { tagid: tag.id })).data.openid, [openid]);
    assert.ok((await wx('tags of', { openid })).tagid_list.includes(tag.id));
    await wx('tags untag', { openid_list: [openid], tagid: tag.id });
    await wx('tags delete', { tag: { id: tag.id } });
    await wx('blacklist add', { openid_list: [openid] });
    assert.deepEqual((await wx('blacklist get')).data.openid, [openid]);
    await wx('blacklist remove', { openid_list: [openid] });
});

test('files', async () => {
    const { media_id } = await wx('media upload', { type: 'image', file: png });
    const got = await wx('media get', { media_id }, { raw: true });
    assert.ok(got.out.includes('PNG'), 'the file itself');
    await wx('media get jssdk', { media_id });
    assert.ok((await wx('media uploadimg', { file: jpg })).url);
    const film = await wx('media upload', { type: 'video', file: mp4 });
    assert.ok((await wx('media get', { media_id: film.media_id })).video_url);
    await wx('media uploadvideo', { media_id: film.media_id, title: '一', description: '二' });
    const kept = await wx('material add', { type: 'video', file: mp4,
        description: { title: '安全', introduction: '三分钟' } });
    assert.equal((await wx('material get', { media_id: kept.media_id })).title, '安全');
    assert.equal((await wx('material count')).video_count, 1);
    assert.equal((await wx('material batchget', { type: 'video' })).item_count, 1);
    await wx('material delete', { media_id: kept.media_id });
    const missing = await wx('media upload', { type: 'image', file: `${png}.not` }, { status: 1, raw: true });
    assert.match(missing.err, /No such file/);
});

test('drafts, publishing, mass messages', async () => {
    const { media_id: thumb_media_id } = await wx('material add', { type: 'image', file: png });
    const article = { title: '今日一课', content: '<p>正文</p>', thumb_media_id };
    const { media_id } = await wx('draft add', `@${file('draft.json',
        Buffer.from(JSON.stringify({ articles: [article] })).toString('latin1'))}`);
    assert.equal((await wx('draft get', { media_id })).news_item[0].title, '今日一课');
    await wx('draft update', { media_id, index: 0, articles: { ...article, title: '明日一课' } });
    assert.equal((await wx('draft count')).total_count, 1);
    assert.equal((await wx('draft batchget')).item[0].media_id, media_id);
    const { media_id: spare } = await wx('draft add', { articles: [article] });
    await wx('draft delete', { media_id: spare });
    const { publish_id } = await wx('publish submit', { media_id });
    const done = await until(async () => {
        const got = await wx('publish get', { publish_id });
        return got.publish_status === 0 && got;
    }, 'published', 20);
    await wx('publish article', { article_id: done.article_id });
    assert.equal((await wx('publish batchget')).total_count, 1);
    await wx('publish delete', { article_id: done.article_id });

    const text = { msgtype: 'text', text: { content: '大家好' } };
    await wx('mass preview', { touser: openid, ...text });
    const { msg_id } = await wx('mass send', { touser: [openid, other.openid], ...text, clientmsgid: 'm1' });
    await wx('mass sendall', { filter: { is_to_all: true }, ...text, clientmsgid: 'm2' });
    assert.ok((await wx('mass get', { msg_id })).msg_status);
    await wx('mass delete', { msg_id });
    await wx('mass speed set', { speed: 1 });
    assert.equal((await wx('mass speed get')).speed, 1);
});

test('codes and web login', async () => {
    assert.ok((await wx('qrcode create', { expire_seconds: 60, action_name: 'QR_STR_SCENE',
        action_info: { scene: { scene_str: 'canteen' } } })).ticket);
    const at = `${url}/sandbox/wechat/connect/oauth2/authorize?appid=${accounts.demo.appid}&redirect_uri=` +
        `${encodeURIComponent(`${url}/h5/`)}&response_type=code&scope=snsapi_base&state=s&sandbox_openid=${openid}`;
    const back = new URL((await fetch(at, { redirect: 'manual' })).headers.get('location'));
    const login = await wx('oauth token', { code: back.searchParams.get('code') });
    assert.deepEqual([login.openid, login.access_token, login.refresh_token], [openid, '***', '***']);
    await wx('oauth token', { code: back.searchParams.get('code') }, { status: 18 });
    // Their tokens are not shown, so that by hand these go no further than being refused.
    for (const [name, json] of [['oauth refresh', { refresh_token: 'x' }],
        ['oauth userinfo', { access_token: 'x', openid }], ['oauth check', { access_token: 'x', openid }]])
        assert.match((await wx(name, json, { status: name === 'oauth refresh' ? 16 : 12, raw: true })).out,
            /"errcode": 4\d{4}/);
});

test('operations', async () => {
    const { quota } = await wx('quota', { cgi_path: '/cgi-bin/message/custom/send' });
    assert.equal(quota.daily_limit, 500000);
    assert.match(await wx('quota'), /^template send +100000 a day +1 used +99999 left$/m);
    await wx('quota clear');
    await wx('quota clear v2');
    const refused = await wx('template send', { touser: 'nobody', template_id: 'x', data: {} },
        { status: 15, raw: true });
    const [, rid] = /rid: ([0-9a-f-]+)/.exec(refused.err);
    assert.ok((await wx('rid', { rid })).request);
    assert.ok((await wx('callback ip')).ip_list.length);
    assert.ok((await wx('api ip')).ip_list.length);
    assert.ok((await wx('callback check')).ping);
    assert.equal((await day21('wx', 'demo', 'callback-check')).status, 0);
    assert.equal((await day21('wx', 'demo', '/cgi-bin/callback/check')).status, 0);
});

test('every call has been made', async () => {
    const { out } = await day21('wx');
    const names = [...out.matchAll(/^ {2}(\S.*?) {2,}\/(?:cgi-bin|sns|wxaapi)\//gm)].map(([, name]) => name);
    assert.ok(names.length > 70);
    assert.deepEqual(names.filter(name => !made.has(name)), []);
});

test('what cannot be a call is refused before WeChat is asked', async () => {
    for (const [words, why] of [[['demo', 'menu', 'burn'], /there are menu create, menu get/],
        [['demo', 'template', 'send'], /needs JSON with touser, template_id, data/],
        [['demo', 'template', 'send', '{"touser"'], /no JSON object/],
        [['demo'], /there is no call/]]) {
        const { status, err } = await day21('wx', ...words);
        assert.deepEqual([status, why.test(err)], [2, true], err);
    }
    assert.equal((await day21('wx', 'nobody', 'menu', 'get')).status, 1);
});

// ---- the doctor ----

test('the doctor finds nothing where all is well', async () => {
    assert.equal((await day21('menu', 'push', 'plain')).status, 0);
    const { status, out } = await day21('doctor');
    assert.equal(status, 0, out);
    assert.doesNotMatch(out, /FAIL|packing/);
    assert.match(out, /ok +durability/);
    for (const about of ['secret', 'callback', 'credentials', 'clock', 'menu', 'templates', 'quota'])
        assert.equal(out.match(new RegExp(`^  ok +${about} `, 'gm'))?.length >= 2, true, `${about}\n${out}`);
});

test('the doctor finds what is wrong, and says what to do', async () => {
    const redis = await connect();
    await redis.say('CONFIG', 'SET', 'no-appendfsync-on-rewrite', 'yes');
    assert.match((await day21('doctor', 'plain')).out, /warn +durability +no fsync while .*\n +-> .*-on-rewrite no/);
    await redis.say('CONFIG', 'SET', 'appendfsync', 'everysec');
    await redis.say('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    await redis.say('CONFIG', 'SET', 'hash-max-listpack-value', '64');
    await redis.say('CONFIG', 'SET', 'zset-max-listpack-entries', '33');
    await sandbox.fault({ account: 'demo', endpoint: 'stable_token', errcode: 40164 });
    await sandbox.fault({ account: 'plain', endpoint: 'menu/get', errcode: 46003 });
    const { status, out } = await day21('doctor');
    redis.close();
    assert.equal(status, 1);
    assert.match(out, /warn +durability +appendfsync everysec.*\n +-> .*appendfsync always/);
    assert.match(out, /warn +packing +hash-max-listpack-value 64: .*\n +-> .*hash-max-listpack-value 1024 \(/);
    assert.match(out, /FAIL +memory +maxmemory-policy allkeys-lru.*\n +-> .*noeviction/);
    assert.match(out, /FAIL +IP list +WeChat: 40164 .*\n +-> .*IP白名单/);
    assert.match(out, /warn +menu +WeChat has none.*\n +-> day21 menu push plain/);
    assert.equal((await day21('doctor', 'nobody')).status, 2);
});

test('end', end_all);
