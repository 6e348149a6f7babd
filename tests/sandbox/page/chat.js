// The chat: header, messages, and the menu behind "…".

import { computed, h, nextTick, onBeforeUnmount, onMounted, ref, watch } from './vue.js';
import { account, act, chat, me, session, unreadElsewhere } from './session.js';
import { Message } from './bubbles.js';
import { BottomBar } from './bar.js';
import { Icon } from './icons.js';
import { Notices } from './notices.js';
import { Scan } from './scan.js';
import { ActionSheet } from './sheet.js';
import { needsTime, when } from './when.js';

const NEAR_PX = 60; // this close to the end counts as reading the newest

const withTimes = (items) => items.flatMap((item, i) => {
    const message = h(Message, { key: item.seq ?? `p${item.id}`, item });
    return needsTime(item, items[i - 1])
        ? [h('div', { class: 'when', key: `t${item.seq ?? item.id}` }, when(item.time)), message]
        : [message];
});

// What is on its way stands at the end; what never left stays where it was said.
const place = (item) => item.seq ?? (item.failed ? item.after + 0.5 : Number.MAX_SAFE_INTEGER);
const inOrder = (a, b) => place(a) - place(b);

export const Messages = {
    setup() {
        const box = ref(null);
        const inner = ref(null);
        const missed = ref(0);
        let atEnd = true;
        const items = computed(() => [...chat.value.items, ...chat.value.pending].sort(inOrder));

        let top = 0;

        const toEnd = () => {
            box.value.scrollTop = box.value.scrollHeight;
            atEnd = true;
            missed.value = 0;
        };
        // Only who scrolls up leaves the end: a picture that loads moves the end away, too.
        const onScroll = () => {
            const { scrollHeight, scrollTop, clientHeight } = box.value;
            if (scrollHeight - scrollTop - clientHeight < NEAR_PX) {
                atEnd = true;
                missed.value = 0;
            } else if (scrollTop < top) {
                atEnd = false;
            }
            top = scrollTop;
        };
        watch(() => items.value.length, (now, before) => {
            const last = items.value.at(-1);
            if (atEnd || last?.seq === undefined) nextTick(toEnd);
            else if (now > before) missed.value += now - before;
        });
        // Pictures that load and a keyboard that opens move the end away from under the reader.
        const sizes = new ResizeObserver(() => { if (atEnd && box.value) toEnd(); });
        onMounted(() => {
            toEnd();
            sizes.observe(inner.value);
            sizes.observe(box.value);
        });
        onBeforeUnmount(() => sizes.disconnect());

        return () => h('div', { class: 'messages-wrap' }, [
            h('div', { class: 'messages', ref: box, onScroll, tabindex: 0, 'aria-label': '聊天记录' },
                h('div', { ref: inner, role: 'log', 'aria-live': 'polite' }, withTimes(items.value))),
            missed.value > 0
                ? h('button', { type: 'button', class: 'missed', onClick: toEnd }, `有新消息 ${missed.value}`)
                : null,
        ]);
    },
};

export const Chat = {
    emits: ['people'],
    setup(props, { emit }) {
        const more = ref(false);
        const scanning = ref(false);
        const subscribing = ref(false);

        const choices = () => [
            { label: '扫码', pick: () => { scanning.value = true; } },
            { label: '订阅通知', pick: () => { subscribing.value = true; } },
            { label: '换人', pick: () => emit('people') },
            { label: '故障', pick: () => { session.panel = 'faults'; } },
            { label: '人群', pick: () => { session.panel = 'crowd'; } },
            chat.value.following
                ? { label: '取消关注', warn: true, pick: () => act('unfollow') }
                : { label: '关注', pick: () => act('follow') },
        ];

        const header = () => h('header', { class: 'chat-head' }, [
            h('button', {
                type: 'button', class: 'plain-button back', onClick: () => emit('people'),
                'aria-label': unreadElsewhere.value ? `换人，别处有 ${unreadElsewhere.value} 条未读` : '换人',
            }, [h(Icon, { name: 'back' }),
                unreadElsewhere.value ? h('span', { class: 'back-count' }, unreadElsewhere.value) : null]),
            h('h1', chat.value.typing ? '对方正在输入…' : account.value.title),
            h('button', {
                type: 'button', class: 'plain-button', 'aria-label': '更多', 'aria-haspopup': 'dialog',
                'data-testid': 'more', onClick: () => { more.value = true; },
            }, h(Icon, { name: 'more' })),
        ]);

        return () => h('section', { class: 'chat', 'aria-label': `${me.value.name}和${account.value.title}的聊天` }, [
            header(),
            session.offline ? h('div', { class: 'offline', role: 'status' }, '连不上沙盒，正在重试…') : null,
            h(Messages, { key: session.open }),
            h(BottomBar, { key: `bar ${session.open}`, onScan: () => { scanning.value = true; } }),
            more.value
                ? h(ActionSheet, { title: '更多', choices: choices(), onClose: () => { more.value = false; } })
                : null,
            subscribing.value ? h(Notices, { onClose: () => { subscribing.value = false; } }) : null,
            scanning.value
                ? h(Scan, {
                    onClose: () => { scanning.value = false; }, onScan: (what) => act('scan', what),
                })
                : null,
        ]);
    },
};
