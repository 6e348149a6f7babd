// What slides or pops up over the phone: a sheet from below, a dialog in the middle. Takes the focus
// while it is there and gives it back; Escape or a tap beside it puts it away.

import { h, onBeforeUnmount, onMounted, ref } from './vue.js';
import { Icon } from './icons.js';

export function useModal(close) {
    const panel = ref(null);
    let opener = null;
    onMounted(() => {
        opener = document.activeElement;
        (panel.value.querySelector('[data-first]') ?? panel.value).focus();
    });
    onBeforeUnmount(() => opener?.focus?.());
    const onKeydown = (event) => {
        if (event.key === 'Escape') {
            event.stopPropagation();
            close();
        }
        if (event.key !== 'Tab') return;
        const stops = [...panel.value.querySelectorAll('button, input, select, textarea, a[href]')]
            .filter((el) => !el.disabled && el.offsetParent !== null);
        if (stops.length === 0) return;
        const edge = event.shiftKey ? stops[0] : stops.at(-1);
        if (document.activeElement === edge || document.activeElement === panel.value) {
            event.preventDefault();
            (event.shiftKey ? stops.at(-1) : stops[0]).focus();
        }
    };
    return { panel, onKeydown };
}

export const modal = (panel, label, onKeydown, extra) => ({
    ref: panel, role: 'dialog', 'aria-modal': 'true', 'aria-label': label, tabindex: -1, onKeydown, ...extra,
});

export const Sheet = {
    props: { title: String },
    emits: ['close'],
    setup(props, { emit, slots }) {
        const close = () => emit('close');
        const { panel, onKeydown } = useModal(close);
        return () => h('div', { class: 'over' }, [
            h('div', { class: 'weui-mask shade', onClick: close }),
            h('div', modal(panel, props.title, onKeydown, { class: 'weui-half-screen-dialog sheet' }), [
                h('div', { class: 'sheet-head' }, [
                    h('h2', props.title),
                    h('button', { type: 'button', class: 'plain-button', 'aria-label': '关闭', onClick: close },
                        h(Icon, { name: 'close' })),
                ]),
                h('div', { class: 'sheet-body' }, slots.default()),
            ]),
        ]);
    },
};

// choices: [{label, warn, pick}]
export const ActionSheet = {
    props: { title: String, choices: Array },
    emits: ['close'],
    setup(props, { emit }) {
        const close = () => emit('close');
        const { panel, onKeydown } = useModal(close);
        const cell = (label, onClick, extra) => h('button', {
            type: 'button', class: ['weui-actionsheet__cell', 'action', extra], onClick,
        }, label);
        return () => h('div', { class: 'over' }, [
            h('div', { class: 'weui-mask shade', onClick: close }),
            h('div', modal(panel, props.title, onKeydown, {
                class: 'weui-actionsheet weui-actionsheet_toggle actions',
            }), [
                h('div', { class: 'weui-actionsheet__menu' }, props.choices.map(({ label, warn, pick }) => cell(
                    label, () => { close(); pick(); }, warn && 'weui-actionsheet__cell_warn'))),
                h('div', { class: 'weui-actionsheet__action' }, cell('取消', close)),
            ]),
        ]);
    },
};

// Asks for one line of text: {title, hint, value, ok}. Emits answer with what was typed.
export const Ask = {
    props: { title: String, hint: String, value: String, ok: String },
    emits: ['close', 'answer'],
    setup(props, { emit }) {
        const close = () => emit('close');
        const { panel, onKeydown } = useModal(close);
        const text = ref(props.value);
        const submit = (event) => {
            event.preventDefault();
            const answer = text.value.trim();
            if (!answer) return;
            close();
            emit('answer', answer);
        };
        return () => h('div', { class: 'over' }, [
            h('div', { class: 'weui-mask shade', onClick: close }),
            h('div', modal(panel, props.title, onKeydown, { class: 'weui-dialog ask' }), [
                h('form', { onSubmit: submit }, [
                    h('div', { class: 'weui-dialog__hd' }, h('strong', { class: 'weui-dialog__title' }, props.title)),
                    h('div', { class: 'weui-dialog__bd' }, h('label', [
                        h('span', props.hint),
                        h('input', {
                            type: 'text', 'data-first': '', maxlength: 64, value: text.value, 'data-testid': 'ask',
                            onInput: (event) => { text.value = event.target.value; },
                        }),
                    ])),
                    h('div', { class: 'weui-dialog__ft' }, [
                        h('button', {
                            type: 'button', class: 'weui-dialog__btn weui-dialog__btn_default', onClick: close,
                        }, '取消'),
                        h('button', {
                            type: 'submit', class: 'weui-dialog__btn weui-dialog__btn_primary',
                            'data-testid': 'ask-ok',
                        }, props.ok),
                    ]),
                ]),
            ]),
        ]);
    },
};
