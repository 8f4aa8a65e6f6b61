import {useEffect, useLayoutEffect, useRef, useState} from 'preact/hooks';
import type {BothLanguages, JournalEntry} from '../api/client.ts';
import type {LinkState} from '../api/live.ts';
import {server} from '../shell/server.ts';
import {said, t, word} from '../text/language.ts';
import {percent} from '../text/number.ts';
import {visible} from '../text/visible.ts';
import {Copy} from '../parts/controls.tsx';
import {Folded} from '../parts/folded.tsx';
import {Icon, type IconName} from '../parts/icons.tsx';
import {Said, Sentence, Time} from '../parts/text.tsx';
import {hypothesisTitle} from './board.tsx';
import {beliefOf} from './store.ts';

const kIcons: Record<JournalEntry['kind'], IconName> = {
  planning: 'plan',
  answer: 'down',
  observation: 'eye',
  finding: 'scales',
  message: 'message',
  reply: 'scales',
  status: 'flag',
};
/** So near its end, a list that grows stays at its end. */
const kAtEnd = 60;

/** What belongs to an entry beyond its sentence. */
function More({entry}: {entry: JournalEntry}) {
  const belief = beliefOf(entry);
  if (belief) {
    return (
      <ol class="entry-belief">
        {belief.hypotheses.slice(0, 5).map((h, i) => (
          <li key={i}>
            <span class="number">{percent(h.probability)}</span> <Sentence text={hypothesisTitle(h.title)} />
          </li>
        ))}
      </ol>
    );
  }
  const data: Record<string, unknown> = entry.data ?? {};
  const {command, ...rest} = data;
  const fields = Object.entries(rest).filter(([, v]) => v !== null && v !== '');
  return (
    <>
      {typeof command === 'string' && command && (
        <div class="entry-data">
          <div class="command small">
            <code>
              <Said text={command} />
            </code>
            <Copy text={command} />
          </div>
        </div>
      )}
      <dl class="entry-data">
        {fields.map(([k, v]) => (
          <div key={k}>
            <dt>{visible(k)}</dt>
            <dd>
              <Said text={typeof v === 'string' ? v : JSON.stringify(v)} />
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** Who said it: this is "you" for who is alone on this machine or says it with this token. */
function speakerOf(entry: JournalEntry): string {
  const by = (entry.data as {by?: unknown} | undefined)?.by;
  if (entry.kind !== 'message' || typeof by !== 'string' || by === server.value?.who.name)
    return word('journal', entry.kind);
  return visible(by);
}

/** How a message was understood. */
function Understood({entry}: {entry: JournalEntry}) {
  const data = entry.data as {action?: unknown; answer?: BothLanguages} | undefined;
  if (entry.kind !== 'message' || !data?.answer || data.action === 'none') return null;
  return (
    <span class="entry-understood soft">
      <Sentence text={said(data.answer)} />
    </span>
  );
}

function Entry({entry}: {entry: JournalEntry}) {
  const has = entry.kind !== 'message' && entry.kind !== 'reply' && entry.data && Object.keys(entry.data).length > 0;
  const head = (
    <>
      <span class="entry-icon">
        <Icon name={kIcons[entry.kind] ?? 'flag'} />
      </span>
      <span class="entry-text">
        <span class="entry-kind">{speakerOf(entry)}</span>
        <Sentence text={said(entry.what)} />
        <Understood entry={entry} />
      </span>
      <span class="entry-time number">
        <Time at={entry.time} form="clock" />
      </span>
    </>
  );
  return (
    <li class={`entry of-${entry.kind}`}>
      {has ? <Folded summary={head}>{() => <More entry={entry} />}</Folded> : <div class="entry-plain">{head}</div>}
    </li>
  );
}

/** So many questions in a row are told as one, once it is over. */
const kRun = 4;

const isQuestion = (e: JournalEntry) => e.kind === 'answer';

/** Entries by themselves, and long runs of questions together. */
export function folded(entries: JournalEntry[]): JournalEntry[][] {
  const out: JournalEntry[][] = [];
  let run: JournalEntry[] = [];
  const end = () => {
    out.push(...(run.length >= kRun ? [run] : run.map((e) => [e])));
    run = [];
  };
  for (const e of entries) {
    if (isQuestion(e)) {
      run.push(e);
      continue;
    }
    end();
    out.push([e]);
  }
  end();
  return out;
}

/** A run of questions: whom they went to, and each on demand. */
function Questions({entries}: {entries: JournalEntry[]}) {
  const services = new Map<string, number>();
  for (const e of entries) {
    const service = (e.data as {service?: unknown} | undefined)?.service;
    if (typeof service === 'string' && service) services.set(service, (services.get(service) ?? 0) + 1);
  }
  const first = entries[0]!;
  return (
    <li class="entry of-run">
      <Folded
        summary={
          <>
            <span class="entry-icon">
              <Icon name="ask" />
            </span>
            <span class="entry-text">
              {t('journal_run', {count: entries.length})}{' '}
              <span class="soft">
                <Said text={[...services].map(([s, n]) => (n > 1 ? `${s} ×${n}` : s)).join(', ')} />
              </span>
            </span>
            <span class="entry-time number">
              <Time at={first.time} form="clock" />
            </span>
          </>
        }
      >
        {() => (
          <ol>
            {entries.map((e) => (
              <Entry key={e.sequence} entry={e} />
            ))}
          </ol>
        )}
      </Folded>
    </li>
  );
}

const kFilters = ['all', 'answer', 'observation', 'finding', 'message'] as const;

/** What was done, as it is done. */
export function Journal({
  entries,
  running,
  link,
}: {
  entries: JournalEntry[];
  running: boolean;
  link: LinkState | undefined;
}) {
  const [filter, setFilter] = useState<(typeof kFilters)[number]>('all');
  const list = useRef<HTMLOListElement>(null);
  const stick = useRef(true);
  const before = useRef(0);
  const atEnd = useRef(false);
  // What stands below it grows with each answer; the last entry stays in sight.
  useEffect(() => {
    const element = list.current;
    if (!element) return undefined;
    const watch = new ResizeObserver(() => {
      if (atEnd.current) element.scrollTop = element.scrollHeight;
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  useLayoutEffect(() => {
    const element = list.current;
    // What is over is read from its beginning, until something comes in again.
    const grew = before.current > 0 && entries.length > before.current;
    before.current = entries.length;
    if (!element || !stick.current || !(running || grew)) return;
    atEnd.current = true;
    element.scrollTop = element.scrollHeight;
  }, [entries.length, running]);
  const shown = entries.filter(
    (e) => filter === 'all' || e.kind === filter || (filter === 'message' && e.kind === 'reply'),
  );
  return (
    <section class="journal" id="journal">
      <div class="section-head">
        <h2>
          {t('journal')} <span class="count">{entries.length}</span>
        </h2>
        {running && (
          <span class={`live-tag ${link ?? ''}`}>
            <span class="dot live" />
            {link === 'lost' ? t('reconnecting') : t('live')}
          </span>
        )}
      </div>
      <div class="chips" role="group" aria-label={t('filter')}>
        {kFilters.map((f) => (
          <button key={f} type="button" class="chip" aria-pressed={f === filter} onClick={() => setFilter(f)}>
            {t(`journal_filter.${f}`)}
          </button>
        ))}
      </div>
      <ol
        class="entries"
        ref={list}
        tabIndex={0}
        aria-label={t('journal')}
        onScroll={(e) => {
          const list = e.currentTarget;
          stick.current = list.scrollHeight - list.scrollTop - list.clientHeight < kAtEnd;
          atEnd.current = stick.current;
        }}
      >
        {(running || filter !== 'all' ? shown.map((e) => [e]) : folded(shown)).map((run) =>
          run.length > 1 ? (
            <Questions key={run[0]!.sequence} entries={run} />
          ) : (
            <Entry key={run[0]!.sequence} entry={run[0]!} />
          ),
        )}
        {shown.length === 0 && <li class="soft entry-none">{t('journal_none')}</li>}
      </ol>
    </section>
  );
}
