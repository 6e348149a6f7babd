// Why WeChat did not like an answer: the sandbox says it in English (tests/sandbox/reply.c, push.c),
// for programs; here it is in Chinese, for whoever looks. What is unknown is shown as it came.

const REASONS = {
    'MsgSignature does not match': '签名 MsgSignature 对不上',
    'Encrypt cannot be opened': 'Encrypt 解不开',
    'a NUL inside the sealed reply': '解密后的回复里有 NUL 字符',
    'Content is empty': 'Content 是空的',
    'Content is longer than 2048 bytes': 'Content 超过 2048 字节',
    'ArticleCount is not the number of articles': 'ArticleCount 和图文条数不一致',
    'news without an article': '图文里一篇也没有',
    'more than 1 article after a message': '回复消息时图文只能有一篇',
    'more than 8 articles': '图文超过 8 篇',
    'the media element is missing or empty': '少了素材元素，或者它是空的',
    'MsgType is none a reply can have': '回复里不能有这种 MsgType',
    'ToUserName is not who wrote': 'ToUserName 不是发消息的人',
    'FromUserName is not the account': 'FromUserName 不是这个公众号',
    'CreateTime is no number': 'CreateTime 不是数字',
    'neither success nor the XML of a reply': '既不是 success，也不是回复的 XML',
    'a plain reply from an account in safe mode': '安全模式的公众号回了明文',
    'what was sealed is not the XML of a reply': '解密出来的不是回复的 XML',
    'not UTF-8': '不是 UTF-8',
    'the answer was lost on its way': '应答在路上丢了',
    'the sandbox stops': '沙盒正在停下',
    'the callback URL is none': '回调地址不是网址',
};

const PATTERNS = [
    [/^status (\d+)$/, (all, status) => `状态码是 ${status}，不是 200`],
    [/^WeChat did not answer in time: .*$/s, () => '等够了时间，没有应答'],
    [/^WeChat could not be reached: (.*)$/s, (all, detail) => `没有得到应答（${detail}）`],
    [/^attempt (\d+) of (\d+)$/, (all, n, of) => `第 ${n} 次，共 ${of} 次`],
];

export function reason(words) {
    if (REASONS[words]) return REASONS[words];
    const found = PATTERNS.find(([pattern]) => pattern.test(words));
    return found ? words.replace(...found) : words;
}

// "attempt 2 of 3: why"
export function note(words) {
    const [, attempt, why] = /^(attempt \d+ of \d+)(?:: ([^]*))?$/.exec(words) ?? [];
    if (!attempt) return reason(words);
    return why ? `${reason(attempt)}：${reason(why)}` : reason(attempt);
}
