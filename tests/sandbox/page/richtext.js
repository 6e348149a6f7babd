// An account's text as WeChat reads it: <a href="…">…</a> is a link, everything else is letters.
// Nothing here makes HTML: the pieces are rendered as text.

const ANCHOR = /<a(\s[^<>]*)>([^<>]*)<\/a>/gi;
const HREF = /\shref\s*=\s*(?:"([^"]*)"|'([^']*)')/i;

function target(attributes) {
    const found = HREF.exec(attributes);
    if (!found) return null;
    const href = (found[1] ?? found[2]).replaceAll('&amp;', '&').trim();
    let url;
    try {
        url = new URL(href);
    } catch {
        return null;
    }
    if (url.protocol === 'http:' || url.protocol === 'https:') return { href: url.href };
    if (!/^weixin:\/\/bizmsgmenu\?/i.test(href)) return null;
    const query = new URLSearchParams(href.slice(href.indexOf('?')));
    const say = query.get('msgmenucontent');
    return say ? { say, menuid: query.get('msgmenuid') ?? '' } : null;
}

// → pieces in order: {text}, {text, href} or {text, say, menuid}
export function pieces(text) {
    const out = [];
    let from = 0;
    for (const match of text.matchAll(ANCHOR)) {
        const to = target(match[1]);
        if (!to) continue;
        if (match.index > from) out.push({ text: text.slice(from, match.index) });
        out.push({ text: match[2], ...to });
        from = match.index + match[0].length;
    }
    if (from < text.length) out.push({ text: text.slice(from) });
    return out;
}

// One line of it, for a notification.
export const plain = (text) => pieces(text).map((p) => p.text).join('').replace(/\s+/g, ' ');
