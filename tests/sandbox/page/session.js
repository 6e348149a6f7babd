// What the page knows: accounts, people, their chats, and which of them is on the screen.
// Components read `session` and call the functions; nobody else talks to the sandbox.

import { computed, reactive } from './vue.js';
import * as api from './api.js';

const LOOK_AROUND_MS = 2000; // how often the chats that are not open are looked at
const LONG_POLL_S = 25;
const RETRY_MS = [500, 1000, 2000, 5000];
const BANNER_MS = 7000;
const LOGIN = 'https://open.weixin.qq.com/connect/oauth2/authorize?';
const UNREAD_KEY = 'day21-unread';

export const session = reactive({
    accounts: [],
    chats: {}, // by key(): what is known of each person's chat with each account
    open: null, // key of the chat on the screen
    offline: false,
    banner: null, // {key, item}: news from a chat that is not open
    toast: '',
    page: '', // URL of the web page opened in the phone
    viewer: null, // {kind: 'image'|'video', src, alt}: what fills the screen
    panel: null, // 'raw', 'faults' or 'crowd': what is open beside the phone, or over it on a phone
    raw: null, // item whose wire exchange is shown
});

const key = (account, openid) => `${account}/${openid}`;

export const chat = computed(() => session.chats[session.open] ?? null);
export const account = computed(() => session.accounts.find((a) => a.name === chat.value?.account));
export const me = computed(() => account.value?.people.find((p) => p.openid === chat.value.openid));
export const unreadElsewhere = computed(() => Object.entries(session.chats)
    .reduce((sum, [k, c]) => sum + (k === session.open ? 0 : c.unread), 0));

export const chatOf = (accountName, openid) => session.chats[key(accountName, openid)];
export const personOf = (c) => session.accounts.find((a) => a.name === c.account)
    ?.people.find((p) => p.openid === c.openid);

// A feed call counts as reading for the sandbox, so what was not looked at is remembered here, also
// over a reload of the page.
function keepUnread() {
    const counts = Object.entries(session.chats).map(([k, c]) => [k, c.unread]);
    sessionStorage.setItem(UNREAD_KEY, JSON.stringify(Object.fromEntries(counts)));
}

function keptUnread(k) {
    try {
        return Number(JSON.parse(sessionStorage.getItem(UNREAD_KEY))?.[k]) || 0;
    } catch {
        return 0;
    }
}

function newChat(accountName, person) {
    const k = key(accountName, person.openid);
    return {
        account: accountName, openid: person.openid, seq: 0, items: [], following: person.following,
        menu: undefined, // of this person; undefined: the feed has not told yet
        typing: false, // the account seems to be writing
        loaded: false, unread: keptUnread(k), pending: [],
    };
}

let lastState = '';

function takeState({ accounts }) {
    const text = JSON.stringify(accounts);
    if (text === lastState) return; // nothing to draw again
    lastState = text;
    session.accounts = accounts;
    for (const a of accounts) {
        for (const person of a.people) {
            const known = session.chats[key(a.name, person.openid)];
            if (!known) {
                session.chats[key(a.name, person.openid)] = newChat(a.name, person);
            } else if (key(a.name, person.openid) !== session.open) {
                known.following = person.following;
            }
        }
    }
}

function settle(c, item) {
    const i = c.pending.findIndex((p) => !p.failed && p.kind === item.kind && p.text === item.text);
    if (i >= 0) c.pending.splice(i, 1);
}

// Returns the items that were new.
function takeFeed(c, got) {
    if (!c.loaded) c.items = [];
    const fresh = got.items.filter((item) => item.seq > c.seq);
    for (const item of fresh) {
        if (item.side === 'me') settle(c, item);
        c.items.push(item);
    }
    Object.assign(c, {
        seq: got.seq, following: got.following, menu: got.menu, typing: Boolean(got.typing), loaded: true,
    });
    return fresh;
}

const pause = (ms, signal) => new Promise((done) => {
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', () => { clearTimeout(timer); done(); }, { once: true });
});

// What was asked before somebody else moved the chat on is asked again by the next round.
async function catchUp(c, wait, signal) {
    const { seq, loaded } = c;
    const got = await api.feed(c, wait, signal);
    return c.seq === seq && c.loaded === loaded ? takeFeed(c, got) : [];
}

// The sandbox that comes back may have been started afresh, its numbers beginning again: everything
// is asked for anew.
function loseTouch(error) {
    if (!(error instanceof api.Trouble)) throw error;
    session.offline = true;
    for (const c of Object.values(session.chats)) Object.assign(c, { seq: 0, loaded: false });
}

// Keeps one chat up to date until it is put away.
async function listen(c, signal) {
    for (let failures = 0; !signal.aborted;) {
        try {
            await catchUp(c, c.loaded ? LONG_POLL_S : 0, signal);
            session.offline = false;
            failures = 0;
        } catch (error) {
            if (signal.aborted) return;
            loseTouch(error);
            await pause(RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)], signal);
        }
    }
}

let bannerTimer = 0;

function announce(k, item) {
    session.banner = { key: k, item };
    clearTimeout(bannerTimer);
    bannerTimer = setTimeout(closeBanner, BANNER_MS);
}

export function closeBanner() {
    clearTimeout(bannerTimer);
    session.banner = null;
}

let settledIn = false; // what came before the page was opened is unread, but no news

// Chats that are not open: one small request a round tells whether any of them has news.
async function lookAround() {
    takeState(await api.state());
    for (const a of session.accounts) {
        for (const person of a.people) {
            const k = key(a.name, person.openid);
            const c = session.chats[k];
            if (k === session.open || !person.unread) continue;
            const first = !c.loaded;
            const fresh = (await catchUp(c, 0)).filter((item) => item.side === 'account');
            const count = first ? Math.min(person.unread, fresh.length) : fresh.length;
            if (k === session.open || count === 0) continue;
            c.unread += count;
            if (settledIn) announce(k, fresh.at(-1));
        }
    }
    settledIn = true;
    keepUnread();
}

let listener = null;

export function openChat(accountName, openid) {
    const k = key(accountName, openid);
    if (k === session.open || !session.chats[k]) return;
    listener?.abort();
    listener = new AbortController();
    session.open = k;
    session.page = '';
    session.raw = null;
    if (session.panel === 'raw') session.panel = null;
    session.viewer = null;
    session.chats[k].unread = 0;
    keepUnread();
    if (session.banner?.key === k) closeBanner();
    document.cookie = `sandbox_${accountName}=${openid}; path=/; SameSite=Strict`; // who logs in on a page
    history.replaceState(null, '', `#${accountName}/${openid}`);
    listen(session.chats[k], listener.signal);
}

export function openBanner() {
    const { account: name, openid } = session.chats[session.banner.key];
    closeBanner();
    openChat(name, openid);
}

function openFirst() {
    const [name, openid] = decodeURIComponent(location.hash.slice(1)).split('/');
    if (chatOf(name, openid)) return openChat(name, openid);
    const a = session.accounts.find((x) => x.people.length > 0);
    if (a) openChat(a.name, a.people[0].openid);
}

export async function start() {
    for (let failures = 0; ;) {
        try {
            if (!document.hidden || session.open === null) await lookAround();
            if (session.open === null) openFirst();
            session.offline = false;
            failures = 0;
            await pause(LOOK_AROUND_MS);
        } catch (error) {
            loseTouch(error);
            await pause(RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)]);
        }
    }
}

export const showRaw = (item) => Object.assign(session, { raw: item, panel: 'raw' });
export const closePanel = () => Object.assign(session, { raw: null, panel: null });

let toastTimer = 0;

export function toast(text) {
    session.toast = text;
    clearTimeout(toastTimer);
    toastTimer = setTimeout(() => { session.toast = ''; }, 2500);
}

// What leaves no bubble: follow, unfollow, click, view, scan.
export async function act(type, fields) {
    try {
        await api.act(chat.value, type, fields);
        return true;
    } catch (error) {
        if (!(error instanceof api.Trouble)) throw error;
        toast(error.status === 409 ? '现在不能这样做' : '没有发出去，请再试一次');
        return false;
    }
}

async function deliver(c, sending) {
    try {
        await api.act(c, sending.kind, sending.fields);
    } catch (error) {
        if (!(error instanceof api.Trouble)) throw error;
        sending.failed = true;
    }
}

let serial = 0;

// What the person says: the bubble stands at once, the feed's item takes its place.
export function say(kind, fields) {
    const c = chat.value;
    c.pending.push({
        id: ++serial, side: 'me', kind, fields, text: kind === 'text' ? fields.content : undefined,
        label: fields.content, recognition: fields.content, picUrl: fields.url,
        time: Date.now(), after: c.seq, failed: false,
    });
    return deliver(c, c.pending.at(-1));
}

export function sayAgain(sending) {
    Object.assign(sending, { failed: false, after: chat.value.seq });
    return deliver(chat.value, sending);
}

// A tapped address: pages of this installation open inside the phone, as in WeChat; what belongs to
// others opens in a tab of its own and learns nothing of this one. WeChat's web login is the sandbox's.
export function visit(address) {
    let url;
    try {
        url = new URL(address, location.href);
    } catch {
        return toast('这个链接打不开');
    }
    if (url.protocol !== 'http:' && url.protocol !== 'https:') return toast('这个链接打不开');
    if (url.href.startsWith(LOGIN)) url = new URL(`wechat/connect/oauth2/authorize${url.search}`, location.href);
    if (url.origin === location.origin) session.page = url.href;
    else window.open(url.href, '_blank', 'noopener,noreferrer');
}

export const enterProgram = ({ appid, pagePath }) =>
    toast(`沙盒里没有小程序。微信会打开 ${appid}${pagePath ? ` 的 ${pagePath}` : ''}`);
