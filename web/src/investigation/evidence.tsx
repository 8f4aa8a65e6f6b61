import {useEffect, useRef} from 'preact/hooks';
import type {Evidence, Observation} from '../api/report.ts';
import {query} from '../shell/router.ts';
import {t, word} from '../text/language.ts';
import {short} from '../text/number.ts';
import {clockTime} from '../text/time.ts';
import {Copy} from '../parts/controls.tsx';
import {Icon} from '../parts/icons.tsx';
import {Entity, Outside, Said, Sentence, Time} from '../parts/text.tsx';
import {closeEvidence, openEvidence, useRecords, type Records} from './cite.tsx';

/** Facts shorter than this occur by chance. */
const kShortestMark = 3;

/** Cuts a text where one of the words occurs in it. Every second piece is such a word. */
export function marked(text: string, words: string[]): string[] {
  const found = [...new Set(words)]
    .filter((w) => w.length >= kShortestMark && text.includes(w))
    .sort((a, b) => b.length - a.length);
  if (found.length === 0) return [text];
  const pattern = found.map((w) => w.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  return text.split(new RegExp(`(${pattern})`));
}

/** So many lines are laid out together: of a long record only those in sight are. */
const kLinesTogether = 100;

/** A text in pieces of so many lines. */
export function inPieces(text: string, lines = kLinesTogether): string[] {
  const pieces: string[] = [];
  for (let from = 0; from < text.length; ) {
    let end = from;
    for (let n = 0; n < lines && end >= 0 && end < text.length; ++n) end = text.indexOf('\n', end) + 1 || text.length;
    pieces.push(text.slice(from, end));
    from = end;
  }
  return pieces;
}

const Marked = ({text, words}: {text: string; words: string[]}) => (
  <>
    {marked(text, words).map((piece, i) =>
      i % 2 ? (
        <mark key={i}>
          <Said text={piece} />
        </mark>
      ) : (
        <Said key={i} text={piece} />
      ),
    )}
  </>
);

/** The points of a series' excerpt. */
export function pointsOf(excerpt: string): [number, number][] {
  return [...excerpt.matchAll(/(\d{4}-\d\d-\d\dT[\d:.]+Z)=(-?[\d.]+(?:e[+-]?\d+)?)/g)].map((m) => [
    Date.parse(m[1]!),
    Number(m[2]),
  ]);
}

function Series({evidence}: {evidence: Evidence}) {
  const points = pointsOf(evidence.excerpt);
  if (points.length === 0)
    return (
      <pre class="record-text">
        <Said text={evidence.excerpt} />
      </pre>
    );
  const most = Math.max(...points.map((p) => Math.abs(p[1])), 1e-12);
  return (
    <table class="points">
      <tbody>
        {points.map(([time, value]) => (
          <tr key={time}>
            <td class="number">{clockTime(new Date(time))}</td>
            <td class="number">{short(value)}</td>
            <td>
              <span class="bar" aria-hidden="true">
                <span style={{width: `${(Math.abs(value) / most) * 100}%`}} />
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Record({evidence, backs}: {evidence: Evidence; backs: Observation[]}) {
  const words = backs.flatMap((o) => Object.values(o.facts ?? {}));
  const parts = evidence.excerpt.split(' · ');
  return (
    <pre class="record-text">
      {parts.map((part, i) => {
        const pair = /^([\w.\-/]{1,80})=([\s\S]*)$/.exec(part);
        const pieces = pair ? [] : inPieces(part);
        if (pieces.length > 1)
          return pieces.map((piece, n) => (
            <span class="record-line record-piece" key={`${i} ${n}`}>
              <Marked text={piece.replace(/\n$/, '')} words={words} />
            </span>
          ));
        return (
          <span class="record-line" key={i}>
            {pair ? (
              <>
                <span class="record-key">{pair[1]}</span>
                {'='}
                <Marked text={pair[2] ?? ''} words={words} />
              </>
            ) : (
              <Marked text={part} words={words} />
            )}
          </span>
        );
      })}
    </pre>
  );
}

function Details({evidence, records}: {evidence: Evidence; records: Records}) {
  const backs = records.report.observations.filter((o) => o.evidence.includes(evidence.id));
  const {locator} = evidence;
  return (
    <>
      <p class="over">
        <span class="tag">{word('source', locator.kind)}</span> <Entity id={evidence.entity} names={records.names} />
      </p>
      {locator.kind === 'absence' ? (
        <p class="absent">
          <Icon name="search" />{' '}
          <span>
            {t('absent')}{' '}
            {locator.pattern ? (
              <code>
                <Said text={locator.pattern} />
              </code>
            ) : (
              t('absent_any')
            )}
          </span>
        </p>
      ) : locator.kind === 'series' ? (
        <Series evidence={evidence} />
      ) : (
        <Record evidence={evidence} backs={backs} />
      )}
      {locator.count !== undefined && locator.count > 1 && (
        <p class="soft">{t(locator.kind === 'series' ? 'points_in_all' : 'records_in_all', {count: locator.count})}</p>
      )}
      <Outside to={evidence.link}>{t('open_in_console')}</Outside>
      <h3>{t('backs')}</h3>
      <ul class="backs">
        {backs.map((o) => (
          <li key={o.id}>
            <Sentence text={o.statement} names={records.names} />
          </li>
        ))}
      </ul>
      <h3>{t('how_found')}</h3>
      <dl class="rows">
        <div>
          <dt>{t('source')}</dt>
          <dd>
            <Said text={evidence.source} />
            {locator.line ? ` : ${locator.line}` : ''}
          </dd>
        </div>
        {evidence.query !== evidence.source && (
          <div>
            <dt>{t('query')}</dt>
            <dd class="command">
              <code>
                <Said text={evidence.query} />
              </code>
              <Copy text={evidence.query} />
            </dd>
          </div>
        )}
        {evidence.window && (
          <div>
            <dt>{t('window')}</dt>
            <dd>
              <Time at={evidence.window.start} /> – <Time at={evidence.window.end} />
            </dd>
          </div>
        )}
        <div>
          <dt>{t('entity')}</dt>
          <dd class="break">
            <Said text={evidence.entity} />
          </dd>
        </div>
        <div>
          <dt>{t('fingerprint')}</dt>
          <dd class="break mono">
            <Said text={evidence.digest} />
          </dd>
        </div>
      </dl>
    </>
  );
}

/** The record behind a claim, beside the page; the address says which one is open. */
export function EvidenceDrawer() {
  const records = useRecords();
  const id = query.value.get('evidence');
  const evidence = id ? records?.evidence.get(id) : undefined;
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef<Element | null>(null);
  useEffect(() => {
    if (!evidence) return undefined;
    before.current ??= document.activeElement;
    heading.current?.focus({preventScroll: true});
    const pressed = (event: KeyboardEvent) => {
      if (event.key === 'Escape') closeEvidence();
    };
    addEventListener('keydown', pressed);
    return () => {
      removeEventListener('keydown', pressed);
    };
  }, [evidence?.id]);
  useEffect(() => {
    if (evidence || !before.current) return;
    if (before.current instanceof HTMLElement) before.current.focus({preventScroll: true});
    before.current = null;
  }, [evidence === undefined]);
  if (!evidence || !records) return null;
  const number = records.numbers.get(evidence.id) ?? 1;
  const all = records.report.evidence;
  const other = (step: number) => all[(number - 1 + step + all.length) % all.length];
  return (
    <aside class="drawer" aria-labelledby="drawer-title">
      <header>
        <h2 id="drawer-title" tabIndex={-1} ref={heading}>
          {t('evidence_number', {number})}
        </h2>
        <span class="soft number">/ {all.length}</span>
        <span class="spring" />
        <button
          type="button"
          class="quiet icon-only turn"
          aria-label={t('previous')}
          onClick={() => openEvidence(other(-1)?.id ?? evidence.id)}
        >
          <Icon name="chevron" />
        </button>
        <button
          type="button"
          class="quiet icon-only"
          aria-label={t('next')}
          onClick={() => openEvidence(other(1)?.id ?? evidence.id)}
        >
          <Icon name="chevron" />
        </button>
        <button type="button" class="quiet icon-only" aria-label={t('close')} onClick={closeEvidence}>
          <Icon name="close" />
        </button>
      </header>
      <div class="drawer-body">
        <Details evidence={evidence} records={records} />
      </div>
    </aside>
  );
}
