// One message in the chat, one function a kind. Whatever came over the wire becomes text or a checked
// address, never HTML.

import { h } from './vue.js';
import { mediaUrl } from './api.js';
import { account, enterProgram, me, say, sayAgain, session, showRaw, visit } from './session.js';
import { AccountAvatar, PersonAvatar } from './avatar.js';
import { CARDS } from './cards.js';
import { Icon, MiniProgramMark } from './icons.js';
import { Enlargeable, Picture } from './pictures.js';
import { pieces, plain } from './richtext.js';
import { play, playing, secondsOf } from './sound.js';

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

const media = (id) => (id ? mediaUrl(account.value.name, id) : null);

// Where the bytes do not tell, it is guessed from what was heard.
function voiceSeconds(item) {
    const told = item.side === 'account' && item.mediaId ? secondsOf(media(item.mediaId)) : 0;
    return Math.min(60, Math.max(1, Math.round(told || Math.max(2, [...(item.recognition ?? '')].length / 3))));
}

const Voice = ({ item }) => {
    const seconds = voiceSeconds(item);
    const sounds = playing.value?.seq === item.seq && item.seq !== undefined;
    return h('button', {
        type: 'button', class: ['bubble', 'voice', sounds && 'voice-sounds'], 'data-testid': 'voice',
        'aria-label': `语音 ${seconds} 秒`, 'aria-pressed': String(sounds),
        style: { width: `${64 + Math.min(seconds, 60) * 2.4}px` },
        onClick: () => play(item, media(item.mediaId)),
    }, [h(Icon, { name: 'wave' }), h('span', `${seconds}″`)]);
};
Voice.props = ['item'];

const Video = ({ item }) => h('button', {
    type: 'button', class: 'bubble-bare video', 'aria-label': `视频 ${item.title ?? ''}`, 'data-testid': 'video',
    onClick: () => { session.viewer = { kind: 'video', src: media(item.mediaId), alt: item.title || '视频' }; },
}, [
    item.thumbMediaId ? h(Picture, { address: media(item.thumbMediaId), alt: '', icon: 'play' }) : null,
    h('span', { class: 'video-play' }, h(Icon, { name: 'play' })),
    h('span', { class: 'video-title' }, item.title || '视频')]);
Video.props = ['item'];

// A song of this installation sounds here, as in WeChat; another's is visited.
function sing(item) {
    const address = item.hqMusicUrl || item.musicUrl;
    if (!address) return;
    if (address.startsWith(`${location.origin}/`)) play(item, address);
    else visit(item.musicUrl || address);
}

const Music = ({ item }) => h('button', {
    type: 'button', class: 'bubble-bare music', 'data-testid': 'music', onClick: () => sing(item),
}, [
    h('span', { class: 'music-words' }, [h('b', item.title || '音乐'), h('span', item.description)]),
    h('span', { class: 'music-cover' }, [
        item.thumbMediaId ? h(Picture, { address: media(item.thumbMediaId), alt: '', icon: 'note' }) : null,
        h('span', { class: 'music-play' }, h(Icon, { name: playing.value?.seq === item.seq ? 'pause' : 'play' }))])]);
Music.props = ['item'];

const Program = ({ item }) => h('button', {
    type: 'button', class: 'bubble-bare program', 'data-testid': 'miniprogram', onClick: () => enterProgram(item),
}, [
    h('span', { class: 'program-head' }, [h(MiniProgramMark), item.name || item.appid]),
    h('span', { class: 'program-title' }, item.title),
    h(Picture, { address: media(item.thumbMediaId), alt: '', icon: 'photo' }),
    h('span', { class: 'program-foot' }, [h(MiniProgramMark), '小程序']),
]);
Program.props = ['item'];

const Coupon = ({ item }) => h('div', { class: 'bubble-bare coupon', 'data-testid': 'coupon' }, [
    h('span', { class: 'coupon-words' }, [h('b', item.title || '卡券'), h('span', item.cardId)]),
    h('span', { class: 'program-foot' }, '卡券')]);
Coupon.props = ['item'];

const INSIDE = {
    text: (item) => h('div', { class: 'bubble' }, item.side === 'account' ? rich(item.text) : item.text),
    image: (item) => h(Enlargeable, { address: item.picUrl || media(item.mediaId), alt: '图片' }),
    voice: (item) => [
        h(Voice, { item }),
        item.recognition ? h('div', { class: 'voice-text' }, item.recognition) : null,
    ],
    video: (item) => h(Video, { item }),
    music: (item) => h(Music, { item }),
    miniprogram: (item) => h(Program, { item }),
    card: (item) => h(Coupon, { item }),
    link: (item) => h('button', {
        type: 'button', class: 'bubble-bare link', onClick: () => visit(item.url),
    }, [h('b', item.title || item.url), h('span', item.description || item.url)]),
    location: (item) => h('div', { class: 'bubble-bare location' }, [
        h('span', { class: 'location-label' }, item.label || '我的位置'),
        h('span', { class: 'location-map', 'aria-hidden': 'true' }, h(Icon, { name: 'pin' }))]),
};

const RawMark = ({ item }) => (item.seq === undefined ? null : h('button', {
    type: 'button', class: ['raw-mark', session.raw?.seq === item.seq && 'raw-mark-on'], 'data-testid': 'raw',
    'aria-label': '看这条消息的原文', onClick: () => showRaw(item),
}, '原文'));
RawMark.props = ['item'];

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
        ?? h('div', { class: 'bubble' }, '［这里画不出这种消息］')),
    h(RawMark, { item }), h(Sending, { item }),
]);
Line.props = ['item'];

export const Message = ({ item }) => {
    if (item.side === 'system') return h(System, { item });
    return h(CARDS[item.kind] ? Card : Line, { item });
};
Message.props = ['item'];

const NAMES = {
    image: '[图片]', voice: '[语音]', video: '[视频]', music: '[音乐]', location: '[位置]', link: '[链接]', card: '[卡券]',
};

// The message in a few words, for a notification.
export function gist(item) {
    if (item.kind === 'text') return plain(item.text);
    if (item.kind === 'news') return `[图文] ${item.articles[0]?.title ?? ''}`;
    if (item.kind === 'template' || item.kind === 'notice') return item.title;
    if (item.kind === 'miniprogram') return `[小程序] ${item.title}`;
    return NAMES[item.kind] ?? '[新消息]';
}
