// A web page opened from the chat, in the phone, as WeChat's built-in browser shows it.

import { h, ref } from './vue.js';
import { session } from './session.js';
import { Icon } from './icons.js';

// Null when the page forbids being framed (or the browser shows an error in its place).
const titleOf = (frame) => {
    try {
        return frame.contentDocument.title || new URL(session.page).host;
    } catch {
        return null;
    }
};

export const Browser = {
    setup() {
        const title = ref('');
        const refused = ref(false);
        const close = () => { session.page = ''; };
        const onLoad = (event) => {
            const found = titleOf(event.target);
            refused.value = found === null;
            title.value = found ?? '';
        };
        return () => h('section', {
            class: 'browser', 'data-testid': 'page', 'aria-label': title.value || '网页',
            onKeydown: (event) => { if (event.key === 'Escape') close(); },
        }, [
            h('header', { class: 'chat-head' }, [
                h('button', {
                    type: 'button', class: 'plain-button', 'aria-label': '关闭网页', 'data-testid': 'page-close',
                    onClick: close,
                }, h(Icon, { name: 'close' })),
                h('h1', title.value),
                h('a', {
                    class: 'plain-button browser-out', href: session.page, target: '_blank', rel: 'noopener',
                    'aria-label': '在新窗口打开',
                }, h(Icon, { name: 'more' })),
            ]),
            refused.value
                ? h('p', { class: 'browser-refused' }, '这一页不能在这里显示，点右上角在新窗口打开。')
                : h('iframe', { src: session.page, title: title.value || '网页', onLoad }),
        ]);
    },
};
