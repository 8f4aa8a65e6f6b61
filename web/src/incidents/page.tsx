import {useEffect, useRef} from 'preact/hooks';
import {useSignal} from '@preact/signals';
import type {Incident} from '../api/client.ts';
import {attempt} from '../shell/notices.tsx';
import {go, setQuery} from '../shell/router.ts';
import {useKeys} from '../shell/keys.ts';
import {server} from '../shell/server.ts';
import {said, t} from '../text/language.ts';
import {Choice, Empty, Failure, Probability, Waiting} from '../parts/controls.tsx';
import {Filters, Typed, kEntityField, kModeField, kSpaceField, type Field} from '../parts/filters.tsx';
import {Icon} from '../parts/icons.tsx';
import {Entity, Said, Sentence, Time} from '../parts/text.tsx';
import {Severity, statusOf} from './marks.tsx';
import {error, filters, incidents, load, loading, loadMore, next} from './store.ts';
import {breakWorld, dialog} from './start.tsx';

/** What narrows the list beside its words and its status. */
const kFields: Field[] = [kSpaceField, {kind: 'time', label: 'filter.opened'}, kEntityField, kModeField];

function Row({incident, chosen, onPoint}: {incident: Incident; chosen: boolean; onPoint(): void}) {
  const investigation = incident.investigation;
  const cause = said(investigation?.headline);
  return (
    <li class={chosen ? 'row chosen' : 'row'} onPointerMove={onPoint}>
      <a
        class="row-link"
        href={`/incidents/${encodeURIComponent(incident.id)}`}
        aria-current={chosen ? 'true' : undefined}
      >
        <span class="row-severity">
          <Severity value={incident.severity} bare />
        </span>
        <span class="row-main">
          <span class="row-title">
            <Said text={incident.title} />
          </span>
          <span class="row-cause">
            {cause ? (
              <Sentence text={cause} />
            ) : (
              <span class="soft">
                {investigation?.status === 'running' || investigation?.status === 'queued'
                  ? t('looking')
                  : said(investigation?.failure) || t('no_answer')}
              </span>
            )}
          </span>
        </span>
        <span class="row-entity">
          {(investigation?.entity || incident.entity) && <Entity id={investigation?.entity || incident.entity || ''} />}
        </span>
        <span class="row-state">{statusOf(investigation?.status, investigation?.outcome)}</span>
        <span class="row-probability">
          {investigation?.outcome === 'root_cause' && investigation.probability !== undefined && (
            <Probability value={investigation.probability} />
          )}
        </span>
        <span class="row-alarms number" title={t('alarms_of', {firing: incident.firing, all: incident.alarms})}>
          {incident.alarms > 0 && (
            <>
              <Icon name="incidents" />
              {incident.firing}/{incident.alarms}
            </>
          )}
        </span>
        <span class="row-age number">
          <Time at={incident.opened} form="age" />
        </span>
      </a>
    </li>
  );
}

/** What the tour breaks where it can: its cause, its proof and its fix are plain to anybody. */
const kFirstWorld = 'ecs-memory-leak';

/** The first visit: nothing is there yet. */
function Tour() {
  const worlds = server.value?.worlds ?? [];
  const first = worlds.find((w) => w.name === kFirstWorld) ?? worlds[0];
  if (!first) {
    return (
      <Empty title={t('incidents_none')}>
        <p>{t('incidents_none_says')}</p>
        <button type="button" class="button primary" onClick={() => (dialog.value = 'start')}>
          <Icon name="search" />
          <span>{t('start.title')}</span>
        </button>
      </Empty>
    );
  }
  return (
    <section class="tour card">
      <p class="over">
        <span class="dot live" />
        {t('tour.over')}
      </p>
      <h2>{t('tour.title')}</h2>
      <p>{t('tour.says')}</p>
      <ol class="tour-steps">
        <li>{t('tour.one')}</li>
        <li>{t('tour.two')}</li>
        <li>{t('tour.three')}</li>
      </ol>
      <div class="actions">
        <button type="button" class="button primary" onClick={() => void breakWorld(first.name)}>
          <Icon name="bolt" />
          <span>{t('break.one')}</span>
        </button>
        <button type="button" class="button" onClick={() => (dialog.value = 'break')}>
          {t('break.choose', {count: worlds.length})}
        </button>
      </div>
      <p class="soft">
        {t('tour.breaks')} <Said text={first.title || first.name} />
      </p>
    </section>
  );
}

export function IncidentsPage() {
  const f = filters.value;
  const chosen = useSignal(-1);
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => {
    document.title = `${t('incidents')} · Midwatch`;
  });
  useEffect(() => {
    chosen.value = -1;
    void load(f);
  }, Object.values(f));
  const list = incidents.value;
  const move = (step: number) => {
    chosen.value = Math.min(list.length - 1, Math.max(0, chosen.value + step));
    document.querySelectorAll('.row')[chosen.value]?.scrollIntoView({block: 'nearest'});
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    Enter: () => {
      const i = list[chosen.value];
      if (i) go(`/incidents/${encodeURIComponent(i.id)}`);
    },
    '/': (e) => {
      e.preventDefault();
      search.current?.focus();
    },
    n: (e) => {
      e.preventDefault();
      dialog.value = 'start';
    },
    b: () => {
      if (server.value?.worlds.length) dialog.value = 'break';
    },
  });
  const {status, ...narrowing} = f;
  const filtered = status !== 'open' || Object.values(narrowing).some(Boolean);
  return (
    <div class="page">
      <header class="page-head">
        <div class="head-row">
          <div class="head-title">
            <h1>{t('incidents')}</h1>
          </div>
          <div class="actions">
            {(server.value?.worlds.length ?? 0) > 0 && (
              <button type="button" class="button" onClick={() => (dialog.value = 'break')}>
                <Icon name="bolt" />
                <span>{t('break.one')}</span>
              </button>
            )}
            <button type="button" class="button primary" onClick={() => (dialog.value = 'start')}>
              <Icon name="plus" />
              <span>{t('start.title')}</span>
            </button>
          </div>
        </div>
      </header>
      <Filters
        fields={kFields}
        after={
          <a class="soft" href="/alarms">
            {t('all_alarms')}
          </a>
        }
      >
        <label class="search">
          <Icon name="search" />
          <Typed
            inputRef={search}
            type="search"
            value={f.words}
            placeholder={t('search_incidents')}
            aria-label={t('search_incidents')}
            onChange={(words) => setQuery({words})}
            onKeyDown={(e) => {
              if (e.key === 'Escape') e.currentTarget.blur();
            }}
          />
          <kbd>/</kbd>
        </label>
        <Choice
          label={t('status')}
          value={status}
          onChange={(s) => setQuery({status: s === 'open' ? undefined : s || 'all'})}
          options={[
            ['open', t('incident_status.open')],
            ['resolved', t('incident_status.resolved')],
            ['', t('all')],
          ]}
        />
      </Filters>
      {error.value && <Failure error={error.value} onRetry={() => void load(f)} />}
      {loading.value && list.length === 0 && !error.value && <Waiting lines={7} />}
      {!loading.value &&
        list.length === 0 &&
        !error.value &&
        (filtered ? <Empty title={t('incidents_none_fit')} /> : <Tour />)}
      {list.length > 0 && (
        <ul class="rows-list">
          {list.map((i, n) => (
            <Row
              key={i.id}
              incident={i}
              chosen={n === chosen.value}
              onPoint={() => {
                if (chosen.value >= 0) chosen.value = -1;
              }}
            />
          ))}
        </ul>
      )}
      {next.value && (
        <button type="button" class="button more-button" onClick={() => void attempt(loadMore())}>
          {t('more')}
        </button>
      )}
      {list.length > 0 && (
        <p class="hints soft">
          <kbd>j</kbd> <kbd>k</kbd> {t('hint.move')} <kbd>↵</kbd> {t('hint.open')} <kbd>?</kbd> {t('hint.help')}
        </p>
      )}
    </div>
  );
}
