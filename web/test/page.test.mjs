// The whole page, in Debian's chromium, against the fake server.
import {strict as assert} from 'node:assert';
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {after, before, test} from 'node:test';
import {gzipSync} from 'node:zlib';
import {launch, startFake} from '../testing/browser.mjs';

const kAxe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const kFirstLoad = 300 * 1024;
const kWait = {timeout: 60_000};

let browser;
let fake;
before(async () => {
  [browser, fake] = await Promise.all([launch(), startFake('--pace', '25')]);
});
after(async () => {
  await browser?.close();
  fake?.stop();
});

/** A page of its own, in which every fault of a script or of the policy fails the test. */
async function visit(address, options = {}) {
  const context = await browser.newContext({
    viewport: {width: 1440, height: 900},
    locale: 'en-GB',
    timezoneId: 'Asia/Tokyo',
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const faults = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on(
    'console',
    (message) =>
      message.type() === 'error' && !/Failed to load resource|ERR_/.test(message.text()) && faults.push(message.text()),
  );
  await page.goto((options.base ?? fake.address) + address);
  return {
    page,
    context,
    faults,
    async done() {
      assert.deepEqual(faults, []);
      await context.close();
    },
  };
}

/** That the page is usable by everybody, as far as a program can tell. */
async function expectNothingOfAxe(page, where) {
  const cdp = await page.context().newCDPSession(page);
  // The policy lets no page run it; the debugger may.
  await cdp.send('Runtime.evaluate', {expression: kAxe});
  const found = await page.evaluate(() => window.axe.run(document, {resultTypes: ['violations']}));
  const nodes = (v) => v.nodes.map((n) => n.target.join(' ')).slice(0, 5);
  assert.deepEqual(
    found.violations.map((v) => `${where}: ${v.id}: ${nodes(v).join(', ')}`),
    [],
  );
}

const incidents = async () => (await (await fetch(`${fake.address}/api/v1/incidents`)).json()).items;
const incidentOf = async (part) => (await incidents()).find((i) => i.title.includes(part)).id;

test('incidents are found, moved through by keys, and opened', async () => {
  const {page, done} = await visit('/');
  await page.waitForSelector('.row');
  const all = await page.locator('.row').count();
  assert.ok(all >= 5);
  await page.keyboard.press('/');
  await page.keyboard.type('seatmap');
  await page.waitForFunction(() => document.querySelectorAll('.row').length === 1);
  assert.match(page.url(), /words=seatmap/);
  await page.reload();
  await page.waitForSelector('.row');
  assert.equal(await page.locator('.row').count(), 1, 'the address holds the filters');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.answer .cause-title');
  assert.match(await page.textContent('.answer'), /CPU of planner-db is saturated by a query/);
  await page.goBack();
  await page.waitForSelector('.row');
  await done();
});

test('an investigation answers first, and every claim opens its record', async () => {
  const {page, done} = await visit(`/incidents/${await incidentOf('seatmap')}`);
  await page.waitForSelector('.answer .gauge');
  const answer = await page.textContent('.answer');
  for (const part of ['planner-db', '93%', 'What to do now', 'Temporary', 'Strongly supported'])
    assert.ok(answer.includes(part), part);
  const top = await page.locator('.answer').boundingBox();
  assert.ok(top.y < 260, `it is the first thing on the page, not at ${top.y}`);
  assert.ok((await page.locator('.charts canvas').count()) >= 3);
  await page
    .locator('.plot')
    .first()
    .hover({position: {x: 300, y: 40}});
  const readouts = await page.locator('.readout').allTextContents();
  assert.ok(
    readouts.every((r) => /\d\d:\d\d:\d\d {2}\S/.test(r)),
    `one crosshair reads all charts: ${readouts}`,
  );
  assert.ok((await page.locator('.phase').count()) === 5);
  await page.waitForSelector('#topology .node.root');
  assert.ok((await page.locator('#topology .edge.on-path').count()) >= 1);
  await page.locator('.answer .cite').first().hover();
  await page.waitForSelector('.preview');
  await page.locator('.answer .cite').first().click();
  await page.waitForSelector('.drawer .record-text, .drawer .points');
  assert.match(page.url(), /evidence=ev-/);
  await page.reload();
  await page.waitForSelector('.drawer');
  await page.keyboard.press('Escape');
  await page.waitForSelector('.drawer', {state: 'detached'});
  // What is folded is there for who searches in the page, and opens.
  const ledger = page.locator('.hypothesis').first().locator('.ledger-part');
  await ledger.nth(3).waitFor({state: 'attached'});
  assert.equal(await ledger.first().isVisible(), false);
  await page.locator('.hypothesis summary').first().click();
  await ledger.nth(3).waitFor();
  assert.equal(await ledger.count(), 4);
  await done();
});

test('what is folded is made even where the browser is never idle', async () => {
  const {page, done} = await visit('/');
  const incident = await incidentOf('booking');
  await page.addInitScript(() => {
    window.requestIdleCallback = (act, options) => (options?.timeout ? setTimeout(act, options.timeout) : 0);
    window.cancelIdleCallback = clearTimeout;
  });
  await page.goto(`${fake.address}/incidents/${incident}`);
  await page.locator('.hypothesis').first().locator('.ledger-part').nth(3).waitFor({state: 'attached'});
  await done();
});

test('a time in what to do stands in the zone of who reads it', async () => {
  const {page, done} = await visit('/');
  const incident = await incidentOf('seatmap');
  await page.route(/\/report/, async (route) => {
    const answer = await route.fetch();
    const report = await answer.json();
    report.mitigation.summary = 'Go back to r7, pushed 2026-01-05T02:11:00Z.';
    await route.fulfill({response: answer, json: report});
  });
  await page.goto(`${fake.address}/incidents/${incident}`);
  for (const place of ['.do-now p', '.plan-summary'])
    assert.match(await page.textContent(place), /pushed 5 Jan 2026, 11:11:00|pushed 5 Jan, 11:11:00/);
  await done();
});

test('a journal that comes late moves no hypothesis', async () => {
  const {page, done} = await visit('/');
  const incident = await incidentOf('booking');
  let go;
  const asked = new Promise((resolve) => (go = resolve));
  let letThrough;
  await page.route(/\/journal/, async (route) => {
    await new Promise((resolve) => {
      letThrough = resolve;
      go();
    });
    await route.continue();
  });
  await page.goto(`${fake.address}/incidents/${incident}`);
  await page.waitForSelector('.hypothesis');
  await asked;
  const top = () =>
    page
      .locator('.hypothesis')
      .first()
      .evaluate((row) => row.offsetTop);
  const before = await top();
  assert.ok(await page.locator('#moment').isDisabled());
  letThrough();
  await page.locator('#moment:enabled').waitFor();
  assert.equal(await top(), before);
  await done();
});

test('something is broken in the sandbox and watched until its cause is there', async () => {
  const {page, done} = await visit('/');
  await page.getByRole('button', {name: 'Break something'}).click();
  await page.getByRole('button', {name: /query eats/}).click();
  await page.waitForSelector('.journal .live-tag');
  // How long each step took from the server to the screen.
  await page.evaluate(() => {
    window.delays = [];
    new MutationObserver((changes) => {
      for (const change of changes)
        for (const node of change.addedNodes) {
          const time = node.querySelector?.('.entry-time time')?.dateTime;
          if (time) window.delays.push(Date.now() - Date.parse(time));
        }
    }).observe(document.querySelector('.entries'), {childList: true});
  });
  await page.waitForSelector('.answer .gauge', kWait);
  const delays = (await page.evaluate(() => window.delays)).sort((a, b) => a - b);
  assert.ok(delays.length > 5);
  console.log(`median from the server to the screen: ${delays[Math.floor(delays.length / 2)]} ms`);
  assert.match(await page.textContent('.answer'), /planner-db/);
  assert.ok((await page.locator('.entry').count()) > 30);
  // What was believed earlier can be seen again.
  await page.locator('#moment').fill('0');
  await page.waitForSelector('.hypothesis-head.plain');
  await page.getByRole('button', {name: 'Back to now'}).click();
  await page.waitForSelector('.hypothesis .status.supported');
  await done();
});

test('a note and feedback are kept, an incident is resolved', async () => {
  const {page, done} = await visit(`/incidents/${await incidentOf('booking')}`);
  await page.waitForSelector('.answer .gauge');
  await page.keyboard.press('s');
  await page.keyboard.insertText('the shop team knows');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.remark-answer');
  await page.waitForSelector('.entry.of-message');
  await page.getByRole('button', {name: 'Partly'}).click();
  await page.getByLabel('What was it really?').fill('a batch job');
  await page.getByRole('button', {name: 'Save'}).click();
  await page.getByText('Kept.').first().waitFor();
  await page.getByRole('button', {name: 'Resolve'}).click();
  await page.getByRole('button', {name: 'Reopen'}).click();
  await page.getByRole('button', {name: 'Resolve'}).waitFor();
  // Kept for good only after it was said what that means.
  await page.getByRole('button', {name: 'Keep for good'}).click();
  await page.getByRole('dialog').getByRole('button', {name: 'Leave it'}).click();
  await page.getByRole('dialog').waitFor({state: 'detached'});
  assert.equal(await page.getByText('Kept for good').count(), 0);
  await page.getByRole('button', {name: 'Keep for good'}).click();
  await page.getByRole('dialog').getByRole('button', {name: 'Keep for good'}).click();
  await page.locator('.head-meta').getByText('Kept for good').waitFor();
  await page.getByRole('button', {name: 'Let it go'}).waitFor();
  await done();
});

test('an incident is investigated again, and the two answers are compared', async () => {
  const {page, done} = await visit(`/incidents/${await incidentOf('storefront')}`);
  await page.waitForSelector('.answer .gauge');
  await page.getByRole('button', {name: 'Run again'}).click();
  await page.waitForSelector('.journal .live-tag');
  await page.waitForSelector('.answer .gauge');
  await page.getByLabel('Compare with').selectOption({index: 1});
  await page.waitForSelector('.compare tbody tr:nth-child(4)');
  assert.match(page.url(), /with=inv-/);
  await done();
});

test('a decision about an alarm has its reason and can be undone', async () => {
  const {page, done} = await visit('/alarms?decision=linked');
  await page.getByText('The same entity, 2 minutes after the first alarm.').first().waitFor();
  const before = await page.locator('.alarms > li').count();
  await page.getByRole('button', {name: 'Undo'}).first().click();
  await page.waitForFunction((n) => document.querySelectorAll('.alarms > li').length === n - 1, before);
  await done();
});

test('lists are narrowed by what the keyboard reaches, and the address says how', async () => {
  const {page, done} = await visit('/?status=all');
  await page.waitForSelector('.row');
  const rows = page.locator('.row');
  const all = await rows.count();
  const shown = (count) => page.waitForFunction((n) => document.querySelectorAll('.row').length === n, count);
  const panel = page.getByRole('group', {name: 'Filter'});
  const button = page.getByRole('button', {name: /^Filter/});
  assert.equal(await panel.count(), 0);

  await page.keyboard.press('f');
  await panel.waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'SELECT', 'the first field has the keyboard');
  await panel.getByLabel('Space').selectOption('payments');
  await page.getByText('No incident fits these filters.').waitFor();
  await panel.getByLabel('Space').selectOption('shop');
  await shown(all);
  // What is typed stays while the list changes below it.
  await panel.getByLabel('Entity').pressSequentially('ordering');
  await shown(1);
  assert.equal(await panel.getByLabel('Entity').inputValue(), 'ordering');
  await panel.getByLabel('Entity').fill('');
  await shown(all);
  await panel.getByLabel('Failure mode').fill('lambda-timeout');
  await page.waitForURL(/mode=lambda-timeout/);
  await shown(1);
  await panel.getByRole('button', {name: 'last hour'}).click();
  await page.getByText('No incident fits these filters.').waitFor();
  assert.notEqual(await panel.getByLabel('From', {exact: true}).inputValue(), '');

  await page.keyboard.press('Escape');
  await panel.waitFor({state: 'detached'});
  assert.ok(await button.evaluate((b) => b === document.activeElement), 'the keyboard is where it came from');
  const chips = page.locator('.filters .chip');
  assert.equal(await chips.count(), 3);
  await chips.filter({hasText: 'From'}).click();
  await shown(1);
  await page.reload();
  await shown(1);
  assert.deepEqual(
    (await chips.allInnerTexts()).map((text) => text.split('\n')[0]),
    ['Space: shop', 'Failure mode: lambda-timeout'],
  );
  await page.getByRole('button', {name: 'Clear all'}).click();
  await shown(all);
  assert.match(page.url(), /\?status=all$/);
  await done();
});

test('alarms, deliveries and the audit are narrowed as well, in Japanese too', async () => {
  const {page, done} = await visit('/alarms', {locale: 'ja-JP'});
  const panel = page.getByRole('group', {name: '絞り込み'});
  const open = () => page.getByRole('button', {name: /^絞り込み/}).click();
  const count = (selector, n) =>
    page.waitForFunction(([what, wanted]) => document.querySelectorAll(what).length === wanted, [selector, n]);
  await page.waitForSelector('.alarms > li');
  const firing = await page.locator('.alarms .tag.firing').count();
  assert.ok(firing < (await page.locator('.alarms > li').count()));
  await open();
  await panel.getByLabel('状態').selectOption('firing');
  await count('.alarms > li', firing);
  await page.locator('.chip', {hasText: '状態: 発報中'}).waitFor();

  await page.goto(`${fake.address}/sources`);
  await count('#deliveries tr', 2);
  await open();
  await panel.getByLabel('アラーム').selectOption('false');
  await count('#deliveries tr', 1);
  await panel.getByLabel('送信元').fill('nobody');
  await page.getByText('条件に合うものはありません。').waitFor();

  await page.goto(`${fake.address}/settings`);
  await count('#audit tr', 2);
  await open();
  await panel.getByLabel('操作').selectOption('undoTriage');
  await count('#audit tr', 1);
  await page.locator('.chip', {hasText: '操作:'}).click();
  await panel.getByLabel('実行者').fill('you');
  await page.locator('#audit td', {hasText: 'you'}).waitFor();
  await count('#audit tr', 1);
  await done();
});

test('settings tell what is set up, and try it', async () => {
  const {page, done} = await visit('/settings');
  await page.getByText('/etc/midwatch/midwatch.yaml').waitFor();
  await page.getByText('probes that fail on purpose').waitFor();
  const webhook = page.locator('#webhooks .card', {hasText: 'prometheus'});
  await webhook.getByText('the bearer token is wrong').waitFor();
  await webhook.getByRole('button', {name: 'Test delivery'}).click();
  await webhook.getByText('It is like no other.').waitFor();
  const sns = page.locator('#webhooks .card', {hasText: 'SNS'}).first();
  await sns.getByText('aws cloudwatch set-alarm-state').waitFor();
  assert.equal(await sns.getByRole('button', {name: 'Test delivery'}).count(), 0, 'nobody but AWS signs its messages');
  const target = page.locator('#targets .card', {hasText: 'on-call'});
  await target.getByRole('button', {name: 'Send a test message'}).click();
  await target.locator('.test-answer', {hasText: 'arrived'}).waitFor();
  await page.locator('#targets .card', {hasText: 'archive'}).getByText('answered 503 twelve times').waitFor();
  await done();
});

test('people are added, get roles, and are kept out', async () => {
  const {page, done} = await visit('/settings');
  await page.getByRole('navigation', {name: 'Settings'}).getByRole('link', {name: 'People'}).click();
  await page.getByRole('heading', {name: 'People'}).waitFor();
  assert.match(page.url(), /settings\/people$/);
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', {name: 'Add a person'}).click();
  await expectNothingOfAxe(page, 'a new person');
  await dialog.getByLabel('Name').fill('kenji.tanaka');
  await dialog.getByLabel('payments').check();
  await page.keyboard.press('Enter');
  // One of that name is there: the role is offered instead.
  await dialog.getByText('somebody of this name').waitFor();
  await dialog.getByLabel('Name').fill('rosa');
  await dialog.getByRole('button', {name: 'viewer'}).click();
  await dialog.getByRole('button', {name: 'Add a person'}).click();
  await dialog.getByText('k7mqp-x20dz-9wv4t-hj3ae').waitFor();
  await page.mouse.click(5, 5);
  await dialog.getByText('k7mqp').waitFor();
  await dialog.getByRole('button', {name: 'I have kept it'}).click();
  await dialog.waitFor({state: 'detached'});
  const rosa = page.locator('.person', {hasText: 'rosa'});
  await rosa.getByText('payments · viewer').waitFor();
  // Whose password somebody else chose is plain to see, and whose is not.
  await rosa.getByText('password to be changed').waitFor();
  assert.equal(await page.locator('.person', {hasText: 'kenji'}).getByText('password to be changed').count(), 0);

  await rosa.getByRole('button', {name: 'Roles'}).click();
  await expectNothingOfAxe(page, 'roles');
  await dialog.getByLabel('shop').selectOption('operator');
  await rosa.getByText('shop · operator').waitFor();
  await dialog.getByLabel('payments').selectOption('');
  await rosa.getByText('payments').waitFor({state: 'detached'});
  await page.keyboard.press('Escape');
  await rosa.getByRole('button', {name: 'New password'}).click();
  await dialog.getByRole('button', {name: 'New password'}).click();
  await dialog.getByText('p4rst-0c8nb').waitFor();
  await dialog.getByRole('button', {name: 'I have kept it'}).click();
  await rosa.getByRole('button', {name: 'Disable'}).click();
  await dialog.getByRole('button', {name: 'Disable'}).click();
  await rosa.getByText('disabled').waitFor();
  await rosa.getByRole('button', {name: 'Enable'}).waitFor();

  // The last admin stays: the choice goes back to what it was, and says why.
  await page.locator('.person', {hasText: 'ada'}).getByRole('button', {name: 'Roles'}).click();
  await dialog.getByLabel('every space').selectOption('viewer');
  await page.getByText('left without an admin').waitFor();
  assert.equal(await dialog.getByLabel('every space').inputValue(), 'admin');
  await page.keyboard.press('Escape');
  // What the server says comes in the language of the page.
  await page.getByRole('button', {name: '日本語'}).click();
  await page.locator('.person', {hasText: 'ada'}).getByRole('button', {name: 'ロール'}).click();
  await dialog.getByLabel('すべてのスペース').selectOption('viewer');
  await page.getByText('サインインできる管理者がいなくなります').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', {name: 'English'}).click();
  const mei = page.locator('.person', {hasText: 'mei'});
  await mei.getByText('where you are no admin').waitFor();
  assert.equal(await mei.getByRole('button', {name: 'Disable'}).count(), 0);
  await done();
});

test('tokens are made, shown once and revoked', async () => {
  const {page, done} = await visit('/settings/tokens');
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', {name: 'Create a token'}).click();
  await dialog.getByLabel('What it is for').fill('nightly');
  await dialog.getByRole('button', {name: 'Create a token'}).click();
  await dialog.getByText('Choose a space').waitFor();
  await dialog.getByLabel('every space').check();
  assert.ok(await dialog.getByLabel('shop').isDisabled(), 'every space holds each');
  await dialog.getByLabel('Opens for').selectOption({label: '30 days'});
  await dialog.getByRole('button', {name: 'Create a token'}).click();
  await dialog.getByText(/mw_0123/).waitFor();
  await dialog.getByRole('button', {name: 'I have kept it'}).click();
  const row = page.locator('.person', {hasText: 'nightly'});
  await row.getByText('every space · viewer').waitFor();
  assert.equal(await page.getByText(/mw_/).count(), 0);
  await row.getByRole('button', {name: 'Revoke'}).click();
  await dialog.getByRole('button', {name: 'Revoke'}).click();
  await row.locator('.tag', {hasText: 'revoked'}).waitFor();
  assert.equal(await row.getByRole('button', {name: 'Revoke'}).count(), 0);
  await done();
});

test('a password that somebody else chose is changed before anything else', async () => {
  const guarded = await startFake('--closed');
  try {
    const {page, done} = await visit('/settings/account', {base: guarded.address});
    await page.fill('input[name=user]', 'kei');
    await page.fill('input[name=password]', 'k7mqp-x20dz-9wv4t-hj3ae');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', {name: 'Choose a password of your own'}).waitFor();
    assert.equal(await page.getByRole('heading', {name: 'Where you are signed in'}).count(), 0);
    await expectNothingOfAxe(page, 'a password to change');
    await page.getByRole('button', {name: '日本語'}).click();
    await page.getByRole('heading', {name: 'パスワードの変更が必要です'}).waitFor();
    await page.getByRole('button', {name: 'English'}).click();
    await page.getByLabel('Present password').fill('k7mqp-x20dz-9wv4t-hj3ae');
    await page.getByLabel('New password', {exact: true}).fill('several words make one');
    await page.getByLabel('New password once more').fill('several words make one');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', {name: 'Where you are signed in'}).waitFor();
    await done();
  } finally {
    await guarded.stop();
  }
});

test('the own password is changed and other sessions are ended', async () => {
  const guarded = await startFake('--closed');
  try {
    const {page, done} = await visit('/settings/account', {base: guarded.address});
    await page.fill('input[name=user]', 'ada');
    await page.fill('input[name=password]', 'open sesame!');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', {name: 'Where you are signed in'}).waitFor();
    const sessions = page.locator('#sessions .person');
    assert.equal(await sessions.count(), 3);
    await expectNothingOfAxe(page, 'an account');
    await page.setViewportSize({width: 360, height: 700});
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 360);
    await sessions.nth(1).getByRole('button', {name: 'Sign out there'}).click();
    await page.waitForFunction(() => document.querySelectorAll('#sessions .person').length === 2);
    const change = async (present, wanted, again = wanted) => {
      await page.getByLabel('Present password').fill(present);
      await page.getByLabel('New password', {exact: true}).fill(wanted);
      await page.getByLabel('New password once more').fill(again);
      await page.keyboard.press('Enter');
    };
    const fault = page.getByRole('alert');
    await change('wrong', 'open sesame again!');
    await fault.filter({hasText: 'not your present password'}).waitFor();
    await change('open sesame!', 'open sesame again!', 'other');
    await fault.filter({hasText: 'not the same'}).waitFor();
    await change('open sesame!', 'short');
    await fault.filter({hasText: '12 characters'}).waitFor();
    await change('open sesame!', 'open sesame again!');
    await page.getByText('Your password is changed').waitFor();
    await page.waitForFunction(() => document.querySelectorAll('#sessions .person').length === 1);
    assert.equal(await page.getByLabel('Present password').inputValue(), '');
    await done();
  } finally {
    guarded.stop();
  }
});

test('layers of the map are put on and off, and the address says which', async () => {
  const {page, done} = await visit('/topology');
  await page.waitForSelector('.node');
  const edges = page.locator('.edge');
  const all = await edges.count();
  const traffic = page.getByRole('group', {name: 'Layers'}).getByRole('button', {name: 'Traffic'});
  await traffic.click();
  await page.waitForFunction((n) => document.querySelectorAll('.edge').length < n, all);
  assert.match(page.url(), /without=traffic/);
  await page.reload();
  await page.waitForSelector('.node');
  assert.ok((await edges.count()) < all);
  await traffic.click();
  await page.waitForFunction((n) => document.querySelectorAll('.edge').length === n, all);
  await done();
});

test('hostile telemetry is text on every page', async () => {
  const id = await incidentOf('script');
  const {page, done} = await visit('/');
  for (const address of ['/', `/incidents/${id}`, '/alarms']) {
    await page.goto(fake.address + address);
    await page.waitForSelector(address.includes('inc') ? '.answer .gauge' : '.hidden-character');
    if (address.includes('inc')) {
      for (const details of await page.locator('summary').all()) if (await details.isVisible()) await details.click();
      await page.locator('.answer .cite').first().click();
      await page.waitForSelector('.drawer');
      assert.equal(await page.locator('.drawer a').count(), 0, 'a script is no address');
    }
    assert.ok((await page.locator('.hidden-character').count()) > 0);
    assert.equal(await page.locator('#page img, #page script').count(), 0);
    assert.equal(await page.evaluate(() => window.broken), undefined);
    const raw = await page.evaluate(() => document.body.innerText.match(/[\u0007\u202e\u2066\u200b]/));
    assert.equal(raw, null);
  }
  await done();
});

test('a lost connection is shown and heals', async () => {
  const {page, done} = await visit('/');
  await page.waitForSelector('.row');
  await fetch(`${fake.address}/testing/cut`);
  await page.waitForSelector('.connection');
  await fetch(`${fake.address}/testing/heal`);
  await page.waitForSelector('.connection', {state: 'detached', timeout: 15_000});
  await done();
});

test('the first visit is a tour', async () => {
  const bare = await startFake('--empty', '--pace', '5');
  try {
    const {page, done} = await visit('/', {base: bare.address});
    await page.locator('.tour .primary').click();
    await page.waitForSelector('.answer .gauge');
    await page.goto(`${bare.address}/accuracy`);
    await page.getByText('Nobody has judged an answer yet').waitFor();
    await done();
  } finally {
    bare.stop();
  }
});

test('in Japanese nothing is left in English, and the choice is kept', async () => {
  const {page, done} = await visit('/settings');
  await page.getByRole('button', {name: '日本語', pressed: false}).first().click();
  await page.getByRole('heading', {name: '設定', level: 1}).waitFor();
  for (const [address, heading] of [
    ['/', 'インシデント'],
    ['/knowledge', 'ナレッジ'],
    ['/accuracy', '精度'],
    ['/sources', 'データソース'],
  ]) {
    await page.goto(fake.address + address);
    await page.getByRole('heading', {name: heading, level: 1}).waitFor();
  }
  await page.locator('.operations').getByText('AWS CLI で同じ操作を実行し').first().waitFor();
  assert.equal(await page.getByText('ask again').count(), 0);
  await page.goto(`${fake.address}/incidents/${await incidentOf('storefront')}`);
  await page.getByText('原因から症状まで').waitFor();
  assert.match(await page.textContent('.answer'), /コネクション|接続/);
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'ja');
  await done();
});

test('nothing is cut off at 360 px', async () => {
  const {page, done} = await visit('/', {viewport: {width: 360, height: 700}});
  for (const address of [
    '/',
    `/incidents/${await incidentOf('seatmap')}`,
    `/incidents/${await incidentOf('script')}`,
    '/alarms',
    '/topology',
    '/accuracy',
    '/knowledge',
    '/sources',
    '/settings',
    '/settings/account',
    '/settings/people',
    '/settings/tokens',
  ]) {
    await page.goto(fake.address + address);
    await page.waitForSelector('h1');
    await page.waitForTimeout(150);
    assert.equal(
      await page.getByRole('navigation').first().getByRole('link', {name: 'Knowledge'}).count(),
      1,
      'an icon alone has its name',
    );
    const filter = page.getByRole('button', {name: /^Filter/});
    for (const button of await filter.all()) await button.click();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= 360, `${address}: ${wide} px wide`);
  }
  await done();
});

const kPlaces = [
  '/',
  '/alarms',
  '/topology',
  '/accuracy',
  '/knowledge',
  '/knowledge/oom-kill',
  '/sources',
  '/settings',
  '/settings/account',
  '/settings/people',
  '/settings/tokens',
];
for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing (${colorScheme})`, async () => {
    const {page, done} = await visit('/', {colorScheme});
    for (const address of [`/incidents/${await incidentOf('seatmap')}`, ...kPlaces]) {
      await page.goto(fake.address + address);
      await page.waitForSelector('h1');
      await page.waitForTimeout(250);
      await expectNothingOfAxe(page, address);
      const filter = page.getByRole('button', {name: /^Filter/});
      for (const button of await filter.all()) {
        await button.click();
        await expectNothingOfAxe(page, `${address} with its filters open`);
      }
    }
    await done();
  });
}

test('the first load stays small', async () => {
  const {page, done} = await visit('about:blank', {base: ''});
  let bytes = 0;
  page.on('response', async (response) => {
    if (!response.url().startsWith(fake.address) || response.url().includes('/api/')) return;
    bytes += gzipSync(await response.body()).length;
  });
  await page.goto(`${fake.address}/incidents/${await incidentOf('seatmap')}`);
  await page.waitForSelector('.answer .gauge');
  await page.waitForSelector('#topology .node');
  assert.ok(bytes > 10_000 && bytes < kFirstLoad, `${bytes} bytes`);
  await done();
});

test('an incident is opened without asking twice, and its scripts are asked for at once', async () => {
  const {page, done} = await visit('about:blank', {base: ''});
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const id = await incidentOf('seatmap');
  await page.goto(`${fake.address}/incidents/${id}`);
  await page.waitForSelector('.answer .gauge');
  const about = asked.filter((path) => /^\/api\/v1\/(incidents|investigations)\/[^/]+(\/report)?$/.test(path));
  assert.equal(about.length, 2, `the incident and its report: ${about}`);
  const index = await (await fetch(fake.address)).text();
  const [, main] = index.match(/src="(\/assets\/page-[^"]+)"/);
  const needed = [...(await (await fetch(fake.address + main)).text()).matchAll(/from"\.(\/[^"]+)"/g)];
  assert.ok(needed.length > 0);
  for (const [, part] of needed) assert.ok(index.includes(`<link rel="modulepreload" href="/assets${part}"`), part);
  await done();
});

test('a map of 2,000 entities and a journal of 1,000 steps stay usable', async () => {
  const {page, done} = await visit('about:blank', {base: ''});
  const entities = Array.from({length: 2000}, (_, i) => ({
    id: `svc-${i}`,
    name: `service ${i}`,
    type: 'AWS::ECS::Service',
  }));
  const relations = entities.slice(1).map((e, i) => ({from: entities[Math.floor(i / 3)].id, to: e.id, type: 'calls'}));
  await page.route('**/api/v1/spaces/*/topology*', (route) => route.fulfill({json: {entities, relations}}));
  const items = Array.from({length: 1000}, (_, i) => ({
    sequence: i + 1,
    time: new Date(i * 1000).toISOString(),
    kind: 'observation',
    what: {en: `step ${i}`, ja: `${i}`},
  }));
  await page.route('**/api/v1/investigations/*/journal*', (route) => {
    const after = Number(new URL(route.request().url()).searchParams.get('after'));
    return route.fulfill({json: {items: items.slice(after, after + 500)}});
  });
  await page.goto(`${fake.address}/topology`);
  await page.waitForSelector('.node');
  assert.ok((await page.locator('.node').count()) <= 80, 'only what can be read is drawn');
  await page.getByLabel('Search entities').fill('service 1999');
  await page.getByRole('button', {name: 'service 1999'}).click();
  await page.locator('.node.chosen', {hasText: 'service 1999'}).waitFor();
  await page.goto(`${fake.address}/incidents/${await incidentOf('booking')}`);
  await page.locator('.entry').nth(999).waitFor({state: 'attached'});
  const slowest = await page.evaluate(async () => {
    const list = document.querySelector('.entries');
    let last = performance.now();
    let slowest = 0;
    for (let i = 0; i < 30; ++i) {
      list.scrollTop += 400;
      await new Promise((resolve) => requestAnimationFrame(resolve));
      slowest = Math.max(slowest, performance.now() - last);
      last = performance.now();
    }
    return slowest;
  });
  assert.ok(slowest < 500, `a frame took ${slowest} ms`);
  await done();
});

test('who is not known signs in, changes something, and signs out', async () => {
  const guarded = await startFake('--closed');
  const {page, context, done} = await visit('/', {base: guarded.address});
  const wrong = async (name, password) => {
    await page.fill('input[name=user]', name);
    await page.fill('input[name=password]', password);
    await page.keyboard.press('Enter');
  };
  await page.waitForSelector('.sign-in');
  const other = page.getByRole('link', {name: 'Sign in with Example SSO'});
  assert.equal(await other.getAttribute('href'), '/api/v1/session/provider');
  await wrong('ada', 'wrong');
  await page.getByText('The name or the password is wrong').waitFor();
  await wrong('ada', 'wrong');
  await page.getByText('Try again in 30 seconds').waitFor();
  assert.equal(await page.locator('.row').count(), 0, 'nothing is shown before');
  await wrong('ada', 'open sesame!');
  await page.waitForSelector('.row');
  assert.equal(await page.textContent('.who span'), 'ada');
  await page.getByRole('button', {name: 'Break something'}).click();
  await page.getByRole('button', {name: /query eats/}).click();
  await page.waitForSelector('.journal .live-tag');
  assert.equal(await page.evaluate(() => document.cookie), '', 'no script can read the session');
  await page.getByRole('button', {name: 'Sign out'}).first().click();
  await page.waitForSelector('.sign-in');
  await page.getByRole('button', {name: 'Use a token instead'}).click();
  await page.fill('input[name=token]', 'mw_other');
  await page.keyboard.press('Enter');
  await page.getByText('knows no such token').waitFor();
  await page.fill('input[name=token]', 'mw_ci');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.row');
  assert.equal(await page.textContent('.who span'), 'token/ci');
  assert.equal((await context.cookies()).length, 0);
  await page.getByRole('button', {name: 'Sign out'}).first().click();
  await page.waitForSelector('.sign-in');
  await page.goto(`${guarded.address}/?refused=no_role`);
  await page.getByText('none of its groups has a role here').waitFor();
  await done();
  guarded.stop();
});
