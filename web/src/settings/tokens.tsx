import {useSignal} from '@preact/signals';
import {useState} from 'preact/hooks';
import {api, type Role, type Token} from '../api/client.ts';
import {session} from '../session/session.ts';
import {now} from '../shell/now.ts';
import {attempt} from '../shell/notices.tsx';
import {t} from '../text/language.ts';
import {Failure, Waiting} from '../parts/controls.tsx';
import {Confirm, Dialog} from '../parts/dialog.tsx';
import {Icon} from '../parts/icons.tsx';
import {useLoaded} from '../parts/load.ts';
import {showSecret} from '../parts/secret.tsx';
import {Said, Time} from '../parts/text.tsx';
import {NameField} from './name_field.tsx';
import {givenSpaces, RoleChoice, RoleTags, SpacesChoice} from './roles.tsx';

const kDay = 86_400_000;
/** How long a token may open, in days; 0 for ever. */
const kTerms = [30, 90, 365, 0] as const;

type State = 'valid' | 'ended' | 'revoked';

export const stateOf = (token: Token, at: Date): State =>
  token.revoked ? 'revoked' : token.until && new Date(token.until) <= at ? 'ended' : 'valid';

function Create({onDone}: {onDone(): void}) {
  const spaces = givenSpaces();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [chosen, setChosen] = useState<string[]>(spaces.length === 1 ? spaces : []);
  const [days, setDays] = useState<number>(90);
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (chosen.length === 0) return setFault(t('roles.choose_space'));
    setBusy(true);
    setFault('');
    try {
      const until = days ? {until: new Date(Date.now() + days * kDay).toISOString()} : {};
      const made = await api.createToken({name: name.trim(), role, spaces: chosen, ...until});
      if (made.token)
        showSecret({title: t('tokens.made', {name: made.name}), says: t('tokens.made_says'), secret: made.token});
      onDone();
    } catch (error) {
      setFault(String((error as Error).message));
    }
    setBusy(false);
  };
  return (
    <Dialog title={t('tokens.create')} onClose={onDone}>
      <form onSubmit={submit}>
        <NameField label={t('tokens.name')} value={name} onChange={setName} />
        <RoleChoice value={role} onChange={setRole} />
        <SpacesChoice value={chosen} onChange={setChosen} />
        <label class="field">
          <span>{t('tokens.term')}</span>
          <select value={String(days)} onChange={(e) => setDays(Number(e.currentTarget.value))}>
            {kTerms.map((term) => (
              <option key={term} value={String(term)}>
                {term ? t('tokens.days', {count: term}) : t('tokens.for_ever')}
              </option>
            ))}
          </select>
        </label>
        <p class="fault" role="alert">
          {fault}
        </p>
        <footer>
          <button type="submit" class="button primary" disabled={busy}>
            <Icon name="plus" />
            <span>{t('tokens.create')}</span>
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

function Row({token, onRevoke}: {token: Token; onRevoke(): void}) {
  const state = stateOf(token, now.value);
  return (
    <li class={state === 'valid' ? 'person' : 'person over-token'}>
      <div class="person-who">
        <strong>
          <Said text={token.name} />
        </strong>
        {state !== 'valid' && <span class="tag">{t(`tokens.${state}`)}</span>}
        <RoleTags roles={token.roles} />
        <p class="soft small">
          {token.made_by && (
            <>
              {t('tokens.by')} <Said text={token.made_by} />
              {' · '}
            </>
          )}
          <Time at={token.created} />
          {' · '}
          {token.revoked ? (
            <>
              {t('tokens.revoked')} <Time at={token.revoked} />
            </>
          ) : token.until ? (
            <>
              {t('tokens.until')} <Time at={token.until} />
            </>
          ) : (
            t('tokens.for_ever')
          )}
        </p>
      </div>
      {state === 'valid' && (
        <div class="person-acts">
          <button type="button" class="button small" onClick={onRevoke}>
            {t('tokens.revoke')}
          </button>
        </div>
      )}
    </li>
  );
}

/** What programs come with instead of signing in. For admins. */
export function Tokens() {
  const [loaded, again] = useLoaded(() => api.tokens(), []);
  const creating = useSignal(false);
  const chosen = useSignal<Token | undefined>(undefined);
  const {value, error} = loaded.value;
  if (error) return <Failure error={error} onRetry={again} />;
  if (!value) return <Waiting />;
  const revoked = chosen.value;
  const first = session.value?.anybody;
  return (
    <section class="section" id="tokens">
      <div class="section-head">
        <h2>{t('tokens')}</h2>
        <span class="spring" />
        <button type="button" class="button primary" disabled={first} onClick={() => (creating.value = true)}>
          <Icon name="plus" />
          <span>{t('tokens.create')}</span>
        </button>
      </div>
      <p class="soft">{t('tokens.say')}</p>
      {first && <p class="hint">{t('people.first')}</p>}
      {value.items.length === 0 ? (
        <p class="soft">{t('tokens.none')}</p>
      ) : (
        <ul class="card flush people">
          {value.items.map((token) => (
            <Row key={token.id} token={token} onRevoke={() => (chosen.value = token)} />
          ))}
        </ul>
      )}
      {creating.value && (
        <Create
          onDone={() => {
            creating.value = false;
            again();
          }}
        />
      )}
      {revoked && (
        <Confirm
          title={t('tokens.revoke')}
          says={t('tokens.revoke_says', {name: revoked.name})}
          action={t('tokens.revoke')}
          onYes={async () => {
            await attempt(api.revokeToken(revoked.id));
            again();
          }}
          onClose={() => (chosen.value = undefined)}
        />
      )}
    </section>
  );
}
