// Square pictures of people (the end of a Chinese name) and of accounts (how the title begins).

import { h } from './vue.js';
import { session } from './session.js';

export const PersonAvatar = ({ person }) => h('span', {
    class: 'avatar', style: { backgroundColor: person.color }, 'aria-hidden': 'true',
}, [...person.name].slice(-2).join(''));
PersonAvatar.props = ['person'];

export const AccountAvatar = ({ account }) => h('span', {
    class: ['avatar', 'avatar-account', `tint-${session.accounts.indexOf(account) % 3}`],
    'aria-hidden': 'true',
}, /^\d{1,2}|^./u.exec(account.title)?.[0]);
AccountAvatar.props = ['account'];

export const Badge = ({ count }) => (count > 0
    ? h('span', { class: 'weui-badge badge' }, [
        count > 99 ? '99+' : String(count), h('span', { class: 'unseen' }, ' 条未读')])
    : null);
Badge.props = ['count'];
