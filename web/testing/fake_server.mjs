// A server with recorded reports, for tests and pictures of the page.
//
//   node testing/fake_server.mjs [--port N] [--dist FOLDER] [--empty] [--tame] [--closed] [--pace MILLISECONDS] [--entries N]
//
// --empty: nothing happened yet; --tame: without the incident whose every text is hostile; --closed: it lets in who
// signs in as "ada" with the password "open sesame!", or has the token "mw_ci"; --pace: between two steps of an
// investigation that runs; --entries: so many of them, the same ones over again.
//
// It listens on loopback, prints its address, and speaks as much of src/api/openapi.yaml as the page uses. Beyond that:
//   POST /testing/cut      ends every open event stream and refuses new ones
//   POST /testing/heal     accepts them again
import {createServer} from 'node:http';
import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {hostile, journalOf} from './stories.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : process.argv[at + 1];
};
const dist = path.resolve(option('dist', path.join(here, '../../build/web/dist')));
const pace = Number(option('pace', 40));
const entries = Number(option('entries', 0));
const empty = process.argv.includes('--empty');
const tame = process.argv.includes('--tame');
const closed = process.argv.includes('--closed');

const read = (name) => JSON.parse(readFileSync(path.join(here, 'reports', name), 'utf8'));
const kReports = ['pool-too-small', 'misleading-alarm', 'ecs-memory-leak', 'lambda-timeout'];
const stories = new Map(kReports.map((name) => [name, {en: read(`${name}.en.json`), ja: read(`${name}.ja.json`)}]));
stories.set('hostile', {en: hostile(read('misleading-alarm.en.json')), ja: hostile(read('misleading-alarm.ja.json'))});
const inconclusive = (report, headline) => ({
  ...report,
  outcome: 'inconclusive',
  headline,
  root_causes: [],
  impact: {...report.impact, paths: []},
});
stories.set('unclear', {
  en: inconclusive(
    read('lambda-timeout.en.json'),
    'Not enough evidence: nothing recorded tells the leading explanations apart',
  ),
  ja: inconclusive(read('lambda-timeout.ja.json'), '証拠が不足しています: 記録からは有力な仮説を絞り込めません'),
});

const incidents = new Map();
const investigations = new Map();
const alarms = new Map();
const journals = new Map();
const streams = new Set();
let cut = false;
let count = 0;
const ago = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();
const id = (kind) => `${kind}-01a2${String(++count).padStart(4, '0')}`;

function tell(type, data, investigation, sequence) {
  for (const s of streams) {
    if (s.investigation !== undefined && s.investigation !== investigation) continue;
    if (s.investigation === undefined && type === 'journal') continue;
    s.answer.write(`${sequence ? `id: ${sequence}\n` : ''}event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
  }
}

function answerOf(story) {
  const {en, ja} = stories.get(story);
  const cause = en.root_causes[0];
  return {
    outcome: en.outcome,
    headline: {en: en.headline, ja: ja.headline},
    ...(cause ? {entity: cause.entity, mode: cause.mode, probability: cause.probability} : {}),
  };
}

function open(
  story,
  {title, severity = 'high', minutes = 0, alarm = 'requests-failing', joined = 0, status = 'open', failed = false},
) {
  const incident = id('inc');
  const investigation = id('inv');
  const when = ago(minutes);
  const {en} = stories.get(story);
  const entity = en.root_causes[0]?.entity ?? en.hypotheses[0]?.entity ?? '';
  const listed = [];
  for (let n = 0; n <= joined; ++n) {
    const a = {
      id: id('alarm'),
      space: 'shop',
      sender: 'cloudwatch',
      dialect: 'cloudwatch',
      key: `${alarm}-${n}`,
      state: status === 'open' ? 'firing' : 'resolved',
      severity,
      name: n ? `${alarm}-${n + 1}` : alarm,
      entity,
      summary: n ? 'Threshold crossed: 3 datapoints were greater than the threshold (5.0).' : '',
      link: 'https://console.aws.amazon.com/cloudwatch/home#alarmsV2:',
      since: when,
      received: when,
      labels: {},
    };
    a.triage =
      n === 0
        ? {
            alarm: a.id,
            decision: 'proceed',
            incident,
            reason: {en: 'Nothing like it is open.', ja: '同様のインシデントは未発生です。'},
            by_person: false,
          }
        : {
            alarm: a.id,
            decision: 'linked',
            incident,
            reason: {
              en: 'The same entity, 2 minutes after the first alarm.',
              ja: '最初のアラームの 2 分後、同じリソースで発報しました。',
            },
            by_person: false,
          };
    alarms.set(a.id, a);
    listed.push(a);
  }
  const inv = {
    id: investigation,
    incident,
    space: 'shop',
    status: 'done',
    start: {latest: true},
    requested: when,
    started: when,
    ended: new Date(Date.parse(when) + 8000).toISOString(),
    ...answerOf(story),
    story,
  };
  if (failed) {
    for (const key of ['outcome', 'headline', 'entity', 'mode', 'probability']) delete inv[key];
    inv.status = 'failed';
    inv.failure = {
      en: 'The account refused the credentials: they expired.',
      ja: '認証情報の期限切れにより、アカウントへのアクセスが拒否されました。',
    };
  }
  investigations.set(investigation, inv);
  journals.set(investigation, failed ? [] : journalOf(stories.get(story), Date.parse(when)));
  incidents.set(incident, {
    id: incident,
    space: 'shop',
    title,
    status,
    severity,
    entity,
    alarm,
    opened: when,
    changed: when,
    alarms: listed.length,
    firing: status === 'open' ? listed.length : 0,
    latest: investigation,
    list: listed.map((a) => a.id),
    version: 1,
  });
  return {incident, investigation};
}

/** Plays an investigation step by step, as a real one runs. */
function play(investigation) {
  const inv = investigations.get(investigation);
  const once = journals.get(investigation);
  const repeated = Array.from(
    {length: Math.max(0, entries - once.length)},
    (_, i) => once[2 + (i % (once.length - 4))],
  );
  const steps = [...once.slice(0, -2), ...repeated, ...once.slice(-2)];
  const done = {...inv};
  for (const key of ['outcome', 'headline', 'entity', 'mode', 'probability', 'ended']) delete inv[key];
  inv.status = 'running';
  journals.set(investigation, []);
  const tellBoth = () => {
    tell('investigation', shown(inv), investigation);
    tell('incident', summary(incidents.get(inv.incident)));
  };
  tellBoth();
  const next = () => {
    const known = journals.get(investigation);
    const step = steps[known.length];
    if (inv.status !== 'running') return;
    if (!step) {
      Object.assign(inv, done, {status: 'done', ended: new Date().toISOString()});
      tellBoth();
      tell('report', {}, investigation);
      for (const s of [...streams]) if (s.investigation === investigation) s.answer.end();
      return;
    }
    const entry = {...step, sequence: known.length + 1, time: new Date().toISOString()};
    known.push(entry);
    tell('journal', entry, investigation, entry.sequence);
    setTimeout(next, pace).unref();
  };
  setTimeout(next, pace).unref();
}

if (!empty) {
  open('pool-too-small', {
    title: 'storefront-errors: errors above 50 per minute',
    severity: 'critical',
    minutes: 3,
    alarm: 'storefront-errors',
    joined: 2,
  });
  open('misleading-alarm', {
    title: 'seatmap p99 latency above 1 s',
    severity: 'high',
    minutes: 26,
    alarm: 'seatmap-latency',
    joined: 1,
  });
  open('unclear', {
    title: 'label-printer duration near its limit',
    severity: 'medium',
    minutes: 95,
    alarm: 'label-printer-duration',
  });
  open('ecs-memory-leak', {
    title: 'booking has fewer running tasks than wanted',
    severity: 'high',
    minutes: 340,
    alarm: 'booking-tasks',
  });
  if (!tame)
    open('hostile', {
      title: '<script>window.broken=1</script>\u202egnp.exe\u0007',
      severity: 'low',
      minutes: 500,
      alarm: '<b>alarm</b>\u2067',
    });
  open('lambda-timeout', {
    title: 'label-printer times out',
    severity: 'medium',
    minutes: 1500,
    status: 'resolved',
    alarm: 'label-printer-errors',
  });
  open('lambda-timeout', {
    title: 'nightly export did not run',
    severity: 'unknown',
    minutes: 3000,
    failed: true,
    alarm: 'export-missing',
  });
}

const shown = ({story: _story, ...inv}) => inv;
const summary = ({latest, list: _list, version: _version, ...rest}) => ({
  ...rest,
  investigation: shown(investigations.get(latest)),
});
const text = (en, ja) => ({en, ja});

function note(inv, sentence) {
  const steps = journals.get(inv.id);
  const entry = {
    sequence: steps.length + 1,
    time: new Date().toISOString(),
    kind: 'message',
    what: text(sentence, sentence),
    data: {text: sentence, by: 'you'},
  };
  steps.push(entry);
  tell('journal', entry, inv.id, entry.sequence);
  const answer = text('The message was kept with the investigation.', 'メッセージを調査記録に残しました。');
  return {understood: false, action: 'none', answer, sequence: entry.sequence};
}

const kServer = {
  version: '0.1.0',
  spaces: ['shop', 'payments'],
  who: {name: 'you', role: 'admin'},
  worlds: [
    {name: 'misleading-alarm', title: 'A query eats the processors of a database, and the alarm points elsewhere'},
    {name: 'ecs-memory-leak', title: 'A container leaks memory until it is killed'},
    {name: 'lambda-timeout', title: 'A function waits for an answer until its time is over'},
  ],
};
const kAccuracy = {
  answers: 41,
  judged: 29,
  right: 24,
  partly: 2,
  wrong: 3,
  modes: [
    {mode: 'connection-pool-exhaustion', judged: 9, right: 8},
    {mode: 'oom-kill', judged: 8, right: 8},
    {mode: 'query-cpu-saturation', judged: 7, right: 5},
    {mode: 'image-pull-failure', judged: 5, right: 3},
  ],
  days: [],
  calibration: [
    {from: 0.3, to: 0.5, judged: 3, right: 1},
    {from: 0.5, to: 0.7, judged: 5, right: 3},
    {from: 0.7, to: 0.9, judged: 8, right: 7},
    {from: 0.9, to: 1, judged: 13, right: 13},
  ],
};
const kModes = [
  [
    'oom-kill',
    'saturation',
    'containers',
    '{entity} is killed because it needs more memory than its limit[? ({limit})]',
    'メモリー上限を超えたコンテナが強制終了される',
  ],
  ['image-pull-failure', 'configuration', 'containers', 'An image cannot be pulled', 'イメージを取得できない'],
  [
    'connection-pool-exhaustion',
    'saturation',
    'databases',
    'A connection pool has no free connection',
    'コネクションプールが枯渇している',
  ],
  [
    'query-cpu-saturation',
    'saturation',
    'databases',
    'A query keeps the processors of a database busy',
    'クエリがデータベースの CPU を使い切っている',
  ],
  ['dns-resolution-failure', 'dependency', 'network', 'A name cannot be resolved', '名前解決ができない'],
].map(([mode, kind, domain, en, ja]) => ({id: mode, kind, domain, title: text(en, ja)}));
const modeOf = (m) => ({
  ...m,
  prior: 0.01,
  generic: false,
  applies_to: [],
  why: text(
    'It holds more than it is given, and what is above the limit is refused.',
    '割り当てを超えて要求するため、上限を超えた分が拒否されます。',
  ),
  signs: [
    {
      see: 'state.container.terminated',
      at: 'self',
      what: text('a container that was killed', '強制終了したコンテナ'),
      likely: 0.95,
      otherwise: 0.004,
      needed: true,
      where: {},
    },
    {
      see: 'metric.memory.up',
      at: 'self',
      what: text('memory that grows', '増え続けるメモリー使用量'),
      likely: 0.7,
      otherwise: 0.05,
      needed: false,
      where: {},
    },
    {
      see: 'metric.errors.up',
      at: 'dependents',
      what: text('errors of its callers', '呼び出し元のエラー'),
      likely: 0.4,
      otherwise: 0.1,
      needed: false,
      where: {},
    },
  ],
  refuted_by: [
    {
      see: 'state.container.waiting',
      at: 'self',
      because: text('The container never started.', 'コンテナが起動していません。'),
      where: {},
    },
  ],
  changes: [],
  questions: [
    {
      signal: 'metrics',
      what: text('Does memory grow with time or with load?', 'メモリーは時間と負荷のどちらに応じて増えますか？'),
    },
  ],
  mitigation: text(
    'Give it more memory, or replace it before it reaches its limit.',
    'メモリーを増やすか、上限に達する前に入れ替えます。',
  ),
  permanent_fix: text(
    'Find what holds the memory, and bound it.',
    'メモリーを保持している箇所を特定し、上限を設けます。',
  ),
  requirements: [
    text(
      'WHILE it serves its peak load THE SYSTEM SHALL keep memory below 80 percent of the limit.',
      'WHILE ピーク負荷のとき THE SYSTEM SHALL メモリーを上限の 80% 未満に保つ。',
    ),
  ],
  acceptance: [
    text('A test with the largest input passes without a restart.', '最大の入力による試験が再起動なしで通ること。'),
  ],
});

const kSettings = {
  file: '/etc/midwatch/midwatch.yaml',
  address: 'https://watch.example.com',
  spaces: [
    {
      name: 'shop',
      file: '/etc/midwatch/shop.space.yaml',
      deadline_s: 60,
      calls: 80,
      at_once: 20,
      keep_s: 90 * 86400,
      keep_megabytes: 20000,
      polling: {every_s: 60, alarms: ['shop-*']},
      skip: [
        {name: 'skip rule 1', alarm: '*-canary', reason: 'probes that fail on purpose'},
        {name: 'skip rule 2', at_most: 'low', reason: 'looked at in the morning'},
      ],
    },
  ],
  webhooks: [
    {
      name: 'alarms',
      space: 'shop',
      dialect: 'cloudwatch-sns',
      title: 'Amazon CloudWatch through SNS',
      path: '/webhooks/alarms',
      proofs: ['sns-signature'],
      secrets: 0,
      unauthenticated: false,
      topics: ['arn:aws:sns:eu-west-1:111122223333:alarms'],
      last: {id: 'dlv-1', sender: 'alarms', received: ago(3), bytes: 1840},
    },
    {
      name: 'prometheus',
      space: 'shop',
      dialect: 'alertmanager',
      title: 'Prometheus Alertmanager',
      path: '/webhooks/prometheus',
      proofs: ['bearer', 'basic', 'header'],
      secrets: 2,
      unauthenticated: false,
      topics: [],
      refused: {time: ago(12), why: 'the bearer token is wrong'},
    },
  ],
  targets: [
    {
      name: 'on-call',
      kind: 'slack',
      spaces: [],
      events: ['started', 'ended', 'resolved'],
      language: 'ja',
      where: 'C0123456789',
      last: {
        id: 'ntf-1',
        target: 'on-call',
        space: 'shop',
        state: 'sent',
        attempts: 1,
        created: ago(3),
        ended: ago(3),
      },
    },
    {
      name: 'archive',
      kind: 'webhook',
      spaces: ['shop'],
      events: ['ended'],
      language: 'en',
      where: 'hooks.example.com',
      last: {
        id: 'ntf-2',
        target: 'archive',
        space: 'shop',
        state: 'failed',
        attempts: 12,
        created: ago(90),
        ended: ago(60),
        reason: 'the receiver answered 503 twelve times',
      },
    },
  ],
};
const tests = new Map();
const kDeliveries = [
  {id: 'dlv-1', sender: 'alarms', received: ago(3), bytes: 1840},
  {id: 'dlv-2', sender: 'prometheus', received: ago(26), bytes: 2304, note: 'the message holds no alert'},
].map((d) => ({space: 'shop', ...d}));
const kAudit = [
  {sequence: 1, time: ago(40), who: 'you', action: 'startIncident', object: 'inc-01a20001', hash: 'x'},
  {sequence: 2, time: ago(2), who: 'kenji.tanaka', action: 'undoTriage', object: 'alarm-01a20003', hash: 'y'},
];

const kUsers = [
  ['ada', [['*', 'admin']], {}],
  [
    'kenji.tanaka',
    [
      ['shop', 'operator'],
      ['payments', 'viewer'],
    ],
    {},
  ],
  [
    'mei',
    [
      ['shop', 'admin'],
      ['bank', 'viewer'],
    ],
    {managed: false},
  ],
  ['olu@example.com', [['payments', 'viewer']], {disabled: true}],
  ['rin', [['shop', 'viewer']], {must_change_password: true}],
].map(([name, roles, more]) => ({
  name,
  roles: roles.filter(([space]) => space !== 'bank').map(([space, role]) => ({space, role})),
  disabled: false,
  managed: true,
  must_change_password: false,
  created: ago(90_000),
  changed: ago(5_000),
  ...more,
}));
const kTokens = [
  ['dashboard', 'viewer', ['*'], {}],
  ['ci', 'operator', ['shop'], {until: ago(-60_000)}],
  ['import', 'operator', ['shop', 'payments'], {revoked: ago(9_000)}],
  ['trial', 'viewer', ['payments'], {until: ago(3_000)}],
].map(([name, role, spaces, more], i) => ({
  id: `tok-${i}`,
  name,
  roles: spaces.map((space) => ({space, role})),
  made_by: 'ada',
  created: ago(20_000 + i),
  ...more,
}));
let sessionsOfAda = [
  {id: 'a'.repeat(64), began: ago(30), used: ago(0), until: ago(-10_000), is_this: true},
  {id: 'b'.repeat(64), began: ago(2_900), used: ago(700), until: ago(-7_000), is_this: false},
  {id: 'c'.repeat(64), began: ago(5_800), used: ago(1_500), until: ago(-4_000), is_this: false},
];
let password = 'open sesame!';

async function people(request, answer, [name, what, space]) {
  const {method} = request;
  if (!name && method === 'GET') return json(answer, 200, {items: kUsers});
  if (!name) {
    const asked = await bodyOf(request);
    if (kUsers.some((u) => u.name === asked.name)) return problem(answer, 409, `user ${asked.name} is there already`);
    const roles = asked.spaces.map((s) => ({space: s, role: asked.role}));
    const time = new Date().toISOString();
    const user = {
      name: asked.name,
      roles,
      disabled: false,
      managed: true,
      must_change_password: true,
      created: time,
      changed: time,
    };
    kUsers.push(user);
    kUsers.sort((a, b) => (a.name < b.name ? -1 : 1));
    return json(answer, 201, {...user, password: 'k7mqp-x20dz-9wv4t-hj3ae'});
  }
  const user = kUsers.find((u) => u.name === name);
  if (!user) return missing(answer, 'user');
  if (!what) Object.assign(user, await bodyOf(request));
  if (what === 'password') {
    user.must_change_password = true;
    return json(answer, 200, {...user, password: 'p4rst-0c8nb-mm2xk-7qhd5'});
  }
  if (what === 'roles') {
    const admins = (s) => kUsers.some((u) => u.roles.some((r) => r.role === 'admin' && ['*', s].includes(r.space)));
    const before = user.roles;
    user.roles = before.filter((r) => r.space !== space);
    if (method === 'PUT') user.roles.push({space, ...(await bodyOf(request))});
    if (!admins(space)) {
      user.roles = before;
      const japanese = request.headers['accept-language'] === 'ja';
      const left = 'every space (*) would be left without an admin who can sign in';
      return problem(answer, 409, japanese ? 'サインインできる管理者がいなくなります' : left);
    }
  }
  return json(answer, 200, user);
}

async function tokens(request, answer, id) {
  if (request.method === 'GET') return json(answer, 200, {items: kTokens});
  if (request.method === 'POST') {
    const {name, role, spaces, until} = await bodyOf(request);
    const token = {
      id: `tok-${kTokens.length}`,
      name,
      roles: spaces.map((space) => ({space, role})),
      made_by: 'ada',
      created: new Date().toISOString(),
      ...(until ? {until} : {}),
    };
    kTokens.unshift(token);
    return json(answer, 201, {...token, token: `mw_${'0123456789abcdef'.repeat(4)}`});
  }
  const token = kTokens.find((k) => k.id === id);
  token.revoked = new Date().toISOString();
  return json(answer, 200, token);
}

const json = (answer, status, body, headers = {}) => {
  answer.writeHead(status, {
    'Content-Type': status >= 400 ? 'application/problem+json' : 'application/json',
    ...headers,
  });
  answer.end(status === 304 ? undefined : JSON.stringify(body));
};
const missing = (answer, what) =>
  json(answer, 404, {
    type: 'about:blank',
    title: 'Not found',
    status: 404,
    detail: `there is no such ${what}`,
    request_id: 'req-1',
  });

function stream(request, answer, investigation) {
  if (cut) return request.socket.destroy();
  answer.writeHead(200, {'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store'});
  answer.write('retry: 2000\n\n');
  const s = {answer, investigation};
  streams.add(s);
  answer.on('close', () => streams.delete(s));
  if (investigation === undefined) return undefined;
  const after = Number(request.headers['last-event-id'] ?? 0);
  for (const e of journals.get(investigation))
    if (e.sequence > after) answer.write(`id: ${e.sequence}\nevent: journal\ndata: ${JSON.stringify(e)}\n\n`);
  if (!['queued', 'running'].includes(investigations.get(investigation).status)) answer.end();
  return undefined;
}

async function bodyOf(request) {
  let body = '';
  for await (const piece of request) body += piece;
  return body ? JSON.parse(body) : {};
}

const kSecret = 'of-ada';
/** Somebody with a password that an admin gave, until it is changed. */
const kei = {secret: 'of-kei', password: 'k7mqp-x20dz-9wv4t-hj3ae', mustChange: true};
const kCsrf = 'token-of-the-page';
const kWays = {ways: ['password', 'provider', 'token'], provider: 'Example SSO'};
const kRolesOfAdmin = kServer.spaces.map((space) => ({space, role: 'admin'}));
let failed = 0;

/** Who it is that asks, as the server finds it. */
const whoOf = (request) => {
  const all = {roles: kRolesOfAdmin, everywhere: 'admin'};
  if (!request.headers.authorization && request.headers.cookie?.includes(`midwatch-loopback=${kSecret}`))
    return {who: {name: 'ada', role: 'admin'}, ...all, has_password: true, csrf: kCsrf};
  if (!request.headers.authorization && request.headers.cookie?.includes(`midwatch-loopback=${kei.secret}`))
    return {
      who: {name: 'kei', role: 'admin'},
      ...all,
      has_password: true,
      ...(kei.mustChange ? {must_change_password: true} : {}),
      csrf: kCsrf,
    };
  if (request.headers.authorization === 'Bearer mw_ci') return {who: {name: 'token/ci', role: 'viewer'}};
  return closed ? {} : {who: kServer.who, ...all, ...(empty ? {anybody: true} : {})};
};

const problem = (answer, status, detail, headers = {}) =>
  json(answer, status, {type: 'about:blank', title: 'Error', status, detail, request_id: 'req-1'}, headers);

async function own(request, answer, id) {
  if (request.method === 'GET') return json(answer, 200, {items: sessionsOfAda});
  const before = sessionsOfAda.length;
  sessionsOfAda = sessionsOfAda.filter((s) => (id ? s.id !== id : s.is_this));
  return json(answer, 200, {ended: before - sessionsOfAda.length});
}

async function sessions(request, answer, what) {
  const cookie = (secret) => ({'Set-Cookie': `midwatch-loopback=${secret}; Path=/; HttpOnly; SameSite=Strict`});
  if (request.method === 'GET') return json(answer, 200, {...kWays, ...whoOf(request)});
  if (request.method === 'DELETE') {
    answer.writeHead(204, {'Set-Cookie': 'midwatch-loopback=; Path=/; Max-Age=0'});
    return answer.end();
  }
  const asked = await bodyOf(request);
  if (what === 'password') {
    if (request.headers['x-midwatch-csrf'] !== kCsrf) return problem(answer, 403, 'no csrf');
    if (asked.present === kei.password) {
      kei.mustChange = false;
      return json(answer, 200, {...kWays, ...whoOf(request)}, cookie(kei.secret));
    }
    if (asked.present !== password) return problem(answer, 403, 'that is not your present password');
    if (asked.wanted.length < 12) return problem(answer, 400, 'a password has 12 to 1024 bytes');
    password = asked.wanted;
    sessionsOfAda = sessionsOfAda.filter((s) => s.is_this);
    return json(answer, 200, {...kWays, ...whoOf(request)}, cookie(kSecret));
  }
  if (asked.user === 'ada' && asked.password === password)
    return json(answer, 201, {...kWays, csrf: kCsrf}, cookie(kSecret));
  if (asked.user === 'kei' && asked.password === kei.password)
    return json(answer, 201, {...kWays, csrf: kCsrf, must_change_password: true}, cookie(kei.secret));
  failed += 1;
  return failed > 1 ? problem(answer, 429, 'too many', {'Retry-After': '30'}) : problem(answer, 401, 'wrong');
}

// How lists are narrowed, each by a parameter of the request.
const is = (q, name, value) => !q.get(name) || value === q.get(name);
const holds = (q, name, ...texts) =>
  texts.some((text) => (text ?? '').toLowerCase().includes((q.get(name) ?? '').toLowerCase()));
const within = (q, time) => !(time < q.get('from')) && !(q.get('to') && time >= q.get('to'));
const modeOfIncident = (incident) => investigations.get(incidents.get(incident)?.latest)?.mode;

async function api(request, answer, url) {
  const [, , , first, second, third, fourth] = url.pathname.split('/').map(decodeURIComponent);
  const {method} = request;
  const q = url.searchParams;
  if (first === 'session') return sessions(request, answer, second);
  const {who, csrf, must_change_password: mustChange} = whoOf(request);
  if (!who) return problem(answer, 401, 'sign in');
  if (mustChange) return problem(answer, 403, 'change your password first: somebody else chose it');
  if (method !== 'GET' && csrf && request.headers['x-midwatch-csrf'] !== csrf) return problem(answer, 403, 'no csrf');
  if (first === 'sessions') return own(request, answer, second);
  if (first === 'users') return people(request, answer, [second, third, fourth]);
  if (first === 'tokens') return tokens(request, answer, second);
  if (first === 'server') return json(answer, 200, empty ? {...kServer, spaces: ['sandbox']} : kServer);
  if (first === 'events') return stream(request, answer, undefined);
  if (first === 'accuracy')
    return json(
      answer,
      200,
      empty ? {...kAccuracy, judged: 0, right: 0, wrong: 0, partly: 0, modes: [], calibration: []} : kAccuracy,
    );
  if (first === 'knowledge') {
    const mode = kModes.find((m) => m.id === second);
    return !second
      ? json(answer, 200, {items: kModes})
      : mode
        ? json(answer, 200, modeOf(mode))
        : missing(answer, 'failure mode');
  }
  if (first === 'settings') return json(answer, 200, empty ? {spaces: [], webhooks: [], targets: []} : kSettings);
  if (first === 'webhooks' && third === 'test')
    return json(answer, 200, {
      proof: 'bearer',
      triage: {alarm: '', decision: 'proceed', reason: text('It is like no other.', '似たアラームはありません。')},
    });
  if (first === 'targets' && third === 'test') {
    const message = {
      id: id('ntf'),
      target: second,
      space: 'shop',
      state: 'waiting',
      attempts: 0,
      created: new Date().toISOString(),
    };
    tests.set(message.id, message);
    return json(answer, 202, message);
  }
  if (first === 'notifications')
    return json(answer, 200, {
      items: [...tests.values()].map((m) => ({...m, state: 'sent', attempts: 1, ended: new Date().toISOString()})),
    });
  if (first === 'deliveries')
    return json(answer, 200, {
      items: kDeliveries.filter(
        (d) => is(q, 'sender', d.sender) && is(q, 'made_alarms', String(!d.note)) && within(q, d.received),
      ),
    });
  if (first === 'audit')
    return json(answer, 200, {
      items: kAudit.filter((l) => is(q, 'who', l.who) && is(q, 'action', l.action) && within(q, l.time)),
    });
  if (first === 'spaces' && third === 'sources')
    return json(answer, 200, {
      ...read(`sources.${q.get('language') === 'ja' ? 'ja' : 'en'}.json`),
      polling: {every_s: 60, polled: ago(1)},
    });
  if (first === 'spaces') return json(answer, 200, read('topology.json'));
  if (first === 'sandbox' || (first === 'incidents' && method === 'POST' && !second)) {
    const body = await bodyOf(request);
    const story = stories.has(body.world) ? body.world : 'misleading-alarm';
    const {incident, investigation} = open(story, {
      title: body.world ? `${answerOf(story).mode}: alarm of the sandbox` : 'Started by hand',
      alarm: 'sandbox-alarm',
    });
    play(investigation);
    return json(answer, 201, summary(incidents.get(incident)));
  }
  if (first === 'alarms') {
    const alarm = alarms.get(second);
    if (!second)
      return json(answer, 200, {
        items: [...alarms.values()]
          .filter(
            (a) =>
              is(q, 'decision', a.triage.decision) &&
              is(q, 'state', a.state) &&
              is(q, 'space', a.space) &&
              holds(q, 'entity', a.entity) &&
              is(q, 'mode', modeOfIncident(a.triage.incident)) &&
              within(q, a.received),
          )
          .sort((a, b) => (a.received < b.received ? 1 : -1)),
      });
    if (!alarm) return missing(answer, 'alarm');
    alarm.triage = {
      ...alarm.triage,
      decision: 'proceed',
      by_person: true,
      reason: text('Taken apart by hand.', '担当者が切り離しました。'),
    };
    return json(answer, 200, summary(incidents.get(alarm.triage.incident)));
  }
  if (first === 'incidents') {
    const incident = incidents.get(second);
    if (!second) {
      return json(answer, 200, {
        items: [...incidents.values()]
          .filter(
            (i) =>
              is(q, 'status', i.status) &&
              is(q, 'space', i.space) &&
              holds(q, 'entity', i.entity) &&
              is(q, 'mode', modeOfIncident(i.id)) &&
              within(q, i.opened) &&
              holds(q, 'words', i.title, i.alarm, i.entity),
          )
          .sort((a, b) => (a.opened < b.opened ? 1 : -1))
          .map(summary),
      });
    }
    if (!incident) return missing(answer, 'incident');
    if (method === 'PATCH') {
      Object.assign(incident, await bodyOf(request));
      incident.version += 1;
      tell('incident', summary(incident));
      return json(answer, 200, summary(incident));
    }
    if (third === 'investigations') {
      const former = investigations.get(incident.latest);
      const inv = {...former, id: id('inv'), requested: new Date().toISOString(), ...answerOf(former.story)};
      investigations.set(inv.id, inv);
      journals.set(inv.id, journalOf(stories.get(former.story), Date.now()));
      incident.latest = inv.id;
      play(inv.id);
      return json(answer, 201, shown(inv));
    }
    const of = [...investigations.values()]
      .filter((i) => i.incident === second)
      .reverse()
      .map(shown);
    return json(
      answer,
      200,
      {...summary(incident), alarm_list: incident.list.map((a) => alarms.get(a)), investigations: of},
      {ETag: `"${incident.version}"`},
    );
  }
  if (first === 'investigations') {
    const inv = investigations.get(second);
    if (!inv) return missing(answer, 'investigation');
    if (!third) return json(answer, 200, shown(inv));
    if (third === 'events') return stream(request, answer, second);
    if (third === 'journal')
      return json(answer, 200, {
        items: journals
          .get(second)
          .filter((e) => e.sequence > Number(q.get('after') ?? 0))
          .slice(0, Number(q.get('limit') ?? 50)),
      });
    if (third === 'messages') return json(answer, 202, note(inv, (await bodyOf(request)).text));
    if (third === 'feedback')
      return json(answer, 201, {
        id: id('fb'),
        investigation: second,
        time: new Date().toISOString(),
        ...(await bodyOf(request)),
      });
    if (third === 'cancel') {
      inv.status = 'cancelled';
      tell('investigation', shown(inv), second);
      return json(answer, 200, shown(inv));
    }
    if (third === 'recording') {
      answer.writeHead(200, {'Content-Type': 'application/gzip'});
      return answer.end('a bundle');
    }
    if (third === 'report') {
      if (inv.status === 'running' || inv.status === 'failed') return missing(answer, 'report yet');
      const report = stories.get(inv.story)[q.get('language') === 'ja' ? 'ja' : 'en'];
      if (q.get('format') === 'json') return json(answer, 200, report);
      answer.writeHead(200, {'Content-Type': 'text/plain; charset=utf-8'});
      return answer.end(report.headline);
    }
  }
  return missing(answer, 'operation');
}

const kTypes = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};
const kPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

function file(answer, name) {
  const found = path.join(dist, path.normalize(name));
  const whole =
    path.extname(name) && existsSync(found) ? found : path.extname(name) ? undefined : path.join(dist, 'index.html');
  if (!whole || !existsSync(whole)) return missing(answer, 'file');
  answer.writeHead(200, {
    'Content-Type': kTypes[path.extname(whole)] ?? 'application/octet-stream',
    'Content-Security-Policy': kPolicy,
    'X-Content-Type-Options': 'nosniff',
    'Content-Encoding': 'gzip',
  });
  return answer.end(readFileSync(`${whole}.gz`));
}

const server = createServer((request, answer) => {
  const url = new URL(request.url, 'http://127.0.0.1');
  if (url.pathname === '/testing/cut' || url.pathname === '/testing/heal') {
    cut = url.pathname.endsWith('cut');
    if (cut) for (const s of [...streams]) s.answer.destroy();
    return json(answer, 200, {});
  }
  if (!url.pathname.startsWith('/api/')) return file(answer, url.pathname === '/' ? '/index.html' : url.pathname);
  return api(request, answer, url).catch((error) =>
    json(answer, 500, {title: 'Error', status: 500, detail: String(error.stack), request_id: ''}),
  );
});
server.listen(Number(option('port', 0)), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
