// instance: --without serve,work --
// A stranger's clients against the sandbox: npm `wechat-api` and `wechat-oauth`, which know WeChat and not
// us, through the calls both know. What WeChat has retired since (groups, short URLs, uploadnews), the sandbox
// does not play.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { after, test } from 'node:test';
import { end_all, until, url, variable } from './lib/instance.mjs';
import * as sandbox from './lib/sandbox.mjs';
import { accounts } from './lib/wechat.mjs';

const require = createRequire(import.meta.url);
const WechatAPI = require('wechat-api'), OAuth = require('wechat-oauth');

const account = accounts.demo;
const secret = fs.readFileSync(path.join(variable, 'secrets', account.name), 'utf8').trim();

function client(appid, appsecret) {
    const api = new WechatAPI(appid, appsecret);
    api.prefix = `${url}/sandbox/wechat/cgi-bin/`;
    api.endpoint = `${url}/sandbox/wechat`;
    api.mpPrefix = api.fileServerPrefix = api.prefix;
    // Its functions end with a callback; here, with a promise.
    return new Proxy(api, { get: (of, name) => typeof of[name] === 'function' ? promisify(of[name].bind(of)) : of[name] });
}

const api = client(account.appid, secret);
const person = await sandbox.person(account.name);
after(end_all);

const code = number => error => {
    assert.equal(error.code, number, String(error));
    return true;
};

test('a token is had for the secret, and for no other', async () => {
    const token = await api.getAccessToken();
    assert.ok(token.accessToken.length > 20);
    await assert.rejects(client(account.appid, 'wrong-secret-0123456789').getAccessToken(), code(40125));
    await assert.rejects(client('wx0000000000000000', secret).getAccessToken(), code(40013));
});

test('a menu is made, read back, refused when too large, and taken away', async () => {
    const menu = { button: [{ type: 'click', name: '今日', key: 'checkin' },
        { name: '更多', sub_button: [{ type: 'view', name: '网页', url: 'https://a.example/' }] }] };
    await api.createMenu(menu);
    const got = await api.getMenu();
    assert.equal(got.menu.button[0].name, '今日');
    assert.equal(got.menu.button[1].sub_button[0].url, 'https://a.example/');
    await assert.rejects(api.createMenu({ button: Array(4).fill(menu.button[0]) }), code(40016));
});

test('texts reach those who wrote, and not those who never did', async () => {
    await assert.rejects(api.sendText(person.openid, '在吗'), error => error.code === 45015 || error.code === 43004);
    const seq = await person.act('follow');
    await api.sendText(person.openid, '欢迎 "引号" \\ 😀');
    const shown = (await person.feed(seq)).find(item => item.kind === 'text');
    assert.equal(shown.text, '欢迎 "引号" \\ 😀');
    await assert.rejects(api.sendText('oNOBODY', '在吗'), code(40003));
});

test('a template message is shown with its fields', async () => {
    const { accounts: [one] } = await sandbox.state();
    assert.equal(one.name, account.name);
    const template = fs.readFileSync(process.env.DAY21_CONFIG, 'utf8').match(/notice: streak_at_risk\s+id: (\S+)/)[1];
    const seq = await person.act('text', { content: '在' });
    const data = { thing1: { value: '提醒' }, number2: { value: '3' }, time3: { value: '23:59' }, thing4: { value: '加油' } };
    const result = await api.sendTemplate(person.openid, template, 'https://a.example/', data);
    assert.ok(result.msgid > 0);
    const shown = (await person.feed(seq)).find(item => item.kind === 'template');
    assert.deepEqual(shown.fields.map(field => field.value), ['提醒', '3', '23:59', '加油']);
    await assert.rejects(api.sendTemplate(person.openid, 'no-such-template', '', data), code(40037));
    await assert.rejects(api.sendTemplate(person.openid, template, '', { ...data, thing1: { value: '长'.repeat(21) } }),
        code(47003));
});

test('followers are listed and known', async () => {
    const { total, data } = await api.getFollowers();
    assert.equal(total, 1);
    assert.deepEqual(data.openid, [person.openid]);
    const user = await api.getUser(person.openid);
    assert.deepEqual([user.subscribe, user.openid, user.language], [1, person.openid, 'zh_CN']);
    assert.equal((await api.batchGetUsers([person.openid])).user_info_list[0].openid, person.openid);
    await api.updateRemark(person.openid, '老同事');
    assert.equal((await api.getUser(person.openid)).remark, '老同事');
});

test('tags are made, given, taken and deleted', async () => {
    const { tag: { id } } = await api.createTag('连接者');
    await assert.rejects(api.createTag('连接者'), code(45157));
    await api.membersBatchtagging(id, [person.openid]);
    assert.deepEqual((await api.getUserTags(person.openid)).tagid_list, [id]);
    assert.deepEqual((await api.getTagUsers(id, '')).data.openid, [person.openid]);
    await api.membersBatchuntagging(id, [person.openid]);
    await api.editTag(id, '首批粉丝');
    assert.equal((await api.getTags()).tags.find(tag => tag.id === id).name, '首批粉丝');
    await api.deleteTag(id);
});

test('a code with a scene is made, shown and scanned', async () => {
    const { ticket } = await api.createTmpQRCode('canteen', 600);
    const shown = await fetch(`${url}/sandbox/wechat/cgi-bin/showqrcode?ticket=${encodeURIComponent(ticket)}`);
    assert.equal(shown.headers.get('content-type'), 'image/png');
    await person.act('scan', { ticket });
    assert.ok((await api.createLimitQRCode(7)).ticket);
    await assert.rejects(api.createLimitQRCode(0), error => error.code > 0);
});

test('a picture goes up, comes down, and is shown', async () => {
    const file = path.join(variable, 'one.png');
    const bytes = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=', 'base64');
    fs.writeFileSync(file, bytes);
    const { media_id, type } = await api.uploadMedia(file, 'image');
    assert.equal(type, 'image');
    assert.ok(bytes.equals(await api.getMedia(media_id)));
    await assert.rejects(api.getMedia('no-such-media'), /invalid media_id/);
    assert.match((await api.uploadImage(file)).url, /^http/);
    const seq = await person.act('text', { content: '图' });
    await api.sendImage(person.openid, media_id);
    assert.equal((await person.feed(seq)).find(item => item.kind === 'image').mediaId, media_id);
    await api.sendNews(person.openid, [{ title: '今日课程', description: '两分钟', url: 'https://a.example/', picurl: '' }]);
    assert.equal((await person.feed(seq)).find(item => item.kind === 'news').articles[0].title, '今日课程');
    assert.equal((await api.getMaterialCount()).image_count, 0);
});

test('many are written to at once, and one before them to try', async () => {
    const second = await sandbox.person(account.name);
    const seq = await second.act('follow');
    await api.previewText(person.openid, '先看看');
    const { msg_id } = await api.massSendText('全体注意', [person.openid, second.openid]);
    await until(async () => (await second.feed(seq)).some(item => item.text === '全体注意'), 'the mass message');
    assert.equal((await api.getMassMessageStatus(msg_id)).msg_status, 'SEND_SUCCESS');
    await assert.rejects(api.massSendText('太少', [person.openid]), code(40130));
});

test('templates are administered', async () => {
    await api.setIndustry({ industry_id1: '1', industry_id2: '4' });
    const { template_id } = await api.addTemplate('TM00015');
    assert.ok((await api.getAllPrivateTemplate()).template_list.some(one => one.template_id === template_id));
    await api.delPrivateTemplate(template_id);
});

test('conditional menus, the JS ticket, addresses', async () => {
    await api.createMenu({ button: [{ type: 'click', name: '大家', key: 'all' }] });
    const { tag: { id } } = await api.createTag('导师');
    await api.membersBatchtagging(id, [person.openid]);
    const { menuid } = await api.createCustomMenu({ button: [{ type: 'click', name: '导师台', key: 'mentor' }],
        matchrule: { tag_id: id } });
    assert.equal((await api.testCustomMenu(person.openid)).button[0].name, '导师台');
    await api.removeCustomMenu(menuid);
    await api.removeMenu();
    await assert.rejects(api.getMenu(), code(46003));
    const config = await api.getJsConfig({ debug: false, jsApiList: [], url: 'https://a.example/' });
    assert.match(config.signature, /^[0-9a-f]{40}$/);
    assert.ok((await api.getIp()).ip_list.length);
});

test('somebody logs in on the web, once for each code', async () => {
    const oauth = new OAuth(account.appid, secret);
    const request = oauth.request.bind(oauth); // its address is fixed: WeChat's
    oauth.request = (address, options, callback) =>
        request(address.replace('https://api.weixin.qq.com', `${url}/sandbox/wechat`), options, callback);
    const ask = promisify(oauth.getAccessToken.bind(oauth));
    const back = `${url}/h5/demo/back`;
    const page = oauth.getAuthorizeURL(back, 'state1', 'snsapi_base')
        .replace('https://open.weixin.qq.com', `${url}/sandbox/wechat`).replace('#wechat_redirect', '');
    const led = await fetch(page, { redirect: 'manual', headers: { cookie: `sandbox_${account.name}=${person.openid}` } });
    assert.equal(led.status, 302);
    const to = new URL(led.headers.get('location'));
    assert.equal(to.searchParams.get('state'), 'state1');
    const { data } = await ask(to.searchParams.get('code'));
    assert.equal(data.openid, person.openid);
    await assert.rejects(ask(to.searchParams.get('code')), code(40163));
    await assert.rejects(ask('never-given'), code(40029));
});

test('a token that died is refused; another is had', async () => {
    const menu = { button: [{ type: 'click', name: '又来', key: 'checkin' }] };
    await sandbox.expire_token(account.name);
    await assert.rejects(api.createMenu(menu), code(40001)); // wechat-api goes by the clock alone
    await api.getAccessToken();
    await api.createMenu(menu);
});
