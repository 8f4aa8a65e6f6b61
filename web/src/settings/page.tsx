import {useEffect} from 'preact/hooks';
import {api} from '../api/client.ts';
import {SignOut} from '../session/sign_in.tsx';
import {segments} from '../shell/router.ts';
import {server} from '../shell/server.ts';
import {setTheme, theme} from '../shell/theme.ts';
import {language, setLanguage, t, word, type Key} from '../text/language.ts';
import {Choice, Failure} from '../parts/controls.tsx';
import {useLoaded} from '../parts/load.ts';
import {Said} from '../parts/text.tsx';
import {Account} from './account.tsx';
import {Audit} from './audit.tsx';
import {People} from './people.tsx';
import {Spaces} from './spaces.tsx';
import {Targets} from './targets.tsx';
import {Tokens} from './tokens.tsx';
import {Webhooks} from './webhooks.tsx';

/** What the configuration says: it is read here, and changed where it is kept. */
function Configured() {
  const [loaded, again] = useLoaded(() => api.settings(), []);
  const {value, error} = loaded.value;
  if (error) return <Failure error={error} onRetry={again} />;
  if (!value) return null;
  return (
    <>
      <section class="section" id="configuration">
        <h2>{t('settings.configuration')}</h2>
        <div class="card">
          {value.file ? (
            <p>
              {t('settings.from_file')}{' '}
              <code class="break">
                <Said text={value.file} />
              </code>
            </p>
          ) : (
            <p>{t('settings.no_file')}</p>
          )}
          <p class="soft">{value.file ? t('settings.from_file_says') : t('settings.no_file_says')}</p>
        </div>
      </section>
      <Spaces settings={value} />
      <Webhooks settings={value} />
      <Targets settings={value} />
    </>
  );
}

/** Of this browser and of the server. */
function General() {
  const facts = server.value;
  return (
    <>
      <section class="card settings">
        <div class="setting">
          <div>
            <strong>{t('settings.language')}</strong>
            <p class="soft">{t('settings.language_says')}</p>
          </div>
          <Choice
            label={t('settings.language')}
            value={language.value}
            onChange={setLanguage}
            options={[
              ['en', 'English'],
              ['ja', '日本語'],
            ]}
          />
        </div>
        <div class="setting">
          <div>
            <strong>{t('settings.theme')}</strong>
          </div>
          <Choice
            label={t('settings.theme')}
            value={theme.value}
            onChange={setTheme}
            options={[
              ['system', t('settings.system')],
              ['light', t('settings.light')],
              ['dark', t('settings.dark')],
            ]}
          />
        </div>
        <div class="setting">
          <div>
            <strong>{t('settings.zone')}</strong>
            <p class="soft">{t('settings.zone_says')}</p>
          </div>
          <span>{Intl.DateTimeFormat().resolvedOptions().timeZone}</span>
        </div>
      </section>
      {facts && (
        <section class="section">
          <h2>{t('settings.server')}</h2>
          <div class="card">
            <dl class="rows">
              <div>
                <dt>{t('settings.version')}</dt>
                <dd class="number">{facts.version}</dd>
              </div>
              <div>
                <dt>{t('settings.you')}</dt>
                <dd>
                  <Said text={facts.who.name} /> · {word('role_of', facts.who.role)}
                  <SignOut />
                </dd>
              </div>
            </dl>
          </div>
        </section>
      )}
      <Configured />
      {facts?.who.role === 'admin' && <Audit />}
    </>
  );
}

const kTabs: [string, Key, () => preact.JSX.Element | null, boolean][] = [
  ['', 'settings.general', General, false],
  ['account', 'account', Account, false],
  ['people', 'people', People, true],
  ['tokens', 'tokens', Tokens, true],
];

export function SettingsPage() {
  const admin = server.value?.who.role === 'admin';
  const tabs = kTabs.filter(([, , , admins]) => admin || !admins);
  const [chosen, title, Tab] = tabs.find(([path]) => path === (segments.value[1] ?? '')) ?? tabs[0]!;
  useEffect(() => {
    document.title = `${t(title)} · ${t('settings')} · Midwatch`;
  });
  return (
    <div class="page narrow">
      <header class="page-head">
        <h1>{t('settings')}</h1>
      </header>
      <nav class="tabs" aria-label={t('settings')}>
        {tabs.map(([path, key]) => (
          <a
            key={path}
            href={path ? `/settings/${path}` : '/settings'}
            aria-current={path === chosen ? 'page' : undefined}
          >
            {t(key)}
          </a>
        ))}
      </nav>
      <Tab key={chosen} />
    </div>
  );
}
