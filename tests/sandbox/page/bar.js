// The bar at the bottom of a service account's chat: its menu, or the line to type in.

import { computed, h, nextTick, onBeforeUnmount, onMounted, ref } from './vue.js';
import { account, act, chat, say, visit } from './session.js';
import { Icon } from './icons.js';
import { Ask } from './sheet.js';

function choose(button) {
    if (button.type === 'click') act('click', { key: button.key });
    if (button.type === 'view') {
        act('view', { url: button.url });
        visit(button.url);
    }
}

const Menu = {
    props: { buttons: Array },
    setup(props) {
        const opened = ref(-1);
        const root = ref(null);
        const shut = (event) => {
            if (!root.value?.contains(event.target)) opened.value = -1;
        };
        onMounted(() => document.addEventListener('pointerdown', shut));
        onBeforeUnmount(() => document.removeEventListener('pointerdown', shut));

        const popup = (button, i) => h('ul', { class: 'popup', id: `popup-${i}` },
            button.sub_button.map((sub, j) => h('li', h('button', {
                type: 'button', 'data-testid': `menu-${i}-${j}`,
                onClick: () => { opened.value = -1; choose(sub); },
            }, sub.name))));

        const tap = (button, i) => {
            if (!button.sub_button?.length) {
                opened.value = -1;
                choose(button);
            } else {
                opened.value = opened.value === i ? -1 : i;
            }
        };
        const onKeydown = (event) => { if (event.key === 'Escape') opened.value = -1; };

        return () => h('div', { class: 'menu', ref: root, onKeydown }, props.buttons.map((button, i) => {
            const folds = Boolean(button.sub_button?.length);
            return h('div', { class: 'menu-place' }, [
                opened.value === i && folds ? popup(button, i) : null,
                h('button', {
                    type: 'button', class: 'menu-button', 'data-testid': `menu-${i}`,
                    'aria-expanded': folds ? String(opened.value === i) : undefined,
                    'aria-controls': folds ? `popup-${i}` : undefined,
                    onClick: () => tap(button, i),
                }, [folds ? h(Icon, { name: 'bars' }) : null, h('span', button.name)]),
            ]);
        }));
    },
};

const MAX_LINES_PX = 110;

const TypeIn = {
    emits: ['more', 'typing'],
    setup(props, { emit }) {
        const text = ref('');
        const field = ref(null);
        const fit = () => {
            field.value.style.height = 'auto';
            field.value.style.height = `${Math.min(field.value.scrollHeight, MAX_LINES_PX)}px`;
        };
        const send = () => {
            const content = text.value.trim();
            if (!content) return;
            text.value = '';
            say('text', { content });
            nextTick(() => { fit(); field.value.focus(); });
        };
        // Enter that picks a word in an input method is not an Enter that sends.
        const onKeydown = (event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
            event.preventDefault();
            send();
        };
        return () => [
            h('textarea', {
                ref: field, rows: 1, value: text.value, maxlength: 2000, 'aria-label': '输入消息',
                'data-testid': 'input', enterkeyhint: 'send', onKeydown, onFocus: () => emit('typing'),
                onInput: (event) => { text.value = event.target.value; fit(); },
            }),
            text.value.trim()
                ? h('button', { type: 'button', class: 'send', 'data-testid': 'send', onClick: send }, '发送')
                : h('button', {
                    type: 'button', class: 'plain-button', 'aria-label': '更多功能', onClick: () => emit('more'),
                }, h(Icon, { name: 'plus' })),
        ];
    },
};

const PHOTO = new URL('assets/photo.png', import.meta.url).href;

export const BottomBar = {
    emits: ['scan'],
    setup(props, { emit }) {
        const typing = ref(false);
        const tools = ref(false);
        const asking = ref(null); // 'voice' or 'location'
        const buttons = computed(() => (chat.value.menu === undefined ? account.value : chat.value).menu?.button ?? []);

        const tool = (icon, label, onClick) => h('li', h('button', {
            type: 'button', onClick: () => { tools.value = false; onClick(); },
        }, [h('span', { class: 'tool-icon' }, h(Icon, { name: icon })), h('span', label)]));
        const toolbox = () => h('ul', { class: 'tools' }, [
            tool('photo', '照片', () => say('image', { url: PHOTO })),
            tool('mic', '语音', () => { asking.value = 'voice'; }),
            tool('pin', '位置', () => { asking.value = 'location'; }),
            tool('scan', '扫一扫', () => emit('scan')),
        ]);

        const ASKS = {
            voice: { title: '说一句话', hint: '微信会听成这些字', value: '我要签到', ok: '发送' },
            location: { title: '发送位置', hint: '地点的名字', value: '公司食堂', ok: '发送' },
        };

        return () => {
            const menu = buttons.value.length > 0 && !typing.value;
            return h('footer', { class: ['bar', menu && 'bar-menu'] }, [
                h('div', { class: 'bar-row' }, [
                    buttons.value.length > 0
                        ? h('button', {
                            type: 'button', class: 'plain-button toggle', 'data-testid': 'toggle',
                            'aria-label': menu ? '打字' : '菜单',
                            onClick: () => { typing.value = !typing.value; tools.value = false; },
                        }, h(Icon, { name: menu ? 'keyboard' : 'menu' }))
                        : null,
                    menu ? h(Menu, { buttons: buttons.value })
                        : h(TypeIn, {
                            onMore: () => { tools.value = !tools.value; }, onTyping: () => { tools.value = false; },
                        }),
                ]),
                tools.value && !menu ? toolbox() : null,
                asking.value
                    ? h(Ask, {
                        ...ASKS[asking.value], key: asking.value,
                        onClose: () => { asking.value = null; },
                        onAnswer: ((kind) => (content) => say(kind, { content }))(asking.value),
                    })
                    : null,
            ]);
        };
    },
};
