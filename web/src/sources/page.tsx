import {useEffect} from 'preact/hooks';
import {useSignal} from '@preact/signals';
import {api} from '../api/client.ts';
import type {Sources} from '../api/report.ts';
import {server} from '../shell/server.ts';
import {language, t, word} from '../text/language.ts';
import {Empty, Failure, Waiting} from '../parts/controls.tsx';
import {Filters, filtersInAddress, kEntityField, type Field} from '../parts/filters.tsx';
import {Icon} from '../parts/icons.tsx';
import {useLoaded} from '../parts/load.ts';
import {withUnit} from '../text/number.ts';
import {duration} from '../text/time.ts';
import {Said, Time} from '../parts/text.tsx';
import {SpaceChoice, chosenSpace} from '../shell/space.tsx';

type Account = NonNullable<Awaited<ReturnType<typeof api.sources>>['accounts']>[number];

function AccountCard({account}: {account: Account}) {
  const all = useSignal(false);
  const fine = account.operations.filter((o) => o.standing === 'ok');
  const rest = account.operations.filter((o) => o.standing !== 'ok');
  const shown = all.value ? account.operations : rest;
  return (
    <section class="card account">
      <header>
        <span class={`state ${account.well ? 'root_cause well' : 'inconclusive'}`}>
          <Icon name={account.well ? 'check' : 'warning'} />
        </span>
        <div>
          <h2 class="mono">
            <Said text={account.account || t('unknown')} />{' '}
            <span class="soft">
              <Said text={account.region} />
            </span>
          </h2>
          <p class="soft break">
            <Said text={account.identity} /> · {t('sources.credentials')} <Said text={account.credentials} />
          </p>
        </div>
        <span class="spring" />
        <span class="number soft">{t('sources.readable', {fine: fine.length, all: account.operations.length})}</span>
      </header>
      {account.problems.length > 0 && (
        <ul class="plain-list">
          {account.problems.map((p, i) => (
            <li key={i}>
              <Icon name="warning" />
              <Said text={typeof p === 'string' ? p : JSON.stringify(p)} />
            </li>
          ))}
        </ul>
      )}
      {shown.length > 0 && (
        <ul class="operations">
          {shown.map((o) => (
            <li key={`${o.service} ${o.operation}`}>
              <span class={`standing ${o.standing}`}>{word('standing', o.standing)}</span>
              <div>
                <div>
                  <code>
                    <Said text={o.action} />
                  </code>
                  {o.empty && <span class="soft"> {t('sources.empty')}</span>}
                </div>
                {o.detail && (
                  <div class="soft break">
                    <Said text={o.detail} />
                  </div>
                )}
                {o.advice && (
                  <div>
                    <Icon name="chevron" /> <Said text={o.advice} />
                  </div>
                )}
              </div>
            </li>
          ))}
        </ul>
      )}
      <button type="button" class="link" onClick={() => (all.value = !all.value)}>
        {all.value ? t('show_fewer') : t('show_all', {count: account.operations.length})}
      </button>
    </section>
  );
}

/** Whether alarms that nobody sends are found. */
function Polling({polling}: {polling: NonNullable<Sources['polling']>}) {
  return (
    <section class="card polling">
      <span class={`state ${polling.failure ? 'inconclusive' : 'root_cause well'}`}>
        <Icon name={polling.failure ? 'warning' : 'check'} />
      </span>
      <div>
        <strong>{t('sources.polling', {time: duration(polling.every_s * 1000)})}</strong>
        <p class="soft">
          {polling.polled ? (
            <>
              {t('sources.polled')} <Time at={polling.polled} />
            </>
          ) : (
            t('sources.not_polled')
          )}
        </p>
        {polling.failure && (
          <p class="bad-text">
            <Time at={polling.failure.since} /> · <Said text={polling.failure.what} />
          </p>
        )}
      </div>
    </section>
  );
}

const kFields: Field[] = [
  {
    kind: 'choice',
    name: 'made_alarms',
    label: 'filter.made',
    options: () => [
      ['true', t('filter.made_alarms')],
      ['false', t('filter.made_none')],
    ],
  },
  {kind: 'text', name: 'sender', label: 'filter.sender'},
  kEntityField,
  {kind: 'time', label: 'filter.received'},
];

/** What senders of alarms told, as it came. */
function Deliveries({space}: {space: string}) {
  const narrowed = filtersInAddress(kFields);
  const [loaded, again] = useLoaded(() => api.deliveries(space, narrowed), [space, ...Object.values(narrowed)]);
  const {value, error} = loaded.value;
  const items = value?.items;
  // Where nobody ever sends anything, nothing is said of it.
  if (items?.length === 0 && !Object.values(narrowed).some(Boolean)) return null;
  return (
    <section class="section" id="deliveries">
      <Filters fields={kFields}>
        <h2>{t('sources.deliveries')}</h2>
        <span class="spring" />
      </Filters>
      {error && <Failure error={error} onRetry={again} />}
      {items?.length === 0 && <p class="soft">{t('filter.nothing')}</p>}
      <div class="card flush wide-table" hidden={!items?.length}>
        <table class="table lines">
          <tbody>
            {items?.map((d) => (
              <tr key={d.id}>
                <td class="number soft">
                  <Time at={d.received} />
                </td>
                <td class="keep">
                  <Said text={d.sender} />
                </td>
                <td class="right number soft">{withUnit(d.bytes, 'By')}</td>
                <td class="break">{d.note && <Said text={d.note} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** What can be read, what is missing and why. */
export function SourcesPage() {
  const space = chosenSpace();
  const [loaded, again] = useLoaded(
    () => (space ? api.sources(space, language.value) : Promise.resolve(undefined)),
    [space, language.value],
  );
  useEffect(() => {
    document.title = `${t('sources')} · Midwatch`;
  });
  const {value, error} = loaded.value;
  return (
    <div class="page narrow">
      <header class="page-head">
        <div class="head-row">
          <div class="head-title">
            <h1>{t('sources')}</h1>
            <p class="head-meta soft">{t('sources.says')}</p>
          </div>
          <div class="actions">
            <SpaceChoice />
            <button type="button" class="button" onClick={again}>
              <Icon name="again" />
              <span>{t('sources.test')}</span>
            </button>
          </div>
        </div>
      </header>
      {error && <Failure error={error} onRetry={again} />}
      {!value && !error && server.value && space && <Waiting lines={6} />}
      {server.value && !space && <Empty title={t('no_space')} />}
      {value?.polling && <Polling polling={value.polling} />}
      {(value?.accounts ?? []).map((a) => (
        <AccountCard key={`${a.account} ${a.region}`} account={a} />
      ))}
      {value && (value.accounts ?? []).length === 0 && <Empty title={t('sources.none')} />}
      {space && <Deliveries space={space} />}
    </div>
  );
}
