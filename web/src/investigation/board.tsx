import {useSignal} from '@preact/signals';
import {useLayoutEffect, useRef, useState} from 'preact/hooks';
import type {BothLanguages} from '../api/client.ts';
import type {Hypothesis, Report} from '../api/report.ts';
import {said, t, word} from '../text/language.ts';
import {Probability} from '../parts/controls.tsx';
import {Folded} from '../parts/folded.tsx';
import {Icon} from '../parts/icons.tsx';
import {Entity, Said, Sentence, Time} from '../parts/text.tsx';
import {visible} from '../text/visible.ts';
import {Stated, useRecords} from './cite.tsx';
import type {Belief} from './store.ts';

export const hypothesisTitle = (title: string | BothLanguages) => (typeof title === 'string' ? title : said(title));

const kShown = 6;
const kMoveTime = 260;

/** The shape of a status; its text stands beside it. */
export function StatusMark({status}: {status: string}) {
  const shape = {
    supported: <path d="M2.500 6.500 5 9l4.500-6" />,
    outweighed: <path d="M6 2.500v7M3 6.700l3 3 3-3" />,
    refuted: <path d="M3 3l6 6M9 3l-6 6" />,
    inconclusive: <path d="M2.500 7c1-2 2.500-2 3.500-1s2.500 1 3.500-1" />,
    open: <circle cx="6" cy="6" r="3.200" />,
  }[status] ?? <circle cx="6" cy="6" r="3.200" />;
  return (
    <span class={`status ${status}`}>
      <svg viewBox="0 0 12 12" aria-hidden="true">
        {shape}
      </svg>
      {word('hypothesis', status)}
    </span>
  );
}

/** What is less probable than this, another explains better: evidence for it stands, and means little. */
const kOutweighed = 0.05;

/** The status in words that fit its probability. */
export const statusShown = (h: Pick<Hypothesis, 'status' | 'probability'>) =>
  h.status === 'supported' && h.probability < kOutweighed ? 'outweighed' : h.status;

/** Rows that change places glide there. */
function useGlide(order: string) {
  const list = useRef<HTMLOListElement>(null);
  const places = useRef(new Map<string, number>());
  useLayoutEffect(() => {
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const next = new Map<string, number>();
    for (const row of list.current?.children ?? []) {
      if (!(row instanceof HTMLElement) || !row.dataset['key']) continue;
      const key = row.dataset['key'];
      next.set(key, row.offsetTop);
      const former = places.current.get(key);
      if (!still && former !== undefined && former !== row.offsetTop)
        row.animate([{transform: `translateY(${former - row.offsetTop}px)`}, {transform: 'none'}], {
          duration: kMoveTime,
          easing: 'ease-out',
        });
    }
    places.current = next;
  }, [order]);
  return list;
}

function Weight({value, most}: {value: number; most: number}) {
  const share = `${Math.min(50, (Math.abs(value) / most) * 50)}%`;
  return (
    <span class="weight">
      <span class="weight-bar" aria-hidden="true">
        <span
          class={value >= 0 ? 'plus' : 'minus'}
          style={value >= 0 ? {left: '50%', width: share} : {right: '50%', width: share}}
        />
      </span>
      <span class="number">
        {value >= 0 ? '+' : '−'}
        {Math.abs(value).toFixed(2)}
      </span>
    </span>
  );
}

function Ledger({hypothesis}: {hypothesis: Hypothesis}) {
  const records = useRecords();
  const most = Math.max(
    1,
    ...[...hypothesis.for, ...hypothesis.against, ...hypothesis.context, ...hypothesis.missing].map((l) =>
      Math.abs(l.weight),
    ),
  );
  const part = (title: string, empty: string, lines: preact.ComponentChildren[]) => (
    <div class="ledger-part">
      <h4>
        {title} <span class="count">{lines.length}</span>
      </h4>
      {lines.length === 0 ? <p class="soft">{empty}</p> : <ul>{lines}</ul>}
    </div>
  );
  const question = records?.report.next_questions.find(
    (q) => q.entity === hypothesis.entity && q.mode === hypothesis.mode,
  );
  return (
    <div class="ledger">
      <p class="soft">{t('ledger_note')}</p>
      {part(
        t('ledger.for'),
        t('ledger.none'),
        hypothesis.for.map((l) => (
          <li key={l.observation}>
            <Weight value={l.weight} most={most} />
            <Stated id={l.observation} />
          </li>
        )),
      )}
      {part(
        t('ledger.against'),
        t('ledger.none_against'),
        hypothesis.against.map((l) => (
          <li key={l.observation}>
            <Weight value={l.weight} most={most} />
            <Stated id={l.observation} />
          </li>
        )),
      )}
      {part(
        t('ledger.missing'),
        t('ledger.none_missing'),
        hypothesis.missing.map((l) => (
          <li key={l.sign}>
            <Weight value={l.weight} most={most} />
            <span>
              {l.what ? (
                <Said text={l.what} />
              ) : (
                <code>
                  <Said text={l.sign} />
                </code>
              )}
            </span>
          </li>
        )),
      )}
      {part(
        t('ledger.context'),
        t('ledger.none'),
        hypothesis.context.map((l) => (
          <li key={l.what}>
            <Weight value={l.weight} most={most} />
            <Said text={l.what} />
          </li>
        )),
      )}
      {question && (
        <p class="would-tell">
          <Icon name="ask" />{' '}
          <span>
            <strong>{t('would_change')}</strong> <Said text={question.what} />
          </span>
        </p>
      )}
    </div>
  );
}

/** Every explanation that was weighed. */
export function Board({
  report,
  beliefs,
  running,
  onRuleOut,
  onPutBack,
}: {
  report: Report | undefined;
  beliefs: Belief[];
  running: boolean;
  onRuleOut: (hypothesis: Hypothesis) => void;
  onPutBack: (hypothesis: Hypothesis) => void;
}) {
  const all = useSignal(false);
  const [moment, setMoment] = useState<number | undefined>(undefined);
  const then = moment === undefined ? undefined : beliefs[moment];
  const live = !report && running ? beliefs.at(-1) : undefined;
  const shown = then ?? live;
  const list = report?.hypotheses ?? [];
  const movable = beliefs.length > 1;
  // The journal comes after the report: its place is kept, so that no row moves under a finger.
  const journalToCome = report !== undefined && beliefs.length === 0;
  // What a person ruled out stands last, and stays in sight.
  const rows = all.value ? list : list.filter((h, i) => i < kShown || h.excluded);
  const order = shown
    ? shown.hypotheses.map((h) => h.entity + h.mode).join()
    : rows.map((h) => h.entity + h.mode + (h.change ?? '')).join();
  const glide = useGlide(order);
  return (
    <section class="section" id="hypotheses">
      <div class="section-head">
        <h2>
          {t('hypotheses')} <span class="count">{shown ? shown.hypotheses.length : list.length}</span>
        </h2>
      </div>
      {(movable || journalToCome) && (
        <div class="moments">
          <label for="moment">
            {then ? (
              <>
                {t('believed_at')} <Time at={then.time} form="clock" />
              </>
            ) : (
              t('believed_now')
            )}
          </label>
          <input
            id="moment"
            type="range"
            disabled={!movable}
            min={0}
            max={beliefs.length}
            value={moment ?? beliefs.length}
            aria-valuetext={then ? then.time : t('believed_now')}
            onInput={(e) => {
              const value = Number(e.currentTarget.value);
              setMoment(value >= beliefs.length ? undefined : value);
            }}
          />
          {then && (
            <button type="button" class="link" onClick={() => setMoment(undefined)}>
              {t('back_to_now')}
            </button>
          )}
        </div>
      )}
      {shown ? (
        <ol class="board" ref={glide}>
          {shown.hypotheses.map((h) => (
            <li key={h.entity + h.mode} data-key={h.entity + h.mode} class="hypothesis">
              <div class="hypothesis-head plain">
                <Probability value={h.probability} />
                <span class="hypothesis-title">
                  <Sentence text={hypothesisTitle(h.title)} names={report?.names} />
                </span>
              </div>
            </li>
          ))}
        </ol>
      ) : (
        <ol class="board" ref={glide}>
          {rows.map((h) => {
            const key = h.entity + h.mode + (h.change ?? '');
            return (
              <li key={key} data-key={key} class={`hypothesis ${h.status}`}>
                <Folded
                  of="hypothesis-head"
                  summary={
                    <>
                      {h.excluded ? <span class="off">{t('steer.off')}</span> : <Probability value={h.probability} />}
                      <span class="hypothesis-title">
                        <Sentence text={h.title} names={report?.names} />
                      </span>
                      <StatusMark status={statusShown(h)} />
                      <span class="hypothesis-meta soft">
                        <Entity id={h.entity} names={report?.names} /> · {word('kind', h.kind)} ·{' '}
                        {h.excluded ? (
                          <>
                            {t('steer.ruled_out_by', {name: visible(h.excluded.by)})} <Time at={h.excluded.time} />
                          </>
                        ) : (
                          t('for_against', {pro: h.for.length, con: h.against.length, gap: h.missing.length})
                        )}
                      </span>
                    </>
                  }
                >
                  {() => <Ledger hypothesis={h} />}
                </Folded>
                {h.status !== 'refuted' && (
                  <button
                    type="button"
                    class="rule-out"
                    aria-label={t('steer.rule_out_this', {title: visible(h.title)})}
                    title={t('steer.rule_out')}
                    onClick={() => onRuleOut(h)}
                  >
                    <Icon name="close" />
                    <span>{t('steer.rule_out')}</span>
                  </button>
                )}
                {h.excluded && (
                  <button
                    type="button"
                    class="rule-out put-back"
                    aria-label={t('steer.put_back_this', {title: visible(h.title)})}
                    title={t('steer.put_back')}
                    onClick={() => onPutBack(h)}
                  >
                    <Icon name="undo" />
                    <span>{t('steer.put_back')}</span>
                  </button>
                )}
              </li>
            );
          })}
        </ol>
      )}
      {!shown && list.length > kShown && (
        <button type="button" class="link" onClick={() => (all.value = !all.value)}>
          {all.value ? t('show_fewer') : t('show_all', {count: list.length})}
        </button>
      )}
    </section>
  );
}
