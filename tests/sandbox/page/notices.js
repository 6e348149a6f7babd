// 订阅通知: what WeChat asks before an account may send notices. Each kind is accepted or refused on its own.

import { h, onMounted, reactive, ref } from './vue.js';
import * as api from './api.js';
import { account, act, toast } from './session.js';
import { AccountAvatar } from './avatar.js';
import { Sheet } from './sheet.js';

export const Notices = {
    emits: ['close'],
    setup(props, { emit }) {
        const notices = ref([]);
        const asked = ref(false); // the list has come
        const accepted = reactive({});
        onMounted(async () => {
            try {
                notices.value = (await api.notices(account.value.name)).notices;
                for (const one of notices.value) accepted[one.template_id] = true;
                asked.value = true;
            } catch (error) {
                if (!(error instanceof api.Trouble)) throw error;
                emit('close');
                toast('没有取到通知的种类，请再试一次');
            }
        });
        const answer = (allow) => {
            emit('close');
            const answers = notices.value.map(({ template_id: id }) => (
                [id, allow && accepted[id] ? 'accept' : 'reject']));
            act('subscribe', { templates: Object.fromEntries(answers) });
        };
        const choice = ({ template_id: id, title }) => h('li', { key: id }, h('label', { class: 'row' }, [
            h('span', { class: 'row-label' }, title),
            h('input', {
                type: 'checkbox', class: 'weui-switch', checked: accepted[id], 'data-testid': 'notice',
                onChange: (event) => { accepted[id] = event.target.checked; },
            })]));
        const question = () => [
            h('div', { class: 'asker' }, [h(AccountAvatar, { account: account.value }), h('b', account.value.title), ' 申请']),
            h('h3', { class: 'asker-what' }, '给你发送以下通知'),
            h('ul', { class: 'rows' }, notices.value.map(choice)),
            h('div', { class: 'asker-do' }, [
                h('button', {
                    type: 'button', class: 'weui-btn weui-btn_default', 'data-testid': 'notices-refuse',
                    onClick: () => answer(false),
                }, '拒绝'),
                h('button', {
                    type: 'button', class: 'weui-btn weui-btn_primary', 'data-testid': 'notices-allow',
                    onClick: () => answer(true),
                }, '允许'),
            ]),
        ];
        return () => h(Sheet, { title: '订阅通知', onClose: () => emit('close') }, () => h('div', { class: 'scan' },
            notices.value.length > 0 ? question()
                : h('p', { class: 'panel-words' }, asked.value ? '这个公众号还没有订阅通知的模板。' : '正在取…')));
    },
};
