import {useEffect, useRef, useState} from 'preact/hooks';
import {Said} from '../parts/text.tsx';
import {query} from '../shell/router.ts';
import {t, word, type Key} from '../text/language.ts';
import {visible} from '../text/visible.ts';
import {canSignOut, readSession, session, signIn, signOut, useToken} from './session.ts';

/** What is sent when the form is, and what went wrong with it. */
function useAttempt(work: () => Promise<string | undefined>) {
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    const wrong = await work();
    if (wrong === undefined) {
      location.reload();
      return;
    }
    setFault(wrong);
    setBusy(false);
  };
  return {fault, busy, submit};
}

const Fault = ({text}: {text: string}) => (
  <p class="fault" role="alert">
    {text}
  </p>
);

function PasswordForm() {
  const user = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const {fault, busy, submit} = useAttempt(async () => {
    const wrong = await signIn(user.current!.value.trim(), password.current!.value);
    if (wrong !== undefined) password.current?.select();
    return wrong;
  });
  useEffect(() => user.current?.focus(), []);
  return (
    <form onSubmit={submit}>
      <label class="field">
        <span>{t('session.user')}</span>
        <input ref={user} name="user" autocomplete="username" autocapitalize="none" spellcheck={false} required />
      </label>
      <label class="field">
        <span>{t('session.password')}</span>
        <input ref={password} name="password" type="password" autocomplete="current-password" required />
      </label>
      <Fault text={fault} />
      <button type="submit" class="button primary" disabled={busy}>
        {t('sign_in')}
      </button>
    </form>
  );
}

function TokenForm() {
  const token = useRef<HTMLInputElement>(null);
  const {fault, busy, submit} = useAttempt(() => useToken(token.current!.value.trim()));
  return (
    <form onSubmit={submit}>
      <p class="soft">{t('sign_in_says')}</p>
      <label class="field">
        <span>{t('token')}</span>
        <input ref={token} name="token" type="password" autocomplete="off" required />
      </label>
      <Fault text={fault} />
      <button type="submit" class="button primary" disabled={busy}>
        {t('sign_in')}
      </button>
    </form>
  );
}

/** What is said of a sign-in at the provider that did not work: the server sends people back with it. */
const kRefused: Record<string, Key> = {
  provider: 'session.refused_provider',
  failed: 'session.refused_failed',
  no_role: 'session.refused_no_role',
};

/** The way to the provider, where there is one. */
function Provider({name}: {name: string}) {
  const refused = kRefused[query.value.get('refused') ?? ''];
  return (
    <div class="provider">
      <a class="button primary" href="/api/v1/session/provider">
        {t('session.by_provider', {name: visible(name)})}
      </a>
      <Fault text={refused ? t(refused) : ''} />
    </div>
  );
}

/** In place of every page while the server does not know us. */
export function SignIn() {
  const [byToken, setByToken] = useState(false);
  useEffect(() => {
    document.title = `${t('sign_in')} · Midwatch`;
    void readSession();
  }, []);
  const ways = session.value?.ways;
  if (!ways) return null;
  const password = ways.includes('password');
  const provider = ways.includes('provider') ? session.value?.provider : undefined;
  return (
    <section class="sign-in card">
      <h1>{t('sign_in')}</h1>
      {provider && !byToken && <Provider name={provider} />}
      {byToken || (!password && !provider) ? <TokenForm /> : password && <PasswordForm />}
      {(password || provider) && (
        <button type="button" class="link" onClick={() => setByToken(!byToken)}>
          {t(byToken ? 'session.without_token' : 'session.by_token')}
        </button>
      )}
    </section>
  );
}

export const SignOut = () =>
  canSignOut() ? (
    <button type="button" class="quiet" onClick={() => void signOut()}>
      {t('session.sign_out')}
    </button>
  ) : null;

/** Who is signed in, and the way out. */
export function Who() {
  const who = session.value?.who;
  if (!who || !canSignOut()) return null;
  return (
    <div class="who">
      <span title={word('role_of', who.role)}>
        <Said text={who.name} />
      </span>
      <SignOut />
    </div>
  );
}
