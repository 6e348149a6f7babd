// Square pictures of people (the end of a Chinese name) and of accounts (21 on a colour).

import { h } from './vue.js';
import { session } from './session.js';

export const PersonAvatar = ({ person }) => h('span', {
    class: 'avatar', style: { backgroundColor: person.color }, 'aria-hidden': 'true',
}, [...person.name].slice(-2).join(''));
PersonAvatar.props = ['person'];

export const AccountAvatar = ({ account }) => h('span', {
    class: ['avatar', 'avatar-account', `tint-${session.accounts.indexOf(account) % 3}`],
    'aria-hidden': 'true',
}, '21');
AccountAvatar.props = ['account'];

export const Badge = ({ count }) => (count > 0
    ? h('span', { class: 'weui-badge badge' }, [
        count > 99 ? '99+' : String(count), h('span', { class: 'unseen' }, ' 条未读')])
    : null);
Badge.props = ['count'];
