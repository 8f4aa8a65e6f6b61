import {useEffect, useState} from 'preact/hooks';
import {useSignal} from '@preact/signals';
import {signedOut} from '../api/client.ts';
import {Dialogs, dialog} from '../incidents/start.tsx';
import {incidents, stream} from '../incidents/store.ts';
import {Dialog} from '../parts/dialog.tsx';
import {Icon, type IconName} from '../parts/icons.tsx';
import {Secret} from '../parts/secret.tsx';
import {ChangeFirst} from '../session/password_form.tsx';
import {session} from '../session/session.ts';
import {SignIn, Who} from '../session/sign_in.tsx';
import {language, setLanguage, t, type Key} from '../text/language.ts';
import {useKeys} from './keys.ts';
import {Notices} from './notices.tsx';
import {go, segments} from './router.ts';
import {dark, setTheme} from './theme.ts';

const kPlaces: [string, IconName, Key][] = [
  ['/', 'incidents', 'incidents'],
  ['/topology', 'topology', 'topology'],
  ['/accuracy', 'accuracy', 'accuracy'],
  ['/knowledge', 'knowledge', 'knowledge'],
  ['/sources', 'sources', 'sources'],
  ['/settings', 'settings', 'settings'],
];
/** A connection that is back sooner is no news. */
const kSilence = 1200;

function Navigation() {
  const first = segments.value[0] ?? '';
  const here = (path: string) =>
    path === '/' ? ['', 'incidents', 'investigations', 'alarms'].includes(first) : path === `/${first}`;
  const running = incidents.value.filter((i) => ['queued', 'running'].includes(i.investigation?.status ?? '')).length;
  return (
    <nav class="nav" aria-label={t('navigation')}>
      <a class="brand" href="/" aria-label="Midwatch">
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <rect width="32" height="32" rx="8" />
          <path d="M21.500 19.200A8 8 0 0 1 12.800 8.400a8 8 0 1 0 8.700 10.800z" />
          <circle cx="21" cy="11" r="2" />
        </svg>
        <span>Midwatch</span>
      </a>
      <ul>
        {kPlaces.map(([path, icon, key]) => (
          <li key={path}>
            <a href={path} title={t(key)} aria-current={here(path) ? 'page' : undefined}>
              <Icon name={icon} />
              <span>{t(key)}</span>
              {path === '/' && running > 0 && (
                <span class="nav-count number" title={t('running_now')}>
                  {running}
                </span>
              )}
            </a>
          </li>
        ))}
      </ul>
      <div class="nav-foot">
        <Who />
        <button
          type="button"
          class="quiet"
          onClick={() => setLanguage(language.value === 'en' ? 'ja' : 'en')}
          lang={language.value === 'en' ? 'ja' : 'en'}
        >
          {language.value === 'en' ? '日本語' : 'English'}
        </button>
        <button type="button" class="quiet" onClick={() => setTheme(dark.value ? 'light' : 'dark')}>
          {dark.value ? t('settings.light') : t('settings.dark')}
        </button>
      </div>
    </nav>
  );
}

function Connection() {
  const state = stream.value?.state.value;
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (state !== 'lost') {
      setShown(false);
      return undefined;
    }
    const timer = setTimeout(() => setShown(true), kSilence);
    return () => clearTimeout(timer);
  }, [state]);
  return shown ? (
    <div class="connection" role="status">
      <span class="dot bad" />
      {t('connection_lost')}
    </div>
  ) : null;
}

const kHelp: [string, Key][] = [
  ['j / k', 'help.move'],
  ['↵', 'help.open'],
  ['/', 'help.search'],
  ['f', 'help.filter'],
  ['n', 'help.start'],
  ['b', 'help.break'],
  ['s', 'help.note'],
  ['[', 'help.back'],
  ['Esc', 'help.close'],
  ['?', 'help.help'],
];

const Help = ({onClose}: {onClose(): void}) => (
  <Dialog title={t('help.title')} onClose={onClose}>
    <dl class="keys">
      {kHelp.map(([key, text]) => (
        <div key={key}>
          <dt>
            {key.split(' / ').map((k) => (
              <kbd key={k}>{k}</kbd>
            ))}
          </dt>
          <dd>{t(text)}</dd>
        </div>
      ))}
    </dl>
  </Dialog>
);

/** The page, or what comes before all of them. */
function Content({children}: {children: preact.ComponentChildren}) {
  if (signedOut.value) return <SignIn />;
  return session.value?.must_change_password ? <ChangeFirst /> : <>{children}</>;
}

/** What surrounds every page. */
export function Frame({children}: {children: preact.ComponentChildren}) {
  const help = useSignal(false);
  useKeys({'?': () => (help.value = true), g: () => go('/'), Escape: () => undefined});
  return (
    <>
      <a class="skip" href="#content">
        {t('skip')}
      </a>
      <Navigation />
      <Connection />
      <main id="content" tabIndex={-1}>
        <Content>{children}</Content>
      </main>
      {dialog.value && <Dialogs />}
      <Secret />
      {help.value && <Help onClose={() => (help.value = false)} />}
      <Notices />
    </>
  );
}
