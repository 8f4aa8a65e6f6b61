import {useSignal} from '@preact/signals';
import type {Report} from '../api/report.ts';
import {t, word} from '../text/language.ts';
import {Copy} from '../parts/controls.tsx';
import {Icon} from '../parts/icons.tsx';
import {Entity, Said, Sentence, Time} from '../parts/text.tsx';
import {Cites} from './cite.tsx';

/** What happened, in its order. */
export function Timeline({report}: {report: Report}) {
  if (report.timeline.length === 0) return null;
  // Several sources tell of the same: once is enough.
  const moments = report.timeline.filter(
    (m, i, all) => all.findIndex((o) => o.time === m.time && o.what === m.what) === i,
  );
  return (
    <section class="section" id="timeline">
      <h2>
        {t('timeline')} <span class="count">{moments.length}</span>
      </h2>
      <ol class="moments-list">
        {moments.map((m, i) => (
          <li key={i} class={m.kind}>
            <span class="moment-time number">
              <Time at={m.time} />
            </span>
            <span class="moment-kind">
              <span class={`dot ${m.kind}`} />
              {word('moment', m.kind)}
            </span>
            <span>
              <Sentence text={m.what} names={report.names} />{' '}
              {m.observation && <Cites observations={[m.observation]} />}
            </span>
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
      <h2>
        {t('ruled_out')} <span class="count">{report.ruled_out.length}</span>
      </h2>
      <ul class="plain-list">
        {report.ruled_out.map((r, i) => (
          <li key={i}>
            <Icon name="close" />
            <div>
              <div>
                <Sentence text={r.title} names={report.names} />
              </div>
              <div class="soft">
                <Sentence text={r.because} names={report.names} />{' '}
                {r.observation && <Cites observations={[r.observation]} />}
              </div>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

const kShownGaps = 5;

/** The sentence of a gap without what stands below it anyway: its file and its query. */
export function gapSentence({what, query, source}: Report['gaps'][number]): string {
  const text = source && what.startsWith(`${source}: `) ? what.slice(source.length + 2) : what;
  return query && query !== text ? text.replace(query, '…').replace(/\s*[(（][^()（）]{0,12}…[)）]/, '') : text;
}

/** What could not be seen: absence is not proof where nobody looked. */
export function Gaps({report}: {report: Report}) {
  const all = useSignal(false);
  const shown = all.value ? report.gaps : report.gaps.slice(0, kShownGaps);
  return (
    <section class="section" id="gaps">
      <h2>
        {t('gaps')} <span class="count">{report.gaps.length}</span>
      </h2>
      <p class="soft">
        {t('looked_at')}{' '}
        {report.looked_at.map((l) => `${word('signal', l.signal)} ${l.records.toLocaleString('en-US')}`).join(' · ')}
      </p>
      {report.gaps.length === 0 && <p>{t('gaps_none')}</p>}
      <ul class="plain-list">
        {shown.map((g, i) => (
          <li key={i}>
            <Icon name="eye" />
            <div>
              <div class="break">
                <Sentence text={gapSentence(g)} names={report.names} />
              </div>
              {g.query.includes(' ') && (
                <div class="command small">
                  <code>
                    <Said text={g.query} />
                  </code>
                  <Copy text={g.query} />
                </div>
              )}
            </div>
          </li>
        ))}
      </ul>
      {report.gaps.length > kShownGaps && (
        <button type="button" class="link" onClick={() => (all.value = !all.value)}>
          {all.value ? t('show_fewer') : t('show_all', {count: report.gaps.length})}
        </button>
      )}
      {report.next_questions.length > 0 && (
        <>
          <h3>{t('next_questions')}</h3>
          <ul class="plain-list">
            {report.next_questions.map((q, i) => (
              <li key={i}>
                <Icon name="ask" />
                <div>
                  <div>
                    <Sentence text={q.what} names={report.names} />{' '}
                    <span class="soft">
                      <Entity id={q.entity} names={report.names} /> · {word('signal', q.signal)}
                    </span>
                  </div>
                  {q.query && (
                    <div class="command small">
                      <code>
                        <Said text={q.query} />
                      </code>
                      <Copy text={q.query} />
                    </div>
                  )}
                </div>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
