import {createContext} from 'preact';
import {useContext, useLayoutEffect, useRef} from 'preact/hooks';
import {signal} from '@preact/signals';
import type {Evidence, Observation, Report} from '../api/report.ts';
import {setQuery} from '../shell/router.ts';
import {t, word} from '../text/language.ts';
import {Entity, Said, Sentence} from '../parts/text.tsx';

/** Finds what a report says by its ids. */
export class Records {
  readonly observations = new Map<string, Observation>();
  readonly evidence = new Map<string, Evidence>();
  readonly numbers = new Map<string, number>();
  constructor(readonly report: Report) {
    for (const o of report.observations) this.observations.set(o.id, o);
    report.evidence.forEach((e, i) => {
      this.evidence.set(e.id, e);
      this.numbers.set(e.id, i + 1);
    });
  }
  /** The records behind some observations, each once, in their order. */
  behind(observations: string[]): Evidence[] {
    const ids = new Set(observations.flatMap((id) => this.observations.get(id)?.evidence ?? []));
    return [...ids].map((id) => this.evidence.get(id)).filter((e) => e !== undefined);
  }
  get names() {
    return this.report.names;
  }
}

export const RecordsContext = createContext<Records | undefined>(undefined);
export const useRecords = () => useContext(RecordsContext);

export const openEvidence = (id: string) => setQuery({evidence: id}, false);
export const closeEvidence = () => setQuery({evidence: undefined}, false);

const preview = signal<{id: string; at: DOMRect} | undefined>(undefined);
const kShownAtOnce = 4;

/** The numbers of the records behind observations: a look on hover, the whole record on a click. */
export function Cites({observations, all = false}: {observations: string[]; all?: boolean}) {
  const records = useRecords();
  if (!records) return null;
  const evidence = records.behind(observations);
  const shown = all ? evidence : evidence.slice(0, kShownAtOnce);
  const show = (id: string) => (event: Event) => {
    preview.value = {id, at: (event.currentTarget as Element).getBoundingClientRect()};
  };
  const hide = () => (preview.value = undefined);
  return (
    <span class="cites">
      {shown.map((e) => (
        <button
          key={e.id}
          type="button"
          class="cite"
          aria-label={t('evidence_number', {number: records.numbers.get(e.id) ?? 0})}
          onPointerEnter={show(e.id)}
          onPointerLeave={hide}
          onFocus={show(e.id)}
          onBlur={hide}
          onClick={() => {
            hide();
            openEvidence(e.id);
          }}
        >
          {records.numbers.get(e.id)}
        </button>
      ))}
      {evidence.length > shown.length && <span class="cite-more">+{evidence.length - shown.length}</span>}
    </span>
  );
}

/** The sentence of an observation with its records. */
export function Stated({id}: {id: string}) {
  const records = useRecords();
  const observation = records?.observations.get(id);
  if (!observation) return <Said text={id} />;
  return (
    <span>
      <Sentence text={observation.statement} names={records?.names} /> <Cites observations={[id]} />
    </span>
  );
}

const kPreviewLength = 320;

/** The record under the pointer. One for the whole page, beside what it belongs to. */
export function CitePreview() {
  const records = useRecords();
  const box = useRef<HTMLDivElement>(null);
  const shown = preview.value;
  const evidence = shown && records?.evidence.get(shown.id);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element || !shown) return;
    const {width, height} = element.getBoundingClientRect();
    const left = Math.min(Math.max(8, shown.at.left - 16), innerWidth - width - 8);
    const below = shown.at.bottom + 8;
    const top = below + height > innerHeight - 8 ? shown.at.top - height - 8 : below;
    element.style.left = `${left}px`;
    element.style.top = `${Math.max(8, top)}px`;
  });
  if (!evidence) return null;
  return (
    <div class="preview" ref={box} role="tooltip">
      <div class="preview-head">
        <span class="tag">{word('source', evidence.locator.kind)}</span> <Said text={evidence.source} /> ·{' '}
        <Entity id={evidence.entity} names={records?.names} />
      </div>
      <div class="record-text">
        <Said text={evidence.excerpt.slice(0, kPreviewLength) || evidence.locator.pattern || evidence.query} />
      </div>
      <div class="preview-foot">{t('click_opens_record')}</div>
    </div>
  );
}
