// What a phone does besides chatting: it shows what the account uploaded, says that somebody is typing,
// scans codes, asks before a page may know who it is, and lets the world go wrong by switches.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accounts } from './lib/wechat.mjs';
import { until, variable } from './lib/instance.mjs';
import { api, complaints, DESKTOP, expect, PHONE, Phone, url, walk } from './lib/phone.mjs';

const ACCOUNT = 'demo';
const { appid } = accounts[ACCOUNT];
const secret = readFileSync(join(variable, 'secrets', ACCOUNT), 'utf8').trim();
const SCENE = `lobby${Date.now()}`;
const { openid } = (await api('state')).accounts.find((a) => a.name === ACCOUNT).people.find((p) => !p.following);

async function ask(path, options) {
    const response = await fetch(`${url}/sandbox/wechat/${path}`, options);
    const got = await response.json();
    expect(!got.errcode, `${path}: ${JSON.stringify(got)}`);
    return got;
}

const post = (path, body) => ask(path, { method: 'POST', body: JSON.stringify(body) });

async function call(endpoint, body) {
    const { access_token: token } = await post('cgi-bin/stable_token',
        { grant_type: 'client_credential', appid, secret });
    return post(`${endpoint}?access_token=${token}`, body);
}

const say = (msgtype, content) => call('cgi-bin/message/custom/send', { touser: openid, msgtype, [msgtype]: content });

async function upload(type, path) {
    const { access_token: token } = await post('cgi-bin/stable_token',
        { grant_type: 'client_credential', appid, secret });
    const form = new FormData();
    form.append('media', new Blob([readFileSync(path)], { type: 'image/png' }), 'picture.png');
    const got = await ask(`cgi-bin/media/upload?access_token=${token}&type=${type}`, { method: 'POST', body: form });
    return got.media_id;
}

let phone;
const last = (kind) => phone.page.locator(`[data-testid="bubble"][data-kind="${kind}"]`).last();
const more = async (name) => {
    await phone.get('more').click();
    await phone.page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
};

const steps = [
    ['is found without the slash, and asked for anew', async () => {
        const page = await fetch(`${url}/sandbox`);
        expect(page.ok && page.url === `${url}/sandbox/`, `/sandbox leads to ${page.url}, ${page.status}`);
        const kept = (await fetch(`${url}/sandbox/app.js`)).headers.get('cache-control');
        expect(kept === 'no-cache', `Cache-Control: ${kept}`);
    }],
    ['scans a code that follows', async (browser) => {
        await call('cgi-bin/qrcode/create', { expire_seconds: 600, action_name: 'QR_STR_SCENE',
            action_info: { scene: { scene_str: SCENE } } });
        phone = await Phone.open(browser, 'desktop', DESKTOP, `#${ACCOUNT}/${openid}`);
        await phone.page.getByRole('button', { name: /二维码/ }).click();
        await phone.get('qrcode').filter({ hasText: SCENE }).waitFor();
        await phone.shot('scan');
        const welcome = await phone.answerTo(() => phone.get('qrcode').filter({ hasText: SCENE }).click());
        expect((await welcome.innerText()).trim() !== '', 'an empty welcome');
    }],
    ['says that the account is typing', async () => {
        await phone.answerTo(() => phone.type('签到')); // opens the window for what the account says by itself
        await call('cgi-bin/message/custom/typing', { touser: openid, command: 'Typing' });
        await phone.page.locator('.chat-head').getByText('正在输入').waitFor();
        await call('cgi-bin/message/custom/typing', { touser: openid, command: 'CancelTyping' });
        await phone.page.locator('.chat-head').getByText('正在输入').waitFor({ state: 'detached' });
    }],
    ['shows a picture the account has uploaded', async () => {
        const picture = await upload('image', 'tests/sandbox/page/assets/notes.png');
        await phone.answerTo(() => say('image', { media_id: picture }));
        await last('image').locator('img').evaluate((image) => image.decode());
        await last('image').getByTestId('picture').click();
        await phone.get('viewer').locator('img').evaluate((image) => image.decode());
        await phone.shot('picture');
        await phone.page.keyboard.press('Escape');
    }],
    ['asks before a page knows who it is', async () => {
        const query = new URLSearchParams({ appid, redirect_uri: `${url}/healthz`, response_type: 'code',
            scope: 'snsapi_userinfo', state: '21' });
        const link = `https://open.weixin.qq.com/connect/oauth2/authorize?${query}#wechat_redirect`;
        const answer = await phone.answerTo(() => say('text', { content: `<a href="${link}">我的地图</a>` }));
        await answer.getByText('我的地图').click();
        const page = phone.page.frameLocator('[data-testid="page"] iframe');
        await page.getByText('允许').waitFor();
        await phone.shot('consent');
        await page.getByText('允许').click();
        await phone.page.waitForFunction(() => /\/healthz\?.*\bcode=\w+.*\bstate=21/.test(
            document.querySelector('[data-testid="page"] iframe')?.contentWindow.location.href));
        await phone.get('page-close').click();
    }],
    ['accepts one kind of notice and refuses another', async () => {
        const kinds = [];
        for (const tid of [2001, 2002]) {
            kinds.push((await call('wxaapi/newtmpl/addtemplate', { tid: String(tid), kidList: [1, 2], sceneDesc: '学习' }))
                .priTmplId);
        }
        await more('订阅通知');
        await phone.get('notice').nth(1).uncheck();
        await phone.shot('notices');
        await phone.get('notices-allow').click();
        await phone.page.getByText('允许了').waitFor();
        const data = { thing1: { value: '复利' }, time2: { value: '2026-11-21 20:00' } };
        await phone.answerTo(() => call('cgi-bin/message/subscribe/bizsend',
            { touser: openid, template_id: kinds[0], page: '', data }));
        expect((await phone.get('card-notice').last().innerText()).includes('复利'), 'no notice');
    }],
    ['makes the world go wrong and right again', async () => {
        await phone.get('tab-faults').click();
        await phone.get('fault-slow').selectOption({ label: '1 秒' });
        await phone.get('fault-lost').selectOption({ label: '每次' });
        await phone.get('fault-badge').waitFor();
        await phone.shot('faults');
        await until(async () => {
            const { faults } = await api('faults');
            return faults.some((f) => f.endpoint === '*' && f.latency_ms === 1000)
                && faults.some((f) => f.endpoint === 'callback' && f.drop);
        }, 'both faults are armed');
        await phone.type('签到');
        await phone.page.locator('[data-kind="failure"]').waitFor(); // three times asked, three times lost
        await phone.get('fault-badge').click();
        await phone.get('fault-badge').waitFor({ state: 'detached' });
        await until(async () => (await api('faults')).faults.length === 0, 'no fault is left');
        await phone.answerTo(() => phone.type('签到'));
    }],
    ['lets a crowd in and stops it', async () => {
        await phone.get('tab-crowd').click();
        await phone.get('crowd-people').fill('40');
        await phone.get('crowd-rate').fill('20');
        await phone.get('crowd-seconds').fill('60');
        await phone.get('crowd-do').click();
        await phone.get('crowd-figures').locator('dd').first().getByText(/[1-9]/).waitFor();
        await phone.shot('crowd');
        await phone.get('crowd-do').click();
        await phone.page.getByRole('button', { name: '让他们开始' }).waitFor();
    }],
    ['does all that on a phone, too', async (browser) => {
        phone = await Phone.open(browser, 'phone', PHONE, `#${ACCOUNT}/${openid}`);
        await more('扫码');
        await phone.get('qrcode').first().waitFor();
        await phone.shot('scan');
        await phone.page.keyboard.press('Escape');
        await more('故障');
        await phone.get('clock').selectOption({ label: '快 10 分钟' });
        await phone.get('fault-badge').waitFor();
        await phone.shot('faults');
        await phone.page.reload(); // it is the sandbox's clock, not the page's
        await phone.get('fault-badge').waitFor();
        await phone.get('fault-badge').click();
        await phone.get('fault-badge').waitFor({ state: 'detached' });
        await until(async () => (await api('clock')).offset_s === 0, 'the clock is right again');
        await more('人群');
        await phone.get('crowd-do').waitFor();
        await phone.shot('crowd');
        const wide = await phone.page.evaluate(() => document.documentElement.scrollWidth);
        expect(wide <= PHONE.viewport.width, `the page is ${wide} px wide`);
    }],
    ['heard no complaint', async () => {
        expect(complaints.length === 0, `the browser complained:\n  ${complaints.join('\n  ')}`);
    }],
];

await walk(steps, () => phone);
