// instance: --without serve,work --
// A stranger's client against the sandbox: npm `wechat-api`, which knows WeChat and not us.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { after, test } from 'node:test';
import { end_all, url, variable } from './lib/instance.mjs';
import * as sandbox from './lib/sandbox.mjs';
import { accounts } from './lib/wechat.mjs';

const WechatAPI = createRequire(import.meta.url)('wechat-api');

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

test('a token that died is refused; another is had', async () => {
    const menu = { button: [{ type: 'click', name: '又来', key: 'checkin' }] };
    await sandbox.expire_token(account.name);
    await assert.rejects(api.createMenu(menu), code(40001)); // wechat-api goes by the clock alone
    await api.getAccessToken();
    await api.createMenu(menu);
});
