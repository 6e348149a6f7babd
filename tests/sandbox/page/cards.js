// What stands in the middle of a service account's chat, without an avatar: articles, and the notices
// of templates and subscriptions.

import { h } from './vue.js';
import { visit } from './session.js';
import { Icon } from './icons.js';
import { Picture } from './pictures.js';

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

// A template's first and remark have not been drawn since 2023, nor its colours.
const UNDRAWN = new Set(['first', 'remark']);

const foot = (item) => (item.url ? h('button', {
    type: 'button', class: 'card-more', onClick: () => visit(item.url),
}, [h('span', '查看详情'), h(Icon, { name: 'chevron' })]) : null);

const Notice = ({ item }) => h('div', { class: 'card template', 'data-testid': `card-${item.kind}` }, [
    h('h3', item.title),
    h('dl', item.fields.filter((field) => !UNDRAWN.has(field.name))
        .map((field) => h('div', [h('dt', field.label), h('dd', field.value)]))),
    foot(item),
]);
Notice.props = ['item'];

export const CARDS = { news: News, template: Notice, notice: Notice };
