// The panel 人群: people by the thousand who follow, chat and tap by themselves.

import { computed, h, onBeforeUnmount, onMounted, reactive, ref } from './vue.js';
import * as api from './api.js';
import { account, toast } from './session.js';

const LOOK_MS = 1000;

const FIELDS = [
    { name: 'people', label: '多少人', least: 1, most: 200000 },
    { name: 'rate', label: '每秒几件事', least: 1, most: 5000 },
    { name: 'seconds', label: '多少秒', least: 1, most: 3600 },
    { name: 'seed', label: '种子，定下谁做什么', least: 0, most: 2147483647 },
];

const wishes = reactive({ people: 100, rate: 20, seconds: 30, seed: 21 });

const number = (n) => Number(n ?? 0).toLocaleString('zh-CN');

function field({ name, label, least, most }, disabled) {
    return h('label', { class: 'row' }, [
        h('span', { class: 'row-label' }, label),
        h('input', {
            type: 'number', class: 'number', min: least, max: most, step: 1, required: true, disabled,
            value: wishes[name], 'data-testid': `crowd-${name}`,
            onInput: (event) => { wishes[name] = event.target.valueAsNumber; },
        })]);
}

const FIGURES = [
    ['做了几件事', (now) => number(now.done)], ['有回答', (now) => number(now.answered)],
    ['没回答', (now) => number(now.failed)], ['新关注', (now) => number(now.follows)],
    ['通常等', (now) => `${number(now.answer_ms.p50)} 毫秒`], ['最慢的 1% 等', (now) => `${number(now.answer_ms.p99)} 毫秒`],
];

const figures = (now) => [
    h('p', { class: 'group' },
        `${now.running ? '已经' : '一共'} ${number(Math.round(now.elapsed_ms / 1000))} 秒，每秒 ${
            number(Math.round(now.done / Math.max(1, now.elapsed_ms / 1000)))} 件`),
    h('dl', { class: 'figures', 'data-testid': 'crowd-figures' },
        FIGURES.map(([label, value]) => h('div', { key: label }, [h('dt', label), h('dd', value(now))]))),
];

export const CrowdPanel = {
    setup() {
        const now = ref(null); // what the sandbox says of this account's crowd
        const busy = ref(false);
        let timer = 0;
        const running = computed(() => Boolean(now.value?.running));

        const look = async () => {
            if (!account.value) return;
            try {
                now.value = await api.crowd(account.value.name);
            } catch (error) {
                if (!(error instanceof api.Trouble)) throw error;
            }
        };
        const ask = async (doing) => {
            busy.value = true;
            try {
                await doing();
            } catch (error) {
                if (!(error instanceof api.Trouble)) throw error;
                toast('沙盒没有照办，请再试一次');
            }
            await look();
            busy.value = false;
        };
        const submit = (event) => {
            event.preventDefault();
            const name = account.value.name;
            ask(() => (running.value ? api.stopCrowd(name) : api.startCrowd(name, wishes)));
        };
        onMounted(() => {
            look();
            timer = setInterval(look, LOOK_MS);
        });
        onBeforeUnmount(() => clearInterval(timer));

        return () => h('form', { class: 'panel', 'data-testid': 'crowd', onSubmit: submit }, [
            h('p', { class: 'panel-words' }, `让许多人一起关注${account.value?.title ?? ''}，签到、问积分、看课程和排行榜。每一件都真的送到后台。`),
            h('div', { class: 'rows' }, FIELDS.map((one) => field(one, running.value))),
            h('button', {
                type: 'submit', class: ['weui-btn panel-do', running.value ? 'weui-btn_warn' : 'weui-btn_primary'],
                'data-testid': 'crowd-do', disabled: busy.value,
            }, running.value ? '让他们停下' : '让他们开始'),
            now.value?.answer_ms ? figures(now.value) : null,
        ]);
    },
};
