// What a newcomer does: open the page, follow, check in, look at points, bind, look at the boards, read
// today's course, and get the reminder on the phone. One line a step; ends non-zero at the first thing that is wrong,
// saying what was on the screen.
//
// Beside what lib/phone.mjs reads:
//   DAY21_BUILD     directory of the program day21, for `nudge` (build/release)
//   DAY21_BIN       the program itself, when it is elsewhere
//   DAY21_CONFIG    its configuration, when not the usual one

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { api, complaints, DESKTOP, Disappointment, expect, PHONE, Phone, walk } from './lib/phone.mjs';

const PROGRAM = process.env.DAY21_BIN ?? join(process.env.DAY21_BUILD ?? 'build/release', 'day21');
const CONFIG = process.env.DAY21_CONFIG;
const ACCOUNT = 'demo';

async function people() {
    const account = (await api('state')).accounts.find((a) => a.name === ACCOUNT);
    expect(account?.people.length >= 2, `the sandbox has no account ${ACCOUNT} with two people`);
    return account.people;
}

async function remind(openid) {
    const options = CONFIG ? ['-c', CONFIG] : [];
    try {
        await promisify(execFile)(PROGRAM, ['nudge', ...options, '--now', ACCOUNT, openid]);
    } catch (error) {
        throw new Disappointment(`day21 nudge failed: ${error.stderr || error.message}`);
    }
}

let desktop;
let name; // as the roster calls them
let first; // whose phone it is: {index, openid, other}

const steps = [
    ['opens the page', async (browser) => {
        first = await choose();
        desktop = await Phone.open(browser, 'desktop', DESKTOP);
        await desktop.get(`account-${ACCOUNT}`).click();
        await desktop.get(`person-${first.index}`).click();
        await desktop.get('follow').waitFor();
        await desktop.shot('1-before');
    }],
    ['follows and is welcomed', async () => {
        const welcome = await desktop.answerTo(() => desktop.get('follow').click());
        const text = await welcome.innerText();
        expect(/签到|积分/.test(text), `the welcome leads nowhere: ${text}`);
        await desktop.shot('2-welcome');
    }],
    ['checks in from the menu', async () => {
        const answer = await desktop.answerTo(async () => {
            if (!await desktop.tapMenu(/签到/)) await desktop.type('签到');
        });
        const text = await answer.innerText();
        expect(/\+\s*\d+/.test(text), `no points for the check-in: ${text}`);
        await desktop.shot('3-checked-in');
    }],
    ['checks in again and gets nothing twice', async () => {
        const answer = await desktop.answerTo(() => desktop.type('签 到！'));
        const text = await answer.innerText();
        expect(/天/.test(text) && /分/.test(text), `not the answer to a check-in: ${text}`);
        expect(!/\+\s*\d+/.test(text), `points for a second check-in: ${text}`);
    }],
    ['reads the points by a typed word', async () => {
        const answer = await desktop.answerTo(() => desktop.type('我的积分'));
        const text = await answer.innerText();
        const points = Number(/(\d+)\s*分/.exec(text)?.[1] ?? 0);
        expect(points > 0, `no points to be seen: ${text}`);
        await desktop.shot('4-points');
    }],
    ['binds an employee number and stands on the board by name', async () => {
        name = await bind();
        const board = await desktop.answerTo(() => desktop.type('排行榜'));
        const text = await board.innerText();
        expect(text.includes(`${name}（你）`), `${name} is not on the board: ${text}`);
        await desktop.shot('10-board');
    }],
    ['goes on to the board of departments by a tap', async () => {
        const board = await desktop.answerTo(() => desktop.answers.last()
            .locator('button.text-link', { hasText: '部门周榜' }).click());
        const text = await board.innerText();
        expect(/部门周榜[^]*你们部门/.test(text), `not the board of departments: ${text}`);
        await desktop.shot('11-departments');
    }],
    ['gets help for a word nobody knows', async () => {
        const answer = await desktop.answerTo(() => desktop.type('呱呱'));
        const links = answer.locator('button.text-link');
        expect(await links.count() > 0, `no suggestion to tap: ${await answer.innerText()}`);
    }],
    ["sees today's course and opens its page", async () => {
        const card = await desktop.answerTo(() => desktop.type('今日课程'));
        expect(await card.getAttribute('data-testid') === 'card-news', `no card: ${await card.innerText()}`);
        const cover = card.locator('img');
        await cover.waitFor();
        await cover.evaluate((image) => image.decode());
        await desktop.shot('5-course');
        await card.getByRole('button').first().click();
        const title = desktop.page.frameLocator('[data-testid="page"] iframe').locator('h1');
        await title.waitFor();
        expect((await title.innerText()).trim() !== '', 'the page of the course has no title');
        await desktop.shot('6-course-page');
        await desktop.get('page-close').click();
    }],
    ['looks at the wire of an answer', async () => {
        await desktop.get('raw').last().click();
        const opened = desktop.get('raw-request-plain').first();
        await opened.waitFor();
        expect((await opened.innerText()).includes('<FromUserName>'), 'the request is not opened');
        const sealed = await desktop.get('raw-request').first().innerText();
        expect(sealed.includes('<Encrypt>'), `the request was not sealed: ${sealed}`);
        await desktop.shot('7-raw');
    }],
    ['is reminded while somebody else holds the phone', async () => {
        await desktop.get(`person-${first.other}`).click();
        await remind(first.openid);
        await desktop.get('banner').waitFor();
        await desktop.shot('8-banner');
        await desktop.get('banner').getByRole('button').first().click();
        const card = desktop.get('card-template').last();
        await card.waitFor();
        expect(/签到|打卡/.test(await card.innerText()), `an odd reminder: ${await card.innerText()}`);
        await card.scrollIntoViewIfNeeded();
        await desktop.shot('9-reminder');
    }],
    ['finds all of it on a phone', async (browser) => {
        const phone = await Phone.open(browser, 'phone', PHONE);
        await phone.page.getByRole('button', { name: /^换人/ }).click();
        await phone.get(`account-${ACCOUNT}`).click();
        await phone.get(`person-${first.index}`).click();
        await phone.get('card-template').last().waitFor();
        await phone.shot('1-reminder');
        const wide = await phone.page.evaluate(() => document.documentElement.scrollWidth);
        const { width } = PHONE.viewport;
        expect(wide <= width, `the page is ${wide} px wide on a phone of ${width}`);
        await phone.get('raw').last().click();
        await phone.get('raw-body').locator('pre').first().waitFor();
        await phone.shot('2-raw');
        await phone.page.keyboard.press('Escape');
        const answer = await phone.answerTo(() => phone.type('排行榜'));
        expect((await answer.innerText()).includes(`${name}（你）`), `an odd board: ${await answer.innerText()}`);
        await phone.shot('3-board');
    }],
    ['saw no failure', async () => {
        const failures = desktop.page.locator('[data-kind="failure"]');
        expect(await failures.count() === 0, 'WeChat showed its failure text');
        expect(complaints.length === 0, `the browser complained:\n  ${complaints.join('\n  ')}`);
    }],
];

// Becomes one of the starter pack's employees who is nobody else's yet; says how they are called.
async function bind() {
    const roster = (await readFile('templates/starter/roster.csv', 'utf8')).trim().split('\n').slice(1);
    for (const [number, called] of roster.map((line) => line.split(','))) {
        const text = await (await desktop.answerTo(() => desktop.type(`绑定 ${number} 1234`))).innerText();
        if (text.includes(called)) return called;
        const already = /(?:绑定好了，|认得你，)([^，。]+)/.exec(text)?.[1];
        if (already) return already;
        expect(/另一个微信/.test(text), `${number} cannot be bound: ${text}`);
    }
    throw new Disappointment('no employee is left to bind');
}

// Somebody who does not follow yet; in an installation that was played with, somebody who leaves first.
async function choose() {
    const all = await people();
    const index = Math.max(0, all.findIndex((person) => !person.following));
    if (all[index].following) await api('act', { account: ACCOUNT, openid: all[index].openid, type: 'unfollow' });
    return { index, openid: all[index].openid, other: index === 0 ? 1 : 0 };
}

// The accounts' days are Shanghai's, and a second check-in of the same day must not become a first.
async function keepAwayFromMidnight() {
    const left = 86400 - (Date.now() / 1000 + 8 * 3600) % 86400;
    if (left < 60) await new Promise((done) => setTimeout(done, (left + 1) * 1000));
}

await keepAwayFromMidnight();
await walk(steps, () => desktop);
