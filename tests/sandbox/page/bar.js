// The bar at the bottom of a service account's chat: its menu, or the line to type in.

import { computed, h, nextTick, onBeforeUnmount, onMounted, ref } from './vue.js';
import { account, act, chat, enterProgram, say, toast, visit } from './session.js';
import { Icon } from './icons.js';
import { Ask, Sheet } from './sheet.js';

const Menu = {
    props: { buttons: Array },
    emits: ['choose'],
    setup(props, { emit }) {
        const choose = (button) => emit('choose', button);
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

// The phone's album.
const PHOTOS = [['photo', '山和书'], ['notes', '笔记'], ['lunch', '午饭']].map(([name, alt]) => (
    { src: new URL(`assets/${name}.png`, import.meta.url).href, alt }));

const Album = {
    emits: ['close', 'pick'],
    setup(props, { emit }) {
        const close = () => emit('close');
        const photo = ({ src, alt }) => h('li', h('button', {
            type: 'button', 'aria-label': alt, 'data-testid': 'photo', onClick: () => { close(); emit('pick', src); },
        }, h('img', { src, alt: '' })));
        return () => h(Sheet, { title: '照片', onClose: close }, () => h('ul', { class: 'album' }, PHOTOS.map(photo)));
    },
};

export const BottomBar = {
    emits: ['scan'],
    setup(props, { emit }) {
        const typing = ref(false);
        const tools = ref(false);
        const choosing = ref(null); // what is done with the photo
        const asking = ref(null); // {kind, key}: what is typed, and for which button of the menu
        const buttons = computed(() => (chat.value.menu === undefined ? account.value : chat.value).menu?.button ?? []);

        const tool = (icon, label, onClick) => h('li', h('button', {
            type: 'button', onClick: () => { tools.value = false; onClick(); },
        }, [h('span', { class: 'tool-icon' }, h(Icon, { name: icon })), h('span', label)]));
        const toolbox = () => h('ul', { class: 'tools' }, [
            tool('photo', '照片', () => { choosing.value = (url) => say('image', { url }); }),
            tool('mic', '语音', () => { asking.value = { kind: 'voice' }; }),
            tool('pin', '位置', () => { asking.value = { kind: 'location' }; }),
            tool('scan', '扫一扫', () => emit('scan')),
        ]);

        // What a menu's button does, by its type. Buttons that stand for an article or a medium cannot be
        // followed from here.
        const photograph = ({ type, key }) => {
            choosing.value = (url) => act(type, { key }).then((done) => done && say('image', { url }));
        };
        const ask = ({ type, key }) => { asking.value = { kind: type, key }; };
        const TAPS = {
            click: ({ key }) => act('click', { key }),
            view: ({ url }) => { act('view', { url }); visit(url); },
            miniprogram: (button) => enterProgram({ appid: button.appid, pagePath: button.pagepath }),
            scancode_push: ask,
            scancode_waitmsg: ask,
            location_select: ask,
            pic_sysphoto: photograph,
            pic_photo_or_album: photograph,
            pic_weixin: photograph,
        };
        const choose = (button) => (TAPS[button.type] ?? (() => toast('这种按钮在沙盒里点不开')))(button);

        const ASKS = {
            scancode_push: { title: '扫一扫', hint: '码里写着什么', value: 'https://example.com/', ok: '扫码' },
            scancode_waitmsg: { title: '扫一扫', hint: '码里写着什么', value: 'https://example.com/', ok: '扫码' },
            location_select: { title: '选择位置', hint: '地点的名字', value: '公司食堂', ok: '发送' },
            voice: { title: '说一句话', hint: '微信会听成这些字', value: '我要签到', ok: '发送' },
            location: { title: '发送位置', hint: '地点的名字', value: '公司食堂', ok: '发送' },
        };

        const answer = ({ kind, key }) => (content) => {
            if (key) act(kind, { key, content });
            else say(kind, { content });
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
                    menu ? h(Menu, { buttons: buttons.value, onChoose: choose })
                        : h(TypeIn, {
                            onMore: () => { tools.value = !tools.value; }, onTyping: () => { tools.value = false; },
                        }),
                ]),
                tools.value && !menu ? toolbox() : null,
                choosing.value
                    ? h(Album, {
                        onClose: () => { choosing.value = null; }, onPick: choosing.value,
                    })
                    : null,
                asking.value
                    ? h(Ask, {
                        ...ASKS[asking.value.kind], key: asking.value.kind,
                        onClose: () => { asking.value = null; },
                        onAnswer: answer(asking.value),
                    })
                    : null,
            ]);
        };
    },
};
