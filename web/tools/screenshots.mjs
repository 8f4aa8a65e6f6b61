// Takes pictures of the page with Debian's chromium.
//
//   node tools/screenshots.mjs OUTPUT [ADDRESS|-] [NAME...]   every page in every form, or those whose names begin so
//   node tools/screenshots.mjs --docs                         the pictures of docs/page.md
//
// Without an address, the fake server of testing/ serves recorded reports.
import {mkdirSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {startFake, launch} from '../testing/browser.mjs';

const kDocs = [
  'incidents-wide-light-en',
  'investigation-wide-light-en',
  'investigation-wide-dark-ja',
  'investigation-narrow-light-ja',
  'ledger-wide-dark-ja',
  'evidence-wide-light-en',
  'topology-wide-light-en',
  'accuracy-wide-dark-ja',
  'knowledge-wide-light-en',
  'sources-wide-light-en',
  'settings-narrow-light-ja',
  'people-wide-light-en',
  'tokens-wide-dark-ja',
  'account-narrow-dark-en',
  'incidents-narrow-dark-en',
];
const docs = process.argv[2] === '--docs';
const [out, given, ...names] = docs
  ? [fileURLToPath(new URL('../../docs/images', import.meta.url)), '-', ...kDocs]
  : process.argv.slice(2);
mkdirSync(out, {recursive: true});
const fake = given && given !== '-' ? undefined : await startFake(...(docs ? ['--tame'] : []));
const base = fake?.address ?? given;
const incidents = (await (await fetch(`${base}/api/v1/incidents`)).json()).items;
const incidentOf = (part) => incidents.find((i) => i.title.includes(part))?.id ?? incidents[0]?.id;

const kPages = [
  ['incidents', '/'],
  ['investigation', `/incidents/${incidentOf('seatmap')}`],
  ['investigation-pool', `/incidents/${incidentOf('storefront')}`],
  [
    'evidence',
    `/incidents/${incidentOf('seatmap')}`,
    async (page) => {
      await page.locator('.answer .cite').first().click();
      await page.waitForSelector('.drawer');
    },
  ],
  [
    'ledger',
    `/incidents/${incidentOf('seatmap')}`,
    async (page) => {
      await page.locator('.hypothesis summary').first().click();
      await page.locator('#hypotheses').scrollIntoViewIfNeeded();
    },
  ],
  ['unclear', `/incidents/${incidentOf('near its limit')}`],
  ['alarms', '/alarms'],
  ['topology', '/topology'],
  ['accuracy', '/accuracy'],
  ['knowledge', '/knowledge'],
  ['mode', '/knowledge/oom-kill'],
  ['sources', '/sources'],
  ['settings', '/settings'],
  ['people', '/settings/people'],
  [
    'roles',
    '/settings/people',
    async (page) => {
      await page.locator('.person', {hasText: 'kenji'}).locator('button').first().click();
      await page.waitForSelector('dialog');
    },
  ],
  [
    'person-added',
    '/settings/people',
    async (page) => {
      await page.locator('#people .primary').click();
      await page.waitForSelector('dialog');
    },
  ],
  ['tokens', '/settings/tokens'],
  [
    'token-created',
    '/settings/tokens',
    async (page) => {
      await page.locator('#tokens .primary').click();
      await page.locator('dialog input').first().fill('nightly-export');
      await page.locator('dialog input[type=checkbox]').nth(1).check();
      await page.locator('dialog .primary').click();
      await page.waitForSelector('dialog .secret');
    },
  ],
  // The last, since from here on somebody is signed in.
  [
    'account',
    '/settings/account',
    async (page) => {
      await page.request.post(`${base}/api/v1/session`, {data: {user: 'ada', password: 'open sesame!'}});
      await page.reload();
      await page.waitForSelector('#sessions .person');
    },
  ],
];
const kForms = [
  ['wide-light-en', {width: 1440, height: 900}, 'light', 'en'],
  ['wide-dark-ja', {width: 1440, height: 900}, 'dark', 'ja'],
  ['narrow-light-ja', {width: 375, height: 760}, 'light', 'ja'],
  ['narrow-dark-en', {width: 360, height: 760}, 'dark', 'en'],
];

const browser = await launch();
try {
  for (const [form, viewport, colorScheme, language] of kForms) {
    const context = await browser.newContext({
      viewport,
      colorScheme,
      locale: language === 'ja' ? 'ja-JP' : 'en-GB',
      timezoneId: 'Asia/Tokyo',
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    for (const [name, address, act] of kPages) {
      if (names.length && !names.some((n) => `${name}-${form}`.startsWith(n))) continue;
      await page.goto(base + address);
      await page.waitForSelector('h1');
      await page.waitForTimeout(350);
      if (act) await act(page);
      await page.screenshot({
        path: path.join(out, `${name}-${form}.png`),
        fullPage: !act && !docs,
        animations: 'disabled',
      });
    }
    await context.close();
  }
} finally {
  await browser.close();
  fake?.stop();
}
