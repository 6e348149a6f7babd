// Every kind of message as the phone draws it, on a desktop and on a phone. The feed is written here, so
// that kinds are seen side by side which no bot would ever send together.

import { api, complaints, DESKTOP, expect, PHONE, Phone, walk } from './lib/phone.mjs';

const ACCOUNT = 'demo';
const { accounts } = await api('state');
const { openid } = accounts.find((a) => a.name === ACCOUNT).people[3];

// Silence.
function wav(seconds) {
    const samples = 8000 * seconds, bytes = Buffer.alloc(44 + samples, 128);
    bytes.write('RIFF', 0);
    bytes.writeUInt32LE(36 + samples, 4);
    bytes.write('WAVEfmt ', 8);
    [16, 0x10001, 8000, 8000, 0x80001].forEach((value, i) => bytes.writeUInt32LE(value, 16 + 4 * i));
    bytes.write('data', 36);
    bytes.writeUInt32LE(samples, 40);
    return bytes;
}

const drawing = (colour) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300">
    <rect width="400" height="300" fill="${colour}"/><circle cx="300" cy="90" r="40" fill="#ffd166"/>
    <path d="M0 300 130 120l90 110 60-60 120 130z" fill="#2b6777"/></svg>`;

const COVER = '/h5/static/none.svg';
const article = (title, description = '') => ({ title, description, picurl: COVER, url: '/h5/none' });

const ITEMS = [
    { side: 'system', kind: 'event', text: '你关注了「21天学习派」' },
    { kind: 'text', text: '看<a href="https://learn.example.com/">这里</a>，或者说'
        + '<a href="weixin://bizmsgmenu?msgmenucontent=签到&msgmenuid=1">签到</a> 🌱' },
    { kind: 'text', text: '今天的课你觉得怎么样？\n'
        + '<a href="weixin://bizmsgmenu?msgmenucontent=%E5%88%9A%E5%88%9A%E5%A5%BD&msgmenuid=101">刚刚好</a>\n'
        + '<a href="weixin://bizmsgmenu?msgmenucontent=%E6%9C%89%E7%82%B9%E9%9A%BE&msgmenuid=102">有点难</a>\n'
        + '点一下就好。' },
    { kind: 'image', mediaId: 'PICTURE' },
    { kind: 'image', mediaId: 'GONE' },
    { kind: 'voice', mediaId: 'VOICE' },
    { side: 'me', kind: 'voice', mediaId: 'VOICE2', recognition: '我要签到' },
    { kind: 'video', mediaId: 'VIDEO', thumbMediaId: 'PICTURE', title: '三分钟说清复利', description: '' },
    { kind: 'music', title: '晨读的背景音', description: '21 天', musicUrl: 'https://learn.example.com/a.mp3',
        hqMusicUrl: '', thumbMediaId: 'PICTURE' },
    { kind: 'miniprogram', title: '你的 21 天地图', appid: 'wx0123456789abcdef', pagePath: 'pages/map',
        thumbMediaId: 'PICTURE' },
    { kind: 'card', cardId: 'pCARD' },
    { side: 'me', kind: 'link', title: '值得一读', description: '', url: 'https://learn.example.com/' },
    { side: 'me', kind: 'location', label: '公司食堂', latitude: 31.2, longitude: 121.5 },
    { kind: 'news', articles: [article('把新习惯挂在旧习惯上', '记不住每天要做的事，不是因为懒。')] },
    { kind: 'news', articles: [article('头条：第一周的总结'), article('二条：一个人走得快，一群人走得远'),
        article('三条：答疑')] },
    { kind: 'template', template_id: 'T', title: '学习提醒', url: '/h5/none', status: 'success', fields: [
        { name: 'first', label: 'first', value: '不该看见的开头' },
        { name: 'thing1', label: '课程名称', value: '21天学习派' },
        { name: 'time2', label: '截止时间', value: '2026年11月21日 22:00' },
        { name: 'remark', label: 'remark', value: '不该看见的结尾' }] },
    { kind: 'notice', template_id: 'S', title: '开课通知', url: '', status: 'success',
        fields: [{ name: 'thing1', label: '课程', value: '复利' }] },
    { kind: 'poem', text: 'a kind nobody knows' },
].map((item, i) => ({ side: 'account', seq: i + 1, time: Date.now() - 60000 + i, ...item }));

const MEDIA = { PICTURE: ['image/svg+xml', drawing('#bfe3c0')], VOICE: ['audio/wav', wav(12)] };

// The sandbox as far as this chat goes; everything else of it is the real one.
async function play(phone, said) {
    await phone.page.route('**/sandbox/api/feed?*', async (route) => {
        const query = new URL(route.request().url()).searchParams;
        if (query.get('openid') !== openid) return route.continue();
        const after = Number(query.get('after'));
        if (after >= ITEMS.length) await new Promise((done) => setTimeout(done, 1000));
        return route.fulfill({ json: {
            seq: ITEMS.length, following: true, menu: null, typing: true,
            items: ITEMS.filter((item) => item.seq > after),
        } }).catch(() => {}); // the page has been closed meanwhile
    });
    await phone.page.route('**/sandbox/api/media?*', (route) => {
        const found = MEDIA[new URL(route.request().url()).searchParams.get('media_id')];
        return found ? route.fulfill({ contentType: found[0], body: found[1] })
            : route.fulfill({ contentType: 'text/plain', body: 'gone' });
    });
    await phone.page.route('**/h5/static/none.svg', (route) => route.fulfill(
        { contentType: 'image/svg+xml', body: drawing('#d7e8f7') }));
    await phone.page.route('**/sandbox/api/act', (route) => {
        said.push(route.request().postDataJSON());
        return route.fulfill({ json: { seq: ITEMS.length } });
    });
}

const said = [];
let phone;

async function drawn(browser, name, device) {
    phone = await Phone.open(browser, name, device, `#${ACCOUNT}/${openid}`,
        (made) => play(made, said));
    await phone.get('card-notice').waitFor();
    await phone.page.waitForFunction(() => [...document.images].every((image) => image.complete));
}

async function album(name) {
    const box = phone.page.locator('.messages');
    const { clientHeight, scrollHeight } = await box.evaluate((el) => (
        { clientHeight: el.clientHeight, scrollHeight: el.scrollHeight }));
    for (let at = 0, i = 1; at < scrollHeight - 60; at += clientHeight - 40, i++) {
        await box.evaluate((el, top) => { el.scrollTop = top; }, at);
        await phone.shot(`kinds-${name}${i}`);
    }
}

const bubble = (kind) => phone.page.locator(`[data-testid="bubble"][data-kind="${kind}"]`);

const steps = [
    ['draws every kind', async (browser) => {
        await drawn(browser, 'desktop', DESKTOP);
        const lines = phone.page.locator('[data-testid="bubble"], [data-testid^="card-"], [data-testid="system-line"]');
        expect(await lines.count() === ITEMS.length, `${await lines.count()} of ${ITEMS.length} are drawn`);
        expect(await bubble('image').first().locator('img').count() === 1, 'no picture');
        expect(await bubble('image').nth(1).locator('img').count() === 0, 'a picture whose bytes are gone');
        await bubble('voice').first().getByText('12″').waitFor();
        const template = await phone.get('card-template').innerText();
        expect(!template.includes('不该看见'), `first and remark are drawn: ${template}`);
        expect((await phone.page.locator('.chat-head').innerText()).includes('输入'), 'nobody seems to be typing');
        await album('');
    }],
    ['answers a menu message with its id', async () => {
        await bubble('text').getByRole('button', { name: '有点难' }).click();
        await phone.page.waitForTimeout(100);
        const { type, content, menuid } = said.at(-1);
        expect(type === 'text' && content === '有点难' && menuid === '102', JSON.stringify(said.at(-1)));
    }],
    ['enlarges a picture and puts it away', async () => {
        await bubble('image').first().getByTestId('picture').click();
        await phone.get('viewer').locator('img').waitFor();
        await phone.shot('kinds-large');
        await phone.page.keyboard.press('Escape');
        await phone.get('viewer').waitFor({ state: 'detached' });
    }],
    ['plays a voice and hushes it', async () => {
        const voice = bubble('voice').first().getByTestId('voice');
        await voice.click();
        await phone.page.locator('[data-testid="voice"][aria-pressed="true"]').waitFor();
        await voice.click();
        await phone.page.locator('[data-testid="voice"][aria-pressed="true"]').waitFor({ state: 'detached' });
    }],
    ['looks the same on a phone', async (browser) => {
        await drawn(browser, 'phone', PHONE);
        const wide = await phone.page.evaluate(() => document.documentElement.scrollWidth);
        expect(wide <= PHONE.viewport.width, `the page is ${wide} px wide`);
        await album('');
    }],
    ['heard no complaint', async () => {
        expect(complaints.length === 0, `the browser complained:\n  ${complaints.join('\n  ')}`);
    }],
];

await walk(steps, () => phone);
