import {useEffect, useMemo, useState} from 'preact/hooks';
import {effect} from '@preact/signals';
import {api, type IncidentDetail, type ReadIncident} from '../api/client.ts';
import type {Report} from '../api/report.ts';
import {attempt, notify} from '../shell/notices.tsx';
import {go} from '../shell/router.ts';
import {useKeys} from '../shell/keys.ts';
import {language, said, t, word} from '../text/language.ts';
import {Failure, Menu, Waiting} from '../parts/controls.tsx';
import {Confirm} from '../parts/dialog.tsx';
import {Icon} from '../parts/icons.tsx';
import {Said, Time} from '../parts/text.tsx';
import {Severity, statusOf} from '../incidents/marks.tsx';
import {AlarmRows} from '../incidents/alarms.tsx';
import {Answer, Chain} from './answer.tsx';
import {Board} from './board.tsx';
import {Charts} from './charts.tsx';
import {Compare} from './compare.tsx';
import {CitePreview, Records, RecordsContext} from './cite.tsx';
import {EvidenceDrawer} from './evidence.tsx';
import {exportRecording, exportReport} from './export.ts';
import {Journal} from './journal.tsx';
import {MitigationSection, SpecSection} from './plan.tsx';
import {Gaps, RuledOut, Timeline} from './remainder.tsx';
import {FeedbackBox, SteeringBox} from './remarks.tsx';
import {InvestigationStore} from './store.ts';
import {Surroundings} from './surroundings.tsx';

function useStore(id: string, known: ReadIncident | undefined): InvestigationStore {
  const store = useMemo(() => new InvestigationStore(id, known), [id]);
  useEffect(() => {
    void store.open();
    // In another language the report is another one.
    const stop = effect(() => {
      void language.value;
      if (store.report.peek()) void store.readReport();
    });
    return () => {
      stop();
      store.close();
    };
  }, [store]);
  return store;
}

async function share(): Promise<void> {
  try {
    await navigator.clipboard.writeText(location.href);
    notify(t('link_copied'));
  } catch {
    notify(location.href);
  }
}

/** Keeps an incident whatever its age, or lets it go again: asked first, since it changes what is deleted. */
function Hold({store, incident}: {store: InvestigationStore; incident: IncidentDetail}) {
  const [asks, setAsks] = useState(false);
  const held = incident.held ?? false;
  const change = async () => {
    if (await attempt(api.setHeld(incident.id, !held, store.etag.value))) await store.readIncident();
  };
  const label = held ? t('hold.release') : t('hold.keep');
  return (
    <div class="hold soft">
      <button type="button" class="quiet" onClick={() => setAsks(true)}>
        <Icon name="lock" />
        <span>{label}</span>
      </button>
      {held ? t('hold.held_says') : t('hold.ages')}
      {asks && (
        <Confirm
          title={held ? t('hold.release_title') : t('hold.keep_title')}
          says={held ? t('hold.release_says') : t('hold.keep_says')}
          action={label}
          onYes={change}
          onClose={() => setAsks(false)}
        />
      )}
    </div>
  );
}

function Actions({store}: {store: InvestigationStore}) {
  const incident = store.incident.value;
  const running = store.running.value;
  const resolved = incident?.status === 'resolved';
  const again = async () => {
    if (!incident) return;
    const next = await attempt(api.again(incident.id));
    if (next) go(`/investigations/${encodeURIComponent(next.id)}`);
  };
  const settle = async () => {
    if (!incident) return;
    if (await attempt(api.setStatus(incident.id, resolved ? 'open' : 'resolved', store.etag.value)))
      await store.readIncident();
  };
  return (
    <div class="actions">
      {running ? (
        <button type="button" class="button" onClick={() => void attempt(api.cancel(store.id))}>
          <Icon name="stop" />
          <span>{t('cancel')}</span>
        </button>
      ) : (
        <button type="button" class="button" onClick={() => void again()}>
          <Icon name="again" />
          <span>{t('again')}</span>
        </button>
      )}
      <button
        type="button"
        class="button icon-only"
        title={t('share')}
        aria-label={t('share')}
        onClick={() => void share()}
      >
        <Icon name="link" />
      </button>
      <Menu label={t('export')} icon="download">
        <button type="button" onClick={() => void attempt(exportReport(store.id, 'html'))}>
          HTML
        </button>
        <button type="button" onClick={() => void attempt(exportReport(store.id, 'markdown'))}>
          Markdown
        </button>
        <button type="button" onClick={() => void attempt(exportReport(store.id, 'json'))}>
          JSON
        </button>
        <button type="button" onClick={() => void attempt(exportRecording(store.id))}>
          {t('recording')}
        </button>
        <button type="button" onClick={() => print()}>
          {t('print')}
        </button>
      </Menu>
      {incident && (
        <button type="button" class="button" onClick={() => void settle()}>
          <Icon name={resolved ? 'undo' : 'check'} />
          <span>{resolved ? t('reopen') : t('resolve')}</span>
        </button>
      )}
    </div>
  );
}

type Section =
  | 'answer'
  | 'chain'
  | 'charts'
  | 'hypotheses'
  | 'mitigation'
  | 'spec'
  | 'topology'
  | 'timeline'
  | 'gaps'
  | 'journal';

/** What a report has something to say in. */
export function sectionsOf(report: Report): Section[] {
  const found = report.root_causes.length > 0;
  const parts: [Section, boolean][] = [
    ['answer', true],
    ['chain', report.root_causes.some((c) => c.chain.length > 0)],
    ['charts', (report.charts ?? []).some((c) => c.points.length > 0)],
    ['hypotheses', true],
    ['mitigation', found],
    ['spec', report.spec.problem !== '' || report.spec.requirements.length > 0],
    ['topology', found],
    ['timeline', report.timeline.length > 0],
    ['gaps', true],
    ['journal', true],
  ];
  return parts.filter(([, there]) => there).map(([section]) => section);
}

function Contents({report}: {report: Report}) {
  return (
    <nav class="contents" aria-label={t('contents')}>
      {sectionsOf(report).map((s) => (
        <a key={s} class={`to-${s}`} href={`#${s}`}>
          {t(`contents.${s}`)}
        </a>
      ))}
    </nav>
  );
}

/** What the investigation stands on: alarms that joined, and former investigations. */
function Around({store}: {store: InvestigationStore}) {
  const incident = store.incident.value;
  if (!incident || (incident.alarm_list.length === 0 && incident.investigations.length < 2)) return null;
  return (
    <section class="section" id="alarms">
      <h2>
        {t('alarms')} <span class="count">{incident.alarm_list.length}</span>
      </h2>
      <AlarmRows alarms={incident.alarm_list} here={incident.id} onChanged={() => void store.readIncident()} />
      {incident.investigations.length > 1 && (
        <>
          <h3>{t('investigations')}</h3>
          <ul class="plain-list">
            {incident.investigations.map((i) => (
              <li key={i.id}>
                <Icon name={i.id === store.id ? 'chevron' : 'search'} />
                <div>
                  <a
                    href={`/investigations/${encodeURIComponent(i.id)}`}
                    aria-current={i.id === store.id ? 'page' : undefined}
                  >
                    {said(i.headline) ? <Said text={said(i.headline)} /> : word('status', i.status)}
                  </a>
                  <span class="soft">
                    {' '}
                    <Time at={i.requested} />
                  </span>
                </div>
              </li>
            ))}
          </ul>
          {store.report.value && <Compare report={store.report.value} id={store.id} others={incident.investigations} />}
        </>
      )}
    </section>
  );
}

/** `known` is the incident where it was read already. */
export function InvestigationPage({id, known}: {id: string; known?: ReadIncident}) {
  const store = useStore(id, known);
  const investigation = store.investigation.value;
  const report = store.report.value;
  const records = useMemo(() => (report ? new Records(report) : undefined), [report]);
  const incident = store.incident.value;
  const title = incident?.title || said(investigation?.headline) || t('investigation');
  useEffect(() => {
    document.title = `${title} · Midwatch`;
  }, [title]);
  useKeys({
    '[': () => go('/'),
    s: (event) => {
      event.preventDefault();
      document.querySelector<HTMLTextAreaElement>('.remark textarea')?.focus();
    },
  });
  if (store.error.value)
    return (
      <div class="page">
        <Failure error={store.error.value} onRetry={() => location.reload()} />
      </div>
    );
  if (!investigation || !store.ready.value)
    return (
      <div class="page">
        <Waiting lines={6} />
      </div>
    );
  const running = store.running.value;
  return (
    <RecordsContext.Provider value={records}>
      <div class="page investigation">
        <div class="columns">
          <div class="main-column">
            <header class="page-head">
              <div class="crumbs">
                <a href="/">{t('incidents')}</a>
                <Icon name="chevron" />
                <Said text={investigation.space} />
              </div>
              <h1>
                <Said text={title} />
              </h1>
              <div class="head-row">
                <p class="head-meta">
                  {statusOf(investigation.status, investigation.outcome)}
                  {incident && <Severity value={incident.severity} />}
                  {incident?.status === 'resolved' && <span class="tag">{t('incident_status.resolved')}</span>}
                  {incident?.held && (
                    <span class="tag" title={t('hold.keep_says')}>
                      {t('hold.held')}
                    </span>
                  )}
                  <span class="soft">
                    {t('opened')} <Time at={incident?.opened ?? investigation.requested} />
                  </span>
                  {incident && incident.firing > 0 && <span class="soft">{t('firing', {count: incident.firing})}</span>}
                </p>
                <Actions store={store} />
              </div>
            </header>
            {report && <Contents report={report} />}
            <Answer report={report} investigation={investigation} belief={store.beliefs.value.at(-1)} />
            {report && report.root_causes.some((c) => c.chain.length > 0) && <Chain report={report} />}
            {report && <Charts report={report} />}
            {(report || store.beliefs.value.length > 0) && (
              <Board
                report={report}
                beliefs={store.beliefs.value}
                running={running}
                onRuleOut={(h) => void attempt(store.say(t('steer.say_rule_out'), h))}
                onPutBack={(h) => void attempt(store.say(t('steer.say_put_back'), h))}
              />
            )}
            {report && report.root_causes.length > 0 && <MitigationSection report={report} />}
            {report && <SpecSection report={report} />}
            {report && <Surroundings report={report} space={investigation.space} />}
            {report && <Timeline report={report} />}
            {report && <RuledOut report={report} />}
            {report && <Gaps report={report} />}
            <Around store={store} />
            {report && !running && <FeedbackBox id={id} />}
            {incident && <Hold store={store} incident={incident} />}
          </div>
          <aside class="rail" aria-label={t('journal')}>
            <Journal entries={store.journal.value} running={running} link={store.link.value?.state.value} />
            <SteeringBox store={store} />
          </aside>
        </div>
      </div>
      <CitePreview />
      <EvidenceDrawer />
    </RecordsContext.Provider>
  );
}
