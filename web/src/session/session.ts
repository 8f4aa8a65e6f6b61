import {signal} from '@preact/signals';
import {api, ApiError, headers, retryAfter, setCsrf, setToken, type Session} from '../api/client.ts';
import {t} from '../text/language.ts';

const kPath = '/api/v1/session';

/** Who the server takes us for, and how one can sign in; absent until it answered. */
export const session = signal<Session | undefined>(undefined);

function take(value: Session): Session {
  session.value = value;
  setCsrf(value.csrf ?? '');
  return value;
}

/** Asks the server who we are, with a token in place of the kept one where it is given. */
export async function readSession(token?: string): Promise<Session | undefined> {
  try {
    const answer = await fetch(kPath, {
      headers: token === undefined ? headers() : {Authorization: `Bearer ${token}`},
      credentials: 'same-origin',
      cache: 'no-store',
    });
    return answer.ok ? take((await answer.json()) as Session) : undefined;
  } catch {
    return undefined; // The frame shows a lost connection.
  }
}

/** Why a password was not even looked at; nothing where it was. */
function tooSoon(status: number, seconds: number): string | undefined {
  if (status === 429)
    return seconds > 90 ? t('session.wait_minutes', {n: Math.ceil(seconds / 60)}) : t('session.wait', {n: seconds});
  return status === 503 ? t('session.busy') : undefined;
}

/** What a person is told of a sign-in that did not work. */
function refusal(answer: Response): string {
  if (answer.status === 401) return t('session.wrong');
  return tooSoon(answer.status, retryAfter(answer)) ?? t('session.failed', {status: answer.status});
}

/** Changes the own password; gives what went wrong, in the page's language. */
export async function changePassword(present: string, wanted: string): Promise<string | undefined> {
  try {
    take(await api.changePassword(present, wanted));
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) return t('connection_lost');
    if (error.status === 403) return t('account.present_wrong');
    if (error.status === 400) return t('account.rules');
    return tooSoon(error.status, error.retryAfter) ?? error.message;
  }
}

/** Signs in; gives what went wrong, in the page's language. */
export async function signIn(user: string, password: string): Promise<string | undefined> {
  try {
    const answer = await fetch(kPath, {
      method: 'POST',
      headers: {'Content-Type': 'application/json'},
      credentials: 'same-origin',
      body: JSON.stringify({user, password}),
    });
    if (!answer.ok) return refusal(answer);
    setToken('');
    take((await answer.json()) as Session);
    return undefined;
  } catch {
    return t('connection_lost');
  }
}

/** Takes a token for this tab, where the server knows it. */
export async function useToken(token: string): Promise<string | undefined> {
  const found = await readSession(token);
  if (!found) return t('connection_lost');
  if (!found.who) return t('session.wrong_token');
  setToken(token);
  return undefined;
}

/** Ends the session, or forgets the token of this tab. */
export async function signOut(): Promise<void> {
  if (session.value?.csrf)
    await fetch(kPath, {method: 'DELETE', headers: headers({'X-Midwatch-CSRF': session.value.csrf})});
  setToken('');
  location.assign('/');
}

/** True where there is something to sign out of: not where the server lets everybody of this machine in. */
export const canSignOut = (): boolean => Boolean(session.value?.csrf || headers().Authorization);
