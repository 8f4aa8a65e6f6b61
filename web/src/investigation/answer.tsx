import type {Investigation} from '../api/client.ts';
import type {Report, RootCause} from '../api/report.ts';
import {said, t, word} from '../text/language.ts';
import {percent} from '../text/number.ts';
import {Copy} from '../parts/controls.tsx';
import {Entity, Said, Sentence, Time} from '../parts/text.tsx';
import {duration} from '../text/time.ts';
import {Icon} from '../parts/icons.tsx';
import {Cites} from './cite.tsx';
import type {Belief} from './store.ts';
import {hypothesisTitle} from './board.tsx';

/** A probability in words. */
export function sureness(probability: number): string {
  if (probability >= 0.9) return t('sure.very');
  if (probability >= 0.7) return t('sure.quite');
  if (probability >= 0.4) return t('sure.likely');
  return t('sure.open');
}

function Gauge({value}: {value: number}) {
  const length = 2 * Math.PI * 26;
  return (
    <div class="gauge">
      <svg viewBox="0 0 64 64" aria-hidden="true">
        <circle class="gauge-track" cx="32" cy="32" r="26" />
        <circle
          class="gauge-value"
          cx="32"
          cy="32"
          r="26"
          stroke-dasharray={`${value * length} ${length}`}
          transform="rotate(-90 32 32)"
        />
      </svg>
      <span class="number">{percent(value)}</span>
    </div>
  );
}

function Cause({cause, report, alone}: {cause: RootCause; report: Report; alone: boolean}) {
  const plan = (alone ? undefined : cause.mitigation) ?? report.mitigation;
  const apply = plan.steps.find((s) => s.phase === 'apply' && s.command);
  return (
    <div class="cause">
      <div class="cause-head">
        <div>
          <p class="over">
            <span class="dot root" />
            {alone ? t('root_cause') : t('root_cause_one_of_several')} · {word('kind', cause.kind)}
          </p>
          <h2 class="cause-title">
            <Sentence text={cause.title} names={report.names} />
          </h2>
        </div>
        <Gauge value={cause.probability} />
      </div>
      <p class="why">
        <Sentence text={cause.why} names={report.names} /> <Cites observations={cause.explains} />
      </p>
      <dl class="facts">
        <div>
          <dt>{t('where')}</dt>
          <dd>
            <Entity id={cause.entity} names={report.names} />
            {cause.location && (
              <code class="where-code">
                <Said text={cause.location} />
              </code>
            )}
            {cause.change && (
              <span class="soft">
                {t('change')} <Said text={cause.change} />
              </span>
            )}
          </dd>
        </div>
        <div>
          <dt>{t('since')}</dt>
          <dd>
            {cause.onset ? (
              <>
                <Time at={cause.onset} />{' '}
                <span class="soft">
                  <Time at={cause.onset} form="age" />
                </span>
              </>
            ) : (
              t('unknown_time')
            )}
          </dd>
        </div>
        <div>
          <dt>{t('how_sure')}</dt>
          <dd>
            {sureness(cause.probability)}{' '}
            <span class="soft">{t('explains_count', {count: cause.explains.length})}</span>
          </dd>
        </div>
        <div>
          <dt>{t('impact')}</dt>
          <dd>
            {report.impact.how_much ? (
              <Sentence text={report.impact.how_much} names={report.names} />
            ) : (
              t('impact_unknown')
            )}{' '}
            <Cites observations={report.impact.observation ? [report.impact.observation] : []} />
            {report.impact.entities.length > 1 && (
              <span class="soft">{t('impact_entities', {count: report.impact.entities.length})}</span>
            )}
          </dd>
        </div>
      </dl>
      <div class="do-now">
        <div class="do-now-head">
          <Icon name="wrench" />
          <strong>{t('do_now')}</strong>
          {plan.temporary && <span class="tag warn">{t('temporary')}</span>}
        </div>
        <p>
          <Sentence text={plan.summary} names={report.names} />
        </p>
        {apply && (
          <div class="command">
            <code>
              <Said text={apply.command} />
            </code>
            <Copy text={apply.command} />
          </div>
        )}
        <a class="more" href="#mitigation">
          {t('all_phases')}
        </a>
      </div>
    </div>
  );
}

/** The answer first; while there is none, what is believed so far. */
export function Answer({
  report,
  investigation,
  belief,
}: {
  report: Report | undefined;
  investigation: Investigation;
  belief: Belief | undefined;
}) {
  const running = investigation.status === 'queued' || investigation.status === 'running';
  if (investigation.status === 'failed' && !report) {
    return (
      <section class="card answer">
        <p class="over">
          <span class="dot bad" />
          {t('status.failed')}
        </p>
        <h2 class="cause-title">
          <Said text={said(investigation.failure)} />
        </h2>
      </section>
    );
  }
  if (!report && !running) {
    // The answer in a line is there before the report is.
    return (
      <section class="card answer" aria-busy="true">
        <p class="over">
          <span class={`dot ${investigation.outcome ?? ''}`} />
          {investigation.outcome ? word('outcome', investigation.outcome) : word('status', investigation.status)}
        </p>
        <h2 class="cause-title">
          <Sentence text={said(investigation.headline)} />
        </h2>
      </section>
    );
  }
  if (!report || (running && report.root_causes.length === 0)) {
    const best = belief?.hypotheses[0];
    return (
      <section class="card answer" aria-live="polite">
        <p class="over">
          <span class="dot live" />
          {t('looking')}
        </p>
        <h2 class="cause-title">{best ? <Said text={hypothesisTitle(best.title)} /> : t('looking_nothing_yet')}</h2>
        {best && <p class="why">{t('best_so_far', {probability: percent(best.probability)})}</p>}
      </section>
    );
  }
  if (report.outcome !== 'root_cause' || report.root_causes.length === 0) {
    return (
      <section class="card answer">
        <p class="over">
          <span class={`dot ${report.outcome}`} />
          {word('outcome', report.outcome)}
        </p>
        <h2 class="cause-title">
          <Sentence text={report.headline} names={report.names} />
        </h2>
        {report.next_questions[0] && (
          <div class="do-now">
            <div class="do-now-head">
              <Icon name="ask" />
              <strong>{t('next_question')}</strong>
            </div>
            <p>
              <Said text={report.next_questions[0].what} />
            </p>
            {report.next_questions[0].query && (
              <div class="command">
                <code>
                  <Said text={report.next_questions[0].query} />
                </code>
                <Copy text={report.next_questions[0].query} />
              </div>
            )}
          </div>
        )}
      </section>
    );
  }
  return (
    <section class="card answer" id="answer">
      {running && (
        <p class="over live-note">
          <span class="dot live" />
          {t('still_running')}
        </p>
      )}
      {report.root_causes.map((cause) => (
        <Cause
          key={`${cause.entity} ${cause.mode}`}
          cause={cause}
          report={report}
          alone={report.root_causes.length === 1}
        />
      ))}
      <p class="answer-foot soft">
        {t('answer_stats', {
          queries: report.stats.queries,
          records: report.stats.records.toLocaleString('en-US'),
          time: duration(report.duration_ms),
        })}
      </p>
    </section>
  );
}

/** From the cause to the symptom. */
export function Chain({report}: {report: Report}) {
  return (
    <section class="section" id="chain">
      <h2>{t('chain')}</h2>
      {report.root_causes.map((cause) => (
        <ol class="chain" key={`${cause.entity} ${cause.mode}`}>
          {cause.chain.map((link, i) => (
            <li key={i} class={i === 0 ? 'chain-root' : i === cause.chain.length - 1 ? 'chain-symptom' : ''}>
              <div class="chain-entity">
                <Entity id={link.entity} names={report.names} />{' '}
                <span class="soft">
                  {i === 0 ? t('chain.cause') : i === cause.chain.length - 1 ? t('chain.symptom') : t('chain.effect')}
                </span>
              </div>
              <div>
                <Sentence text={link.what} names={report.names} /> <Cites observations={link.observations} />
              </div>
            </li>
          ))}
        </ol>
      ))}
    </section>
  );
}
