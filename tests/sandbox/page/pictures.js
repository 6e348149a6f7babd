// Pictures in the chat: from an address that came over the wire, which is checked, or from the bytes
// the sandbox keeps under a media id.

import { h, reactive } from './vue.js';
import { session } from './session.js';
import { Icon } from './icons.js';

const broken = reactive(new Set()); // pictures that did not load

export function webAddress(address) {
    try {
        const url = new URL(address, location.href);
        return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null;
    } catch {
        return null;
    }
}

const source = (address) => {
    const src = address ? webAddress(address) : null;
    return src && !broken.has(src) ? src : null;
};

// `icon`: what stands where there is no picture
export const Picture = ({ address, alt, icon }) => {
    const src = source(address);
    if (!src) {
        return h('span', { class: 'picture picture-none', role: 'img', 'aria-label': alt || '图片' },
            h(Icon, { name: icon ?? 'photo' }));
    }
    return h('img', {
        class: 'picture', src, alt, referrerpolicy: 'no-referrer', onError: () => broken.add(src),
    });
};
Picture.props = ['address', 'alt', 'icon'];

// A picture that fills the screen when it is tapped, if there is one.
export const Enlargeable = ({ address, alt }) => h('button', {
    type: 'button', class: 'bubble-bare image', 'aria-label': `${alt}，点开看大图`, 'data-testid': 'picture',
    onClick: () => { if (source(address)) session.viewer = { kind: 'image', src: source(address), alt }; },
}, h(Picture, { address, alt }));
Enlargeable.props = ['address', 'alt'];
