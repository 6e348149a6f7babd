// Whose phone it is: the accounts, and the people who chat with the chosen one.

import { h } from './vue.js';
import { account, chat, chatOf, openChat, session } from './session.js';
import { AccountAvatar, Badge, PersonAvatar } from './avatar.js';
import { gist } from './bubbles.js';

const MODES = { safe: '安全模式', compatible: '兼容模式', plain: '明文模式' };

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
        return () => h('div', { class: 'people' }, [
            h('h2', '公众号'),
            h('div', { class: 'accounts' }, session.accounts.map((a) => h(AccountButton, { key: a.name, a }))),
            h('h2', '谁的手机'),
            account.value ? h('ul', account.value.people.map(personButton)) : null,
        ]);
    },
};
