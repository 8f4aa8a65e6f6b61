import type {Mitigation, Report, Spec, Step} from '../api/report.ts';
import {t, word} from '../text/language.ts';
import {Copy} from '../parts/controls.tsx';
import {Icon} from '../parts/icons.tsx';
import {Said, Sentence} from '../parts/text.tsx';
import {save} from './export.ts';

const kPhases: Step['phase'][] = ['prepare', 'pre_validate', 'apply', 'post_validate', 'rollback'];

function Phase({phase, number, steps}: {phase: Step['phase']; number: number; steps: Step[]}) {
  return (
    <li class={`phase ${phase}`}>
      <div class="phase-head">
        <span class="phase-number number">{number}</span>
        <strong>{word('phase', phase)}</strong>
        <span class="soft">{word('phase_says', phase)}</span>
      </div>
      {steps.length === 0 && <p class="soft">{t('phase_none')}</p>}
      {steps.map((s, i) => (
        <div class="step" key={i}>
          <p>
            <Said text={s.effect} />
          </p>
          {s.command && (
            <div class="command">
              <code>
                <Said text={s.command} />
              </code>
              <Copy text={s.command} />
            </div>
          )}
          <p class="step-foot">
            <span class="soft">{t('risk')}</span> <Said text={s.risk} />
            {!s.reversible && <span class="tag bad">{t('irreversible')}</span>}
          </p>
        </div>
      ))}
    </li>
  );
}

function Plan({plan, names}: {plan: Mitigation; names: Report['names']}) {
  if (plan.kind === 'none')
    return (
      <p>
        <Sentence text={plan.summary || t('mitigation_none')} names={names} />
      </p>
    );
  return (
    <>
      <p class="plan-summary">
        <Sentence text={plan.summary} names={names} />
      </p>
      {plan.temporary && (
        <div class="note warn">
          <Icon name="clock" />
          <div>
            <strong>{t('temporary')}</strong> {t('temporary_says')}{' '}
            {plan.permanent_fix && (
              <>
                <br />
                <strong>{t('permanent_fix')}</strong> <Said text={plan.permanent_fix} />
              </>
            )}
          </div>
        </div>
      )}
      <ol class="phases">
        {kPhases.map((p, i) => (
          <Phase key={p} phase={p} number={i + 1} steps={plan.steps.filter((s) => s.phase === p)} />
        ))}
      </ol>
      {!plan.temporary && plan.permanent_fix && (
        <div class="note">
          <Icon name="check" />
          <div>
            <strong>{t('permanent_fix')}</strong> <Said text={plan.permanent_fix} />
          </div>
        </div>
      )}
    </>
  );
}

/** What to do now, in five phases. Nothing is run by the page. */
export const MitigationSection = ({report}: {report: Report}) => (
  <section class="section" id="mitigation">
    <div class="section-head">
      <h2>{t('mitigation')}</h2>
      <span class="soft">{t('mitigation_by_you')}</span>
    </div>
    <div class="card">
      <Plan plan={report.mitigation} names={report.names} />
    </div>
  </section>
);

/** The specification as Markdown, for a coding agent or a ticket. */
export function specText(report: Report, spec: Spec): string {
  const list = (items: string[]) => items.map((x) => `- ${x}`).join('\n');
  return (
    [
      `# ${report.headline}`,
      `## ${t('spec.problem')}\n\n${spec.problem}`,
      spec.requirements.length ? `## ${t('spec.requirements')}\n\n${list(spec.requirements)}` : '',
      spec.acceptance.length ? `## ${t('spec.acceptance')}\n\n${list(spec.acceptance)}` : '',
      spec.files.length ? `## ${t('spec.files')}\n\n${list(spec.files.map((f) => '`' + f + '`'))}` : '',
    ]
      .filter(Boolean)
      .join('\n\n') + '\n'
  );
}

/** What to change for good, as a coding agent takes it. */
export function SpecSection({report}: {report: Report}) {
  const {spec} = report;
  if (!spec.problem && spec.requirements.length === 0) return null;
  const text = specText(report, spec);
  const list = (title: string, items: string[], code = false) =>
    items.length > 0 && (
      <div>
        <h3>{title}</h3>
        <ul>
          {items.map((x) => (
            <li key={x}>
              {code ? (
                <code>
                  <Said text={x} />
                </code>
              ) : (
                <Said text={x} />
              )}
            </li>
          ))}
        </ul>
      </div>
    );
  return (
    <section class="section" id="spec">
      <div class="section-head">
        <h2>{t('spec')}</h2>
        <span class="spring" />
        <Copy text={text} label={t('copy')} />
        <button
          type="button"
          class="quiet"
          onClick={() => save(new Blob([text], {type: 'text/markdown'}), 'specification.md')}
        >
          <Icon name="download" />
          <span>{t('download')}</span>
        </button>
      </div>
      <div class="card spec">
        <p>
          <Said text={spec.problem} />
        </p>
        {list(t('spec.requirements'), spec.requirements)}
        {list(t('spec.acceptance'), spec.acceptance)}
        {list(t('spec.files'), spec.files, true)}
      </div>
    </section>
  );
}
