// 扫一扫: the account's codes, one tap each, or any scene by hand.

import { h, onMounted, ref } from './vue.js';
import * as api from './api.js';
import { account } from './session.js';
import { Icon } from './icons.js';
import { Sheet } from './sheet.js';
import { when } from './when.js';

const DEFAULT_SCENE = 'canteen';

const life = (code) => (code.until ? `${when(code.until)}前有效` : '永久');

// Emits scan with {scene} or {ticket}.
export const Scan = {
    emits: ['close', 'scan'],
    setup(props, { emit }) {
        const codes = ref([]);
        const scene = ref(DEFAULT_SCENE);
        const scan = (what) => {
            emit('close');
            emit('scan', what);
        };
        const submit = (event) => {
            event.preventDefault();
            if (scene.value.trim()) scan({ scene: scene.value.trim() });
        };
        onMounted(async () => {
            try {
                codes.value = (await api.qrcodes(account.value.name)).qrcodes;
            } catch (error) {
                if (!(error instanceof api.Trouble)) throw error; // without a list there is still the scene
            }
        });
        const code = (one) => h('li', { key: one.ticket }, h('button', {
            type: 'button', class: 'code', 'data-testid': 'qrcode', onClick: () => scan({ ticket: one.ticket }),
        }, [
            h('span', { class: 'tool-icon' }, h(Icon, { name: 'code2d' })),
            h('span', { class: 'who' }, [
                h('span', { class: 'who-name' }, one.scene),
                h('span', { class: 'who-words' }, life(one))]),
        ]));
        return () => h(Sheet, { title: '扫一扫', onClose: () => emit('close') }, () => h('div', { class: 'scan' }, [
            codes.value.length > 0
                ? h('ul', { class: 'rows', 'aria-label': '这个公众号的二维码' }, codes.value.map(code))
                : h('p', { class: 'panel-words' }, '这个公众号还没有做过带参数的二维码。'),
            h('form', { class: 'scan-form', onSubmit: submit }, [
                h('label', { class: 'row-label' }, [
                    h('span', { class: 'group' }, '或者写一个场景值'),
                    h('input', {
                        type: 'text', class: 'number', maxlength: 64, value: scene.value, 'data-testid': 'ask',
                        onInput: (event) => { scene.value = event.target.value; },
                    })]),
                h('button', { type: 'submit', class: 'send', 'data-testid': 'ask-ok' }, '扫码'),
            ]),
        ]));
    },
};
