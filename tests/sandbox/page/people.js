// Whose phone it is: the accounts, and the people who chat with the chosen one.

import { h, ref } from './vue.js';
import { account, chat, chatOf, openChat, session } from './session.js';
import { AccountAvatar, Badge, PersonAvatar } from './avatar.js';
import { gist } from './bubbles.js';

const MODES = { safe: '安全模式', compatible: '兼容模式', plain: '明文模式' };

const FEW = 6; // people who are listed without being asked for: those with names

const unreadOf = (a) => a.people.reduce((sum, p) => sum + (chatOf(a.name, p.openid)?.unread ?? 0), 0);

function lastWords(c, person) {
    if (!(c?.following ?? person.following)) return '未关注';
    const last = c?.items.findLast((item) => item.side !== 'system');
    return last ? gist(last) : '已关注';
}

// Choosing an account keeps the person: the same place in its list.
function openAccount(a) {
    const i = account.value?.people.findIndex((p) => p.openid === chat.value.openid) ?? 0;
    const person = a.people[i] ?? a.people[0];
    if (person) openChat(a.name, person.openid);
}

const AccountButton = ({ a }) => h('button', {
    type: 'button', class: 'account-button', 'data-testid': `account-${a.name}`,
    'aria-pressed': String(a.name === account.value?.name), onClick: () => openAccount(a),
}, [
    h(AccountAvatar, { account: a }),
    h('span', { class: 'who' }, [
        h('span', { class: 'who-name' }, a.title),
        h('span', { class: 'who-words' }, `${a.name} · ${MODES[a.mode] ?? a.mode}`)]),
    h(Badge, { count: unreadOf(a) }),
]);
AccountButton.props = ['a'];

export const People = {
    emits: ['chosen'],
    setup(props, { emit }) {
        const personButton = (person, i) => {
            const c = chatOf(account.value.name, person.openid);
            return h('li', { key: person.openid }, h('button', {
                type: 'button', class: 'person-button', 'data-testid': `person-${i}`,
                'aria-pressed': String(person.openid === chat.value?.openid),
                onClick: () => { openChat(account.value.name, person.openid); emit('chosen'); },
            }, [
                h(PersonAvatar, { person }),
                h('span', { class: 'who' }, [
                    h('span', { class: 'who-name' }, person.name),
                    h('span', { class: 'who-words' }, lastWords(c, person))]),
                h(Badge, { count: c?.unread ?? 0 }),
            ]));
        };
        const all = ref(false);
        // Of a crowd only those who matter now: the first, the one on the screen, whoever has news.
        const matters = (person, i) => all.value || i < FEW || person.openid === chat.value?.openid
            || chatOf(account.value.name, person.openid)?.unread > 0;
        const list = () => account.value.people.map((person, i) => (matters(person, i) ? personButton(person, i) : null));
        const rest = () => account.value.people_count - account.value.people.filter(matters).length;
        const others = () => h('button', {
            type: 'button', class: 'people-rest', disabled: all.value, onClick: () => { all.value = true; },
        }, `还有 ${rest().toLocaleString('zh-CN')} 人`);
        return () => h('div', { class: 'people' }, [
            h('h2', '公众号'),
            h('div', { class: 'accounts' }, session.accounts.map((a) => h(AccountButton, { key: a.name, a }))),
            h('h2', '谁的手机'),
            account.value ? h('ul', list()) : null,
            account.value && rest() > 0 ? others() : null,
        ]);
    },
};
