// One picture a page with all its forms: both languages, light and dark, wide and narrow.
//
//   node tools/sheets.mjs [NAME...]   into docs/images/sheets, as docs/page.md lists them; or those of the pages whose names begin so
import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {startFake, launch} from '../testing/browser.mjs';
import {contextOf, kForms, nameOf, open, pagesOf} from './pages.mjs';

const kWidth = {wide: 900, narrow: 375};
const kQuality = 60;

const names = process.argv.slice(2);
const out = fileURLToPath(new URL('../../docs/images/sheets', import.meta.url));
mkdirSync(out, {recursive: true});
const fake = await startFake('--tame');
const browser = await launch();

/** The pictures of one page in all forms. */
async function picturesOf(contexts, wanted) {
  const pictures = [];
  for (const {form, page} of contexts) {
    await open(page, fake.address, wanted);
    const bytes = await page.screenshot({type: 'png', animations: 'disabled'});
    pictures.push({form, url: `data:image/png;base64,${bytes.toString('base64')}`});
  }
  return pictures;
}

const sheetOf = (pictures) => `<!doctype html><style>
  body { margin: 0; padding: 16px; width: ${2 * kWidth.wide + 16}px; background: #888; display: flex; flex-wrap: wrap; gap: 16px; }
  img { display: block; height: auto }
</style>${pictures.map(({form, url}) => `<img alt="${nameOf(form)}" width="${kWidth[form.width]}" src="${url}">`).join('')}`;

async function writeSheet(page, name, pictures) {
  await page.setContent(sheetOf(pictures));
  const {width, height} = await page.evaluate(() => ({
    width: document.documentElement.scrollWidth,
    height: document.documentElement.scrollHeight,
  }));
  await page.setViewportSize({width, height});
  const session = await page.context().newCDPSession(page);
  const {data} = await session.send('Page.captureScreenshot', {format: 'webp', quality: kQuality});
  writeFileSync(path.join(out, `${name}.webp`), Buffer.from(data, 'base64'));
}

try {
  const sheet = await (await browser.newContext()).newPage();
  const contexts = [];
  for (const form of kForms) {
    contexts.push({form, page: await (await browser.newContext(contextOf(form))).newPage()});
  }
  for (const wanted of await pagesOf(fake.address)) {
    if (names.length && !names.some((n) => wanted[0].startsWith(n))) continue;
    await writeSheet(sheet, wanted[0], await picturesOf(contexts, wanted));
  }
} finally {
  await browser.close();
  fake.stop();
}
