// Measures the page in Debian's chromium, against the recorded reports of testing/: node tools/measure.mjs
//
// Prints one line for each figure of docs/page.md. What it measures is how this machine is at this moment: run it alone.
import {gzipSync} from 'node:zlib';
import {startFake, launch} from '../testing/browser.mjs';

const kRounds = 5;
const kPace = 10;
const kEntries = 200;

const sorted = (list) => [...list].sort((a, b) => a - b);
const at = (list, share) => sorted(list)[Math.min(list.length - 1, Math.floor(list.length * share))];
const ms = (value) => `${Math.round(value)} ms`;
const say = (what, value) => console.log(`${what.padEnd(58)} ${value}`);

const [browser, fake] = await Promise.all([
  launch(),
  startFake('--tame', '--pace', String(kPace), '--entries', String(kEntries)),
]);
const {items: incidents} = await (await fetch(`${fake.address}/api/v1/incidents`)).json();
const incident = `${fake.address}/incidents/${incidents.find((i) => i.title.includes('seatmap')).id}`;

async function fresh() {
  const context = await browser.newContext({viewport: {width: 1440, height: 900}, locale: 'en-GB'});
  return {context, page: await context.newPage()};
}

/** The distances between frames, for so many seconds while something is done. */
async function framesWhile(page, seconds, act) {
  const frames = page.evaluate(
    (length) =>
      new Promise((resolve) => {
        const all = [];
        const start = performance.now();
        let last = start;
        const tick = (now) => {
          all.push(now - last);
          last = now;
          if (now - start > length * 1000) resolve(all.slice(1));
          else requestAnimationFrame(tick);
        };
        requestAnimationFrame(tick);
      }),
    seconds,
  );
  await act();
  return frames;
}
const told = (frames) => `p50 ${ms(at(frames, 0.5))}, p95 ${ms(at(frames, 0.95))}, longest ${ms(Math.max(...frames))}`;

async function firstLoad() {
  const ready = [];
  const shown = [];
  const bodies = [];
  for (let round = 0; round < kRounds; ++round) {
    const {context, page} = await fresh();
    if (round === 0)
      page.on('response', (response) => {
        if (!response.url().includes('/api/')) bodies.push(response.body().then((body) => gzipSync(body).length));
      });
    await page.addInitScript(() => {
      const look = () =>
        document.querySelector('.answer .gauge') ? (window.shownAt = performance.now()) : requestAnimationFrame(look);
      requestAnimationFrame(look);
    });
    await page.goto(incident);
    await page.waitForFunction(() => window.shownAt);
    // Interactive: a click on a record is answered.
    await page.locator('.answer .cite').first().click();
    await page.waitForSelector('.drawer');
    ready.push(await page.evaluate(() => performance.now()));
    shown.push(await page.evaluate(() => window.shownAt));
    await Promise.all(bodies);
    await context.close();
  }
  const bytes = (await Promise.all(bodies)).reduce((sum, one) => sum + one, 0);
  say('first load, compressed', `${(bytes / 1024).toFixed(0)} KB`);
  say(
    'an incident opened: its answer is on the screen',
    `p50 ${ms(at(shown, 0.5))}, longest ${ms(Math.max(...shown))}`,
  );
  say('… and a click on a record was answered', `p50 ${ms(at(ready, 0.5))}, longest ${ms(Math.max(...ready))}`);
}

async function stream() {
  const {context, page} = await fresh();
  await page.goto(fake.address);
  await page.locator('.row').first().waitFor();
  const started = await (
    await fetch(`${fake.address}/api/v1/sandbox`, {method: 'POST', body: JSON.stringify({world: 'misleading-alarm'})})
  ).json();
  await page.goto(`${fake.address}/incidents/${started.id}`);
  await page.waitForSelector('.journal .live-tag');
  await page.evaluate(() => {
    window.delays = [];
    new MutationObserver((changes) => {
      for (const change of changes)
        for (const node of change.addedNodes) {
          const time = node.querySelector?.('.entry-time time')?.dateTime;
          if (time) requestAnimationFrame(() => window.delays.push(Date.now() - Date.parse(time)));
        }
    }).observe(document.querySelector('.entries'), {childList: true});
  });
  const frames = await framesWhile(page, 2, async () => undefined);
  await page.locator('.state.root_cause').waitFor();
  const delays = await page.evaluate(() => window.delays);
  say(
    `an entry of the journal, from the server to the screen`,
    `p50 ${ms(at(delays, 0.5))}, p95 ${ms(at(delays, 0.95))}`,
  );
  say(`frames while ${kEntries} entries stream, ${1000 / kPace} a second`, told(frames));
  await context.close();
}

async function scrolled(page, selector, step) {
  return framesWhile(page, 2, () =>
    page.evaluate(
      async ([where, by]) => {
        const element = document.querySelector(where);
        for (let i = 0; i < 60; ++i) {
          element.scrollTop += by;
          await new Promise((resolve) => requestAnimationFrame(resolve));
        }
      },
      [selector, step],
    ),
  );
}

async function longRecord() {
  const {context, page} = await fresh();
  const line = (i) => `2026-01-05T02:06:${String(i % 60).padStart(2, '0')}Z ERROR request ${i} timed out after 2000 ms`;
  const lines = Array.from({length: 100_000}, (_, i) => line(i)).join('\n');
  await page.route('**/report?*', async (route) => {
    const report = await (await route.fetch()).json();
    report.evidence[0].excerpt = lines;
    report.evidence[0].locator = {...report.evidence[0].locator, kind: 'lines'};
    await route.fulfill({json: report});
  });
  const report = await (
    await fetch(
      `${fake.address}/api/v1/investigations/${incidents.find((i) => i.title.includes('seatmap')).investigation.id}/report?format=json&language=en`,
    )
  ).json();
  const before = Date.now();
  await page.goto(`${incident}?evidence=${report.evidence[0].id}`);
  await page.waitForSelector('.drawer .record-text');
  say('a record of 100,000 lines: opened', ms(Date.now() - before));
  say('… frames while it is scrolled', told(await scrolled(page, '.drawer-body', 3000)));
  await context.close();
}

async function largeMap() {
  const {context, page} = await fresh();
  const entities = Array.from({length: 2000}, (_, i) => ({
    id: `svc-${i}`,
    name: `service ${i}`,
    type: 'AWS::ECS::Service',
  }));
  const relations = entities.slice(1).map((e, i) => ({from: entities[Math.floor(i / 3)].id, to: e.id, type: 'calls'}));
  await page.route('**/api/v1/spaces/*/topology*', (route) => route.fulfill({json: {entities, relations}}));
  const before = Date.now();
  await page.goto(`${fake.address}/topology`);
  await page.waitForSelector('.node');
  say('a map of 2,000 entities: opened', ms(Date.now() - before));
  say('… frames while its list is scrolled', told(await scrolled(page, '.entity-list', 400)));
  const chosen = await framesWhile(page, 2, async () => {
    for (const name of ['service 7', 'service 1500', 'service 40']) {
      await page.getByLabel('Search entities').fill(name);
      await page.getByRole('button', {name, exact: false}).first().click();
    }
  });
  say('… frames while entities are searched and chosen', told(chosen));
  await context.close();
}

try {
  await firstLoad();
  await stream();
  await longRecord();
  await largeMap();
} finally {
  await browser.close();
  await fake.stop();
}
