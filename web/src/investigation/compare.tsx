import {api, type Investigation} from '../api/client.ts';
import type {Hypothesis, Report} from '../api/report.ts';
import {query, setQuery} from '../shell/router.ts';
import {language, said, t, word} from '../text/language.ts';
import {percent} from '../text/number.ts';
import {dayAndTime} from '../text/time.ts';
import {visible} from '../text/visible.ts';
import {Failure, Waiting} from '../parts/controls.tsx';
import {useLoaded} from '../parts/load.ts';
import {Sentence} from '../parts/text.tsx';

const kShown = 8;
const kLongest = 70;

export interface Pair {
  title: string;
  here: number | undefined;
  there: number | undefined;
}

/** The likeliest explanations of two reports, each once, with what each report thinks of it. */
export function pairs(here: Hypothesis[], there: Hypothesis[]): Pair[] {
  const key = (h: Hypothesis) => `${h.entity}\n${h.mode}\n${h.change ?? ''}`;
  const all = new Map<string, Pair>();
  for (const h of here) all.set(key(h), {title: h.title, here: h.probability, there: undefined});
  for (const h of there) {
    const pair = all.get(key(h));
    if (pair) pair.there = h.probability;
    else all.set(key(h), {title: h.title, here: undefined, there: h.probability});
  }
  const most = (p: Pair) => Math.max(p.here ?? 0, p.there ?? 0);
  return [...all.values()].sort((a, b) => most(b) - most(a)).slice(0, kShown);
}

function Table({here, there}: {here: Report; there: Report}) {
  const share = (value: number | undefined) => (value === undefined ? <span class="soft">–</span> : percent(value));
  const cause = (report: Report) =>
    report.root_causes.map((c) => c.title).join(' · ') || word('outcome', report.outcome);
  return (
    <div class="card flush wide-table">
      <table class="table compare">
        <thead>
          <tr>
            <th />
            <th>{t('compare.this')}</th>
            <th>{t('compare.other')}</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">{t('compare.cause')}</th>
            <td>
              <Sentence text={cause(here)} names={here.names} />
            </td>
            <td>
              <Sentence text={cause(there)} names={there.names} />
            </td>
          </tr>
          {pairs(here.hypotheses, there.hypotheses).map((p) => (
            <tr key={p.title}>
              <th scope="row">
                <Sentence text={p.title} names={here.names} />
                {(p.here === undefined || p.there === undefined) && <span class="tag">{t('compare.only_here')}</span>}
              </th>
              <td class="number">{share(p.here)}</td>
              <td class="number">{share(p.there)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Two investigations of an incident side by side; the address says which. */
export function Compare({report, id, others}: {report: Report; id: string; others: Investigation[]}) {
  const chosen = query.value.get('with') ?? '';
  const [loaded, again] = useLoaded(
    () => (chosen ? api.report(chosen, language.value) : Promise.resolve(undefined)),
    [chosen, language.value],
  );
  const choices = others.filter((i) => i.id !== id && i.status === 'done');
  if (choices.length === 0) return null;
  const {value, error} = loaded.value;
  const name = (i: Investigation) =>
    `${dayAndTime(new Date(i.requested))} ${visible(said(i.headline)).slice(0, kLongest)}`;
  return (
    <>
      <label class="field compare-choice">
        <span>{t('compare')}</span>
        <select value={chosen} onChange={(e) => setQuery({with: e.currentTarget.value})}>
          <option value="">{t('compare_none')}</option>
          {choices.map((i) => (
            <option key={i.id} value={i.id}>
              {name(i)}
            </option>
          ))}
        </select>
      </label>
      {chosen && error && <Failure error={error} onRetry={again} />}
      {chosen && !value && !error && <Waiting />}
      {chosen && value && <Table here={report} there={value} />}
    </>
  );
}
