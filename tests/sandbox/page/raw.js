// What went over the wire for one message, as it was.

import { h, ref, watch } from './vue.js';
import { session } from './session.js';
import * as api from './api.js';
import { note, reason } from './reasons.js';
import { exact } from './when.js';

const WAYS = { push: '微信 → 服务端', api: '服务端 → 微信' };

const text = (label, body, testid) => (body
    ? h('div', { class: 'wire' }, [h('h4', label), h('pre', { 'data-testid': testid }, body)])
    : null);

function status(response) {
    if (!response || !response.status) return h('span', { class: 'status status-bad' }, '没有应答');
    return h('span', { class: ['status', response.status < 400 ? 'status-good' : 'status-bad'] }, response.status);
}

const exchange = (x, i) => h('article', { class: 'exchange', key: i }, [
    h('header', [
        h('span', { class: ['way', `way-${x.direction}`] }, WAYS[x.direction] ?? x.direction),
        h('span', exact(x.at)), h('span', `${x.ms} 毫秒`), status(x.response)]),
    x.note ? h('p', { class: 'note' }, note(x.note)) : null,
    text('请求', [`${x.request.method} ${x.request.url}`, x.request.body].filter(Boolean).join('\n\n'), 'raw-request'),
    text('请求，解密后', x.request.plain, 'raw-request-plain'),
    text('应答', x.response?.body, 'raw-response'),
    text('应答，解密后', x.response?.plain, 'raw-response-plain'),
]);

export const Raw = {
    setup() {
        const exchanges = ref([]);
        const trouble = ref('');
        watch(() => session.raw?.seq, async (seq, before, onCleanup) => {
            let stale = false;
            onCleanup(() => { stale = true; });
            exchanges.value = [];
            trouble.value = '';
            if (seq === undefined) return;
            try {
                const got = await api.raw(seq);
                if (stale) return;
                exchanges.value = got.exchanges;
                if (got.exchanges.length === 0) trouble.value = '这条消息没有留下原文：它没有经过网络，或者已经太旧了。';
            } catch (error) {
                if (!(error instanceof api.Trouble)) throw error;
                if (!stale) trouble.value = '原文没有取到，请再点一次。';
            }
        }, { immediate: true });
        return () => (session.raw ? h('div', { class: 'raw-body', 'data-testid': 'raw-body' }, [
            session.raw?.reason ? h('p', { class: 'raw-reason' }, `为什么：${reason(session.raw.reason)}`) : null,
            trouble.value ? h('p', { class: 'raw-empty', role: 'status' }, trouble.value) : null,
            ...exchanges.value.map(exchange),
        ]) : h('p', { class: 'raw-empty' }, '点消息旁边的「原文」，这里就是它在网络上的样子：请求、解密后的内容、应答、试了几次、用了多久。'));
    },
};
