import {api} from '../api/client.ts';
import {PasswordForm} from '../session/password_form.tsx';
import {session} from '../session/session.ts';
import {SignOut} from '../session/sign_in.tsx';
import {attempt, notify} from '../shell/notices.tsx';
import {t} from '../text/language.ts';
import {Failure, Waiting} from '../parts/controls.tsx';
import {useLoaded} from '../parts/load.ts';
import {Said, Time} from '../parts/text.tsx';
import {effectiveRoles, RoleTags} from './roles.tsx';

function Sessions({sessions}: {sessions: ReturnType<typeof useLoaded<Awaited<ReturnType<typeof api.sessions>>>>}) {
  const [loaded, again] = sessions;
  const {value, error} = loaded.value;
  if (error) return <Failure error={error} onRetry={again} />;
  if (!value) return <Waiting />;
  const end = async (work: Promise<unknown>) => {
    await attempt(work);
    again();
  };
  return (
    <section class="section" id="sessions">
      <div class="section-head">
        <h2>{t('account.sessions')}</h2>
        <span class="spring" />
        {value.items.length > 1 && (
          <button type="button" class="button" onClick={() => void end(api.endOtherSessions())}>
            {t('account.end_others')}
          </button>
        )}
      </div>
      <ul class="card flush people">
        {value.items.map((one) => (
          <li key={one.id} class="person">
            <div class="person-who">
              <span>
                {t('account.began')} <Time at={one.began} />
              </span>
              {one.is_this && <span class="tag">{t('account.this_one')}</span>}
              <p class="soft small">
                {t('account.used')} <Time at={one.used} form="age" />
                {' · '}
                {t('account.until')} <Time at={one.until} />
              </p>
            </div>
            {!one.is_this && (
              <div class="person-acts">
                <button type="button" class="button small" onClick={() => void end(api.endSession(one.id))}>
                  {t('account.end')}
                </button>
              </div>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What is the own of somebody who signed in. */
function Own() {
  const sessions = useLoaded(() => api.sessions(), []);
  const changed = () => {
    notify(t('account.changed'));
    sessions[1]();
  };
  return (
    <>
      {session.value?.has_password && (
        <section class="section">
          <h2>{t('account.password')}</h2>
          <div class="card settings-form">
            <PasswordForm onChanged={changed} />
          </div>
        </section>
      )}
      <Sessions sessions={sessions} />
    </>
  );
}

/** Who one is here, one's password, and where one is signed in. */
export function Account() {
  const {who, csrf, anybody, has_password: hasPassword} = session.value ?? {};
  if (!who) return <Waiting />;
  return (
    <>
      <section class="section">
        <h2>{t('account')}</h2>
        <div class="card">
          <dl class="rows">
            <div>
              <dt>{t('session.user')}</dt>
              <dd>
                <Said text={who.name} /> <SignOut />
              </dd>
            </div>
            <div>
              <dt>{t('roles.role')}</dt>
              <dd>
                <RoleTags roles={effectiveRoles()} />
              </dd>
            </div>
          </dl>
          {anybody && <p class="soft">{t('account.anybody')}</p>}
          {!csrf && !anybody && <p class="soft">{t('account.by_token')}</p>}
          {csrf && !hasPassword && <p class="soft">{t('account.by_provider')}</p>}
        </div>
      </section>
      {csrf && <Own />}
    </>
  );
}
