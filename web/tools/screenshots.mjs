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
import {contextOf, kForms, nameOf, open, pagesOf} from './pages.mjs';

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

const browser = await launch();
try {
  const pages = await pagesOf(base);
  for (const form of kForms) {
    const context = await browser.newContext(contextOf(form));
    const page = await context.newPage();
    for (const wanted of pages) {
      const name = `${wanted[0]}-${nameOf(form)}`;
      if (names.length && !names.some((n) => name.startsWith(n))) continue;
      await open(page, base, wanted);
      const whole = !wanted[2] && !docs;
      await page.screenshot({path: path.join(out, `${name}.png`), fullPage: whole, animations: 'disabled'});
    }
    await context.close();
  }
} finally {
  await browser.close();
  fake?.stop();
}
