import '../testing/browserless.ts';
import {strict as assert} from 'node:assert';
import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {en} from '../src/text/en.ts';
import {ja} from '../src/text/ja.ts';
import {setLanguage, t, word} from '../src/text/language.ts';
import {percent, short, withUnit} from '../src/text/number.ts';
import {age, duration, localField, utc, utcOfField} from '../src/text/time.ts';
import {runs, safeLink, visible} from '../src/text/visible.ts';

const kSources = path.join(process.env['MIDWATCH_WEB'] ?? '.', 'src');
const sources = (readdirSync(kSources, {recursive: true}) as string[])
  .filter((f) => /\.tsx?$/.test(f) && !/text\/(en|ja)\.ts$/.test(f))
  .map((f) => readFileSync(path.join(kSources, f), 'utf8'))
  .join('\n');
const holes = (sentence: string) => [...sentence.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();

test('both languages have the same keys, with the same things filled in', () => {
  assert.deepEqual(Object.keys(ja).sort(), Object.keys(en).sort());
  for (const [key, sentence] of Object.entries(en)) {
    assert.deepEqual(holes(ja[key as keyof typeof en]), holes(sentence), key);
    if (!key.endsWith('_example')) assert.ok(ja[key as keyof typeof en] && sentence, key);
  }
});

test('every key that the page asks for is there, and every key is asked for', () => {
  const asked = new Set([...sources.matchAll(/\bt\('([\w.]+)'/g)].map((m) => m[1]!));
  for (const key of asked) assert.ok(key in en, key);
  const groups = new Set(
    [...sources.matchAll(/\b(?:word|t)\((?:[^'`()]*\? )?['`](\w+)(?:'|\.\$\{)/g)].map((m) => m[1]!),
  );
  groups.add('outcome').add('status');
  for (const key of Object.keys(en)) {
    const used = asked.has(key) || groups.has(key.split('.')[0]!) || sources.includes(`'${key}'`);
    assert.ok(used, `nobody says ${key}`);
  }
});

test('Japanese sentences are Japanese', () => {
  for (const [key, sentence] of Object.entries(ja)) {
    if (['fingerprint', 'start.alarm_example', 'start.latest_example'].includes(key)) continue;
    assert.match(sentence, /[\u3040-\u30ff\u4e00-\u9fff]/, key);
  }
});

test('words that the API chooses are said, unknown ones as they are', () => {
  setLanguage('ja');
  assert.equal(word('kind', 'saturation'), '飽和');
  assert.equal(word('kind', 'brand-new'), 'brand-new');
  assert.equal(t('show_all', {count: 3}), '全 3 件を表示');
  setLanguage('en');
  assert.equal(t('show_all', {count: 3}), 'Show all 3');
});

test('characters that would not be seen are named', () => {
  const cases: [string, string][] = [
    ['plain text\tand\nlines', 'plain text\tand\nlines'],
    ['決済サービス 🚀', '決済サービス 🚀'],
    ['a\u202eb', 'a⟨U+202E⟩b'],
    ['\u0007', '⟨U+0007⟩'],
    ['zero\u200bwidth\ufeff', 'zero⟨U+200B⟩width⟨U+FEFF⟩'],
    ['\u{e0041}', '⟨U+E0041⟩'],
    ['\ud800x', '⟨U+D800⟩x'],
    ['x\udc00', 'x⟨U+DC00⟩'],
    ['', ''],
  ];
  for (const [text, expected] of cases) assert.equal(visible(text), expected, JSON.stringify(text));
  assert.deepEqual(runs('<b>'), [{text: '<b>', hidden: false}]);
});

test('only addresses of the web are followed', () => {
  assert.equal(safeLink('https://console.aws.amazon.com/x'), 'https://console.aws.amazon.com/x');
  for (const address of [
    'javascript:alert(1)',
    'data:text/html,x',
    ' java\nscript:x',
    'file:///etc',
    '//x',
    '',
    undefined,
  ])
    assert.equal(safeLink(address), undefined, address);
});

test('numbers are short and never claim certainty', () => {
  assert.deepEqual([1, 0.999, 0.9256, 0.004, 0].map(percent), ['100%', '>99%', '93%', '<1%', '0%']);
  assert.deepEqual([0, 1.2345, 98.71, 12345, 3.4e6, 5e9].map(short), ['0', '1.23', '98.7', '12.3k', '3.4M', '5G']);
  assert.equal(withUnit(0.222, 's'), '222 ms');
  assert.equal(withUnit(2.37, 's'), '2.37 s');
  assert.equal(withUnit(98.2, '%'), '98.2%');
  assert.equal(withUnit(1536, 'By'), '1.5 KiB');
});

test('a field for a local time gives back the time that it was given', () => {
  for (const [time, field] of [
    ['', ''],
    ['no time', ''],
  ] as const)
    assert.equal(localField(time), field);
  assert.match(localField('2026-01-05T02:06:00Z'), /^2026-01-0[45]T\d\d:\d\d$/);
  assert.equal(utcOfField(localField('2026-01-05T02:06:00Z')), '2026-01-05T02:06:00.000Z');
  assert.equal(utcOfField(''), undefined);
});

test('times are told in both languages', () => {
  setLanguage('en');
  const now = new Date('2026-01-05T12:00:00Z');
  assert.equal(duration(3 * 3600_000 + 20 * 60_000 + 5000), '3 h 20 min');
  assert.equal(duration(44.6), '45 ms');
  // With and without a full stop: that differs between versions of the language data.
  assert.match(age(new Date('2026-01-05T11:57:00Z'), now), /^3 min\.? ago$/);
  assert.equal(utc(new Date('2026-01-05T02:06:00.123Z')), '2026-01-05 02:06:00 UTC');
  setLanguage('ja');
  assert.equal(duration(65_000), '1分5秒');
  assert.equal(age(new Date('2026-01-05T11:57:00Z'), now), '3 分前');
  setLanguage('en');
});
