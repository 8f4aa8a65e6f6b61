import {render} from 'preact';
import {AccuracyPage} from './accuracy/page.tsx';
import {AlarmsPage} from './incidents/alarms.tsx';
import {IncidentPage} from './incidents/incident.tsx';
import {IncidentsPage} from './incidents/page.tsx';
import {followAll} from './incidents/store.ts';
import {InvestigationPage} from './investigation/page.tsx';
import {KnowledgePage, ModePage} from './knowledge/page.tsx';
import {Empty} from './parts/controls.tsx';
import {lazy} from './parts/lazy.tsx';
import {readSession} from './session/session.ts';
import {Frame} from './shell/frame.tsx';
import {segments} from './shell/router.ts';
import {readServer} from './shell/server.ts';
import {SourcesPage} from './sources/page.tsx';
import {language, t} from './text/language.ts';
import {TopologyPage} from './topology/page.tsx';

const SettingsPage = lazy(async () => (await import('./settings/page.tsx')).SettingsPage);

function Page() {
  const [first = '', id] = segments.value;
  switch (first) {
    case '':
    case 'incidents':
      return id ? <IncidentPage key={id} id={id} /> : <IncidentsPage />;
    case 'investigations':
      return id ? <InvestigationPage key={id} id={id} /> : <IncidentsPage />;
    case 'alarms':
      return <AlarmsPage />;
    case 'accuracy':
      return <AccuracyPage />;
    case 'knowledge':
      return id ? <ModePage key={id} id={id} /> : <KnowledgePage />;
    case 'sources':
      return <SourcesPage />;
    case 'topology':
      return <TopologyPage />;
    case 'settings':
      return <SettingsPage />;
    default:
      return (
        <div class="page">
          <Empty title={t('not_found')}>
            <a href="/">{t('incidents')}</a>
          </Empty>
        </div>
      );
  }
}

document.documentElement.lang = language.value;
void readSession();
void readServer();
followAll();
render(
  <Frame>
    <Page />
  </Frame>,
  document.getElementById('page')!,
);
