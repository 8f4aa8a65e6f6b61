import type {Report} from '../api/report.ts';
import {t, word} from '../text/language.ts';
import {Copy} from '../parts/controls.tsx';
import {Icon} from '../parts/icons.tsx';
import {Entity, Said, Time} from '../parts/text.tsx';
import {Cites} from './cite.tsx';

/** What happened, in its order. */
export function Timeline({report}: {report: Report}) {
  if (report.timeline.length === 0) return null;
  return (
    <section class="section" id="timeline">
      <h2>{t('timeline')} <span class="count">{report.timeline.length}</span></h2>
      <ol class="moments-list">
        {report.timeline.map((m, i) => (
          <li key={i} class={m.kind}>
            <span class="moment-time number"><Time at={m.time} /></span>
            <span class="moment-kind"><span class={`dot ${m.kind}`} />{word('moment', m.kind)}</span>
            <span><Said text={m.what} /> {m.observation && <Cites observations={[m.observation]} />}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** What was looked at and does not explain it. */
export function RuledOut({report}: {report: Report}) {
  if (report.ruled_out.length === 0) return null;
  return (
    <section class="section" id="ruled-out">
      <h2>{t('ruled_out')} <span class="count">{report.ruled_out.length}</span></h2>
      <ul class="plain-list">
        {report.ruled_out.map((r, i) => (
          <li key={i}><Icon name="close" /><div><div><Said text={r.title} /></div><div class="soft"><Said text={r.because} /> {r.observation && <Cites observations={[r.observation]} />}</div></div></li>
        ))}
      </ul>
    </section>
  );
}

/** What could not be seen: absence is not proof where nobody looked. */
export function Gaps({report}: {report: Report}) {
  return (
    <section class="section" id="gaps">
      <h2>{t('gaps')} <span class="count">{report.gaps.length}</span></h2>
      <p class="soft">{t('looked_at')} {report.looked_at.map((l) => `${word('signal', l.signal)} ${l.records.toLocaleString('en-US')}`).join(' · ')}</p>
      {report.gaps.length === 0 && <p>{t('gaps_none')}</p>}
      <ul class="plain-list">
        {report.gaps.map((g, i) => (
          <li key={i}><Icon name="eye" /><div>
            <div class="break"><Said text={g.what} /></div>
            {g.query && g.query !== g.source && <div class="command small"><code><Said text={g.query} /></code><Copy text={g.query} /></div>}
          </div></li>
        ))}
      </ul>
      {report.next_questions.length > 0 && <>
        <h3>{t('next_questions')}</h3>
        <ul class="plain-list">
          {report.next_questions.map((q, i) => (
            <li key={i}><Icon name="ask" /><div><div><Said text={q.what} /> <span class="soft"><Entity id={q.entity} names={report.names} /> · {word('signal', q.signal)}</span></div>
              {q.query && <div class="command small"><code><Said text={q.query} /></code><Copy text={q.query} /></div>}</div></li>
          ))}
        </ul></>}
    </section>
  );
}
