// The page: people on the left, a phone in the middle, the wire on the right; on a phone the chat is
// the whole screen and the rest comes in sheets.

import { createApp, h, nextTick, ref, watch } from './vue.js';
import { chat, closeBanner, closePanel, me, openBanner, personOf, session, start } from './session.js';
import { AccountAvatar } from './avatar.js';
import { refresh } from './faults.js';
import { gist } from './bubbles.js';
import { Browser } from './browser.js';
import { Chat } from './chat.js';
import { CrowdPanel } from './crowd.js';
import { Icon, StatusIcons } from './icons.js';
import { People } from './people.js';
import { Profile } from './profile.js';
import { Raw } from './raw.js';
import { Sheet } from './sheet.js';
import { hush } from './sound.js';
import { Viewer } from './viewer.js';
import { FaultBadge, Switches } from './switches.js';
import { statusBar } from './when.js';

function useMedia(query) {
    const media = matchMedia(query);
    const matches = ref(media.matches);
    media.addEventListener('change', () => { matches.value = media.matches; });
    return matches;
}

const narrow = useMedia('(max-width: 600px), (max-height: 480px)'); // a real phone
const roomy = useMedia('(min-width: 1100px)'); // room for the wire beside the phone
const PANELS = {
    raw: { title: '原文', component: Raw },
    faults: { title: '故障', component: Switches },
    crowd: { title: '人群', component: CrowdPanel },
};

const choosing = ref(false); // the sheet of people, on a phone
const now = ref(Date.now());
setInterval(() => {
    now.value = Date.now();
    if (!document.hidden) refresh(); // what goes wrong may have been asked for by somebody else
}, 5000);

function showPeople() {
    if (narrow.value) choosing.value = true;
    else nextTick(() => document.querySelector('.person-button[aria-pressed="true"]')?.focus());
}

function banner() {
    const c = session.chats[session.banner.key];
    const a = session.accounts.find((x) => x.name === c.account);
    return h('div', { class: 'banner', role: 'status', 'data-testid': 'banner' }, [
        h('button', { type: 'button', class: 'banner-tap', onClick: openBanner }, [
            h(AccountAvatar, { account: a }),
            h('span', { class: 'who' }, [
                h('span', { class: 'who-name' }, `${a.title} → ${personOf(c)?.name ?? ''}`),
                h('span', { class: 'who-words' }, gist(session.banner.item))]),
        ]),
        h('button', { type: 'button', class: 'plain-button', 'aria-label': '收起通知', onClick: closeBanner },
            h(Icon, { name: 'close' })),
    ]);
}

const status = () => h('div', { class: 'status-bar', 'aria-hidden': 'true' }, [
    h('span', statusBar(now.value)), h('span', { class: 'island' }), h(StatusIcons)]);

function inside() {
    if (!chat.value || !me.value) {
        return h('p', { class: 'waiting', role: 'status' }, session.offline ? '连不上沙盒，正在重试…' : '正在连接…');
    }
    return h(chat.value.following ? Chat : Profile, { onPeople: showPeople });
}

const phone = () => h('main', { class: 'phone' }, h('div', { class: 'screen' }, [
    narrow.value ? null : status(),
    inside(),
    session.page ? h(Browser, { key: session.page }) : null,
    session.viewer ? h(Viewer, { key: session.viewer.src }) : null,
    session.banner ? banner() : null,
    session.toast
        ? h('div', { class: 'weui-toast weui-toast_text', role: 'alert' }, session.toast)
        : null,
    narrow.value && choosing.value
        ? h(Sheet, { title: '换人', onClose: () => { choosing.value = false; } },
            () => h(People, { onChosen: () => { choosing.value = false; } }))
        : null,
    h(FaultBadge),
    narrow.value && session.panel
        ? h(Sheet, { key: session.panel, title: PANELS[session.panel].title, onClose: closePanel },
            () => h(PANELS[session.panel].component))
        : null,
]));

const left = () => h('nav', { class: 'side side-left', 'aria-label': '公众号和人' }, [
    h('div', { class: 'brand' }, [
        h('p', { class: 'brand-name' }, 'Day21 沙盒'),
        h('p', '一部假手机，连着真的后台。这里说的每句话，都照微信的规矩签名、加密，送到 Day21，再把回答带回来。'),
        h('p', '想当一回员工、上上榜？对公众号说：绑定 2101 1234（工号 2101 到 2112，手机尾号都是 1234）。')]),
    h(People),
]);

const tab = ([name, { title }]) => h('button', {
    type: 'button', role: 'tab', class: 'tab', 'data-testid': `tab-${name}`,
    'aria-selected': String((session.panel ?? 'raw') === name), onClick: () => { session.panel = name; },
}, title);

const beside = () => h('aside', { class: ['side', 'side-right', session.panel && 'used'], 'aria-label': '幕后' }, [
    h('header', { class: 'side-head' }, [
        h('div', { class: 'tabs', role: 'tablist' }, Object.entries(PANELS).map(tab)),
        session.panel
            ? h('button', { type: 'button', class: 'plain-button', 'aria-label': '收起', onClick: closePanel },
                h(Icon, { name: 'close' }))
            : null]),
    h(PANELS[session.panel ?? 'raw'].component),
]);

const App = {
    setup() {
        start();
        refresh();
        watch(() => session.open, hush);
        return () => h('div', { class: 'desk' }, [
            narrow.value ? null : left(),
            phone(),
            !narrow.value && (roomy.value || session.panel) ? beside() : null,
        ]);
    },
};

createApp(App).mount('#app');
