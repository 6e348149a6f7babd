// What a newcomer does: open the page, follow, check in, look at points, read today's course, and
// get the reminder on the phone. One line a step; ends non-zero at the first thing that is wrong,
// saying what was on the screen.
//
//   DAY21_URL       where it runs (http://127.0.0.1:8021)
//   DAY21_BUILD     directory of the program day21, for `nudge` (build/release)
//   DAY21_BIN       the program itself, when it is elsewhere
//   DAY21_CONFIG    its configuration, when not the usual one
//   DAY21_SHOTS     where the pictures go (build/shots)
//   DAY21_CHROMIUM  the browser (/usr/bin/chromium)

import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';

const URL_ = process.env.DAY21_URL ?? 'http://127.0.0.1:8021';
const SHOTS = process.env.DAY21_SHOTS ?? 'build/shots';
const PROGRAM = process.env.DAY21_BIN ?? join(process.env.DAY21_BUILD ?? 'build/release', 'day21');
const CONFIG = process.env.DAY21_CONFIG;
const ACCOUNT = 'demo';
const PATIENCE_MS = 20000; // WeChat gives the bot three times five seconds

const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };

const complaints = []; // what the browser said was wrong, on any page

class Disappointment extends Error {}

function expect(ok, what) {
    if (!ok) throw new Disappointment(what);
}

class Phone {
    constructor(page, name) {
        this.page = page;
        this.name = name;
        page.setDefaultTimeout(PATIENCE_MS);
        page.on('pageerror', (error) => complaints.push(`${name}: ${error.message}`));
        page.on('console', (message) => {
            if (message.type() === 'error') complaints.push(`${name}: ${message.text()}`);
        });
    }

    static async open(browser, name, viewport, options = {}) {
        const context = await browser.newContext({
            viewport, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', ...options,
        });
        const phone = new Phone(await context.newPage(), name);
        await phone.page.goto(`${URL_}/sandbox/`);
        return phone;
    }

    get(testid) {
        return this.page.getByTestId(testid);
    }

    // Everything the account has said: bubbles and cards.
    get answers() {
        return this.page.locator('[data-testid="bubble"][data-side="account"], [data-testid^="card-"]');
    }

    // Does something and gives the first answer that comes of it.
    async answerTo(doing) {
        const before = await this.answers.count();
        await doing();
        const answer = this.answers.nth(before);
        await answer.waitFor();
        return answer;
    }

    async type(text) {
        const input = this.get('input');
        if (!await input.isVisible()) await this.get('toggle').click();
        await input.fill(text);
        await this.get('send').click();
    }

    // Taps the menu's button of that name, opening what it folds under. False when there is none.
    async tapMenu(name) {
        const input = this.get('input');
        if (await input.isVisible()) await this.get('toggle').click();
        await this.get('menu-0').waitFor();
        for (let i = 0; await this.get(`menu-${i}`).count() > 0; i++) {
            const button = this.get(`menu-${i}`);
            const folds = await button.getAttribute('aria-expanded') !== null;
            if (!folds && name.test(await button.innerText())) {
                await button.click();
                return true;
            }
            if (!folds) continue;
            await button.click();
            const below = this.page.locator(`[data-testid^="menu-${i}-"]`).filter({ hasText: name });
            if (await below.count() > 0) {
                await below.first().click();
                return true;
            }
            await button.click();
        }
        return false;
    }

    async shot(step) {
        await this.page.evaluate(() => document.fonts.ready);
        const path = join(SHOTS, `${this.name}-${step}.png`);
        await this.page.screenshot({ path, animations: 'disabled' });
    }

    async screen() {
        const text = await this.page.locator('main').innerText().catch(() => '(nothing)');
        return text.split('\n').filter((line) => line.trim()).slice(-25).join('\n  ');
    }
}

async function people() {
    const response = await fetch(`${URL_}/sandbox/api/state`);
    expect(response.ok, `GET /sandbox/api/state is ${response.status}`);
    const account = (await response.json()).accounts.find((a) => a.name === ACCOUNT);
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
let first; // whose phone it is: {index, openid, other}

const steps = [
    ['opens the page', async () => {
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
        const phone = await Phone.open(browser, 'phone', PHONE, {
            deviceScaleFactor: 2, hasTouch: true, isMobile: true,
        });
        await phone.page.getByRole('button', { name: /^换人/ }).click();
        await phone.get(`account-${ACCOUNT}`).click();
        await phone.get(`person-${first.index}`).click();
        await phone.get('card-template').last().waitFor();
        await phone.shot('1-reminder');
        const wide = await phone.page.evaluate(() => document.documentElement.scrollWidth);
        expect(wide <= PHONE.width, `the page is ${wide} px wide on a phone of ${PHONE.width}`);
        await phone.get('raw').last().click();
        await phone.get('raw-body').locator('pre').first().waitFor();
        await phone.shot('2-raw');
        await phone.page.keyboard.press('Escape');
        const answer = await phone.answerTo(() => phone.type('排行榜'));
        expect(/分/.test(await answer.innerText()), `an odd board: ${await answer.innerText()}`);
        await phone.shot('3-board');
    }],
    ['saw no failure', async () => {
        const failures = desktop.page.locator('[data-kind="failure"]');
        expect(await failures.count() === 0, 'WeChat showed its failure text');
        expect(complaints.length === 0, `the browser complained:\n  ${complaints.join('\n  ')}`);
    }],
];

// Somebody who does not follow yet; in an installation that was played with, somebody who leaves first.
async function choose() {
    const all = await people();
    const index = Math.max(0, all.findIndex((person) => !person.following));
    if (all[index].following) {
        const response = await fetch(`${URL_}/sandbox/api/act`, {
            method: 'POST', headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify({ account: ACCOUNT, openid: all[index].openid, type: 'unfollow' }),
        });
        expect(response.ok, `unfollow is ${response.status}`);
    }
    return { index, openid: all[index].openid, other: index === 0 ? 1 : 0 };
}

// The accounts' days are Shanghai's, and a second check-in of the same day must not become a first.
async function keepAwayFromMidnight() {
    const left = 86400 - (Date.now() / 1000 + 8 * 3600) % 86400;
    if (left < 60) await new Promise((done) => setTimeout(done, (left + 1) * 1000));
}

async function main() {
    await keepAwayFromMidnight();
    await mkdir(SHOTS, { recursive: true });
    const browser = await chromium.launch({
        executablePath: process.env.DAY21_CHROMIUM ?? '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
    });
    let step = 'gets ready';
    try {
        first = await choose();
        desktop = await Phone.open(browser, 'desktop', DESKTOP);
        for (const [name, run] of steps) {
            step = name;
            await run(browser);
            console.log(`ok - ${name}`);
        }
    } catch (error) {
        console.error(`not ok - ${step}: ${error instanceof Disappointment ? error.message : error.stack}`);
        for (const complaint of complaints) console.error(`  browser: ${complaint}`);
        if (desktop) console.error(`  on the screen:\n  ${await desktop.screen()}`);
        await desktop?.shot('failed').catch(() => {});
        process.exitCode = 1;
    } finally {
        await browser.close();
    }
}

await main();
