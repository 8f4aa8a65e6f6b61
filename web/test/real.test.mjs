// The page of the program itself: 'midwatch serve --sandbox', from alarm to cause by the page alone.
import {strict as assert} from 'node:assert';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {after, before, test} from 'node:test';
import {launch, startAccount, startServer} from '../testing/browser.mjs';

const kBinary = process.env.MIDWATCH_BINARY ?? fileURLToPath(new URL('../../build/release/midwatch', import.meta.url));
/** Worlds of the sandbox, and what the answer must say: the eight incidents of docs/aws-incidents.md, and some more. */
const kIncidents = [
  ['lambda-null-body', /null|undefined/i],
  ['lambda-memory', /memory/i],
  ['lambda-unknown-host', /resolve|host/i],
  ['lambda-timeout', /time/i],
  ['ecs-memory-leak', /memory/i],
  ['ecs-cpu-startup', /CPU/],
  ['ecs-panic', /panic/i],
  ['ecs-credential-missing', /credential/i],
  ['ecs-image-pull', /image/i],
  ['ecs-secret-refused', /secret/i],
  ['database-lock-wait', /lock/i],
  ['rds-storage-full', /storage|space/i],
  ['misleading-alarm', /CPU/],
];

let browser;
let server;
let worlds;
const folder = mkdtempSync(path.join(tmpdir(), 'midwatch-page-'));
const start = (listen) =>
  startServer(kBinary, ['serve', '--sandbox', '--listen', listen, '--store', path.join(folder, 'page.db')]);
before(async () => {
  [browser, server] = await Promise.all([launch(), start('127.0.0.1:0')]);
  worlds = (await (await fetch(`${server.address}/api/v1/server`)).json()).worlds;
});
after(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, {recursive: true, force: true});
});

async function visit(address, base = server.address) {
  const context = await browser.newContext({
    viewport: {width: 1440, height: 900},
    locale: 'en-GB',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const faults = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => /Content Security Policy/.test(message.text()) && faults.push(message.text()));
  await page.goto(base + address);
  return {
    page,
    async done() {
      assert.deepEqual(faults, []);
      await context.close();
    },
  };
}

/** Breaks something by the page, and goes where it is explained. */
async function breakSomething(page, name) {
  const {title} = worlds.find((w) => w.name === name);
  await page.goto(server.address);
  await page.getByRole('button', {name: 'Break something'}).first().click();
  await page.locator('.worlds').getByRole('button', {name: title}).click();
  await page.waitForSelector('.journal');
}

test('the causes of incidents are found and shown', async () => {
  const {page, done} = await visit('/');
  for (const [world, words] of kIncidents) {
    await breakSomething(page, world);
    await page.locator('.state.root_cause').waitFor();
    await page.waitForSelector('.answer .gauge');
    // The best answer so far is shown before the last one is.
    await page.locator('.answer .cause-title', {hasText: words}).first().waitFor({timeout: 60_000});
    await page.locator('.answer .cite').first().click();
    await page.waitForSelector('.drawer .record-text, .drawer .points, .drawer .absent');
  }
  await page.goto(server.address);
  await page.waitForFunction((n) => document.querySelectorAll('.row').length >= n, kIncidents.length);
  await done();
});

test('two people see the same investigation', async () => {
  const one = await visit('/');
  await breakSomething(one.page, 'database-lock-wait');
  await one.page.waitForSelector('.answer .gauge');
  const two = await visit(new URL(one.page.url()).pathname);
  await two.page.waitForSelector('.answer .gauge');
  await two.page.keyboard.press('s');
  await two.page.keyboard.insertText('hello from the second');
  await two.page.keyboard.press('Enter');
  await two.page.locator('.entry', {hasText: 'hello from the second'}).waitFor();
  // Its own stream has ended; what the other does is seen all the same: a note, and that it goes on.
  await one.page.locator('.entry', {hasText: 'hello from the second'}).waitFor();
  await two.page.getByRole('button', {name: 'Rule this out', exact: true}).first().click();
  await one.page.locator('.entry.of-reply', {hasText: 'now it is'}).waitFor();
  await one.page.locator('.hypothesis.refuted').getByText('ruled out by').first().waitFor();
  await two.page.getByRole('button', {name: 'Resolve'}).click();
  await one.page.getByRole('button', {name: 'Reopen'}).waitFor();
  await one.done();
  await two.done();
});

/** The cause that the answer names. */
const causeOf = (page) => page.locator('.answer .cause-title').first();

test('ruling out the cause that leads changes the verdict', async () => {
  const {page, done} = await visit('/');
  await breakSomething(page, 'lambda-timeout');
  await page.locator('.state.root_cause').waitFor();
  const before = await causeOf(page).textContent();
  const card = page.locator('.hypothesis', {hasText: before}).first();
  await card.getByRole('button', {name: 'Rule this out'}).click();
  await page.locator('.entry.of-message', {hasText: before}).waitFor();
  await page.locator('.entry.of-reply', {hasText: `The leading cause was “${before}”`}).waitFor();
  await page.locator('.remark-answer', {hasText: 'now it is'}).waitFor();
  await page.locator('.state.root_cause').waitFor();
  await page.waitForFunction((was) => document.querySelector('.answer .cause-title')?.textContent !== was, before);
  // What was ruled out stays on the board, with who said so.
  const excluded = page.locator('.hypothesis.refuted', {hasText: before});
  await excluded.getByText('ruled out by').waitFor();
  await page.locator('#ruled-out li', {hasText: before}).first().waitFor();

  // By words, and by a sentence that only looks like one.
  const after = await causeOf(page).textContent();
  await page.keyboard.press('s');
  await page.keyboard.insertText('is it not the network?');
  await page.keyboard.press('Enter');
  await page.locator('.remark-answer.unclear').waitFor();
  await page.getByRole('button', {name: 'Other causes?'}).click();
  await page.locator('.remark-answer', {hasText: 'The next ones:'}).waitFor();
  assert.equal(await causeOf(page).textContent(), after);

  // What was ruled out is put back, and leads again.
  await excluded.getByRole('button', {name: 'Put back'}).click();
  await page.locator('.remark-answer', {hasText: 'now it is'}).waitFor();
  await page.waitForFunction((was) => document.querySelector('.answer .cause-title')?.textContent === was, before);
  assert.equal(await page.locator('.hypothesis.refuted', {hasText: 'ruled out by'}).count(), 0);
  await done();
});

test('an investigation is steered in Japanese', async () => {
  const {page, done} = await visit('/');
  await breakSomething(page, 'rds-bad-query');
  await page.locator('.state.root_cause').waitFor();
  await page.evaluate(() => localStorage.setItem('midwatch.language', 'ja'));
  await page.reload();
  await causeOf(page).waitFor();
  await page.getByRole('button', {name: '原因から除外', exact: true}).first().click();
  await page.locator('.entry.of-reply', {hasText: 'に変わりました'}).waitFor();
  await page.locator('.remark-answer', {hasText: 'に変わりました'}).waitFor();
  await page.evaluate(() => localStorage.setItem('midwatch.language', 'en'));
  await done();
});

test('a report is taken away in each form', async () => {
  const {page, done} = await visit('/');
  await page.locator('.row').first().click();
  await page.waitForSelector('.answer .gauge');
  for (const [name, ending] of [
    ['HTML', '.html'],
    ['Markdown', '.md'],
    ['JSON', '.json'],
    ['Recording', '.tar.gz'],
  ]) {
    await page.getByRole('button', {name: 'Export'}).first().click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('.menu-list').getByRole('button', {name}).click(),
    ]);
    assert.ok(download.suggestedFilename().endsWith(ending), download.suggestedFilename());
  }
  await done();
});

test('the list is narrowed as the program understands it', async () => {
  const {page, done} = await visit('/?status=all');
  await page.locator('.row').first().waitFor();
  const {items} = await (await fetch(`${server.address}/api/v1/incidents?limit=500`)).json();
  const {mode, entity} = items.find((i) => i.investigation?.mode).investigation;
  const shown = (count) => page.waitForFunction((n) => document.querySelectorAll('.row').length === n, count);
  const panel = page.getByRole('group', {name: 'Filter'});
  await page.keyboard.press('f');
  assert.equal(await panel.getByLabel('Space').count(), 0, 'there is one space only');
  await panel.getByLabel('Failure mode').fill(mode);
  await shown(items.filter((i) => i.investigation?.mode === mode).length);
  await panel.getByRole('button', {name: 'last hour'}).click();
  await page.waitForURL(/from=/);
  await shown(items.filter((i) => i.investigation?.mode === mode).length);
  await panel.getByLabel('Until').fill('2020-01-01T00:00');
  // Its words where nothing can fit.
  await page.getByRole('alert').waitFor();
  await page.locator('.chip', {hasText: 'From:'}).click();
  await page.getByText('No incident fits these filters.').waitFor();
  await page.getByRole('button', {name: 'Clear all'}).click();
  await shown(items.length);
  await panel.getByLabel('Entity').fill(entity.toUpperCase());
  await page.waitForURL(/entity=/);
  assert.equal(await page.getByRole('alert').count(), 0, 'the program takes each of them');
  await page.goto(`${server.address}/alarms?state=firing&mode=${mode}&from=2026-01-01T00:00:00.000Z`);
  await page.getByRole('button', {name: 'Clear all'}).waitFor();
  await page.locator('.alarms, .empty').waitFor();
  await done();
});

test('what the program knows and may read is shown', async () => {
  const {page, done} = await visit('/knowledge');
  await page.waitForSelector('.modes li');
  assert.ok((await page.locator('.modes li').count()) > 100);
  await page.locator('.modes a').first().click();
  await page.waitForSelector('.signs tbody tr');
  await page.goto(`${server.address}/accuracy`);
  await page.getByRole('heading', {level: 1}).waitFor();
  await done();
});

test('a server that was ended and came back is found again, with all it knew', async () => {
  const {page, done} = await visit('/');
  const rows = page.locator('.row');
  await rows.first().waitFor();
  const before = await rows.count();
  const {host} = new URL(server.address);
  await server.stop();
  await page.waitForSelector('.connection');
  server = await start(host);
  await page.waitForSelector('.connection', {state: 'detached'});
  assert.equal(await rows.count(), before);
  await rows.first().click();
  await page.waitForSelector('.answer .gauge');
  await done();
});

test('a server that is started again in the middle of an investigation ends it, and the page keeps its place', async () => {
  const account = await startAccount(kBinary, '--world', 'lambda-timeout', '--latency', '350ms');
  const config = path.join(folder, 'midwatch.yaml');
  writeFileSync(config, 'format: midwatch.serve/v1\nstore: restarted.db\nspaces: [{name: shop}]\n');
  const begin = (listen) =>
    startServer(kBinary, ['serve', '--config', config, '--listen', listen], account.environment);
  let own = await begin('127.0.0.1:0');
  try {
    const {page, done} = await visit('/', own.address);
    await page.locator('.page-head').getByRole('button', {name: 'Investigate'}).click();
    await page.getByRole('button', {name: 'Start the investigation'}).click();
    await page.locator('.entry.of-finding').first().waitFor();
    const address = page.url();
    await page.evaluate(() => (window.kept = true));
    await page.locator('.remark textarea').fill('half a sentence');
    const entries = page.locator('.entry');
    const told = await entries.count();
    await own.stop();
    await page.waitForSelector('.connection');
    await page.locator('.live-tag.lost').waitFor();
    assert.ok((await entries.count()) >= told, 'what is known stays in sight');
    own = await begin(new URL(own.address).host);
    await page.waitForSelector('.connection', {state: 'detached'});
    await page.locator('.entry', {hasText: 'taken up again where it was left'}).waitFor();
    await page.locator('.state.root_cause').waitFor();
    await page.locator('.answer .cause-title', {hasText: /time/i}).first().waitFor();
    assert.equal(await page.locator('.entry', {hasText: 'the investigation begins'}).count(), 1);
    assert.equal(page.url(), address);
    assert.equal(await page.evaluate(() => window.kept), true, 'the page was not loaded again');
    assert.equal(await page.locator('.remark textarea').inputValue(), 'half a sentence');
    await done();
  } finally {
    await own.stop();
    await account.stop();
  }
});

/** A server that decides about alarms by itself: it polls its account, and two webhooks bring it more. */
async function startWatch(account, name) {
  const config = path.join(folder, `${name}.yaml`);
  writeFileSync(
    config,
    `format: midwatch.serve/v1
store: ${name}.db
spaces:
  - name: shop
    polling: {every: 10s}
    skip: [{at_most: low, reason: 朝に確認する}]
webhooks:
  - {name: events, dialect: cloudwatch-eventbridge, space: shop, secrets: [{env: ALARMS_TOKEN}]}
  - {name: alerts, dialect: alertmanager, space: shop, secrets: [{env: ALARMS_TOKEN}]}
`,
  );
  const environment = {...account.environment, ALARMS_TOKEN: 'of-the-senders'};
  const own = await startServer(kBinary, ['serve', '--config', config, '--listen', '127.0.0.1:0'], environment);
  const ask = async (what) => (await fetch(`${own.address}/api/v1/${what}`)).json();
  return {
    ...own,
    ask,
    alarmThatSays: async (summary) => (await ask('alarms')).items.find((a) => a.summary === summary),
    async tell(webhook, message) {
      const answer = await fetch(`${own.address}/webhooks/${webhook}`, {
        method: 'POST',
        headers: {Authorization: 'Bearer of-the-senders', 'Content-Type': 'application/json'},
        body: JSON.stringify(message),
      });
      assert.equal(answer.status, 202);
    },
  };
}

/** The alarm of another rule over the same metric, as EventBridge tells it. */
const likeOf = ({name, account, region, since, labels: {namespace, ...dimensions}}, metric, reason) => ({
  version: '0',
  id: 'one-more',
  'detail-type': 'CloudWatch Alarm State Change',
  source: 'aws.cloudwatch',
  account,
  region,
  time: since,
  resources: [`arn:aws:cloudwatch:${region}:${account}:alarm:${name}-of-another-rule`],
  detail: {
    alarmName: name,
    configuration: {metrics: [{id: 'm', metricStat: {metric: {namespace, name: metric, dimensions}, stat: 'Sum'}}]},
    previousState: {value: 'OK'},
    state: {value: 'ALARM', reason, timestamp: since},
  },
});

/** The same alarm as Prometheus tells it, too small to be looked at. */
const smallOf = ({name, since}, summary) => ({
  version: '4',
  status: 'firing',
  alerts: [
    {
      status: 'firing',
      labels: {alertname: name, severity: 'low'},
      annotations: {summary},
      startsAt: since,
      fingerprint: 'c0ffee',
    },
  ],
});

test('what was joined or skipped is undone, and becomes an incident that is explained by itself', async () => {
  const account = await startAccount(kBinary, '--world', 'lambda-timeout');
  const own = await startWatch(account, 'undo');
  try {
    const {page, done} = await visit('/', own.address);
    await page.locator('.row .state.root_cause').waitFor();
    const {
      items: [first],
    } = await own.ask('alarms');
    assert.equal(first.triage.decision, 'proceed');
    await own.tell('events', likeOf(first, first.metric, 'another rule fires too'));
    await own.tell('alerts', smallOf(first, 'a small one'));
    const joined = await own.alarmThatSays('another rule fires too');
    assert.deepEqual([joined.triage.decision, joined.triage.incident], ['linked', first.triage.incident]);
    assert.equal((await own.alarmThatSays('a small one')).triage.decision, 'skipped');
    assert.equal((await own.ask(`incidents/${first.triage.incident}`)).alarms, 2);

    const speak = (language) => page.locator('.nav').getByRole('button', {name: language}).click();
    const row = (summary) => page.locator('.alarms > li', {hasText: summary});
    const shows = (summary, ...texts) =>
      Promise.all(texts.map((text) => row(summary).locator('.triage').getByText(text).first().waitFor()));

    /** Undoes a decision that the page shows, and goes where it is explained. */
    const undo = async (decision, summary, words) => {
      await page.goto(`${own.address}/alarms?decision=${decision}`);
      await row(summary).getByRole('button', {name: words.undo}).click();
      await page.locator('.notice', {hasText: words.undone}).waitFor();
      await row(summary).waitFor({state: 'detached'});
      await page.getByRole('group', {name: words.decision}).getByRole('button', {name: words.all}).click();
      await shows(summary, words.proceed, words.reason, words.byPerson);
      assert.equal(
        await row(summary).getByRole('button', {name: words.undo}).count(),
        0,
        'there is nothing to undo now',
      );
      const {id, triage} = await own.alarmThatSays(summary);
      assert.deepEqual([triage.decision, triage.by_person], ['proceed', true]);
      assert.notEqual(triage.incident, first.triage.incident);
      assert.equal((await fetch(`${own.address}/api/v1/alarms/${id}/undo`, {method: 'POST'})).status, 409);
      await row(summary).getByRole('link', {name: words.incident}).click();
      await page.waitForURL(`**/incidents/${triage.incident}`);
      await page.locator('.state.root_cause').waitFor();
      return causeOf(page).textContent();
    };

    await page.goto(`${own.address}/alarms`);
    await shows('another rule fires too', 'Joined', /^Same resource \(.+\) and symptom \(errors\)/);
    await shows('a small one', 'Skipped', "The skip rule 'skip rule 1' fits: 朝に確認する");
    await speak('日本語');
    await shows('another rule fires too', '統合', /リソース（.+）も症状（errors）も同じです。$/);
    await shows('a small one', '対象外', 'スキップルール「skip rule 1」に一致しました（朝に確認する）。');

    const japanese = await undo('skipped', 'a small one', {
      undo: '取り消す',
      undone: '独立したインシデントとして調査を開始しています',
      decision: '判定',
      all: 'すべて',
      proceed: '調査対象',
      reason: /^担当者 \(.+\) が、このアラームを独立したインシデントと判断しました。$/,
      byPerson: '（担当者が変更）',
      incident: 'インシデント',
    });
    assert.match(japanese, /制限時間/);
    await speak('English');
    const english = await undo('linked', 'another rule fires too', {
      undo: 'Undo',
      undone: 'it is an incident of its own now',
      decision: 'Decision',
      all: 'All',
      proceed: 'Investigated',
      reason: /^A person \(.+\) decided that this alarm is an incident of its own\.$/,
      byPerson: 'changed by a person',
      incident: 'Incident',
    });
    assert.match(english, /time/i);
    // It left the incident that it had joined, and the list has one row for each.
    assert.equal((await own.ask(`incidents/${first.triage.incident}`)).alarms, 1);
    await page.goto(own.address);
    await page.waitForFunction(() => document.querySelectorAll('.row .state.root_cause').length === 3);
    await done();
  } finally {
    await own.stop();
    await account.stop();
  }
});

test('the first person comes in by the page; from then on everybody signs in, with what they were given', async () => {
  const own = await startServer(kBinary, [
    'serve',
    '--sandbox',
    '--listen',
    '127.0.0.1:0',
    '--store',
    path.join(folder, 'people.db'),
  ]);
  try {
    const {page, done} = await visit('/settings/people', own.address);
    const dialog = page.getByRole('dialog');
    await page.getByRole('button', {name: 'Add a person'}).first().click();
    await dialog.getByLabel('Name').fill('ada');
    await dialog.getByRole('button', {name: 'Add a person'}).click();
    const given = (await dialog.locator('.secret code').textContent()).trim();
    // The password stays in sight although nothing else does any more.
    await page.locator('.sign-in').waitFor();
    assert.match(given, /^([0-9a-z]{5}-){3}[0-9a-z]{5}$/);
    await dialog.getByRole('button', {name: 'I have kept it'}).click();
    const signIn = async (name, password) => {
      await page.fill('input[name=user]', name);
      await page.fill('input[name=password]', password);
      await page.keyboard.press('Enter');
    };
    await signIn('ada', given);
    // Whoever gave it knows it: until it is changed, nothing else is open.
    await page.getByRole('heading', {name: 'Choose a password of your own'}).waitFor();
    await page.getByLabel('Present password').fill(given);
    await page.getByLabel('New password', {exact: true}).fill('watches of the night');
    await page.getByLabel('New password once more').fill('watches of the night');
    await page.keyboard.press('Enter');
    await page.getByRole('navigation', {name: 'Settings'}).waitFor();

    // Who has the password that was given to them is told apart from who chose one.
    const settings = page.getByRole('navigation', {name: 'Settings'});
    await settings.getByRole('link', {name: 'People'}).click();
    await page.getByRole('button', {name: 'Add a person'}).first().click();
    await dialog.getByLabel('Name').fill('rosa');
    await dialog.getByLabel('every space').check();
    await dialog.getByRole('button', {name: 'Add a person'}).click();
    await dialog.getByRole('button', {name: 'I have kept it'}).click();
    const toBeChanged = (name) => page.locator('.person', {hasText: name}).getByText('password to be changed');
    await toBeChanged('rosa').waitFor();
    assert.equal(await toBeChanged('ada').count(), 0);

    // Under the cookie of since: a token that a program can use, and the audit of it all.
    await settings.getByRole('link', {name: 'Tokens'}).click();
    await page.getByRole('button', {name: 'Create a token'}).click();
    await dialog.getByLabel('What it is for').fill('ci');
    await dialog.getByLabel('every space').check();
    await dialog.getByRole('button', {name: 'Create a token'}).click();
    const token = (await dialog.locator('.secret code').textContent()).trim();
    await dialog.getByRole('button', {name: 'I have kept it'}).click();
    const ask = () => fetch(`${own.address}/api/v1/incidents`, {headers: {Authorization: `Bearer ${token}`}});
    assert.equal((await ask()).status, 200);
    await page.getByRole('button', {name: 'Revoke'}).click();
    await dialog.getByRole('button', {name: 'Revoke'}).click();
    await page.locator('.person .tag', {hasText: 'revoked'}).waitFor();
    assert.equal((await ask()).status, 401);
    await settings.getByRole('link', {name: 'General'}).click();
    for (const what of ['added a person', 'changed the own password', 'created a token', 'revoked a token'])
      await page.getByText(what).first().waitFor();

    await page.getByRole('button', {name: 'Sign out'}).first().click();
    await page.locator('.sign-in').waitFor();
    await signIn('ada', given);
    await page.getByText('The name or the password is wrong').waitFor();
    await done();
  } finally {
    await own.stop();
  }
});
