import {useEffect} from 'preact/hooks';
import {useSignal} from '@preact/signals';
import {api, type Alarm} from '../api/client.ts';
import {attempt, notify} from '../shell/notices.tsx';
import {query, setQuery} from '../shell/router.ts';
import {said, t, word} from '../text/language.ts';
import {Choice, Empty, Failure, Waiting} from '../parts/controls.tsx';
import {Filters, filtersInAddress, kEntityField, kModeField, kSpaceField, type Field} from '../parts/filters.tsx';
import {Icon} from '../parts/icons.tsx';
import {useLoaded} from '../parts/load.ts';
import {Entity, Outside, Said, Time} from '../parts/text.tsx';
import {Severity} from './marks.tsx';

/** Alarms with what was decided about each and why; a decision can be undone. */
export function AlarmRows({alarms, here, onChanged}: {alarms: Alarm[]; here?: string; onChanged(): void}) {
  const undo = async (alarm: Alarm) => {
    const incident = await attempt(api.undo(alarm.id));
    if (!incident) return;
    notify(t('undone'));
    onChanged();
  };
  return (
    <ul class="alarms">
      {alarms.map((a) => (
        <li key={a.id}>
          <Severity value={a.severity} bare />
          <div class="alarm-what">
            <div class="alarm-name">
              <strong>
                <Said text={a.name} />
              </strong>{' '}
              {a.entity && (
                <span class="soft">
                  <Entity id={a.entity} />
                </span>
              )}{' '}
              <span class={`tag ${a.state}`}>{word('alarm_state', a.state)}</span>
            </div>
            {a.summary && (
              <div class="soft clamp">
                <Said text={a.summary} />
              </div>
            )}
            <div class="triage">
              <span class={`tag decision-${a.triage.decision}`}>{word('triage', a.triage.decision)}</span>{' '}
              <Said text={said(a.triage.reason)} />
              {a.triage.by_person && <span class="soft"> {t('by_person')}</span>}
            </div>
          </div>
          <div class="alarm-side">
            <span class="soft">
              <Time at={a.since} />
            </span>
            <span class="alarm-links">
              {a.triage.incident && a.triage.incident !== here && (
                <a href={`/incidents/${encodeURIComponent(a.triage.incident)}`}>{t('to_incident')}</a>
              )}
              <Outside to={a.link}>{t('open_in_console')}</Outside>
            </span>
            {a.triage.decision !== 'proceed' && !a.triage.by_person && (
              <button type="button" class="button small" onClick={() => void undo(a)}>
                <Icon name="undo" />
                <span>{t('undo')}</span>
              </button>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}

const kAtOnce = 100;
/** As many as the server gives at once. */
const kMost = 500;

const kFields: Field[] = [
  kSpaceField,
  {
    kind: 'choice',
    name: 'state',
    label: 'status',
    options: () => [
      ['firing', t('alarm_state.firing')],
      ['resolved', t('alarm_state.resolved')],
    ],
  },
  {kind: 'time', label: 'filter.received'},
  kEntityField,
  kModeField,
];

/** Every alarm that came in. */
export function AlarmsPage() {
  const decision = query.value.get('decision') ?? '';
  const narrowed = filtersInAddress(kFields);
  const limit = useSignal(kAtOnce);
  const [loaded, again] = useLoaded(
    () => api.alarms({decision, ...narrowed, limit: limit.value}),
    [decision, limit.value, ...Object.values(narrowed)],
  );
  useEffect(() => {
    document.title = `${t('alarms')} · Midwatch`;
  });
  const {value, error} = loaded.value;
  return (
    <div class="page">
      <header class="page-head">
        <div class="head-row">
          <div class="head-title">
            <h1>{t('alarms')}</h1>
            <p class="head-meta soft">{t('alarms_says')}</p>
          </div>
        </div>
      </header>
      <Filters fields={kFields}>
        <Choice
          label={t('decision')}
          value={decision}
          onChange={(d) => setQuery({decision: d})}
          options={[
            ['', t('all')],
            ['proceed', t('triage.proceed')],
            ['linked', t('triage.linked')],
            ['skipped', t('triage.skipped')],
          ]}
        />
      </Filters>
      {error && <Failure error={error} onRetry={again} />}
      {!value && !error && <Waiting lines={6} />}
      {value &&
        (value.items.length ? (
          <AlarmRows alarms={value.items} onChanged={again} />
        ) : (
          <Empty title={t('alarms_none')} />
        ))}
      {value?.next && limit.value < kMost && (
        <button
          type="button"
          class="button more-button"
          onClick={() => (limit.value = Math.min(kMost, limit.value + kAtOnce))}
        >
          {t('more')}
        </button>
      )}
      {value?.next && limit.value >= kMost && <p class="hints soft">{t('filter.older')}</p>}
    </div>
  );
}
