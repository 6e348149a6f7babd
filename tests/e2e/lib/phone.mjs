// The sandbox's page in the installed Chromium: a phone to tap on, and the steps of a test. The first
// thing that is wrong ends it, saying what was on the screen.
//
//   DAY21_URL       where it runs (http://127.0.0.1:8021)
//   DAY21_SHOTS     where the pictures go (build/shots)
//   DAY21_CHROMIUM  the browser (/usr/bin/chromium)

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

export const url = process.env.DAY21_URL ?? 'http://127.0.0.1:8021';
const SHOTS = process.env.DAY21_SHOTS ?? 'build/shots';
const PATIENCE_MS = 20000; // WeChat gives the bot three times five seconds

export const DESKTOP = { viewport: { width: 1280, height: 900 } };
export const PHONE = {
    viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true,
};

export const complaints = []; // what the browser said was wrong, on any page

export class Disappointment extends Error {}

export function expect(ok, what) {
    if (!ok) throw new Disappointment(what);
}

export class Phone {
    constructor(page, name) {
        this.page = page;
        this.name = name;
        page.setDefaultTimeout(PATIENCE_MS);
        page.on('pageerror', (error) => complaints.push(`${name}: ${error.message}`));
        page.on('console', (message) => {
            if (message.type() === 'error') complaints.push(`${name}: ${message.text()}`);
        });
    }

    // `hash` names whose phone it is: #account/openid; `prepare(phone)` runs before the page is loaded.
    static async open(browser, name, device, hash = '', prepare = async () => {}) {
        const context = await browser.newContext({ locale: 'zh-CN', timezoneId: 'Asia/Shanghai', ...device });
        const phone = new Phone(await context.newPage(), name);
        await prepare(phone);
        await phone.page.goto(`${url}/sandbox/${hash}`);
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

// The page's API, as anyone may call it.
export async function api(path, body) {
    const response = await fetch(`${url}/sandbox/api/${path}`, body && {
        method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
    });
    expect(response.ok, `${path} is ${response.status}: ${await response.clone().text()}`);
    return response.json();
}

// steps: [name, async (browser) => …]; screen(): the phone that is looked at when one fails
export async function walk(steps, screen) {
    await mkdir(SHOTS, { recursive: true });
    const browser = await chromium.launch({
        executablePath: process.env.DAY21_CHROMIUM ?? '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
    });
    let step = 'gets ready';
    try {
        for (const [name, run] of steps) {
            step = name;
            await run(browser);
            console.log(`ok - ${name}`);
        }
    } catch (error) {
        console.error(`not ok - ${step}: ${error instanceof Disappointment ? error.message : error.stack}`);
        for (const complaint of complaints) console.error(`  browser: ${complaint}`);
        const phone = screen();
        if (phone) console.error(`  on the screen:\n  ${await phone.screen()}`);
        await phone?.shot('failed').catch(() => {});
        process.exitCode = 1;
    } finally {
        await browser.close();
    }
}
