// Lighthouse over the page with Debian's chromium: node tools/lighthouse.mjs
//
// Installs Lighthouse from npm into build/web/lighthouse the first time. Prints its scores; what it finds below 1 stands under them.
import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {kChromium, startFake} from '../testing/browser.mjs';

const kVersion = '11.7.1';
const kCategories = ['performance', 'accessibility', 'best-practices'];
const folder = fileURLToPath(new URL('../../build/web/lighthouse', import.meta.url));
const program = path.join(folder, 'node_modules/lighthouse/cli/index.js');
if (!existsSync(program)) {
  mkdirSync(folder, {recursive: true});
  writeFileSync(path.join(folder, 'package.json'), '{"private": true}');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', `lighthouse@${kVersion}`], {
    cwd: folder,
    stdio: 'inherit',
  });
}

const fake = await startFake('--tame');
try {
  const {items} = await (await fetch(`${fake.address}/api/v1/incidents`)).json();
  const incident = items.find((i) => i.title.includes('seatmap')).id;
  for (const [place, preset] of [
    ['/', 'desktop'],
    [`/incidents/${incident}`, 'desktop'],
    [`/incidents/${incident}`, ''],
    ['/settings', 'desktop'],
  ]) {
    const out = path.join(folder, 'report.json');
    execFileSync(
      process.execPath,
      [
        program,
        fake.address + place,
        '--quiet',
        '--output=json',
        `--output-path=${out}`,
        `--only-categories=${kCategories}`,
        '--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage',
        ...(preset ? [`--preset=${preset}`] : []),
      ],
      {stdio: 'inherit', env: {...process.env, CHROME_PATH: kChromium}},
    );
    const {categories, audits} = JSON.parse(readFileSync(out, 'utf8'));
    const scores = kCategories.map((c) => `${c} ${categories[c].score}`).join(', ');
    console.log(`${place.replace(incident, 'ID')} (${preset || 'a phone'}): ${scores}`);
    for (const {id} of kCategories.flatMap((c) => categories[c].auditRefs)) {
      const {score, title, displayValue = '', scoreDisplayMode} = audits[id];
      if (score !== null && score < 1 && scoreDisplayMode === 'binary') console.log(`  ${title} ${displayValue}`);
    }
  }
} finally {
  await fake.stop();
}
