import {useEffect} from 'preact/hooks';
import {api} from '../api/client.ts';
import {query, setQuery} from '../shell/router.ts';
import {language, said, t, word} from '../text/language.ts';
import {Failure, Waiting} from '../parts/controls.tsx';
import {Icon} from '../parts/icons.tsx';
import {useLoaded} from '../parts/load.ts';
import {Template} from '../parts/template.tsx';

/** All failure modes, by domain. */
export function KnowledgePage() {
  const [loaded, again] = useLoaded(() => api.knowledge(), []);
  const words = query.value.get('words') ?? '';
  useEffect(() => {
    document.title = `${t('knowledge')} · Midwatch`;
  });
  const {value, error} = loaded.value;
  const needle = words.toLowerCase();
  const items = (value?.items ?? []).filter(
    (m) => !needle || `${m.id} ${m.kind} ${m.domain} ${m.title.en} ${m.title.ja}`.toLowerCase().includes(needle),
  );
  const domains = [...new Set(items.map((m) => m.domain))].sort();
  return (
    <div class="page">
      <header class="page-head">
        <h1>
          {t('knowledge')} {value && <span class="count">{value.items.length}</span>}
        </h1>
        <p class="head-meta soft">{t('knowledge.says')}</p>
      </header>
      <div class="filters">
        <label class="search">
          <Icon name="search" />
          <input
            type="search"
            value={words}
            placeholder={t('knowledge.search')}
            aria-label={t('knowledge.search')}
            onInput={(e) => setQuery({words: e.currentTarget.value})}
          />
        </label>
      </div>
      {error && <Failure error={error} onRetry={again} />}
      {!value && !error && <Waiting lines={8} />}
      {domains.map((d) => (
        <section class="section" key={d}>
          <h2>
            {d || t('knowledge.general')} <span class="count">{items.filter((m) => m.domain === d).length}</span>
          </h2>
          <ul class="modes">
            {items
              .filter((m) => m.domain === d)
              .map((m) => (
                <li key={m.id}>
                  <a href={`/knowledge/${encodeURIComponent(m.id)}`}>
                    <span class="mode-title">
                      <Template text={said(m.title)} />
                    </span>
                    <span class="mono soft">{m.id}</span>
                    <span class="tag">{word('kind', m.kind)}</span>
                  </a>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is {en: string; ja: string} =>
  isObject(value) && typeof value['en'] === 'string' && typeof value['ja'] === 'string';

const Words = ({value}: {value: unknown}) => (isText(value) ? <Template text={value[language.value]} /> : null);

/** A list of what a failure mode says; `of` is the field with the sentence. */
function Sentences({title, items, of}: {title: string; items: unknown; of: string | undefined}) {
  const list = (Array.isArray(items) ? items : [])
    .map((i: unknown) => (of === undefined ? i : isObject(i) ? i[of] : undefined))
    .filter(isText);
  if (list.length === 0) return null;
  return (
    <section class="section">
      <h2>{title}</h2>
      <ul class="sentences">
        {list.map((i, n) => (
          <li key={n}>
            <Words value={i} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A sign: what is looked for, and how likely it is with this fault and without. */
function Signs({signs}: {signs: unknown[]}) {
  const rows = signs.filter(isObject);
  const number = (value: unknown) => (typeof value === 'number' ? value : undefined);
  return (
    <div class="wide-table">
      <table class="table signs">
        <thead>
          <tr>
            <th>{t('knowledge.sign')}</th>
            <th>{t('knowledge.where')}</th>
            <th class="right">{t('knowledge.likely')}</th>
            <th class="right">{t('knowledge.otherwise')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((s, i) => (
            <tr key={i}>
              <td>
                {isText(s['what']) && (
                  <div>
                    <Words value={s['what']} />
                    {s['needed'] === true && <span class="tag">{t('knowledge.needed')}</span>}
                  </div>
                )}
                <code>{String(s['see'] ?? '')}</code>
              </td>
              <td class="soft">{word('place', String(s['at'] ?? ''))}</td>
              <td class="right number">{number(s['likely']) ?? ''}</td>
              <td class="right number">{number(s['otherwise']) ?? ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function ModePage({id}: {id: string}) {
  const [loaded, again] = useLoaded(() => api.mode(id), [id]);
  useEffect(() => {
    document.title = `${id} · Midwatch`;
  }, [id]);
  const {value, error} = loaded.value;
  const title = value && isText(value['title']) ? value['title'][language.value] : id;
  const signs = value?.['signs'];
  return (
    <div class="page narrow">
      <header class="page-head">
        <div class="crumbs">
          <a href="/knowledge">{t('knowledge')}</a>
          <Icon name="chevron" />
          <span class="mono">{id}</span>
        </div>
        <h1>
          <Template text={title} />
        </h1>
        {value && typeof value['kind'] === 'string' && (
          <p class="head-meta">
            <span class="tag">{word('kind', value['kind'])}</span>
          </p>
        )}
      </header>
      {error && <Failure error={error} onRetry={again} />}
      {!value && !error && <Waiting lines={8} />}
      {value && isText(value['why']) && (
        <p class="lead">
          <Words value={value['why']} />
        </p>
      )}
      {Array.isArray(signs) && (
        <section class="section">
          <h2>{t('knowledge.signs')}</h2>
          <div class="card flush">
            <Signs signs={signs} />
          </div>
        </section>
      )}
      {value && (
        <>
          <Sentences title={t('knowledge.refuted')} items={value['refuted_by']} of="because" />
          <Sentences title={t('knowledge.questions')} items={value['questions']} of="what" />
          <section class="section">
            <h2>{t('knowledge.fixes')}</h2>
            <p>
              <strong>{t('knowledge.now')}</strong> <Words value={value['mitigation']} />
            </p>
            <p>
              <strong>{t('permanent_fix')}</strong> <Words value={value['permanent_fix']} />
            </p>
          </section>
          <Sentences title={t('spec.requirements')} items={value['requirements']} of={undefined} />
          <Sentences title={t('spec.acceptance')} items={value['acceptance']} of={undefined} />
        </>
      )}
    </div>
  );
}
