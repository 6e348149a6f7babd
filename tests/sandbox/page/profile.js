// What someone sees who does not follow yet: the account's page with the green button.

import { h, ref } from './vue.js';
import { account, act, me, session } from './session.js';
import { AccountAvatar } from './avatar.js';
import { Icon } from './icons.js';
import { Scan } from './scan.js';

const INTRODUCTION = '每天几分钟，21 天养成一个学习的习惯。';

export const Profile = {
    emits: ['people'],
    setup(props, { emit }) {
        const busy = ref(false);
        const scanning = ref(false);
        const follow = async (type, fields) => {
            busy.value = true;
            await act(type, fields);
            busy.value = false;
        };
        return () => h('section', { class: 'profile', 'aria-label': `${account.value.title}的资料` }, [
            h('header', { class: 'chat-head' }, h('button', {
                type: 'button', class: 'plain-button back', 'aria-label': '换人', onClick: () => emit('people'),
            }, h(Icon, { name: 'back' }))),
            session.offline ? h('div', { class: 'offline', role: 'status' }, '连不上沙盒，正在重试…') : null,
            h('div', { class: 'profile-card' }, [
                h(AccountAvatar, { account: account.value }),
                h('h1', account.value.title),
                h('p', { class: 'profile-kind' }, '服务号'),
                h('p', { class: 'profile-words' }, INTRODUCTION),
            ]),
            h('div', { class: 'profile-do' }, [
                h('button', {
                    type: 'button', class: 'weui-btn weui-btn_primary', 'data-testid': 'follow',
                    disabled: busy.value, onClick: () => follow('follow'),
                }, '关注公众号'),
                h('button', {
                    type: 'button', class: 'text-link', onClick: () => { scanning.value = true; },
                }, '扫带参数的二维码关注'),
            ]),
            h('p', { class: 'profile-note' }, `现在拿着手机的是${me.value.name}`),
            scanning.value
                ? h(Scan, {
                    onClose: () => { scanning.value = false; }, onScan: (what) => follow('scan', what),
                })
                : null,
        ]);
    },
};
