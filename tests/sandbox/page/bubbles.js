// One message in the chat, one function a kind. Whatever came over the wire becomes text or a checked
// address, never HTML.

import { h, reactive } from './vue.js';
import { account, me, say, sayAgain, session, visit } from './session.js';
import { AccountAvatar, PersonAvatar } from './avatar.js';
import { Icon } from './icons.js';
import { pieces, plain } from './richtext.js';

const broken = reactive(new Set()); // pictures that did not load

function pictureUrl(address) {
    try {
        const url = new URL(address, location.href);
        return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null;
    } catch {
        return null;
    }
}

const Picture = ({ address, alt }) => {
    const src = address ? pictureUrl(address) : null;
    if (!src || broken.has(src)) {
        return h('span', { class: 'picture picture-none', role: 'img', 'aria-label': alt || '图片' },
            h(Icon, { name: 'photo' }));
    }
    return h('img', {
        class: 'picture', src, alt, referrerpolicy: 'no-referrer', onError: () => broken.add(src),
    });
};
Picture.props = ['address', 'alt'];

function follow(piece) {
    if (piece.href) visit(piece.href);
    else say('text', { content: piece.say, menuid: piece.menuid });
}

const rich = (text) => pieces(text).map((piece) => {
    if (piece.href) {
        return h('a', {
            href: piece.href, rel: 'noopener noreferrer',
            onClick: (event) => { event.preventDefault(); follow(piece); },
        }, piece.text);
    }
    if (piece.say) {
        return h('button', { type: 'button', class: 'text-link', onClick: () => follow(piece) }, piece.text);
    }
    return piece.text;
});

const voiceSeconds = (item) => Math.min(60, Math.max(2, Math.ceil([...(item.recognition ?? '')].length / 3)));

const INSIDE = {
    text: (item) => h('div', { class: 'bubble' }, item.side === 'account' ? rich(item.text) : item.text),
    image: (item) => h('div', { class: 'bubble-bare image' }, h(Picture, { address: item.picUrl, alt: '图片' })),
    voice: (item) => [
        h('div', { class: 'bubble voice', 'aria-label': `语音 ${voiceSeconds(item)} 秒` }, [
            h('span', { style: { width: `${voiceSeconds(item) * 6}px` } }),
            h(Icon, { name: 'wave' }), `${voiceSeconds(item)}″`]),
        item.recognition ? h('div', { class: 'voice-text' }, item.recognition) : null,
    ],
    video: (item) => h('div', { class: 'bubble-bare video', role: 'img', 'aria-label': `视频 ${item.title ?? ''}` }, [
        h('span', { class: 'video-play' }, h(Icon, { name: 'play' })),
        h('span', { class: 'video-title' }, item.title || '视频')]),
    music: (item) => h('button', {
        type: 'button', class: 'bubble-bare music', onClick: () => item.musicUrl && visit(item.musicUrl),
    }, [
        h('span', { class: 'music-words' }, [h('b', item.title || '音乐'), h('span', item.description)]),
        h('span', { class: 'music-cover' }, h(Icon, { name: 'note' }))]),
    location: (item) => h('div', { class: 'bubble-bare location' }, [
        h('span', { class: 'location-label' }, item.label || '我的位置'),
        h('span', { class: 'location-map', 'aria-hidden': 'true' }, h(Icon, { name: 'pin' }))]),
};

const RawMark = ({ item }) => (item.seq === undefined ? null : h('button', {
    type: 'button', class: ['raw-mark', session.raw?.seq === item.seq && 'raw-mark-on'], 'data-testid': 'raw',
    'aria-label': '看这条消息的原文', onClick: () => { session.raw = item; },
}, '原文'));
RawMark.props = ['item'];

function open(url) {
    if (url) visit(url);
}

const newsRow = (article) => h('button', {
    type: 'button', class: 'news-row', onClick: () => open(article.url),
}, [h('span', article.title), h(Picture, { address: article.picurl, alt: '' })]);

function newsOne(article) {
    return h('button', { type: 'button', class: 'card-tap', onClick: () => open(article.url) }, [
        article.picurl ? h(Picture, { address: article.picurl, alt: '' }) : null,
        h('span', { class: 'news-title' }, article.title),
        article.description ? h('span', { class: 'news-description' }, article.description) : null,
    ]);
}

function newsMany([first, ...rest]) {
    return [
        h('button', { type: 'button', class: 'news-cover', onClick: () => open(first.url) }, [
            h(Picture, { address: first.picurl, alt: '' }), h('span', first.title)]),
        ...rest.map(newsRow),
    ];
}

const News = ({ item }) => h('div', { class: 'card', 'data-testid': 'card-news' },
    item.articles.length > 1 ? newsMany(item.articles) : item.articles.map(newsOne));
News.props = ['item'];

const Template = ({ item }) => h('div', { class: 'card template', 'data-testid': 'card-template' }, [
    h('h3', item.title),
    h('dl', item.fields.map((field) => h('div', [h('dt', field.label), h('dd', field.value)]))),
    item.url
        ? h('button', { type: 'button', class: 'card-more', onClick: () => visit(item.url) },
            [h('span', '查看详情'), h(Icon, { name: 'chevron' })])
        : null,
]);
Template.props = ['item'];

const CARDS = { news: News, template: Template };

const System = ({ item }) => h('div', { class: 'system', 'data-testid': 'system-line', 'data-kind': item.kind }, [
    h('span', item.text), h(RawMark, { item })]);
System.props = ['item'];

const Card = ({ item }) => h('div', { class: 'card-line', 'data-side': item.side }, [
    h(CARDS[item.kind], { item }), h(RawMark, { item })]);
Card.props = ['item'];

const Sending = ({ item }) => {
    if (item.seq !== undefined) return null;
    if (!item.failed) return h('span', { class: 'sending', role: 'img', 'aria-label': '正在发送' });
    return h('button', {
        type: 'button', class: 'resend', 'aria-label': '没有发出去，点一下重发', onClick: () => sayAgain(item),
    }, '!');
};
Sending.props = ['item'];

const Line = ({ item }) => h('div', {
    class: ['line', `line-${item.side}`], 'data-testid': 'bubble', 'data-side': item.side, 'data-kind': item.kind,
}, [
    item.side === 'me' ? h(PersonAvatar, { person: me.value }) : h(AccountAvatar, { account: account.value }),
    h('div', { class: 'line-inside' }, INSIDE[item.kind]?.(item)
        ?? h('div', { class: 'bubble' }, '［这里还画不出这种消息］')),
    h(RawMark, { item }), h(Sending, { item }),
]);
Line.props = ['item'];

export const Message = ({ item }) => {
    if (item.side === 'system') return h(System, { item });
    return h(CARDS[item.kind] ? Card : Line, { item });
};
Message.props = ['item'];

const NAMES = { image: '[图片]', voice: '[语音]', video: '[视频]', music: '[音乐]' };

// The message in a few words, for a notification.
export function gist(item) {
    if (item.kind === 'text') return plain(item.text);
    if (item.kind === 'news') return `[图文] ${item.articles[0]?.title ?? ''}`;
    if (item.kind === 'template') return item.title;
    return NAMES[item.kind] ?? '[新消息]';
}

