import '../testing/browserless.ts';
import {strict as assert} from 'node:assert';
import test from 'node:test';
import type {Incident} from '../src/api/client.ts';
import {EventReader} from '../src/api/live.ts';
import {merged, type Filters} from '../src/incidents/store.ts';
import {startPoint} from '../src/incidents/start.tsx';
import {pairs} from '../src/investigation/compare.tsx';
import {drawn, scaleOf, withHoles} from '../src/investigation/charts.tsx';
import {inPieces, marked, pointsOf} from '../src/investigation/evidence.tsx';
import {folded} from '../src/investigation/journal.tsx';
import {gapSentence} from '../src/investigation/remainder.tsx';
import {beliefOf} from '../src/investigation/store.ts';
import {copyable} from '../src/parts/controls.tsx';
import {template} from '../src/parts/template.tsx';
import {shortName} from '../src/parts/text.tsx';
import {cut} from '../src/topology/drawing.tsx';
import {around, graphOf, mermaid, place, withPaths} from '../src/topology/graph.ts';

test('events are read wherever the stream is cut', () => {
  const stream =
    'retry: 2000\n\n: alive\n\nid: 7\nevent: journal\ndata: {"a":1}\n\nevent: report\r\ndata: {}\r\n\r\ndata: one\ndata: two\n\n';
  for (let cut = 1; cut < stream.length; ++cut) {
    const reader = new EventReader();
    const events = [...reader.push(stream.slice(0, cut)), ...reader.push(stream.slice(cut))];
    assert.deepEqual(
      events.map((e) => [e.type, e.data]),
      [
        ['journal', '{"a":1}'],
        ['report', '{}'],
        ['message', 'one\ntwo'],
      ],
      String(cut),
    );
    assert.equal(reader.id, '7');
  }
});

const incident = (id: string, opened: string, more: Partial<Incident> = {}): Incident => ({
  id,
  space: 's',
  title: id,
  status: 'open',
  severity: 'high',
  opened,
  changed: opened,
  alarms: 1,
  firing: 1,
  ...more,
});
const kOpen: Filters = {status: 'open', words: '', space: '', from: '', to: '', entity: '', mode: ''};

test('a changed incident goes where it belongs', () => {
  const list = [incident('c', '2026-01-03'), incident('a', '2026-01-01')];
  assert.deepEqual(
    merged(list, incident('b', '2026-01-02'), kOpen).map((i) => i.id),
    ['c', 'b', 'a'],
  );
  assert.deepEqual(
    merged(list, incident('0', '2025-01-01'), kOpen).map((i) => i.id),
    ['c', 'a', '0'],
  );
  assert.deepEqual(
    merged(list, incident('c', '2026-01-03', {status: 'resolved'}), kOpen).map((i) => i.id),
    ['a'],
  );
  assert.equal(merged(list, incident('a', '2026-01-01', {title: 'new'}), kOpen)[1]?.title, 'new');
  assert.deepEqual(
    merged(list, incident('x', '2026-01-09'), {...kOpen, words: 'orders'}).map((i) => i.id),
    ['c', 'a'],
  );
});

test('a changed incident is shown where each filter lets it', () => {
  const mine = incident('a', '2026-01-02T10:00:00Z', {space: 'shop', entity: 'rds/Ledger', title: 'Ledger is slow'});
  for (const [narrowed, shown] of [
    [{space: 'shop'}, true],
    [{space: 'bank'}, false],
    [{from: '2026-01-02T10:00:00Z'}, true],
    [{from: '2026-01-02T10:00:01Z'}, false],
    [{to: '2026-01-02T10:00:01Z'}, true],
    [{to: '2026-01-02T10:00:00Z'}, false],
    [{from: 'no time', to: 'no time'}, true],
    [{entity: 'ledger'}, true],
    [{entity: 'orders'}, false],
    [{mode: 'oom-kill'}, false],
  ] as [Partial<Filters>, boolean][])
    assert.equal(merged([], mine, {...kOpen, ...narrowed}).length, Number(shown), JSON.stringify(narrowed));
});

test('an investigation starts at one thing', () => {
  assert.deepEqual(startPoint('latest', '', '', ''), {latest: true});
  assert.deepEqual(startPoint('alarm', 'x', 'a', 'b'), {alarm: 'x'});
  assert.deepEqual(startPoint('entity', 'x', 'a', ''), {entity: 'x', from: 'a'});
});

test('a chart has holes where points are missing, and a scale that does not exaggerate', () => {
  assert.deepEqual(
    withHoles([
      [0, 1],
      [60, 2],
      [120, 3],
      [600, 4],
    ]),
    [
      [0, 60, 120, 360, 600],
      [1, 2, 3, null, 4],
    ],
  );
  assert.deepEqual(withHoles([]), [[], []]);
  const cases: [[number, number][], [number, number] | undefined, [number, number]][] = [
    [
      [
        [0, 40],
        [1, 100],
      ],
      undefined,
      [0, 106],
    ],
    [
      [
        [0, 90],
        [1, 100],
      ],
      undefined,
      [90, 100.6],
    ],
    [
      [
        [0, 5],
        [1, 5],
      ],
      undefined,
      [4.5, 5.5],
    ],
    [
      [
        [0, 0],
        [1, 0],
      ],
      [0, 0],
      [0, 0.5],
    ],
    [
      [
        [0, 90],
        [1, 100],
      ],
      [10, 20],
      [0, 106],
    ],
  ];
  for (const [points, ordinary, expected] of cases)
    assert.deepEqual(
      scaleOf({points, ordinary}).map((v) => Number(v.toFixed(6))),
      expected,
    );
  const chart = {
    entity: 'e',
    title: '',
    unit: '',
    observation: '',
    points: [
      ['2026-01-05T00:00:00Z', 1],
      ['2026-01-05T00:01:00Z', null],
    ] as [string, number | null][],
    baseline_low: 1,
    baseline_high: 2,
    onset: null,
  };
  assert.deepEqual(drawn(chart).points, [[1767571200, 1]]);
  assert.deepEqual(drawn({...chart, baseline_low: null}).ordinary, undefined);
});

test('what an observation quotes is marked in its record', () => {
  assert.deepEqual(marked('exit_code 137 of app', ['137', 'of']), ['exit_code ', '137', ' of app']);
  assert.deepEqual(marked('a (b) c', ['(b)']), ['a ', '(b)', ' c']);
  assert.deepEqual(marked('nothing', ['other', '']), ['nothing']);
});

test('the points of an excerpt are read', () => {
  assert.deepEqual(
    pointsOf('2026-01-05T02:02:00Z=252, 2026-01-05T02:04:00.5Z=-1.5e-3, x').map((p) => p[1]),
    [252, -0.0015],
  );
});

test('only a finding with hypotheses is a belief', () => {
  const entry = {sequence: 1, time: 't', what: {en: '', ja: ''}};
  assert.equal(
    beliefOf({...entry, kind: 'finding', data: {hypotheses: [{title: 'x', probability: 0.5}, null]}})?.hypotheses
      .length,
    1,
  );
  assert.equal(beliefOf({...entry, kind: 'finding', data: {}}), undefined);
  assert.equal(beliefOf({...entry, kind: 'status', data: {hypotheses: []}}), undefined);
});

const kMap = graphOf({
  entities: [{id: 'a'}, {id: 'b', name: 'B', type: 'AWS::ECS::Service'}, {id: 'far'}],
  relations: [
    {from: 'a', to: 'b', kind: 'calls'},
    {from: 'b', to: 'c', type: 'reads_from'},
    {from: 'c', to: 'd'},
    {from: 'd', to: 'far'},
  ],
});

test('a graph holds whatever a relation names, and can be cut to what is near', () => {
  assert.deepEqual(
    kMap.nodes.map((n) => n.id),
    ['a', 'b', 'far', 'c', 'd'],
  );
  assert.deepEqual(
    around(kMap, ['b'], 1, 99).nodes.map((n) => n.id),
    ['a', 'b', 'c'],
  );
  assert.deepEqual(around(kMap, ['b'], 9, 2).nodes.length, 2);
  assert.deepEqual(around(kMap, ['unknown'], 3, 99).nodes, []);
  const wider = withPaths(kMap, [
    ['b', 'a'],
    ['b', 'new'],
  ]);
  assert.deepEqual(wider.edges.length - kMap.edges.length, 1);
  assert.deepEqual(wider.edges.at(-1), {from: 'new', to: 'b', kind: ''});
});

test('names in Mermaid are no markup', () => {
  const text = mermaid({nodes: [{id: 'x', name: '"]; click x "javascript:1', type: ''}], edges: []});
  assert.equal(text, 'flowchart LR\n  n1["#34;#93;#59; click x #34;javascript:1"]\n');
});

test('a map is laid out, every node in it once', async () => {
  const layout = await place(kMap, 'LR');
  assert.equal(layout.nodes.length, kMap.nodes.length);
  assert.ok(layout.nodes.every((n) => n.x > 0 && n.y > 0 && n.x < layout.width && n.y < layout.height));
  assert.ok(layout.edges.every((e) => e.points.length >= 2));
});

test('a gap does not say twice what stands below it', () => {
  const query = 'aws xray get-trace-summaries --region x';
  const cases: [string, string, string][] = [
    [`raw/1.json: no trace since noon (asked: ${query})`, query, 'no trace since noon'],
    [`raw/1.json: ${query} gave no answer: refused`, query, '… gave no answer: refused'],
    ['No spans were recorded.', 'traces.ndjson', 'No spans were recorded.'],
    ['', '', ''],
  ];
  for (const [what, asked, expected] of cases)
    assert.equal(gapSentence({what, query: asked, source: 'raw/1.json', window: null}), expected);
});

test('an entity is called what people call it', () => {
  const cases: [string, string][] = [
    ['orders', 'orders'],
    ['arn:aws:lambda:eu-west-1:1:function:orders', 'orders'],
    ['arn:aws:ecs:eu-west-1:1:service/shop/booking', 'booking'],
    ['arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/booking-lb/c34a', 'booking-lb'],
    ['arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/booking/2cb3', 'booking'],
    ['arn:aws:rds:eu-west-1:1:db:planner', 'planner'],
    ['arn:aws:s3:::bucket', 'bucket'],
    ['arn:aws:', 'arn:aws:'],
  ];
  for (const [id, name] of cases) assert.equal(shortName(id), name, id);
  assert.equal(shortName('x', {x: {name: 'Called', type: ''}}), 'Called');
});

test('a sentence of the knowledge shows what is filled in later', () => {
  const shown = (text: string) =>
    template(text)
      .map((p) => (p.slot ? `<${p.text}>` : p.text))
      .join('');
  assert.equal(shown('{entity} is refused[? for {user}[? at {host}]]: failed'), '<entity> is refused: failed');
  assert.equal(shown('plain [brackets] stay'), 'plain [brackets] stay');
  assert.equal(shown(''), '');
});

test('two reports are compared by what they explain', () => {
  const hypothesis = (mode: string, probability: number) =>
    ({mode, probability, entity: 'e', title: mode}) as Parameters<typeof pairs>[0][number];
  assert.deepEqual(pairs([hypothesis('a', 0.2), hypothesis('b', 0.7)], [hypothesis('a', 0.9), hypothesis('c', 0.1)]), [
    {title: 'a', here: 0.2, there: 0.9},
    {title: 'b', here: 0.7, there: undefined},
    {title: 'c', here: undefined, there: 0.1},
  ]);
});

test('long runs of questions are told as one', () => {
  const kinds = (text: string) =>
    [...text].map((c, i) => ({
      sequence: i,
      time: '',
      what: {en: '', ja: ''},
      kind: c === 'a' ? ('answer' as const) : ('finding' as const),
    }));
  const shape = (text: string) => folded(kinds(text)).map((r) => r.length);
  assert.deepEqual(shape('faaaafaaf'), [1, 4, 1, 1, 1, 1]);
  assert.deepEqual(shape('aaaaa'), [5]);
  assert.deepEqual(shape(''), []);
});

test('what is copied is what was seen', () => {
  assert.equal(copyable('aws s3 ls\u202e\u0007\u200b --x'), 'aws s3 ls --x');
});

test('a name fits into its node', () => {
  for (const [name, shown] of [
    ['orders', 'orders'],
    ['twenty letters fit!!', 'twenty letters fit!!'],
    ['target group catalogue', 'target group catalo…'],
    ['注文処理の呼び出し元となる関数', '注文処理の呼び出し元…'],
  ] as const)
    assert.equal(cut(name), shown);
});

test('a long record is cut between its lines, and nothing of it is lost', () => {
  for (const [text, lines, pieces] of [
    ['', 2, []],
    ['one', 2, ['one']],
    ['a\nb\nc', 2, ['a\nb\n', 'c']],
    ['a\n\n\nb\n', 2, ['a\n\n', '\nb\n']],
  ] as const)
    assert.deepEqual(inPieces(text, lines), pieces);
});
