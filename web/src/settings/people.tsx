import {useSignal} from '@preact/signals';
import {useState} from 'preact/hooks';
import {api, ApiError, type Role, type User} from '../api/client.ts';
import {readSession, session} from '../session/session.ts';
import {attempt, notify} from '../shell/notices.tsx';
import {t} from '../text/language.ts';
import {Failure, Waiting} from '../parts/controls.tsx';
import {Confirm, Dialog} from '../parts/dialog.tsx';
import {Icon} from '../parts/icons.tsx';
import {useLoaded} from '../parts/load.ts';
import {showSecret} from '../parts/secret.tsx';
import {Said} from '../parts/text.tsx';
import {NameField} from './name_field.tsx';
import {givenSpaces, kEverywhere, RoleChoice, RoleOfEach, RoleTags, SpacesChoice} from './roles.tsx';

const tellPassword = ({name, password}: User) =>
  password && showSecret({title: t('people.password_of', {name}), says: t('people.password_says'), secret: password});

/** Gives somebody who is known already the same role in these spaces; the user as it is then. */
async function giveRoles(name: string, role: Role, spaces: string[]): Promise<User | undefined> {
  let user: User | undefined;
  for (const space of spaces) user = await attempt(api.grantRole(name, space, role));
  return user;
}

/** A new person; where there is one of that name, a role for them. */
function Add({onDone}: {onDone(): void}) {
  const first = session.value?.anybody ?? false;
  const spaces = givenSpaces();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>(first ? 'admin' : 'operator');
  const [chosen, setChosen] = useState<string[]>(first ? [kEverywhere] : spaces.length === 1 ? spaces : []);
  const [fault, setFault] = useState('');
  const [known, setKnown] = useState(false);
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (chosen.length === 0) return setFault(t('roles.choose_space'));
    setBusy(true);
    setFault('');
    try {
      tellPassword(await api.addUser({name: name.trim(), role, spaces: chosen}));
      onDone();
    } catch (error) {
      const isKnown = error instanceof ApiError && error.status === 409 && !first;
      setKnown(isKnown);
      setFault(isKnown ? t('people.known') : String((error as Error).message));
    }
    setBusy(false);
  };
  return (
    <Dialog title={t('people.add')} onClose={onDone}>
      <form onSubmit={submit}>
        {first && <p class="hint">{t('people.first')}</p>}
        <NameField
          label={t('session.user')}
          value={name}
          onChange={(wanted) => {
            setName(wanted);
            setKnown(false);
          }}
        />
        {!first && (
          <>
            <RoleChoice value={role} onChange={setRole} />
            <SpacesChoice value={chosen} onChange={setChosen} />
          </>
        )}
        <p class="fault" role="alert">
          {fault}
        </p>
        <footer>
          {known && (
            <button
              type="button"
              class="button"
              onClick={async () => {
                if (await giveRoles(name.trim(), role, chosen)) onDone();
              }}
            >
              {t('people.give_role')}
            </button>
          )}
          <button type="submit" class="button primary" disabled={busy}>
            <Icon name="plus" />
            <span>{t('people.add')}</span>
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

/** What somebody may, changed at once with each choice. */
function RolesOf({user, onChanged, onClose}: {user: User; onChanged(user: User): void; onClose(): void}) {
  const change = async (space: string, role: Role | '') => {
    const wish = role ? api.grantRole(user.name, space, role) : api.withdrawRole(user.name, space);
    const changed = await attempt(wish);
    if (changed) notify(t('people.roles_changed', {name: user.name}));
    onChanged(changed ?? {...user});
  };
  return (
    <Dialog title={t('people.roles_of', {name: user.name})} onClose={onClose}>
      <p class="soft">{t('people.roles_say')}</p>
      <RoleOfEach roles={user.roles} onChange={(space, role) => void change(space, role)} />
      <footer>
        <button type="button" class="button primary" onClick={onClose}>
          {t('close')}
        </button>
      </footer>
    </Dialog>
  );
}

type Act = 'roles' | 'reset' | 'disable';

function Person({user, onAct}: {user: User; onAct(what: Act): void}) {
  const own = user.name === session.value?.who?.name;
  return (
    <li class="person">
      <div class="person-who">
        <strong>
          <Said text={user.name} />
        </strong>
        {own && <span class="tag">{t('people.you')}</span>}
        {user.disabled && (
          <span class="tag bad">
            <Icon name="lock" /> {t('people.disabled')}
          </span>
        )}
        {user.must_change_password && (
          <span class="tag warn" title={t('people.given_password_says')}>
            {t('people.given_password')}
          </span>
        )}
        <RoleTags roles={user.roles} />
        {!user.managed && <p class="soft small">{t('people.elsewhere')}</p>}
      </div>
      <div class="person-acts">
        <button type="button" class="button small" onClick={() => onAct('roles')}>
          {t('people.roles')}
        </button>
        {user.managed && !own && (
          <>
            <button type="button" class="button small" onClick={() => onAct('reset')}>
              {t('people.reset')}
            </button>
            <button type="button" class="button small" onClick={() => onAct('disable')}>
              {t(user.disabled ? 'people.enable' : 'people.disable')}
            </button>
          </>
        )}
      </div>
    </li>
  );
}

/** Who may sign in here, and what they may. For admins. */
export function People() {
  const [loaded, again] = useLoaded(() => api.users(), []);
  const adding = useSignal(false);
  const chosen = useSignal<{what: Act; user: User} | undefined>(undefined);
  const {value, error} = loaded.value;
  const close = () => (chosen.value = undefined);
  const put = (user: User) => {
    if (chosen.value) chosen.value = {...chosen.value, user};
    if (user.name === session.value?.who?.name) void readSession();
    again();
  };
  if (error) return <Failure error={error} onRetry={again} />;
  if (!value) return <Waiting />;
  const act = chosen.value;
  return (
    <section class="section" id="people">
      <div class="section-head">
        <h2>{t('people')}</h2>
        <span class="spring" />
        <button type="button" class="button primary" onClick={() => (adding.value = true)}>
          <Icon name="plus" />
          <span>{t('people.add')}</span>
        </button>
      </div>
      <p class="soft">{t('people.say')}</p>
      {session.value?.anybody && <p class="hint">{t('people.first')}</p>}
      {session.value?.ways.includes('provider') && <p class="soft">{t('people.by_provider')}</p>}
      {value.items.length === 0 ? (
        <p class="soft">{t('people.nobody')}</p>
      ) : (
        <ul class="card flush people">
          {value.items.map((user) => (
            <Person key={user.name} user={user} onAct={(what) => (chosen.value = {what, user})} />
          ))}
        </ul>
      )}
      {adding.value && (
        <Add
          onDone={() => {
            adding.value = false;
            again();
          }}
        />
      )}
      {act?.what === 'roles' && <RolesOf user={act.user} onChanged={put} onClose={close} />}
      {act?.what === 'reset' && (
        <Confirm
          title={t('people.reset')}
          says={t('people.reset_says', {name: act.user.name})}
          action={t('people.reset')}
          onYes={async () => {
            const user = await attempt(api.resetPassword(act.user.name));
            if (user) tellPassword(user);
          }}
          onClose={close}
        />
      )}
      {act?.what === 'disable' && (
        <Confirm
          title={t(act.user.disabled ? 'people.enable' : 'people.disable')}
          says={t(act.user.disabled ? 'people.enable_says' : 'people.disable_says', {name: act.user.name})}
          action={t(act.user.disabled ? 'people.enable' : 'people.disable')}
          onYes={async () => {
            await attempt(api.setDisabled(act.user.name, !act.user.disabled));
            again();
          }}
          onClose={close}
        />
      )}
    </section>
  );
}
