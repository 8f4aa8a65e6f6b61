import {useEffect} from 'preact/hooks';
import {api} from '../api/client.ts';
import {t} from '../text/language.ts';
import {Empty, Failure, Waiting} from '../parts/controls.tsx';
import {useLoaded} from '../parts/load.ts';
import {Said} from '../parts/text.tsx';
import {InvestigationPage} from '../investigation/page.tsx';
import {AlarmRows} from './alarms.tsx';
import {incidents} from './store.ts';

/** An incident is shown as its latest investigation. */
export function IncidentPage({id}: {id: string}) {
  // A new investigation of it comes over the stream of all incidents.
  const latest = incidents.value.find((i) => i.id === id)?.investigation?.id;
  const [loaded, again] = useLoaded(() => api.incident(id), [id, latest]);
  const known = loaded.value.value;
  const detail = known?.detail;
  const investigation = detail?.investigation?.id ?? detail?.investigations.at(0)?.id;
  useEffect(() => {
    if (detail) document.title = `${detail.title} · Midwatch`;
  }, [detail?.title]);
  if (loaded.value.error)
    return (
      <div class="page">
        <Failure error={loaded.value.error} onRetry={again} />
      </div>
    );
  if (!detail)
    return (
      <div class="page">
        <Waiting lines={6} />
      </div>
    );
  if (investigation) return <InvestigationPage key={investigation} id={investigation} {...(known ? {known} : {})} />;
  return (
    <div class="page">
      <header class="page-head">
        <h1>
          <Said text={detail.title} />
        </h1>
      </header>
      <Empty title={t('not_investigated')} />
      <AlarmRows alarms={detail.alarm_list} onChanged={again} />
    </div>
  );
}
